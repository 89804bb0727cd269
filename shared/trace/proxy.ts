// Who answers for an address that is not its own: proxy_arp for all that it would forward, an entry of `ip neigh … proxy` for
// one. arp_process in net/ipv4/arp.c, ndisc_recv_ns in net/ipv6/ndisc.c.
import type { Link } from '../model/link.ts';
import { familyOf, type Look } from './look.ts';
import type { Packet } from './path.ts';
import { routesFor } from './policy.ts';

export function answersFor(look: Look, link: Link, address: string): boolean {
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
