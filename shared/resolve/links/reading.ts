// How a kind of link means its IFLA_LINK (what ip prints as `link`, `link_index`) and what else names a device below it.
//
// The kernel fills IFLA_LINK from ndo_get_iflink (net/core/dev.c). Kinds without one give their OWN index; and where a
// link was moved away from the network namespace it was made in (get_link_net, printed as `link_netnsid`), that number
// stands beside the id of another namespace, where it means nothing (rtnl_fill_link_netnsid). Seen on Linux 6.18:
// a vxlan of index 21, made over eth7 and moved, says `link_index` 21.
//
// Such a kind names its device in its own data, by an index that counts in the namespace it was made in, and iproute2
// looks the name up in the one it is printed in: `"link":"if7"`, or the name of an innocent link that has index 7 there.
import type { Link } from '../../model/link.ts';

export type Reading =
  /** IFLA_LINK is the device below; 0: there is none. */
  | { readonly by: 'link' }
  /** These members of info_data name devices; IFLA_LINK does not. */
  | { readonly by: 'data'; readonly members: readonly string[] }
  /** No device below is ever told. */
  | { readonly by: 'nothing' }
  /** A kind that is not known here: IFLA_LINK, unless it is the link's own index. */
  | { readonly by: 'link-if-not-itself' };

/** ndo_get_iflink in drivers/net and net, Linux 6.18; veth, netkit and vxcan mean their peer (ends.ts). */
const byLink = [
  ...['vlan', 'macvlan', 'macvtap', 'ipvlan', 'ipvtap', 'macsec', 'ipoib', 'rmnet', 'virt_wifi', 'dsa', 'lowpan'],
  ...['gre', 'gretap', 'erspan', 'ip6gre', 'ip6gretap', 'ip6erspan', 'ipip', 'sit', 'ip6tnl', 'vti', 'vti6', 'xfrm'],
  // No kind at all: a port of a switch chip names the NIC it hangs on.
  'physical',
];

const byNothing = [
  ...['geneve', 'bareudp', 'gtp', 'pfcp', 'ppp', 'wireguard', 'ovpn', 'tun', 'wwan'],
  ...['bridge', 'bond', 'team', 'vrf', 'openvswitch', 'batadv', 'nlmon', 'vsockmon', 'netdevsim'],
  ...['dummy', 'ifb', 'loopback', 'can', 'vcan'],
];

const readings: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ...byLink.map((kind) => [kind, { by: 'link' }] as const),
  ...byNothing.map((kind) => [kind, { by: 'nothing' }] as const),
  ['vxlan', { by: 'data', members: ['link'] }],
  ['amt', { by: 'data', members: ['dev'] }],
  ['hsr', { by: 'data', members: ['slave1', 'slave2', 'interlink'] }],
]);

const unknownKind: Reading = { by: 'link-if-not-itself' };

export const readingOf = (link: Link): Reading => readings.get(link.kind) ?? unknownKind;
