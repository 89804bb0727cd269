// The source address a route gives to what is sent here (inet_select_addr in net/ipv4/devinet.c; RFC 6724 for IPv6).
import type { Address, Link } from '../model/link.ts';
import type { Route } from '../model/route.ts';
import { isIn, type Look } from './look.ts';
import { isLocal } from './own-address.ts';
import type { Packet } from './path.ts';
import type { At } from './state.ts';

export interface Source {
  readonly address: string | undefined;
  /** The choice is the kernel's own rule followed to one address; else there are several, or it is not followed. */
  readonly sure: boolean;
  readonly links: readonly Link[];
}

export function sourceFor(look: Look, route: Route, packet: Packet): Source {
  const link = route.link === undefined ? undefined : look.links.get(route.link);
  const links = link ? [link] : [];
  if (route.preferredSource !== undefined) return { address: route.preferredSource, sure: true, links: [] };
  // A local address sends to itself as itself.
  if (route.type === 'local') return { address: packet.destination, sure: true, links: [] };
  if (!link) return { address: undefined, sure: false, links };
  return packet.family === 'inet' ? ipv4Source(look, route, link) : ipv6Source(link, packet);
}

/** Of wider reach is a lower number: RT_SCOPE_UNIVERSE, SITE, LINK, HOST. */
const scopes: Readonly<Record<string, number>> = {
  global: 0,
  universe: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
};
const scopeOf = (scope: string | undefined): number => scopes[scope ?? 'global'] ?? (Number(scope) || 0);

/**
 * The first of the device's addresses that is in the gateway's network, else its first, else the first elsewhere. Where there is
 * no gateway, or one of IPv6, nothing is near (fib_info_update_nhc_saddr in net/ipv4/fib_semantics.c).
 */
function ipv4Source(look: Look, route: Route, link: Link): Source {
  const scope = scopeOf(route.scope);
  const gateway = route.gateway?.includes(':') === true ? undefined : route.gateway;
  const chosen = nearest(link, scope, gateway);
  if (chosen) return { address: chosen.local, sure: true, links: [link] };
  const others = look
    .linksOf(link.netns)
    .flatMap((other) => usable(other, scope).map((address) => ({ other, address })))
    .filter(({ address }) => address.scope !== 'link');
  const [first, second] = others;
  return {
    address: first?.address.local,
    sure: second === undefined && first !== undefined,
    links: first ? [first.other] : [link],
  };
}

function nearest(link: Link, scope: number, next: string | undefined): Address | undefined {
  const own = usable(link, scope);
  const near = ({ local, peer, prefixLength }: Address): boolean | undefined =>
    next === undefined ? undefined : isIn(next, `${peer ?? local}/${prefixLength}`);
  return own.find((one) => near(one) === true) ?? own[0];
}

/** By which address ARP asks at `link` for `next` (arp_solicit in net/ipv4/arp.c, with arp_announce 0). */
export const askerOf = (look: Look, { netns, packet }: At, link: Link, next: string): string | undefined =>
  packet.source !== undefined && isLocal(look, netns, packet.source, link) === true
    ? packet.source
    : nearest(link, scopeOf('link'), next)?.local;

const usable = ({ addresses }: Link, scope: number): readonly Address[] =>
  addresses.filter(
    (one) => one.family === 'inet' && one.flags?.includes('secondary') !== true && scopeOf(one.scope) <= scope,
  );

/** Only where one address is left there is no choice that would have to be followed. */
function ipv6Source(link: Link, { destination }: Packet): Source {
  const isLinkLocal = /^fe[89ab]/i.test(destination);
  const fitting = link.addresses.filter(
    ({ family, scope, flags }) =>
      family === 'inet6' &&
      (scope === 'link') === isLinkLocal &&
      !flags?.some((flag) => ['tentative', 'deprecated', 'dadfailed'].includes(flag)),
  );
  const [first, second] = fitting;
  return {
    address: second ? undefined : first?.local,
    sure: first !== undefined && second === undefined,
    links: [link],
  };
}
