// Who answers when all are asked for an address: who has it; and who does for others, by proxy_arp for all that it would
// forward, by an entry of `ip neigh … proxy` for one. arp_process in net/ipv4/arp.c, ndisc_recv_ns in net/ipv6/ndisc.c.
import type { Link } from '../model/link.ts';
import { familyOf, isLocal, type Look } from './look.ts';
import type { Packet } from './path.ts';
import { routesFor } from './policy.ts';

/** Asked at `link`. Who neither asks nor answers (NOARP) has no way to tell its address to who asked either. */
export const answersAt = (look: Look, link: Link, address: string): boolean =>
  !link.flags.includes('NOARP') && (hasAt(look, link, address) || answersFor(look, link, address));

/** IPv4 answers for every address of the network namespace, IPv6 for those of the device that was asked, and of its VRF. */
function hasAt(look: Look, link: Link, address: string): boolean {
  if (familyOf(address) === 'inet') return isLocal(look, link.netns, address);
  const masters = link.portKind === 'vrf' ? look.from(link.id, 'master').map(({ to }) => look.links.get(to)) : [];
  return [link, ...masters].some((one) => one?.addresses.some(({ local }) => local === address));
}

function answersFor(look: Look, link: Link, address: string): boolean {
  const { netns, name } = link;
  const family = familyOf(address);
  const [own, all] = [look.netconfOf(netns, family, name), look.netconfOf(netns, family, 'all')];
  if (own?.forwarding !== true) return false;
  const isOn = own.proxyNeighbour === true || all?.proxyNeighbour === true;
  const hasEntry = look.isProxied(netns, name, address);
  if (family === 'inet6') return isOn && hasEntry;
  return (isOn || hasEntry) && leadsElsewhere(look, link, address);
}

/** The address is not on the side that asks. */
function leadsElsewhere(look: Look, link: Link, address: string): boolean {
  const packet: Packet = {
    family: 'inet',
    protocol: undefined,
    source: undefined,
    destination: address,
    port: undefined,
  };
  return routesFor(look, { netns: link.netns, packet, incoming: link }).some(
    ({ hops: [route] }) => route?.type === 'unicast' && route.device !== link.name,
  );
}
