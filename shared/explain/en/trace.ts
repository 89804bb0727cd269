// A packet's path in words: each hop, how a path ends, and what could not be decided. English.
import type { Doubt, DropReason, EndKind, LostReason, NotTraced } from '../../trace/path.ts';

const drops: Readonly<Record<DropReason, (text: string, chain: string) => string>> = {
  firewall: () => 'Dropped by the firewall',
  route: (text) => `Refused by the routes: ${text}`,
  'link-down': (text) => `${text} is down`,
  'no-carrier': (text) => `${text} has no carrier`,
  'port-locked': (text) =>
    `${text} is a locked port: its bridge drops what comes from an address that its forwarding table does not have there`,
  'redirect-nowhere': () => 'Dropped: it is redirected to the device that it came in by, which has no address',
  'hop-limit': () => 'It goes in circles, until its TTL is used up',
  'own-source': (text) =>
    `Its source is one of the addresses here: the kernel drops it at ${text}, unless accept_local is set there`,
  'not-forwarded': (text) => `It is for another, and what comes in at ${text} is not forwarded: forwarding is off`,
  'reverse-path': (text) => `Dropped at ${text} by rp_filter: its way back is another one, or there is none`,
  martian: (text) => `A loopback address on ${text}: the kernel drops it, unless route_localnet is set there`,
};

const losses: Readonly<Record<LostReason, (detail: string) => string>> = {
  'netns-not-seen': (detail) =>
    `It goes on in a network namespace that was not seen${detail === '' ? '' : ` (${detail})`}`,
  'peer-not-seen': () => 'The other end of this veth pair was not seen',
  'device-not-known': (detail) => `It is not known which device ${detail === '' ? 'it goes on by' : `${detail} means`}`,
  'kind-not-followed': (detail) => `What a device of kind ${detail || 'unknown'} does with it is not followed`,
  tunnel: (detail) => `It is packed up and leaves as another packet (${detail}), which is not followed`,
  'open-vswitch': () => 'It comes to Open vSwitch, whose flows are not asked for',
  'tap-not-served': (detail) => `Which process reads ${detail} was not seen`,
  'tap-server': (detail) => `What happens to it is up to the process${detail === '' ? '' : ` (${detail})`}`,
  'group-address': (detail) => `It is for many (${detail}), which is not followed`,
  encapsulated: (detail) => `The route packs it up (${detail}), which is not followed`,
  'nobody-answers': (detail) => `No link that hears this answers for ${detail}: likely nobody does`,
  'nobody-takes': (detail) => `No link that hears this has the hardware address ${detail}: likely nobody takes it`,
  'too-long': () => 'The path is longer than is followed',
  loop: () => 'It comes back to the same forwarder',
};

