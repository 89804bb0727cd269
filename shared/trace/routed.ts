// The routing decision as a hop, and what may undo it: a route that refuses, or addresses that nobody else can have.
import type { Link } from '../model/link.ts';
import type { Route } from '../model/route.ts';
import type { Departure } from './departures.ts';
import type { Look } from './look.ts';
import type { Doubt } from './path.ts';
import { isRefusal } from './tables.ts';
import { waysBack } from './way-back.ts';
import { lost, withHop, type At, type HopSaid } from './state.ts';

/** `over`: how it ends, where the routes refuse it or there is none. */
export function routed(
  look: Look,
  at: At,
  departure: Departure,
  forwarded: boolean,
  incoming: Link | undefined,
): { readonly on: At; readonly over?: HopSaid } {
  const { choice, route, source, of } = departure;
  const { rule } = choice;
  const certainty = choice.isOne || of > 1 ? ('ambiguous' as const) : ('certain' as const);
  const doubts = [...choice.doubts, ...departure.doubts];
  if (!route) {
    const refused = choice.refused;
    const event =
      refused === undefined
        ? ({ kind: 'no-route', destination: at.packet.destination } as const)
        : ({ kind: 'dropped', reason: 'route', chain: String(rule?.priority ?? ''), text: refused } as const);
    const over = { event, entity: at.netns, through: [incoming?.id], certainty, evidence: choice.ruleEvidence, doubts };
    return { on: at, over };
  }
  const here = incoming === undefined && isHere(look, route) && route.type === 'unicast';
  const on = withHop(at, {
    event: {
      kind: 'routed',
      destination: route.destination,
      type: here ? 'local' : route.type,
      table: route.table,
      priority: rule?.priority,
      gateway: here ? undefined : route.gateway,
      device: route.device,
      source: at.packet.source === undefined ? source : undefined,
      of,
      forwarded: forwarded && route.type === 'unicast',
    },
    entity: at.netns,
    through: [incoming?.id, route.link],
    certainty,
    evidence: [...choice.ruleEvidence, ...route.evidence, ...(departure.evidence ?? [])],
    doubts: [...doubts, ...linkDown(look, route)],
  });
  return { on: { ...on, packet: { ...at.packet, source: at.packet.source ?? source } }, ...refusal(on, route) };
}

/** Routes that are passed over are dead as well as linkdown: where that is known, there is no doubt. */
function linkDown(look: Look, { netns, family, device = '', flags }: Route): readonly Doubt[] {
  const isKnown = look.netconfOf(netns, family, device)?.ignoreRoutesWithLinkdown !== undefined;
  return flags?.includes('linkdown') === true && !isKnown ? [{ code: 'link-down-route', text: device }] : [];
}

function refusal(at: At, route: Route): { readonly over?: HopSaid } {
  const { type, table, destination, evidence } = route;
  if (['unicast', 'local', 'anycast'].includes(type)) return {};
  if (!isRefusal(route)) return { over: lost(at, 'group-address', type) };
  const event = { kind: 'dropped', reason: 'route', chain: table, text: `${type} ${destination}` } as const;
  return { over: { event, entity: at.netns, evidence } };
}

/** A route to itself; so is any by lo, for what is sent here (RTCF_LOCAL in net/ipv4/route.c, __mkroute_output). */
export const isHere = (look: Look, route: Route): boolean =>
  route.type !== 'unicast' || (route.link !== undefined && look.links.get(route.link)?.kind === 'loopback');

/** Addresses that nobody else can have: the kernel drops what comes in with them (fib_validate_source, ip_route_input_slow). */
export function martianAt(look: Look, { netns, packet }: At, link: Link): 'martian' | 'own-source' | undefined {
  const { source, destination, family } = packet;
  if (link.kind === 'loopback') return undefined;
  if (isLoopback(destination) || (source !== undefined && isLoopback(source))) return 'martian';
  if (family === 'inet6' || source === undefined) return undefined;
  const choices = waysBack(look, netns, packet, { by: link, outgoing: undefined });
  const isOwn = choices.length > 0 && choices.every(({ hops }) => hops[0]?.type === 'local');
  return isOwn ? 'own-source' : undefined;
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

/**
 * What has a loopback address as its source, as where the firewall gave it another destination, is sent by lo and a VRF alone:
 * else by a link with route_localnet, which is not asked; who writes such rules sets it (ip_route_output_key_hash_rcu and
 * __mkroute_output in net/ipv4/route.c). IPv6 sends it.
 */
export const asLoopback = ({ packet: { family, source = '' } }: At, { name, kind }: Link): readonly Doubt[] =>
  family === 'inet' && isLoopback(source) && kind !== 'loopback' && kind !== 'vrf'
    ? [{ code: 'route-localnet', text: name }]
    : [];
