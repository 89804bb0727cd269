// What a host is asked: one record per section of a transcript, in the order in which the script asks
// (electron/collect/remote/). README.md has the commands and the shapes of the answers.

export interface Section {
  /** As the frames name it. */
  readonly name: string;
  /** What is read, for whoever waits. */
  readonly title: string;
  /** How often it is asked. */
  readonly once:
    | 'per run'
    | 'per fact'
    | 'per privilege'
    | 'per network namespace'
    | 'per RootlessKit'
    | 'per container'
    | 'per engine';
  /** Files and commands, as a person who worries about a host wants to know them. */
  readonly reads: string;
}

export const sections: readonly Section[] = [
  {
    name: 'host',
    title: 'Host',
    once: 'per fact',
    reads: 'uname, date, id, os-release, boot id, uptime, the last capability, user names and their subordinate ids',
  },
  {
    name: 'tool',
    title: 'Tools',
    once: 'per fact',
    reads: 'versions of ip, lsns, nsenter, ss, find, grep, curl, nft, iptables',
  },
  {
    name: 'firewall-modules',
    title: 'Firewall',
    once: 'per run',
    reads:
      'whether the kernel has nf_tables, ip_tables, ip6_tables, tcp_diag, udp_diag: so that no question loads them',
  },
  {
    name: 'nft',
    title: 'Firewall rules',
    once: 'per network namespace',
    reads: 'nft -a list ruleset inside it, where the kernel has nf_tables',
  },
  {
    name: 'iptables',
    title: 'Firewall rules',
    once: 'per network namespace',
    reads: 'the old tables it has, by iptables-legacy-save; by iptables-save where there is no nft',
  },
  {
    name: 'ip6tables',
    title: 'Firewall rules',
    once: 'per network namespace',
    reads: 'the same for IPv6',
  },
  { name: 'ns', title: 'Namespaces of processes', once: 'per privilege', reads: 'the links in /proc/PID/ns' },
  {
    name: 'threads',
    title: 'Namespaces of threads',
    once: 'per privilege',
    reads:
      'the links in /proc/PID/task/TID/ns that differ from those of the process; all, where its main thread has ended',
  },
  {
    name: 'root',
    title: 'Root directories',
    once: 'per run',
    reads: 'the link /proc/PID/root where it is not /',
  },
  {
    name: 'moved',
    title: 'Namespaces of processes',
    once: 'per run',
    reads: 'those links again, of the processes that were read for others in their namespaces',
  },
  { name: 'status', title: 'Processes', once: 'per run', reads: '/proc/PID/status' },
  { name: 'stat', title: 'Start times', once: 'per run', reads: '/proc/PID/stat' },
  { name: 'cmdline', title: 'Command lines', once: 'per run', reads: '/proc/PID/cmdline' },
  { name: 'cgroup', title: 'Control groups', once: 'per run', reads: '/proc/PID/cgroup' },
  {
    name: 'frozen',
    title: 'Frozen control groups',
    once: 'per run',
    reads: 'cgroup.events, or freezer.state, of those control groups',
  },
  {
    name: 'label',
    title: 'Security labels',
    once: 'per run',
    reads: '/proc/PID/attr/current, where a security module labels processes',
  },
  {
    name: 'fd',
    title: 'Open sockets and namespaces',
    once: 'per privilege',
    reads:
      'those links in /proc/PID/fd that point to sockets, namespaces or /dev/net/tun; in /proc/PID/task/TID/fd where its main thread has ended',
  },
  { name: 'fdinfo', title: 'Tap devices', once: 'per privilege', reads: 'the line iff: of an open /dev/net/tun' },
  { name: 'id-map', title: 'User and group maps', once: 'per run', reads: 'uid_map, gid_map, once per user namespace' },
  { name: 'mountinfo', title: 'Mounts', once: 'per run', reads: '/proc/PID/mountinfo, once per mount namespace' },
  {
    name: 'proc-net',
    title: 'Network namespaces of closed processes',
    once: 'per run',
    reads: 'the inode of /proc/PID/net/dev, where /proc/PID/ns is closed: it tells who is in one network namespace',
  },
  {
    name: 'closed-net',
    title: 'Networks of closed processes',
    once: 'per run',
    reads: '/proc/PID/net/dev, if_inet6, igmp, igmp6, dev_mcast, route, ipv6_route, once per network namespace',
  },
  {
    name: 'closed-addresses',
    title: 'Networks of closed processes',
    once: 'per run',
    reads: 'the local addresses in /proc/PID/net/fib_trie, there',
  },
  {
    name: 'lsns',
    title: 'Owners and parents',
    once: 'per privilege',
    reads: 'lsns: owner and parent of each namespace, and those that no process is in',
  },
  {
    name: 'socket-netns',
    title: 'Network namespaces of sockets',
    once: 'per run',
    reads: 'where an open socket leads, by nsenter, when lsns lists a network namespace that nothing else keeps',
  },
  {
    name: 'tun-netns',
    title: 'Network namespaces of tap devices',
    once: 'per run',
    reads: 'as root, where an open /dev/net/tun was opened, by nsenter',
  },
  { name: 'sockstat', title: 'Socket counts', once: 'per run', reads: '/proc/PID/net/sockstat, sockstat6' },
  {
    name: 'socket',
    title: 'Sockets',
    once: 'per run',
    reads: '/proc/PID/net/tcp, udp, udplite, raw (where one is counted), icmp, the same with a 6, packet, unix',
  },
  { name: 'hostname', title: 'Host names', once: 'per fact', reads: '/proc/sys/kernel/hostname in each UTS namespace' },
  { name: 'name-root', title: 'Names', once: 'per run', reads: '/etc of one process of each mount namespace' },
  { name: 'name-link', title: 'Names', once: 'per run', reads: 'what is a symbolic link of the following' },
  { name: 'name-odd', title: 'Names', once: 'per run', reads: 'size and type of those that are not read' },
  {
    name: 'name-file',
    title: 'Names',
    once: 'per run',
    reads: '/etc/resolv.conf, hosts, hostname and nsswitch.conf, and systemd-resolved’s own, once per mount namespace',
  },
  {
    name: 'rootlesskit',
    title: 'RootlessKit',
    once: 'per RootlessKit',
    reads: 'a listing of its state directory, and the variable ROOTLESSKIT_STATE_DIR where its command line names none',
  },
  { name: 'rootlesskit-info', title: 'RootlessKit', once: 'per RootlessKit', reads: 'GET /v1/info on its api.sock' },
  { name: 'rootlesskit-ports', title: 'Ports', once: 'per RootlessKit', reads: 'GET /v1/ports on its api.sock' },
  {
    name: 'runtime-state',
    title: 'Containers',
    once: 'per container',
    reads: 'state.json of runc and youki, status of crun',
  },
  {
    name: 'runtime-annotations',
    title: 'Containers',
    once: 'per run',
    reads: 'the annotations, and nothing else, in the config.json that crun keeps beside its status',
  },
  {
    name: 'machine',
    title: 'Containers',
    once: 'per run',
    reads: 'what systemd-machined wrote about its machines in /run/systemd/machines',
  },
  {
    name: 'engine-socket',
    title: 'Container engines',
    once: 'per engine',
    reads: 'a listing of the socket of a container engine that runs',
  },
  {
    name: 'engine-containers',
    title: 'Containers by their engine',
    once: 'per engine',
    reads:
      'GET /containers/json on the socket of dockerd or of podman’s service: names, images, labels, networks and ports, not their environment',
  },
  { name: 'engine-networks', title: 'Networks of engines', once: 'per engine', reads: 'GET /networks on it' },
  { name: 'engine-images', title: 'Images', once: 'per engine', reads: 'ctr containers ls, where containerd runs any' },
  {
    name: 'engine-files',
    title: 'Files of engines',
    once: 'per run',
    reads: 'what podman, nerdctl and network plugins keep of names, networks, addresses and ports',
  },
  {
    name: 'nerdctl-networks',
    title: 'Networks of nerdctl',
    once: 'per engine',
    reads: 'nerdctl-*.conflist in /etc/cni/net.d, and in ~/.config/cni/net.d of a user whose RootlessKit runs',
  },
  {
    name: 'ovs',
    title: 'Open vSwitch',
    once: 'per engine',
    reads: 'ovsdb-client dump of its bridges, ports and interfaces, without pre-shared keys, where ovsdb-server runs',
  },
  {
    name: 'hardware',
    title: 'Hardware of interfaces',
    once: 'per run',
    reads: 'the links /sys/class/net/*/device, and driver, physfn, virtfn* in it',
  },
  {
    name: 'net',
    title: 'Networks',
    once: 'per network namespace',
    reads:
      'addresses, routes, rules, neighbours and next hops, by ip inside each network namespace that may be entered',
  },
  {
    name: 'entered',
    title: 'Networks',
    once: 'per network namespace',
    reads: 'which network namespace one is in, where the way into it does not lead there any more',
  },
  {
    name: 'net-text',
    title: 'Networks',
    once: 'per network namespace',
    reads: 'ip addr show, where ip has no JSON',
  },
  { name: 'route-text', title: 'Routes', once: 'per network namespace', reads: 'ip route show, where ip has no JSON' },
  {
    name: 'ipvs',
    title: 'Virtual services',
    once: 'per network namespace',
    reads: '/proc/PID/net/ip_vs, where the kernel has IPVS',
  },
  {
    name: 'net-files',
    title: 'Network devices',
    once: 'per network namespace',
    reads: '/proc/PID/net/dev, if_inet6, igmp, igmp6, dev_mcast, where ip has no JSON',
  },
  { name: 'rule6', title: 'IPv6 rules', once: 'per network namespace', reads: 'ip -6 rule show' },
  {
    name: 'fdb',
    title: 'Forwarding tables',
    once: 'per network namespace',
    reads: 'bridge fdb show, where there is a bridge or a VXLAN',
  },
  {
    name: 'bridge-vlan',
    title: 'VLANs of bridges',
    once: 'per network namespace',
    reads: 'bridge vlan show, where a bridge filters VLANs',
  },
  {
    name: 'wireguard',
    title: 'WireGuard peers',
    once: 'per network namespace',
    reads: 'endpoints, allowed addresses, last handshakes and traffic of peers, by wg; no keys',
  },
  {
    name: 'ss',
    title: 'Devices of sockets',
    once: 'per network namespace',
    reads:
      'ss -tulne inside it, of many in the host’s own alone, where the kernel has tcp_diag and udp_diag: to which device what listens is bound',
  },
  { name: 'nsid', title: 'Network namespace numbers', once: 'per network namespace', reads: 'lsns, inside it' },
  {
    name: 'socket-in',
    title: 'Sockets',
    once: 'per network namespace',
    reads: '/proc/net/tcp and the others, inside a network namespace that no process is in',
  },
];

/** What is being read, for whoever waits; a section that is not known is its own name. */
export function titleOfSection(name: string): string {
  return sections.find((section) => section.name === name)?.title ?? name;
}
