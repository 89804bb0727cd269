// One sentence for every rule that links two things: how we know. English.
export const rules: Readonly<Record<string, string>> = {
  'veth.netns-id':
    'One end’s netns id is known, so it names the other end by network namespace and index; and that end names this one.',
  'veth.netns-name':
    'One end names the file under /run/netns that its peer’s network namespace is mounted over, and the peer’s index there; and the peer names this one.',
  'veth.same-netns': 'Both ends are in the same network namespace, and each names the other.',
  'veth.reciprocal':
    'Their indexes and netns ids fit each other, no other link’s do, every network namespace of the host was seen, and both of theirs were asked for netns ids.',
  'veth.reciprocal-among-seen':
    'Their indexes and netns ids fit each other and no other link’s do, among the network namespaces that were seen. One that was not could hold the true peer: only netns ids tell.',
  'veth.several-candidates':
    'The indexes of several links fit, or one netns id would mean two network namespaces: only the ids could tell which it is.',
  'veth.peer-undiscovered': 'Its peer is none of the links that were seen: it is in a network namespace that was not.',
  'master.name': 'The link says the name of its master, and names are unique in a network namespace.',
  'switch-port.database':
    'The database of Open vSwitch says so, and the device has the name and the index that it gives, in the network namespace that ovs-vswitchd runs in.',
  'patch.database': 'Each of two patch ports names the other in the database of Open vSwitch.',
  'lower.name': 'The link says the name of the device below it, in the same network namespace.',
  'lower.netns-id':
    'The link says netns id and index of the device below it, and it is known which network namespace the id means.',
  'lower.netns-name':
    'The link names the file under /run/netns that the network namespace of the device below it is mounted over, and its index there.',
  'lower.inferred-netns-id':
    'The link says netns id and index of the device below it; which network namespace the id means is inferred from a veth pair.',
  'lower.index-only':
    'The link says the index of the device below it, in another network namespace, and it is not known in which.',
  'lower.undiscovered': 'The device below it is in a network namespace that was not seen.',
  'underlay.netns-id':
    'The link says the netns id of the network namespace it was made in, where its packets leave, and it is known which one the id means.',
  'underlay.netns-name':
    'The link names the file under /run/netns of the network namespace it was made in, where its packets leave.',
  'underlay.inferred-netns-id':
    'The link says the netns id of the network namespace it was made in, where its packets leave; which one the id means is inferred from a veth pair.',
  'underlay.undiscovered': 'The link was made in a network namespace that was not seen; its packets leave there.',
  'vf.bus-address':
    'The NIC’s folder in /sys names the bus address of its virtual function, or the other way round, and ip tells both addresses.',
  'vf.sysfs-name':
    'The NIC’s folder in /sys names the bus address of its virtual function, or the other way round; the interfaces at these addresses are known by their names in /sys.',
  'vf.several-ports':
    'The NIC of the virtual function has several ports at one bus address; which of them it belongs to is not told.',
  'tap.slirp4netns-command-line':
    'The command line of slirp4netns names the network namespace and the device; where its open files could be read, it holds a device of that name.',
  'tap.pasta-command-line':
    'The command line of pasta names the network namespace; where its open files could be read, it holds the device.',
  'tap.pasta-child':
    'The process that pasta started is in this network namespace, and pasta is not; where its open files could be read, it holds the device.',
  'tap.rootlesskit-driver':
    'RootlessKit’s network driver is one whose child process holds the device and hands its frames over to this process.',
  'tap.descriptor-netns':
    'The process holds a device of this name open, by a descriptor that was opened in this network namespace.',
  'tap.holder-same-netns':
    'The process holds a tun device of this name open, and this one is in the process’s own network namespace.',
  'tap.only-one-of-its-name':
    'The process holds a tun device of this name open, and on the whole host there is no other of that name.',
  'tap.only-seen-of-its-name':
    'The process holds a tun device of this name open, and no other of that name was seen. One that is closed could be meant.',
  'tap.several-of-its-name':
    'The process holds a tun device of this name open; there are several, and the kernel does not say in which network namespace.',
  'leaves-through.default-route':
    'The process sends with ordinary sockets, so through the default route of the network namespace it runs in.',
  'leaves-through.where-its-parent-is':
    'The process is closed to us; RootlessKit started it, and it sends with ordinary sockets from where RootlessKit’s parent process is: through the default route there.',
  'leaves-through.equal-default-routes':
    'The process sends with ordinary sockets, and its network namespace has several default routes of the same metric.',
  'rootlesskit.netns-file':
    'This network namespace is mounted over the netns file of RootlessKit’s state directory, inside the child’s mount namespace.',
  'rootlesskit.child-netns': 'RootlessKit’s child process is in it, and its parent process is not.',
  'rootlesskit.parent-process': 'The kernel says which process started it, and that one is RootlessKit.',
  'rootlesskit.child-pid-file': 'RootlessKit’s state directory names its PID.',
  'works-for.command-line': 'Its command line names RootlessKit’s child, or the child’s network namespace.',
  'container.runtime-state':
    'The runtime’s own record of the container names its PID and when it started, which is this process.',
  'container.cgroup-path': 'The process is in a cgroup whose path has the container’s id.',
  'container.shim-child': 'It is the first process that the container’s containerd-shim started.',
  'container.conmon-child': 'It is the first process that the container’s conmon started.',
  'container.lxc-monitor-child': 'It is the first process that the container’s LXC monitor started.',
  'container.nspawn-child': 'It is the first process that the container’s systemd-nspawn started.',
  'container.machined-record':
    'The record of systemd-machined names its PID as the container’s leader, and its cgroup is the container’s.',
  'container.inside-by-ancestor':
    'Above its first process, the kernel’s tree of processes leads to one of that container’s.',
  'container.inside-by-cgroup': 'Its cgroup is below that container’s.',
  'sandbox.unit-cgroup':
    'The first process of the unit, by its cgroup, is in these namespaces, and only processes of the unit were seen in them.',
  'sandbox.flatpak-cgroup':
    'Only processes in the cgroup that Flatpak made for the application were seen in these namespaces.',
  'sandbox.snap-cgroup': 'Only processes in cgroups of this snap were seen in these namespaces.',
  'sandbox.bubblewrap-descendants':
    'Only bubblewrap and the processes it started, directly or not, were seen in these namespaces.',
  'sandbox.firejail-descendants':
    'Only Firejail and the processes it started, directly or not, were seen in these namespaces.',
  'sandbox.browser-helpers':
    'Only the browser’s helpers, which their arguments name so, were seen in these namespaces.',
  'container.monitor-is-parent':
    'Its command line has the container’s id, and it is the parent of the container’s first process.',
  'container.monitor-command-line': 'Its command line has the container’s id.',
  'network.bridge-name-and-address':
    'It has the name that the engine gives the network’s bridge, in the network namespace the engine works in, and the address of the network’s gateway.',
  'network.bridge-name':
    'It has the name that the engine gives the network’s bridge, in the network namespace the engine works in. It has no address that could say the same.',
  'container.engine-network':
    'The engine says which address it gave the container in this network; the interface with that address leads to the network’s bridge.',
  'netns.proc-net-known':
    'Its links in /proc/PID/ns are closed to us. Its file /proc/PID/net/dev has the same inode as that of a process whose link is known: each network namespace has files of its own there.',
  'netns.proc-net-closed':
    'Its links in /proc/PID/ns are closed to us. Its file /proc/PID/net/dev has an inode that no process has whose link is known: it is in a network namespace whose number we are not told, together with those that have the same one.',
  'initial.first-process': 'The host’s first process, PID 1, is in it.',
  'initial.fixed-inode':
    'PID 1 is closed to us. This is the number that the kernel gives its own first one and never another.',
  'initial.login-shell': 'PID 1 is closed to us. The shell that asked is in it, which is taken to be where PID 1 is.',
  'owner.lsns': 'lsns asked the kernel (NS_GET_USERNS).',
  'owner.initial': 'The host’s first namespaces belong to its first user namespace.',
  'owner.leader-user-namespace':
    'Its first process is in this user namespace, and was when it made the namespace, unless it has moved since.',
  'creator.lsns': 'lsns asked the kernel (NS_GET_OWNER_UID).',
  'creator.initial': 'It is the kernel’s first user namespace, which is root’s.',
  'creator.uid-map':
    'It maps this user’s own id by itself, and else only what /etc/subuid gives that user: as somebody without root’s rights must. root could have done the same.',
  'parent.lsns': 'lsns asked the kernel (NS_GET_PARENT).',
  'parent.nspid-depth': 'Its processes have a PID in it and one more, in the namespace /proc was read in.',
  'parent.nspid-ancestor':
    'Up the kernel’s tree of processes, from its first one, this is the PID namespace of the nearest that has one PID less; a process has no ancestors but in its own PID namespace and those above.',
  'parent.leader-parent': 'Its first process was started by a process in this namespace.',
  'forward.rootlesskit-api': 'RootlessKit said so when it was asked for its published ports.',
  'forward.rootlesskit-api-portmap':
    'RootlessKit said that it hands on to the same port of its child’s network namespace; the container’s label says to which of its ports it goes from there.',
  'forward.rootlesskit-socket-and-annotation':
    'RootlessKit listens on this port, and one container’s label publishes it. RootlessKit itself was not asked.',
  'forward.rootlesskit-api-dnat':
    'RootlessKit said that it hands on to a port of its child’s network namespace, and the firewall in there has a rule that rewrites it to the container.',
  'forward.docker-proxy-and-dnat':
    'The command line of docker-proxy says both ends, and the firewall has a rule that rewrites it to the same place.',
  'forward.firewall-rule': 'The firewall has a rule that rewrites what arrives there.',
  'forward.firewall-rule-by-turns':
    'The firewall has rules that rewrite what arrives there; connections go to one of several places by turns.',
  'forward.firewall-rule-conditional':
    'The firewall has a rule that rewrites what arrives there, for some of it only: it has conditions that are not followed, or rules that were not told or followed may come first.',
  'forward.virtual-service':
    'The kernel’s table of virtual services (IPVS) sends what arrives there to this server; its scheduler chooses among several.',
  'forward.firewall-rule-rest':
    'The firewall has a rule that rewrites what arrives there, but for what earlier rules send elsewhere.',
  'forward.firewall-rule-loopback':
    'The firewall has a rule that rewrites what arrives there. The kernel drops what has a loopback address at an interface, unless route_localnet is set there, which was not asked.',
  'forward.firewall-rule-one-of':
    'The firewall has a rule that rewrites what arrives there to one of several addresses or ports; the kernel chooses, and the first stands for all.',
  'forward.firewall-rules-tied':
    'Chains of equal priority have rules that rewrite what arrives there, each otherwise. The chain that was added last is asked first; which that is was not told.',
  'firewall.source-rewritten': 'The firewall has a rule that gives what leaves another source address.',
  'firewall.source-rewritten-in-part':
    'The firewall has a rule that gives what leaves another source address, but for what its conditions, which are not followed, or earlier rules leave out.',
  'forward.listener': 'A socket listens at this address and port, in the network namespace where the way ends.',
  'forward.listener-any-family':
    'A socket listens at this port for any IPv6 address; whether for IPv4 too it does not say.',
  'forward.listener-any-device':
    'A socket listens at this address and port; whether for what comes in by any device, or by one alone (SO_BINDTODEVICE), was not told, or by which it comes is not decided.',
  'forward.several-listeners':
    'Several sockets listen at this address and port; which of them takes it is not decided (SO_REUSEPORT, or devices they are bound to).',
  'forward.docker-proxy-command-line': 'The command line of docker-proxy says both ends.',
  'forward.socket-held-by-forwarder': 'The forwarding process holds a socket open that listens there.',
  'forward.socket-same-address': 'A socket listens at this address and port; whose it is could not be read.',
  'forward.address-in-container': 'The container has the address that is forwarded to.',
  'forward.address-in-reachable-container':
    'The container has the address that is forwarded to, and a veth pair joins its network namespace to the one that forwards.',
  'forward.several-containers': 'Several have the address that is forwarded to; which of them is meant was not told.',
  'forward.published-port-annotation': 'The container’s label publishes this port.',
  'nameserver.slirp4netns':
    'At the third address of the network of its tap slirp4netns answers questions for names, and asks the host’s own nameservers.',
  'nameserver.loopback-socket':
    'A loopback address is in the network namespace of who asks, and this process alone holds port 53 there.',
  'connection.same-netns':
    'Both sockets are in one network namespace, and the local end of each is the remote end of the other: such a connection never leaves it.',
  'connection.same-segment':
    'The local end of each socket is the remote end of the other; both addresses are on links that hear each other, and no other network namespace joined to them has either.',
  'connection.joined-networks':
    'The local end of each socket is the remote end of the other, and of all network namespaces that cables join to theirs no other has either address. Packets cross a router in between.',
  'connection.address-of-others':
    'The local end of each socket is the remote end of the other. One of these addresses is not known to be one of its network namespace: a transparent proxy has those of others.',
  'connection.several-candidates': 'The ends of several sockets fit; which of them are connected is not told.',
  'forward.engine-says': 'The engine says that it publishes this port; which process or rule hands it on was not seen.',
};
