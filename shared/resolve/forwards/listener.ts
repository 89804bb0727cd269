// Who answers where a forward ends: the socket that takes it there.
import type { Certainty } from '../../model/evidence.ts';
import type { NamespaceId } from '../../model/id.ts';
import { backBy, byHolders, isLoopbackAddress, takenBy, type Device } from '../../model/listening.ts';
import type { Link } from '../../model/link.ts';
import type { Endpoint, Socket } from '../../model/socket.ts';
import { grouped, type Known } from '../known.ts';
import type { LinkingRule } from '../rules.ts';

export interface Listeners {
  /** One; several where which of them takes it is not decided. */
  readonly sockets: readonly Socket[];
  readonly certainty: Certainty;
  readonly rule: LinkingRule;
}

const byPlace = new WeakMap<readonly Socket[], ReadonlyMap<string, readonly Socket[]>>();

function socketsAt(sockets: readonly Socket[], netns: NamespaceId, port: number): readonly Socket[] {
  const known = byPlace.get(sockets) ?? grouped(sockets, ({ netns: of, local }) => `${of} ${local.port}`);
  byPlace.set(sockets, known);
  return known.get(`${netns} ${port}`) ?? [];
}

/** `from`: where it comes from, if the kernel alone brings it there; a process that forwards may be anywhere. */
export function listenersAt(
  { entities, index }: Known,
  { netns, address, port }: Endpoint & { readonly netns: NamespaceId },
  protocol: 'tcp' | 'udp',
  from: NamespaceId | undefined,
): Listeners | undefined {
  const by = comesInBy(index.linksOf.get(netns) ?? [], address, from !== undefined && from !== netns);
  const { sockets, doubts } = takenBy(socketsAt(entities.sockets, netns, port), { protocol, address, port, by });
  const different = byHolders(sockets);
  if (different.length === 0) return undefined;
  if (different.length > 1) return { sockets: different, certainty: 'ambiguous', rule: 'forward.several-listeners' };
  if (doubts.length === 0) return { sockets: different, certainty: 'certain', rule: 'forward.listener' };
  const aboutFamily = doubts.every(({ code }) => code === 'v6-only');
  const rule = aboutFamily ? 'forward.listener-any-family' : 'forward.listener-any-device';
  return { sockets: different, certainty: 'inferred', rule };
}

/** Links that hand what comes in at them to their master, whole. */
const portKinds: ReadonlySet<string> = new Set(['bridge', 'bond', 'team', 'openvswitch']);

function comesInBy(links: readonly Link[], address: string, fromElsewhere: boolean): readonly Device[] | undefined {
  if (isLoopbackAddress(address)) return backBy(address, links);
  const own = links.filter(
    ({ kind, portKind = '' }) => !portKinds.has(portKind) && !(fromElsewhere && kind === 'loopback'),
  );
  if (own.length === 0) return undefined;
  return own.map(({ name, portKind, masterName }) => ({ name, ...(portKind === 'vrf' && { vrf: masterName }) }));
}
