// A link's kind with the one detail people tell such links apart by, in iproute2's words: `vlan 20`, `vxlan 42`,
// `macvlan bridge`, `bond active-backup`. A kind without one is its name alone.
import type { Link } from './link.ts';

/** By kind: the member of info_data, and what stands before it where a number alone would say nothing. */
const details: Readonly<Record<string, readonly [member: string, before?: string]>> = {
  bareudp: ['dstport', 'port'],
  bond: ['mode'],
  erspan: ['remote', 'to'],
  geneve: ['id'],
  gre: ['remote', 'to'],
  gretap: ['remote', 'to'],
  ip6erspan: ['remote', 'to'],
  ip6gre: ['remote', 'to'],
  ip6gretap: ['remote', 'to'],
  ip6tnl: ['remote', 'to'],
  ipip: ['remote', 'to'],
  ipvlan: ['mode'],
  ipvtap: ['mode'],
  macvlan: ['mode'],
  macvtap: ['mode'],
  netkit: ['mode'],
  rmnet: ['mux_id'],
  sit: ['remote', 'to'],
  vlan: ['id'],
  vrf: ['table', 'table'],
  vti: ['remote', 'to'],
  vti6: ['remote', 'to'],
  vxlan: ['id'],
  xfrm: ['if_id'],
};

/** What tunnels print for any address. */
const nothing: ReadonlySet<unknown> = new Set(['any', '0.0.0.0', '::', '']);

export function kindDetail(link: Link): string {
  const kind = link.kind === 'tun' && link.data['type'] === 'tap' ? 'tap' : link.kind;
  const [member, before] = details[kind] ?? [];
  const value = member === undefined ? undefined : link.data[member];
  if ((typeof value !== 'string' && typeof value !== 'number') || nothing.has(value)) return kind;
  return [kind, ...(before === undefined ? [] : [before]), value].join(' ');
}
