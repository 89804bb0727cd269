// rp_filter: what comes in by a link is dropped unless its way back leaves by the same one (strict), or unless there is any
// (loose). __fib_validate_source in net/ipv4/fib_frontend.c; IPv6 has none.
import type { Evidence } from '../model/evidence.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import { filterInForce } from '../model/netconf.ts';
import type { Look } from './look.ts';
import type { Doubt, Packet } from './path.ts';
import { routesFor, type Choice } from './policy.ts';

/** The link it came in by, and the one it would be forwarded by. */
export interface Crossing {
  readonly by: Link;
  readonly outgoing: Link | undefined;
}

export interface Filtered {
  readonly drops: boolean;
  readonly doubts: readonly Doubt[];
  readonly evidence: readonly Evidence[];
}

const passes: Filtered = { drops: false, doubts: [], evidence: [] };

export function filteredByWayBack(look: Look, netns: NamespaceId, packet: Packet, crossing: Crossing): Filtered {
  const { by } = crossing;
  if (packet.family === 'inet6' || by.kind === 'loopback') return passes;
  const [own, all] = [by.name, 'all'].map((name) => look.netconfOf(netns, 'inet', name));
  const filter = filterInForce(own, all);
  if (filter === 'off') return passes;
  const open: Filtered = {
    ...passes,
    doubts: [{ code: filter === undefined ? 'reverse-path' : 'way-back', text: by.name }],
  };
  if (packet.source === undefined) return open;
  const ways = waysBack(look, netns, packet, crossing);
  const dropping = ways.filter((way) => isDropped(way, by, filter ?? 'strict'));
  if (dropping.length === 0) return passes;
  if (filter === undefined || dropping.length < ways.length) return open;
  return {
    drops: true,
    // Others than the ways themselves: they all come to the same.
    doubts: ways.flatMap(({ doubts }) => doubts.filter(({ code }) => code === 'rules-not-seen')),
    evidence: [own, all, ...ways.flatMap(({ hops }) => hops)].flatMap((one) => one?.evidence ?? []),
  };
}

function isDropped({ hops }: Choice, by: Link, filter: 'strict' | 'loose'): boolean {
  if (hops[0]?.type !== 'unicast') return true;
  if (hops.some(({ device }) => device === by.name)) return false;
  return filter === 'strict' || !by.addresses.some(({ family }) => family === 'inet');
}

/** Routes to the source, asked as if the answer came in by the link that it leaves by, or by lo where it is for this one. */
export function waysBack(
  look: Look,
  netns: NamespaceId,
  packet: Packet,
  { by, outgoing }: Crossing,
): readonly Choice[] {
  if (packet.source === undefined) return [];
  const back: Packet = { ...packet, source: packet.destination, destination: packet.source, port: undefined };
  const incoming = outgoing ?? look.linkNamed(netns, 'lo');
  return routesFor(look, { netns, packet: back, incoming, enslaved: by });
}
