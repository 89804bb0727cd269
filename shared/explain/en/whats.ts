// What a thing is, in a word or two. English.
import type { Container } from '../../model/container.ts';
import type { NamespaceKind } from '../../model/id.ts';
import type { NamespaceRole } from '../../model/namespace.ts';
import type { ProcessRole } from '../../model/process.ts';
import type { SandboxKind } from '../../model/sandbox.ts';

export const whats = {
  container: 'container',
  forward: 'published port',
  packetSocket: 'packet socket',
  host: 'host',
  kernelThread: 'kernel thread',
  process: 'process',
  relation: 'relation',
  socket: 'socket',
  undiscovered: 'not discovered',
  unixSocket: 'unix socket',
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

export const roleNames: Readonly<Record<NamespaceRole, string>> = {
  host: 'the host’s own',
  'rootlesskit-child': 'RootlessKit’s child',
  container: 'a container’s',
  process: 'a process’s own',
  bare: 'without a process',
};

export const containerKinds: Readonly<Record<NonNullable<Container['kind']>, string>> = {
  machine: 'machine container',
  'pod-sandbox': 'pod’s sandbox',
};

export const sandboxKinds: Readonly<Record<SandboxKind, string>> = {
  'systemd-unit': 'systemd unit',
  flatpak: 'Flatpak application',
  snap: 'snap',
  bubblewrap: 'bubblewrap sandbox',
  firejail: 'Firejail sandbox',
  browser: 'browser’s sandbox',
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
  crio: 'CRI-O',
  'lxc-monitor': 'LXC’s monitor',
  'systemd-nspawn': 'systemd-nspawn',
  vpnkit: 'VPNKit',
  'docker-proxy': 'docker-proxy',
  rootlessport: 'rootlessport',
  collector: 'the collector itself',
};
