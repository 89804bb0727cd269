// Who answers when all are asked for an address: who has it; and who does for others, by proxy_arp for all that it would
// forward, by an entry of `ip neigh … proxy` for one. arp_process in net/ipv4/arp.c, ndisc_recv_ns in net/ipv6/ndisc.c.
import { contains, rangeOf } from '../model/address-range.ts';
import type { Link } from '../model/link.ts';
import { familyOf, type Look } from './look.ts';
import { hasAddress } from './own-address.ts';
import type { Packet } from './path.ts';
import { routesFor, type Choice } from './policy.ts';

/**
 * Asked at `link`, by who has the address `asker`. Who neither asks nor answers (NOARP) has no way to tell its address to who
 * asked either.
 */
export const answersAt = (look: Look, link: Link, address: string, asker: string | undefined): boolean =>
  !link.flags.includes('NOARP') && (hasAt(look, link, address, asker) || answersFor(look, link, address, asker));

/**
 * IPv4 answers for what it would take itself if it came from who asks, by whichever table; IPv6 for the addresses of the device
 * that was asked, and of its VRF.
 */
function hasAt(look: Look, link: Link, address: string, asker: string | undefined): boolean {
  if (familyOf(address) === 'inet') {
    const own = look.localRoutes(link.netns, 'inet');
    if (own.length === 0) return hasAddress(look, link.netns, address);
    const one = rangeOf(address);
    if (!one || !own.some(({ range }) => contains(range, one))) return false;
    // A question has neither mark nor TOS: the usual route is the one.
    return routesOfAsked(look, link, address, asker)[0]?.hops[0]?.type === 'local';
  }
  const masters = link.portKind === 'vrf' ? look.from(link.id, 'master').map(({ to }) => look.links.get(to)) : [];
  return [link, ...masters].some((one) => one?.addresses.some(({ local }) => local === address));
}

function answersFor(look: Look, link: Link, address: string, asker: string | undefined): boolean {
  const { netns, name } = link;
  const family = familyOf(address);
  const [own, all] = [look.netconfOf(netns, family, name), look.netconfOf(netns, family, 'all')];
  if (own?.forwarding !== true) return false;
  const isOn = own.proxyNeighbour === true || all?.proxyNeighbour === true;
  const hasEntry = look.isProxied(netns, name, address);
  if (family === 'inet6') return isOn && hasEntry;
  return (isOn || hasEntry) && leadsElsewhere(look, link, address, asker);
}

/** The address is not on the side that asks. */
const leadsElsewhere = (look: Look, link: Link, address: string, asker: string | undefined): boolean =>
  routesOfAsked(look, link, address, asker).some(
    ({ hops: [route] }) => route?.type === 'unicast' && route.device !== link.name,
  );

function routesOfAsked(look: Look, link: Link, address: string, asker: string | undefined): readonly Choice[] {
  const [destination, port, protocol] = [address, undefined, undefined];
  const packet: Packet = { family: 'inet', protocol, source: asker, destination, port };
  return routesFor(look, { netns: link.netns, packet, incoming: link });
}
