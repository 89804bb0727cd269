// Titles, labels and sentences of explanations. English.
import type { NamespaceKind } from '../../model/id.ts';
import type { NamespaceRole } from '../../model/namespace.ts';
import type { ProcessRole } from '../../model/process.ts';
import type { RelationKind } from '../../model/relation.ts';

export const groups = {
  identity: 'Identity',
  state: 'State',
  addresses: 'Addresses',
  connected: 'Connected to',
  used: 'Used by',
  owned: 'Owned by',
  ports: 'Ports',
  namespaces: 'Namespaces',
  tools: 'Tools on the host',
};

export const labels = {
  address: 'Address',
  alsoNamed: 'Also named',
  arguments: 'Command line',
  belowOf: 'Below',
  carries: 'Serves',
  certainty: 'Certainty',
  cgroup: 'cgroup',
  child: 'Child',
  collected: 'Collected',
  container: 'Container',
  containerPort: 'Target',
  defaultRoute: 'Default route',
  engine: 'Engine',
  forwarder: 'Forwarded by',
  forwards: 'Forwards',
  from: 'From',
  gidMap: 'gid map',
  heldBy: 'Held open by',
  hostname: 'Host name',
  id: 'Id',
  image: 'Image',
  index: 'Index',
  init: 'First process',
  inode: 'Inode',
  interface: 'Interface',
  kernel: 'Kernel',
  kind: 'Kind',
  leader: 'Led by',
  leavesThrough: 'Leaves through',
  link: 'Link',
  listen: 'Listens on',
  lower: 'On top of',
  mac: 'MAC address',
  master: 'Port of',
  member: 'Port',
  monitor: 'Watched by',
  mounted: 'Mounted at',
  mtu: 'MTU',
  name: 'Name',
  netns: 'Network namespace',
  networks: 'Networks',
  opensAs: 'Opens as',
  operState: 'State',
  os: 'System',
  owner: 'Owner',
  parent: 'Parent',
  parentNetns: 'RootlessKit’s parent',
  peer: 'Peer',
  peerMaster: 'Peer is port of',
  pid: 'PID',
  pidInside: 'PID inside',
  process: 'Process',
  processes: 'Processes',
  publishes: 'Published port',
  received: 'Received',
  role: 'Role',
  route: 'Route',
  rule: 'How we know',
  sent: 'Sent',
  servedBy: 'Served by',
  socket: 'Socket',
  startedBy: 'Started by',
  to: 'To',
  uidMap: 'uid map',
  user: 'User',
  asUser: 'Collected as',
  wayOut: 'Way out',
  worksFor: 'Works for',
  childrenOnly: 'For children of',
  thread: 'Thread',
};

export const kindNames: Readonly<Record<NamespaceKind, string>> = {
  cgroup: 'cgroup namespace',
  ipc: 'IPC namespace',
  mnt: 'mount namespace',
  net: 'network namespace',
  pid: 'PID namespace',
  time: 'time namespace',
  user: 'user namespace',
  uts: 'UTS namespace',
};

export const whats = {
  container: 'container',
  forward: 'published port',
  host: 'host',
  kernelThread: 'kernel thread',
  process: 'process',
  relation: 'relation',
  socket: 'socket',
  undiscovered: 'not discovered',
};

/** By iproute2's kind. */
export const linkWhats: Readonly<Record<string, string>> = {
  bond: 'bond',
  bridge: 'bridge',
  dummy: 'dummy interface',
  ipvlan: 'ipvlan interface',
  loopback: 'loopback interface',
  macvlan: 'macvlan interface',
  netkit: 'netkit interface',
  physical: 'network interface',
  tap: 'tap interface',
  tun: 'tun interface',
  veth: 'veth interface',
  vlan: 'VLAN interface',
  vrf: 'VRF',
  vxlan: 'VXLAN interface',
  wireguard: 'WireGuard interface',
};

export const roleWhats: Readonly<Record<ProcessRole, string>> = {
  'rootlesskit-parent': 'RootlessKit’s parent process',
  'rootlesskit-child': 'RootlessKit’s child process',
  slirp4netns: 'slirp4netns',
  pasta: 'pasta',
  containerd: 'containerd',
  'containerd-shim': 'containerd’s shim',
  conmon: 'conmon',
  dockerd: 'Docker’s daemon',
  'docker-proxy': 'docker-proxy',
  rootlessport: 'rootlessport',
  collector: 'the collector itself',
};

