// One sentence for each of the kernel's words. English.
export const terms: Readonly<Record<string, string>> = {
  'network namespace':
    'A network stack of its own: interfaces, addresses, routes, firewall rules and sockets that processes in other network namespaces do not see.',
  'user namespace': 'User and group ids of its own: root inside it is an ordinary user outside.',
  'mount namespace': 'A tree of mounted file systems of its own.',
  'PID namespace': 'Process numbers of its own: the first process in it is number 1.',
  'cgroup namespace': 'A view of the control groups that begins at some group instead of the root.',
  'IPC namespace': 'System V message queues, semaphores and shared memory of its own.',
  'UTS namespace': 'A host name of its own.',
  'time namespace': 'Clocks of its own: when the host was booted, as seen inside.',
  'netns id':
    'The number by which one network namespace knows another; each counts for itself, so the same number means different namespaces in different places.',
  inode: 'The number that identifies a namespace while it exists; the kernel gives it out again later.',
  '/proc/PID/net':
    'What the kernel tells of the network namespace of a process, to everybody: devices, addresses, routes and sockets, but neither the number of the namespace nor of what kind its links are and where they lead.',
  'veth pair': 'A virtual cable: what goes in at one end comes out at the other, usually in another network namespace.',
  peer: 'The other end of a veth pair.',
  master: 'The bridge, bond or vrf that a link is a port of.',
  port: 'A link that belongs to a bridge, bond or vrf.',
  bridge: 'A switch inside the kernel: it passes frames between its ports.',
  tap: 'A network device whose other end is a process instead of a cable: the process reads and writes its frames.',
  'lower device': 'The device that another one, such as a VLAN or a macvlan, is made on top of.',
  underlay:
    'A tunnel sends its packets in the network namespace it was made in, and goes on doing so when it is moved to another.',
  'bind mount':
    'A file or directory shown at a second place. A namespace that is bind-mounted stays alive even without a process in it.',
  'mount propagation':
    'What is mounted under a mount of a peer group (shared) appears under the others of it, also in other mount namespaces; one that has a master receives from that group and gives nothing back.',
  'covered mount': 'Another mount lies over it: its path leads to that one.',
  freezer: 'A frozen control group stands still: none of its processes runs until it is thawed.',
  owner: 'The user namespace a namespace was made in: who is root there may change it.',
  parent: 'User and PID namespaces are nested: the one this one was made in.',
  capabilities:
    'The parts root’s power is split into. They count in the process’s user namespace: all of them in one of its own are nothing outside.',
  no_new_privs: 'Not even a setuid program gives the process more rights than it has.',
  seccomp: 'Which system calls the process may make: a filter decides on each.',
  'CPU affinity':
    'The kernel lets the process run on these CPUs only: a cpuset, taskset, or the program itself said so.',
  nice: 'How far the process gives way to others: 19 gives way to all, -20 to nearly none.',
  SCHED_FIFO: 'Real-time: it runs until it waits or something of a higher priority wants to run.',
  SCHED_RR: 'Real-time, taking turns with others of the same priority.',
  SCHED_BATCH: 'For work that nobody waits for: it is woken a little later than others.',
  SCHED_IDLE: 'It runs when hardly anything else wants to.',
  SCHED_DEADLINE: 'Real-time: so much time in every period, before all others.',
  SCHED_EXT: 'A scheduler that was loaded as a BPF program decides.',
  'uid map': 'Which user ids inside a user namespace are which outside.',
  ifindex: 'The number of a link inside its network namespace; other namespaces use the same numbers.',
  leader: 'A process of a namespace whose own parent is outside it: the one that came in first.',
  RootlessKit: 'Makes a user namespace in which an ordinary user is root, so that container engines run without root.',
  'RootlessKit child': 'The process of RootlessKit inside its user namespace; the container engine runs under it.',
  slirp4netns: 'A process that carries the traffic of a tap device by sending it with ordinary sockets.',
  pasta: 'A process that carries the traffic of a tap device by sending it with ordinary sockets.',
  'published port': 'A port of the host whose connections are handed on to a container.',
  masquerade: 'What leaves gets the address of the interface it leaves by, so that answers find the way back.',
  forwarding: 'Packets that come in for others are sent on: it is a router to them.',
  rp_filter:
    'Packets are dropped unless the way back to their source leaves by the link they came in by (strict), or unless there is any (loose).',
  proxy_arp: 'It answers for addresses that it would forward to.',
  'default route': 'Where packets go for which there is no nearer route.',
  'mounted file':
    'Something mounted another file over this one, as container engines do with their own. The path is that in the file system it comes from.',
  'unix socket':
    'Its name is a path as the process that made it saw it, which may lead elsewhere in another mount namespace; or, after @, an abstract name, which only processes of its network namespace can use.',
  certain: 'The kernel’s own identifiers decide it.',
  inferred: 'A named rule says so; it could be otherwise.',
  ambiguous: 'There is more than one candidate; each is shown.',
};
