// A packet that arrives somewhere: where the firewall of that network namespace sends it, if anywhere.
import type { NamespaceId } from '../../model/id.ts';
import { selects } from '../../model/address-range.ts';
import type { Known } from '../known.ts';
import { beforeNat } from './before-nat.ts';
import { namedBy } from './interfaces.ts';
import { areTied, rewritesAt, type NatHook, type Rewrite, type Translation } from './rewrites.ts';

export interface Arrival {
  readonly netns: NamespaceId;
  /** `output`: a process in there sends it; `prerouting`: it comes from elsewhere. */
  readonly hook: Extract<NatHook, 'prerouting' | 'output'>;
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
}

/** The rewrites that it meets: several where connections take turns, or where chains of equal priority differ. */
export function rewritesOf(arrival: Arrival, known: Known): readonly Rewrite[] {
  const fitting: Rewrite[] = [];
  let first: Rewrite | undefined;
  const names = (known.index.linksOf.get(arrival.netns) ?? []).map(({ name }) => name);
  for (const rewrite of rewritesAt(arrival.hook, arrival.netns, known.entities)) {
    if (first && rewrite.priority > first.priority) break;
    if (!isFor(rewrite, arrival) || (first && !areTied(first, rewrite))) continue;
    // By which interface it comes in is not asked here.
    const by = arrival.hook === 'prerouting' ? namedBy(rewrite.conditions.incoming, names) : undefined;
    if (by?.length === 0) continue;
    fitting.push(by ? { ...rewrite, doubtful: true } : rewrite);
    if (!rewrite.conditions.shared) first ??= rewrite;
  }
  return fitting.map((one) => marked(one, fitting)).flatMap((rewrite) => ifItComes(rewrite, arrival, known));
}

const marked = (one: Rewrite, all: readonly Rewrite[]): Rewrite =>
  all.some((other) => areTied(one, other)) ? { ...one, tied: true } : one;

/** None where rules that come first take all of it away. */
export function ifItComes(
  rewrite: Rewrite,
  arrival: Omit<Arrival, 'port'> & { readonly port: number | undefined },
  known: Known,
): readonly Rewrite[] {
  const before = beforeNat(arrival, known);
  if (before === 'comes') return [rewrite];
  return before === 'taken' ? [] : [{ ...rewrite, doubtful: true }];
}

function isFor({ conditions, to }: Rewrite, { protocol, address, port, hook }: Arrival): boolean {
  const family = address.includes(':') ? 'ip6' : 'ip';
  if (to.kind !== 'dnat' && to.kind !== 'redirect') return false;
  if (conditions.family !== undefined && conditions.family !== family) return false;
  if (to.kind === 'dnat' && to.address !== undefined && to.address.includes(':') !== (family === 'ip6')) return false;
  if (conditions.local === false) return false;
  if (conditions.protocols && !conditions.protocols.includes(protocol)) return false;
  if (conditions.ports && !conditions.ports.some(([first, last]) => first <= port && port <= last)) return false;
  // What a process sends has come in by no interface.
  if (hook === 'output' && conditions.incoming.some(({ not }) => !not)) return false;
  return conditions.destinations.every((one) => selects(one, address) === true);
}

/** Everything on the way was read, and nothing may take it away. */
export const isSure = ({ conditions, doubtful }: Rewrite): boolean =>
  !doubtful && conditions.other.length === 0 && conditions.sources.length === 0;

/** Address and port it goes on to; what is not said stays as it was, as does a port that is one of a range; else the first. */
export function goesTo(to: Translation, at: Pick<Arrival, 'address' | 'port'>): Pick<Arrival, 'address' | 'port'> {
  if (to.kind !== 'dnat' && to.kind !== 'redirect') return at;
  const address = to.kind === 'dnat' ? (to.address ?? at.address) : at.address;
  const [first, last] = to.ports ?? [at.port, at.port];
  return { address, port: first <= at.port && at.port <= last ? at.port : first };
}