export const trace = {
  packet: (to: string, protocol: string | undefined) => (protocol === undefined ? to : `${to} ${protocol}`),
  internet: 'the Internet',
  sent: (who: string | undefined, to: string) => (who === undefined ? `Sent to ${to}` : `${who} sends to ${to}`),
  arrived: (link: string, to: string) => `Comes in from outside by ${link}, for ${to}`,
  isLocal: (destination: string) => `${destination} is this network namespace’s own`,
  route: (destination: string, gateway: string | undefined, device: string | undefined, forwarded: boolean) =>
    [
      `${forwarded ? 'Forwarded' : 'Routed'} by ${destination}`,
      ...(gateway === undefined ? [] : [`via ${gateway}`]),
      ...(device === undefined ? [] : [`dev ${device}`]),
    ].join(' '),
  by: (table: string, priority: number | undefined) =>
    priority === undefined ? `table ${table}` : `table ${table}, by rule ${priority}`,
  source: (address: string) => `source ${address}`,
  oneOf: (count: number) => `one of ${count} next hops`,
  newDestination: (before: string, after: string) => `Destination rewritten: ${before} → ${after}`,
  newSource: (before: string, after: string) => `Source rewritten: ${before} → ${after}`,
  anAddressOf: 'an address of the way out',
  anySource: 'its source',
  filtered: (hook: string, passed: boolean) =>
    passed ? `Firewall at ${hook}: lets it pass` : `Firewall at ${hook}: not decided`,
  out: (device: string, to: string | undefined) =>
    to === undefined ? `Out at ${device}` : `Out at ${device}, to ${to}`,
  mac: (mac: string, state: string) => `${mac}${state === '' ? '' : ` ${state}`}`,
  pair: (kind: string, from: string, to: string) => `Over the ${kind} pair from ${from} to ${to}`,
  bridge: {
    fdb: (bridge: string, port: string) => `Bridge ${bridge} hands it to its port ${port}`,
    flooded: (bridge: string, port: string) => `Bridge ${bridge} sends it to its port ${port}, as to every other`,
    floodedUp: (bridge: string) => `Bridge ${bridge} takes it, and sends it to every port`,
    itself: (bridge: string) => `Bridge ${bridge} takes it: it is for the bridge’s own address`,
    keeps: (bridge: string) => `Bridge ${bridge} takes it: its forwarding table has the address as permanent`,
    vlan: (vlan: number) => `VLAN ${vlan}`,
    knows: (mac: string) => `its forwarding table has ${mac} there`,
  },
  stacked: {
    down: (from: string, to: string) => `From ${from} down to ${to}`,
    up: (from: string, to: string) => `From ${from} up to ${to}`,
    member: (from: string, to: string) => `${from} sends it out at ${to}`,
    master: (from: string, to: string) => `${from} is a port of ${to}, which takes it`,
  },
  userMode: (process: string, to: string) =>
    `${process} takes it from the device and sends it on to ${to} with a socket of its own`,
  handedOn: (process: string | undefined, to: string) =>
    process === undefined ? `Handed on to ${to}` : `${process} hands the connection on to ${to}`,
  listens: (who: string, at: string) => `${who} listens on ${at}`,
  somebody: 'A process that was not seen',
  arrives: (address: string) => `Arrives: ${address} is here`,
  answersItself: (process: string, address: string) => `${process} answers for ${address} itself`,
  nobody: (at: string) => `Nobody listens on ${at}: it is refused`,
  noRoute: (to: string) => `No route to ${to}`,
  leaves: (link: string) => `Leaves the host by ${link}`,
  leavesUnseen: (link: string) => `Leaves by ${link}, to where was not seen`,
  dropped: (reason: DropReason, text: string, chain: string) => drops[reason](text, chain),
  lost: (reason: LostReason, detail: string) => losses[reason](detail),
  /** Before the last hop, where that does not say how it ends. */
  ends: { delivered: 'Delivered', lost: 'Not followed further' } as Readonly<Partial<Record<EndKind, string>>>,
  certainty: { certain: 'certain', inferred: 'inferred', ambiguous: 'one of several possibilities' },
  doubt: (doubt: Doubt) => doubts[doubt.code](doubt.text),
  problem: (problem: NotTraced['problem'], value: string) => problems[problem](value),
  title: (from: string, to: string) => `From ${from} to ${to}`,
  path: (index: number, of: number) => `Path ${index} of ${of}`,
  more: 'There are more possibilities than are shown.',
  outside: 'outside',
};

