// What a thing is, in a sentence. English.
import type { NamespaceRole } from '../../model/namespace.ts';
import type { ProcessRole } from '../../model/process.ts';

export const sentences = {
  openVSwitch: (ports: number) =>
    `A bridge of Open vSwitch with ${ports === 1 ? '1 port' : `${ports} ports`}; the device stands for the host’s own port of it.`,
  namespace: {
    host: (what: string) => `The host’s own ${what}.`,
    'rootlesskit-child': (what: string) => `The ${what} that RootlessKit made for its child.`,
    container: (what: string, name: string) => `The ${what} of ${name}.`,
    process: (what: string, name: string) => `A ${what} of its own: ${name}.`,
    bare: (what: string) => `A ${what} without a process in it; something else keeps it alive.`,
  } satisfies Readonly<Record<NamespaceRole, (what: string, name: string) => string>>,
  nobodySeen: (what: string) => `A ${what} that no process was seen in; one that is closed to us may be.`,
  toldByProcNet: (sentence: string) =>
    `${sentence} The links in /proc/PID/ns of its processes are closed to us: what /proc/PID/net tells is all that is known of it.`,
  detached: () =>
    'The network namespace that RootlessKit made for its child and keeps detached: a mount in the child’s mount namespace holds it.',
  process: (comm: string, user: string) => `A process of ${user}: ${comm}.`,
  processIn: (container: string) => `A process of the container ${container}.`,
  kernelThread: () => 'A thread of the kernel; it is in the host’s own namespaces.',
  sandbox: (kind: string, name: string) => `Namespaces that only processes of this ${kind} are in: ${name}.`,
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
  unixSocket: () => 'A socket for processes of one host, which find it by its name.',
  packetSocket: () => 'A socket that takes whole packets from a link, as tcpdump and DHCP clients do.',
  undiscovered: () => 'It must exist, because something seen names it, but it was not seen itself.',
  relation: (from: string, verb: string, to: string) => `${from} ${verb} ${to}.`,
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
  crio: 'The container engine CRI-O.',
  'lxc-monitor': 'Watches one container for LXC, Incus or LXD.',
  'systemd-nspawn': 'Watches one container, and is what started it.',
  vpnkit: 'Carries the traffic of a tap device that RootlessKit’s child holds: sends it with ordinary sockets.',
  'docker-proxy': 'Listens on one published port and hands its connections on to a container.',
  rootlessport: 'Listens on published ports for Podman and hands their connections on to a container.',
  collector: 'Started to answer nsatlas’s questions; it ends with them.',
};
