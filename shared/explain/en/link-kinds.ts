// Words for kinds of links: what each is called, its details, and itself in a sentence. English.

/** By iproute2's kind. */
export const linkWhats: Readonly<Record<string, string>> = {
  amt: 'AMT interface',
  bareudp: 'bareudp tunnel',
  batadv: 'B.A.T.M.A.N. mesh interface',
  bond: 'bond',
  bridge: 'bridge',
  can: 'CAN interface',
  dsa: 'port of a switch chip',
  dummy: 'dummy interface',
  erspan: 'ERSPAN tunnel',
  geneve: 'Geneve interface',
  gre: 'GRE tunnel',
  gretap: 'GRE tunnel for frames',
  gtp: 'GTP interface',
  hsr: 'HSR or PRP interface',
  ifb: 'ifb interface',
  ip6erspan: 'ERSPAN tunnel over IPv6',
  ip6gre: 'GRE tunnel over IPv6',
  ip6gretap: 'GRE tunnel for frames over IPv6',
  ip6tnl: 'tunnel over IPv6',
  ipip: 'IPIP tunnel',
  ipoib: 'IP over InfiniBand interface',
  ipvlan: 'ipvlan interface',
  ipvtap: 'ipvtap interface',
  loopback: 'loopback interface',
  lowpan: '6LoWPAN interface',
  macsec: 'MACsec interface',
  macvlan: 'macvlan interface',
  macvtap: 'macvtap interface',
  netdevsim: 'simulated interface',
  netkit: 'netkit interface',
  nlmon: 'netlink monitor',
  openvswitch: 'Open vSwitch interface',
  ovpn: 'OpenVPN interface',
  pfcp: 'PFCP interface',
  physical: 'network interface',
  ppp: 'PPP interface',
  rmnet: 'rmnet interface',
  sit: 'IPv6-in-IPv4 tunnel',
  tap: 'tap interface',
  team: 'team',
  tun: 'tun interface',
  unknown: 'interface of a kind that is not known',
  vcan: 'virtual CAN interface',
  veth: 'veth interface',
  virt_wifi: 'virtual Wi-Fi interface',
  vlan: 'VLAN interface',
  vrf: 'VRF',
  vsockmon: 'vsock monitor',
  vti: 'VTI tunnel',
  vti6: 'VTI tunnel over IPv6',
  vxcan: 'vxcan interface',
  vxlan: 'VXLAN interface',
  wireguard: 'WireGuard interface',
  wwan: 'mobile broadband interface',
  xfrm: 'XFRM interface',
};