const doubts: Readonly<Record<Doubt['code'], (text: string) => string>> = {
  forwarding: () => 'Whether this network namespace forwards packets (net.ipv4.ip_forward) was not told.',
  'force-forwarding': (link) => `Unless force_forwarding is set at ${link}, which is not asked.`,
  'reverse-path': (link) =>
    `If rp_filter is on at ${link}, which was not told, it may be dropped: its way back is another one, or is not known.`,
  'way-back': (link) => `rp_filter is on at ${link}, and may drop it: which way back there is is not known.`,
  'may-drop': (text) => `May be dropped: whether it matches is not known. ${text}`,
  'may-rewrite': (text) => `May be rewritten: whether it matches is not known. ${text}`,
  'drops-if-reached': (text) => `Dropped if it comes there: an earlier rule may decide otherwise. ${text}`,
  'drops-if-tracked': (text) =>
    `Dropped if the kernel keeps connections here: nat chains are asked only then, and no rule that was read makes it. ${text}`,
  'rewrites-if-reached': (text) => `Rewritten if it comes there: an earlier rule may decide otherwise. ${text}`,
  'unread-rule': (text) => `May be dropped or handed on: what the rule does is not read. ${text}`,
  'unread-rewrite': (text) => `May be rewritten: to what is not read. ${text}`,
  'equal-priority': (chains) =>
    `Chains of equal priority: the one that was added last is asked first, and which that is was not told. ${chains}`,
  'may-not-track': (text) => `Is not rewritten if this matches, which is not known. ${text}`,
  'firewall-not-read': () => 'The firewall here was not read.',
  'firewall-in-part': () => 'The firewall here was not read to its end, or not in all its tables and lines.',
  'firewall-cut': (chain) => `Not all rules of ${chain} were read.`,
  'port-locked': (port) =>
    `${port} is a locked port; whether the forwarding table has the source there, without which it is dropped, is not known.`,
  'bridge-firewall': (bridge) =>
    `The firewall may filter what crosses ${bridge} (bridge-nf-call-iptables, or rules for bridges), which is not followed.`,
  'policy-rule': (text) => `A policy rule asks what is not known: ${text}`,
  'rules-not-seen': () => 'The policy rules were not seen; those of a new network namespace are assumed.',
  'merged-tables': (route) =>
    `${route} of the table local and a longer prefix in main both fit; which goes first depends on whether there ever was another rule.`,
  'route-asks': (route) => `A route is for some packets only, and whether for this one is not known: ${route}`,
  'several-routes': (route) => `There are several routes ${route} as good as this one.`,
  'one-of': (what) => `One of several, by turns or by hash: ${what}`,
  'link-down-route': (device) => `${device} has no carrier; whether its routes are passed over is not asked.`,
  'link-state': (device) => `Whether ${device} is up was not told.`,
  'mode-not-told': (device) => `In which mode ${device} is, and whether it takes this, was not told.`,
  'source-not-known': (device) => `Which of the addresses of ${device} becomes the source is not decided.`,
  'route-localnet': (device) =>
    `Its source is a loopback address: it leaves by ${device} only if route_localnet is set there.`,
  'neighbour-not-known': (address) => `There is no neighbour entry for ${address} yet: who has the address answers.`,
  'neighbour-failed': (address) => `${address} has not answered before.`,
  flooded: (bridge) => `The forwarding table of ${bridge} does not have the address: it goes out at every port.`,
  'several-ends': () => 'There are several who may take it.',
  xdp: (link) => `An XDP program at ${link} sees it first.`,
  ipsec: (text) =>
    `IPsec policies may drop it or pack it up: they are not asked for, and something here looks like it (${text}).`,
  qdisc: (text) => `What leaves there is queued by a discipline that may delay or drop it (tc qdisc). ${text}`,
  'v6-only': (socket) => `Whether ${socket} takes IPv4 too is not told.`,
  'device-not-told': (socket) =>
    `Whether ${socket} is bound to a device (SO_BINDTODEVICE), and takes what comes in there alone, was not told.`,
  'other-device': (socket) => `${socket} takes only what comes in by its device; by which this comes is not known.`,
  'vrf-socket': (socket) =>
    `It comes in by a VRF; whether ${socket}, which is bound to none, takes that (tcp_l3mdev_accept, udp_l3mdev_accept) is not asked.`,
  'several-sockets': (socket) => `Several sockets would take it, ${socket} is one of them.`,
  'sockets-not-seen': () => 'Not all sockets in here were seen.',
  ipvs: (server) =>
    server === ''
      ? 'IPVS takes packets with a mark here; which mark it has is not known.'
      : `IPVS has this address and port, and sends it on to ${server}.`,
  'user-mode': (process) => `What ${process} does is known by its kind and its command line alone.`,
  host: (address) => `${address} stands for the address that the process shares with the host it runs on.`,
  'host-loopback': (address) => `${address} stands for the loopback address where the process runs.`,
};

const problems: Readonly<Record<NotTraced['problem'], (value: string) => string>> = {
  'start-not-there': (value) => `${value} is not in this snapshot.`,
  'start-netns-not-known': (value) => `In which network namespace ${value} is was not seen.`,
  'start-not-listed': (value) =>
    `The links in the network namespace of ${value} were not listed: nothing is known of the way from there.`,
  'target-not-there': (value) => `${value} is not in this snapshot.`,
  'target-netns-not-known': (value) => `In which network namespace ${value} is was not seen.`,
  'target-without-address': (value) => `${value} has no address that could be sent to, or it was not seen.`,
  'loopback-from-outside': (value) =>
    `${value} is a loopback address: nothing from outside gets there. From host it can be traced.`,
  'no-address': (value) => `${value === '' ? 'Nothing' : value} is not an IPv4 or IPv6 address.`,
};