export const roleSentences: Readonly<Record<ProcessRole, string>> = {
  'rootlesskit-parent':
    'The half of RootlessKit that stays outside: it is in the host’s namespaces and listens for published ports.',
  'rootlesskit-child': 'The half of RootlessKit inside its user namespace; the container engine runs under it.',
  slirp4netns: 'Carries the traffic of a tap device: reads its frames and sends them with ordinary sockets.',
  pasta: 'Carries the traffic of a tap device: reads its frames and sends them with ordinary sockets.',
  containerd: 'The container engine.',
  'containerd-shim': 'Watches one container, or the containers of one pod, for containerd.',
  conmon: 'Watches one container for Podman or CRI-O.',
  dockerd: 'The container engine Docker.',
  'docker-proxy': 'Listens on one published port and hands its connections on to a container.',
  rootlessport: 'Listens on published ports for Podman and hands their connections on to a container.',
  collector: 'Started to answer nsatlas’s questions; it ends with them.',
};

export const roleNames: Readonly<Record<NamespaceRole, string>> = {
  host: 'the host’s own',
  'rootlesskit-child': 'RootlessKit’s child',
  container: 'a container’s',
  process: 'a process’s own',
  bare: 'without a process',
};

export const relationNames: Readonly<Record<RelationKind, string>> = {
  'veth-peer': 'veth pair',
  master: 'port of',
  lower: 'on top of',
  'served-by': 'served by',
  'leaves-through': 'leaves through',
  'rootlesskit-parent-netns': 'RootlessKit’s parent network namespace',
  'rootlesskit-child-of': 'RootlessKit’s child of',
  'works-for': 'works for',
  owner: 'owned by',
  parent: 'child of',
  init: 'has as its first process',
  'monitored-by': 'watched by',
  'forwarded-by': 'forwarded by',
  'listens-on': 'listens on',
  'forwards-to': 'handed on to',
};

export const sentences = {
  namespace: {
    host: (what: string) => `The host’s own ${what}.`,
    'rootlesskit-child': (what: string) => `The ${what} that RootlessKit made for its child.`,
    container: (what: string, name: string) => `The ${what} of ${name}.`,
    process: (what: string, name: string) => `A ${what} of its own: ${name}.`,
    bare: (what: string) => `A ${what} without a process in it; something else keeps it alive.`,
  } satisfies Readonly<Record<NamespaceRole, (what: string, name: string) => string>>,
  detached: () =>
    'The network namespace that RootlessKit made for its child and keeps detached: a mount in the child’s mount namespace holds it.',
  process: (comm: string, user: string) => `A process of ${user}: ${comm}.`,
  processIn: (container: string) => `A process of the container ${container}.`,
  kernelThread: () => 'A thread of the kernel; it is in the host’s own namespaces.',
  container: (engine: string, user: string) => `A container that ${engine} runs for ${user}.`,
  veth: (peer: string, where: string) => `One end of a veth pair; the other is ${peer} in ${where}.`,
  vethOpen: () => 'One end of a veth pair; its other end is not known for certain.',
  bridge: (ports: number) => `A bridge with ${ports === 1 ? '1 port' : `${ports} ports`}.`,
  tap: (server: string) => `A device whose other end is a process: ${server}.`,
  tapOpen: () => 'A device whose other end is a process that was not seen.',
  loopback: () => 'What a network namespace sends to itself.',
  nic: () => 'An interface of the host to the outside.',
  link: (what: string, where: string) => `A ${what} in ${where}.`,
  forward: (listen: string, target: string) => `Connections to ${listen} are handed on to ${target}.`,
  host: (user: string) => `The host as ${user} sees it.`,
  socket: (state: string) => `A socket, ${state}.`,
  undiscovered: () => 'It must exist, because something seen names it, but it was not seen itself.',
  relation: (from: string, name: string, to: string) => `${from} – ${name} – ${to}`,
};

export const values = {
  sharedWithHost: 'shared with the host',
  own: 'its own',
  unknown: 'not known',
  closed: 'closed to us',
  allProcesses: (count: number) => (count === 1 ? '1 process' : `${count} processes`),
  more: (count: number) => `and ${count} more`,
  dynamic: 'dynamic',
  bytes: (bytes: number, packets: number) => `${bytes} bytes in ${packets} packets`,
  failures: (errors: number, dropped: number) => `, ${errors} errors, ${dropped} dropped`,
  via: (gateway: string, device: string) => `via ${gateway}, ${device}`,
  on: (device: string) => device,
  in: (name: string, where: string) => `${name} in ${where}`,
  path: (path: string, where: string) => `${path} (in ${where})`,
  mapRange: (inside: number, outside: number, length: number) =>
    length === 1
      ? `${inside} inside is ${outside} outside`
      : `${inside}–${inside + length - 1} inside are ${outside}–${outside + length - 1} outside`,
  thread: (tid: number, process: string) => `thread ${tid} of ${process}`,
  fd: (fd: number, process: string) => `file descriptor ${fd} of ${process}`,
};

export const asWhom = {
  root: 'root (sudo)',
  inside: (user: string, pid: string) => `${user} inside the user namespace of PID ${pid}`,
  login: 'the login user',
};
