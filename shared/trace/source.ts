// The source address a route gives to what is sent here (inet_select_addr in net/ipv4/devinet.c; RFC 6724 for IPv6).
import type { Address, Link } from '../model/link.ts';
import type { Route } from '../model/route.ts';
import { isIn, type Look } from './look.ts';
import type { Packet } from './path.ts';

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
  return packet.family === 'inet' ? ipv4Source(look, route, link, packet) : ipv6Source(link, packet);
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

/** The first of the device's addresses that is in the next hop's network, else its first, else the first elsewhere. */
function ipv4Source(look: Look, route: Route, link: Link, packet: Packet): Source {
  const scope = scopeOf(route.scope);
  const next = route.gateway !== undefined && !route.gateway.includes(':') ? route.gateway : packet.destination;
  const own = usable(link, scope);
  const near = own.find(({ local, peer, prefixLength }) => isIn(next, `${peer ?? local}/${prefixLength}`) === true);
  const chosen = near ?? own[0];
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