/** By iproute2's member; one without a word is its own. */
export const linkDetails: Readonly<Record<string, string>> = {
  'ad_info.aggregator': 'Aggregator',
  'ad_info.num_ports': 'Ports in aggregator',
  'ad_info.partner_mac': 'LACP partner',
  '6rd.prefix': '6rd prefix',
  '6rd.relay_prefix': '6rd relay prefix',
  ad_actor_oper_port_state_str: 'LACP, own side',
  ad_actor_system: 'LACP system',
  ad_aggregator_id: 'Aggregator',
  ad_lacp_active: 'LACP active',
  ad_lacp_rate: 'LACP rate',
  ad_partner_oper_port_state_str: 'LACP, partner’s side',
  ad_select: 'Aggregator chosen by',
  active_slave: 'Active member',
  ageing: 'Forgets after',
  ageing_time: 'Forgets after',
  algo_name: 'Routing algorithm',
  arp_interval: 'ARP interval',
  arp_ip_target: 'ARP targets',
  backup_port: 'Backup port',
  bclim: 'Broadcast limit',
  bcast_flood: 'Floods broadcast',
  'bittiming.bitrate': 'Bit rate',
  bridge_id: 'Bridge id',
  cipher_suite: 'Cipher suite',
  conduit: 'Conduit',
  cost: 'Path cost',
  ctrlmode: 'Control mode',
  'data_bittiming.bitrate': 'Data bit rate',
  designated_cost: 'Designated cost',
  discovery: 'Discovery address',
  downdelay: 'Down delay',
  dstport: 'Port',
  egress_qos: 'Egress priorities',
  'encap.dport': 'Encapsulation port',
  'encap.type': 'Encapsulation',
  encap_limit: 'Encapsulation limit',
  encrypt: 'Encrypts',
  erspan_dir: 'ERSPAN direction',
  erspan_hwid: 'ERSPAN hardware id',
  erspan_index: 'ERSPAN index',
  erspan_ver: 'ERSPAN version',
  ethertype: 'Carries',
  external: 'Set by each packet',
  fail_over_mac: 'MAC on failover',
  fastleave: 'Fast leave',
  fdb_n_learned: 'Learned entries',
  flags: 'Flags',
  flood: 'Floods unknown unicast',
  flowlabel: 'Flow label',
  forward_delay: 'Forward delay',
  fwmark: 'Firewall mark',
  gateway_port: 'Gateway’s port',
  gbp: 'Group policy',
  group: 'Multicast group',
  group6: 'Multicast group',
  guard: 'BPDU guard',
  hsize: 'Hash size',
  inner_proto_inherit: 'Inherits protocol',
  isatap: 'ISATAP',
  hairpin: 'Hairpin',
  id: 'Id',
  if_id: 'XFRM if_id',
  ikey: 'Key in',
  ingress_qos: 'Ingress priorities',
  interlink: 'Interlink',
  isolated: 'Isolated',
  l2miss: 'Reports unknown MAC',
  l3miss: 'Reports unknown IP',
  learning: 'Learning',
  link_failure_count: 'Link failures',
  link_id: 'Session',
  local: 'Local',
  local6: 'Local',
  locked: 'Locked',
  mab: 'MAC authentication bypass',
  macaddr_count: 'MAC addresses',
  max_tunnels: 'Most tunnels',
  mcast_flood: 'Floods multicast',
  mcast_querier: 'Multicast querier',
  mcast_snooping: 'Multicast snooping',
  mii_status: 'MII status',
  miimon: 'MII interval',
  min_links: 'Least links',
  mode: 'Mode',
  multiproto: 'Several protocols',
  multi_queue: 'Several queues',
  mux_id: 'Mux id',
  neigh_suppress: 'Suppresses ARP and ND',
  nf_call_ip6tables: 'Frames pass ip6tables',
  nf_call_iptables: 'Frames pass iptables',
  numqueues: 'Queues',
  okey: 'Key out',
  perm_hwaddr: 'Own MAC address',
  persist: 'Stays without a process',
  pi: 'Packet information',
  pkey: 'Partition key',
  pmtudisc: 'Path MTU discovery',
  policy: 'Policy',
  port: 'Port',
  primary: 'Primary',
  prio: 'Priority',
  priority: 'Priority',
  protect: 'Protects',
  proto: 'Carries',
  protocol: 'Protocol',
  proxy: 'Answers ARP',
  proxy_arp: 'Answers ARP',
  queue_id: 'Queue',
  relay_port: 'Relay’s port',
  remote: 'Remote',
  remote6: 'Remote',
  replay_protect: 'Replay protection',
  restart_count: 'Restarts',
  restart_ms: 'Restarts after',
  role: 'Role',
  root_block: 'Root guard',
  root_id: 'Root bridge',
  root_path_cost: 'Cost to the root',
  scrub: 'Scrubs',
  sci: 'Secure channel',
  slave1: 'First port',
  slave2: 'Second port',
  state: 'State',
  srcportmin: 'Lowest source port',
  stp_state: 'Spanning tree',
  supervision_addr: 'Supervision address',
  table: 'Routing table',
  tclass: 'Traffic class',
  tos: 'Type of service',
  ttl: 'TTL',
  type: 'Type',
  umcast: 'User multicast',
  updelay: 'Up delay',
  user: 'User',
  validation: 'Validation',
  vlan_default_pvid: 'Default VLAN',
  vlan_filtering: 'VLAN filtering',
  vlan_protocol: 'VLAN protocol',
  vlan_tunnel: 'VLAN tunnels',
  vnet_hdr: 'virtio header',
  vnifilter: 'VNI filter',
  window: 'Replay window',
  xmit_hash_policy: 'Spreads by',
};

