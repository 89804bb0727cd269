// Which network namespace, and which container in it, is behind an address, seen from one network namespace.
//
// An address counts only on a link that leads here: the end of a veth pair whose other end is here, or what lies on top of
// that end (a VLAN, a bridge). A container may have the same address on another link, which leads elsewhere. Where several
// network namespaces have it on links that do lead here, a route decides that is not looked at: each is a candidate.
import type { Container } from '../../model/container.ts';
import type { Certainty } from '../../model/evidence.ts';
import type { LinkId, NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import type { Known } from '../known.ts';
import { listenersAt, type Listeners } from './listener.ts';

export interface Reached {
  readonly container: Container;
  readonly netns: NamespaceId;
  /** The link that has the address. */
  readonly link: Link;
  readonly address: string;
  /** How sure it is that the link leads to the namespace it is reached from. */
  readonly certainty: Certainty;
}

export interface Place {
  /** Undefined: none was seen to have the address, or several. */
  readonly netns: NamespaceId | undefined;
  /** The container that has it. */
  readonly reached?: Reached;
  /** Where that is not decided, each that may be it; else none. */
  readonly candidates: readonly Reached[];
}

interface Leading {
  readonly link: Link;
  readonly certainty: Certainty;
}

/** What is behind `address` and `port`, seen from `from`. */
export function placeOf(
  address: string,
  port: number,
  protocol: 'tcp' | 'udp',
  from: NamespaceId,
  known: Known,
): Place {
  const having = leadingTo(from, known).filter(({ link }) => link.addresses.some(({ local }) => local === address));
  // An own address is delivered here, whoever else has it.
  const own = having.filter(({ link }) => link.netns === from);
  const links = own.length > 0 ? own : having;
  const reached = links.flatMap((leading) => reachedBy(leading, known).filter((one) => one.address === address));
  const [netns, ...others] = new Set(links.map(({ link }) => link.netns));
  if (netns === undefined || others.length > 0) return { netns: undefined, candidates: eachContainer(reached) };
  const containers = eachContainer(reached);
  const [first] = containers;
  // Of containers that share a network namespace (a pod, or the one it is reached from) the one that listens.
  if (containers.length === 1 && first && netns !== from) return { netns, reached: first, candidates: [] };
  const listeners = listenersAt(known, { address, port, netns }, protocol, from);
  const listening = listeners ? containers.filter((one) => listens(one, listeners)) : [];
  const [one] = listening;
  if (listening.length === 1 && one && listeners?.certainty !== 'ambiguous')
    return { netns, reached: one, candidates: [] };
  return { netns, candidates: netns === from ? listening : containers };
}

/** Containers behind links that lead to `from`, and those in `from` itself, with each of their addresses there. */
export function reachableFrom(from: NamespaceId, known: Known): readonly Reached[] {
  return leadingTo(from, known).flatMap((leading) => reachedBy(leading, known));
}

const eachContainer = (reached: readonly Reached[]): readonly Reached[] => [
  ...new Map(reached.map((one) => [one.container.id, one])).values(),
];

const listens = ({ container }: Reached, { sockets }: Listeners): boolean =>
  sockets.some(({ processIds }) => processIds.some((process) => container.processIds.includes(process)));

function reachedBy({ link, certainty }: Leading, known: Known): readonly Reached[] {
  return (containersIn(known).get(link.netns) ?? []).flatMap((container) =>
    link.addresses.map(({ local }) => ({ container, netns: link.netns, link, address: local, certainty })),
  );
}

interface Cached {
  readonly leading: Map<NamespaceId, readonly Leading[]>;
  containers?: ReadonlyMap<NamespaceId, readonly Container[]>;
}
const cache = new WeakMap<Known, Cached>();

function cachedOf(known: Known): Cached {
  const cached = cache.get(known) ?? { leading: new Map<NamespaceId, readonly Leading[]>() };
  cache.set(known, cached);
  return cached;
}

function containersIn(known: Known): ReadonlyMap<NamespaceId, readonly Container[]> {
  const cached = cachedOf(known);
  if (cached.containers) return cached.containers;
  const found = new Map<NamespaceId, Container[]>();
  for (const container of known.containers) {
    const netns = container.init && known.index.process.get(container.init)?.namespaces.net;
    if (netns !== undefined) found.set(netns, [...(found.get(netns) ?? []), container]);
  }
  cached.containers = found;
  return found;
}

/** Its own links but the loopback, and those of others that lead to it. */
function leadingTo(from: NamespaceId, known: Known): readonly Leading[] {
  const { leading } = cachedOf(known);
  const before = leading.get(from);
  if (before) return before;
  const own = (known.index.linksOf.get(from) ?? []).filter((link) => link.kind !== 'loopback');
  const found = [...own.map((link) => ({ link, certainty: 'certain' as const })), ...ofOthers(from, known)];
  leading.set(from, found);
  return found;
}

function ofOthers(from: NamespaceId, known: Known): readonly Leading[] {
  const linkOf = (id: string): Link | undefined => known.index.link.get(id as LinkId);
  const sure = new Map<Link, Certainty>();
  const above = new Map<string, { readonly link: Link; readonly certainty: Certainty }[]>();
  for (const { kind, from: a, to: b, certainty } of known.relations) {
    if (certainty === 'ambiguous') continue;
    const [one, other] = [linkOf(a), linkOf(b)];
    if (!one || !other) continue;
    if (kind === 'veth-peer' && (one.netns === from) !== (other.netns === from)) {
      const far = one.netns === from ? other : one;
      if (sure.get(far) !== 'certain') sure.set(far, certainty);
    }
    if ((kind !== 'master' && kind !== 'lower') || one.netns !== other.netns) continue;
    const [upper, lower] = kind === 'master' ? [other, one] : [one, other];
    above.set(lower.id, [...(above.get(lower.id) ?? []), { link: upper, certainty }]);
  }
  // What is added while it is gone through is gone through too.
  for (const [link, certainty] of sure) {
    for (const upper of above.get(link.id) ?? []) {
      if (!sure.has(upper.link)) sure.set(upper.link, certainty === 'certain' ? upper.certainty : certainty);
    }
  }
  return [...sure].map(([link, certainty]) => ({ link, certainty }));
}
