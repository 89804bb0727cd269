// What comes in and has a route may be dropped all the same: it is for another and is not forwarded, or rp_filter does not
// let it in. ip_route_input_slow and ip_mkroute_input in net/ipv4/route.c, ip6_forward in net/ipv6/ip6_output.c.
import type { Evidence } from '../model/evidence.ts';
import type { Link } from '../model/link.ts';
import type { Route } from '../model/route.ts';
import type { Look } from './look.ts';
import type { Doubt, DropReason, Packet } from './path.ts';
import { filteredByWayBack } from './way-back.ts';

export interface Admission {
  /** Why it is dropped; absent: it is let in, as far as is known. */
  readonly reason?: Extract<DropReason, 'not-forwarded' | 'reverse-path'>;
  readonly doubts: readonly Doubt[];
  readonly evidence: readonly Evidence[];
}

export function admissionOf(look: Look, packet: Packet, by: Link, route: Route): Admission {
  const isForward = route.type === 'unicast';
  const forwarding = isForward ? forwardingAt(look, packet, by) : { doubts: [], evidence: [] };
  if (forwarding.reason) return forwarding;
  const outgoing = isForward && route.link !== undefined ? look.links.get(route.link) : undefined;
  const { drops, doubts, evidence } = filteredByWayBack(look, by.netns, packet, { by, outgoing });
  return {
    ...(drops && { reason: 'reverse-path' as const }),
    doubts: [...forwarding.doubts, ...doubts],
    evidence: [...forwarding.evidence, ...evidence],
  };
}

/** IPv4 asks the link it came in by, IPv6 the network namespace. */
function forwardingAt(look: Look, { family }: Packet, { netns, name }: Link): Admission {
  const asked = look.netconfOf(netns, family, family === 'inet' ? name : 'all');
  if (asked?.forwarding === undefined) return { doubts: [{ code: 'forwarding', text: netns }], evidence: [] };
  const { evidence } = asked;
  if (asked.forwarding) return { doubts: [], evidence };
  const mayBeForced = family === 'inet6' && hasForceForwarding(look.model.host.kernel);
  return { reason: 'not-forwarded', doubts: mayBeForced ? [{ code: 'force-forwarding', text: name }] : [], evidence };
}

/** net.ipv6.conf.LINK.force_forwarding is Linux 6.17's. */
function hasForceForwarding(release: string | undefined): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release ?? '') ?? [];
  if (major === undefined || minor === undefined) return true;
  return Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 17);
}