/** What a sentence about a link is made of. */
export interface LinkStory {
  /** A member of its data as text; undefined where it says none, or nothing in particular (`any`, `::`). */
  readonly say: (member: string) => string | undefined;
  /** Devices below it, by name. */
  readonly lower: readonly string[];
  readonly ports: number;
  /** WireGuard's; undefined: not asked. */
  readonly peers: number | undefined;
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
const on = ({ lower }: LinkStory): string => (lower.length > 0 ? ` on ${list(lower)}` : '');
const through = ({ lower }: LinkStory): string => (lower.length > 0 ? ` through ${list(lower)}` : '');
const counted = (count: number, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

const far = ({ say }: LinkStory): string => {
  const group = say('group') ?? say('group6');
  const remote = say('remote') ?? say('remote6');
  return group !== undefined ? ` to the group ${group}` : remote !== undefined ? ` to ${remote}` : '';
};
const near = ({ say }: LinkStory): string => {
  const local = say('local') ?? say('local6');
  return local === undefined ? '' : ` from ${local}`;
};
const tunnel = (name: string) => (story: LinkStory) => `${name}${near(story)}${far(story)}${through(story)}.`;
const moded = (name: string) => (story: LinkStory) => {
  const mode = story.say('mode');
  return `${name}${on(story)}${mode === undefined ? '' : `, mode ${mode}`}.`;
};
const overlay = (name: string) => (story: LinkStory) =>
  `${name}${story.say('id') === undefined ? '' : ` ${story.say('id')}`}${far(story)}${through(story)}.`;

/** By kind; a kind without one is told by its name and where it is. */
export const linkSentences: Readonly<Record<string, (story: LinkStory) => string>> = {
  batadv: () => 'A mesh network as if it were one switch.',
  bond: ({ say, ports }) => {
    const active = say('active_slave');
    const mode = say('mode');
    return `A bond of ${counted(ports, 'link')}${mode === undefined ? '' : `: ${mode}`}${active === undefined ? '' : `, active ${active}`}.`;
  },
  dummy: () => 'A device without a cable: it holds addresses, and what is sent out there is gone.',
  erspan: tunnel('ERSPAN tunnel'),
  geneve: overlay('Geneve'),
  gre: tunnel('GRE tunnel'),
  gretap: tunnel('GRE tunnel for frames'),
  hsr: (story) => `A ring or a pair of networks${on(story)}, every frame sent twice.`,
  ifb: () => 'Traffic is redirected to it to be shaped or counted; it leads nowhere.',
  ip6erspan: tunnel('ERSPAN tunnel'),
  ip6gre: tunnel('GRE tunnel'),
  ip6gretap: tunnel('GRE tunnel for frames'),
  ip6tnl: tunnel('Tunnel'),
  ipip: tunnel('IPIP tunnel'),
  ipvlan: moded('ipvlan'),
  ipvtap: moded('ipvtap'),
  macsec: (story) => `MACsec${on(story)}: signs, and may encrypt, every frame.`,
  macvlan: moded('macvlan'),
  macvtap: moded('macvtap'),
  nlmon: () => 'Shows what programs and the kernel say to each other by netlink.',
  sit: tunnel('IPv6-in-IPv4 tunnel'),
  team: ({ ports }) => `A team of ${counted(ports, 'link')}.`,
  vlan: (story) => {
    const protocol = story.say('protocol');
    const outer = protocol === undefined || protocol === '802.1Q' ? '' : ` (${protocol})`;
    return `VLAN ${story.say('id') ?? ''}${outer}${on(story)}.`;
  },
  vrf: ({ say, ports }) => `A VRF: ${counted(ports, 'link')} with routing table ${say('table') ?? ''} of their own.`,
  vti: tunnel('VTI tunnel'),
  vti6: tunnel('VTI tunnel'),
  vxlan: overlay('VXLAN'),
  wireguard: ({ peers }) =>
    peers === undefined ? 'A WireGuard interface.' : `A WireGuard interface with ${counted(peers, 'peer')}.`,
  xfrm: (story) => `IPsec by XFRM interface id ${story.say('if_id') ?? ''}${through(story)}.`,
};
