// The article's host as a resolved Model: rootless containerd on Amazon Linux 2023, RootlessKit with --detach-netns and
// slirp4netns, one nginx container on nerdctl0, published at 127.0.0.1:8080. Names, addresses, inodes and PIDs that the
// article shows are the article's; what it does not show (containerd's PID, some inodes) is made up and fits.
// Seen as ec2-user without sudo: what belongs to root is closed.
import { addContainer, anotherContainer, nginx } from './article-containers.ts';
import { address, ModelBuilder } from './model-builder.ts';
import type { Model } from '../../shared/model/model.ts';
import type { NamespaceId } from '../../shared/model/id.ts';

export interface ArticleOptions {
  /** Containers besides nginx, each on nerdctl0: the reference host of the lab has one (`app-…`). */
  readonly moreContainers?: number;
}

const stateDir = '/run/user/1000/containerd-rootless';
const rootlesskitFlags = [
  `--state-dir=${stateDir}`,
  '--net=slirp4netns',
  '--mtu=65520',
  '--slirp4netns-sandbox=auto',
  '--slirp4netns-seccomp=auto',
  '--disable-host-loopback',
  '--port-driver=builtin',
  '--copy-up=/etc',
  '--copy-up=/run',
  '--copy-up=/var/lib',
  '--propagation=rslave',
  '--detach-netns',
  '/usr/local/bin/containerd-rootless.sh',
];

export function articleModel({ moreContainers = 0 }: ArticleOptions = {}): Model {
  const build = new ModelBuilder({
    hostname: 'ip-172-31-40-91',
    initialNamespaces: { net: { id: 'net:[4026531840]', certainty: 'inferred' } },
    tools: { ip: '6.10.0', lsns: '2.37.4', nsenter: '2.37.4' },
  });

  const hostUser = build.namespace('user', 4026531837, 'host', 'host');
  const hostPid = build.namespace('pid', 4026531836, 'host', 'host', { owner: hostUser });
  const hostIpc = build.namespace('ipc', 4026531839, 'host', 'host', { owner: hostUser });
  const hostUts = build.namespace('uts', 4026531838, 'host', 'host', { owner: hostUser });
  const hostCgroup = build.namespace('cgroup', 4026531835, 'host', 'host', { owner: hostUser });
  const hostTime = build.namespace('time', 4026531834, 'host', 'host', { owner: hostUser });
  const hostMnt = build.namespace('mnt', 4026531841, 'host', 'host', { owner: hostUser });
  const hostNet = build.namespace('net', 4026531840, 'host', 'host', { owner: hostUser });
  const host = [hostUser, hostPid, hostIpc, hostUts, hostCgroup, hostTime, hostMnt, hostNet];

  const childUser = build.namespace('user', 4026532152, 'rootlesskit-child', 'RootlessKit · ec2-user', {
    parent: hostUser,
    ownerUid: 1000,
    uidMap: [
      { inside: 0, outside: 1000, length: 1 },
      { inside: 1, outside: 100000, length: 65536 },
    ],
    gidMap: [
      { inside: 0, outside: 1000, length: 1 },
      { inside: 1, outside: 100000, length: 65536 },
    ],
  });
  const childMnt = build.namespace('mnt', 4026532153, 'rootlesskit-child', 'RootlessKit child · ec2-user', {
    owner: childUser,
  });
  const childNet = build.namespace('net', 4026532201, 'rootlesskit-child', 'RootlessKit child · ec2-user · detached', {
    owner: childUser,
    keptBy: [
      {
        by: 'mount',
        path: `${stateDir}/netns`,
        mountNamespace: childMnt,
        reachableAs: `/proc/122351/root${stateDir}/netns`,
        evidence: [{ frame: 0, section: 'mountinfo', line: 1 }],
      },
    ],
  });

  // The host's network.
  build.loopback(hostNet);
  const ens5 = build.link(hostNet, 2, 'ens5', 'physical', {
    mtu: 9001,
    mac: '06:e6:fc:f5:ba:77',
    altNames: ['enp0s5', 'eni-0f67ca2c1917ee11c', 'device-number-0.0'],
    addresses: [
      address('172.31.40.91/20', { dynamic: true, broadcast: '172.31.47.255' }),
      address('fe80::4e6:fcff:fef5:ba77/64'),
    ],
  });
  build.defaultRoute(hostNet, '172.31.32.1', 'ens5', ens5, {
    metric: 512,
    protocol: 'dhcp',
    preferredSource: '172.31.40.91',
  });

  // Processes in the host's network namespace, then in the child's.
  const own = { uid: 1000, user: 'ec2-user' };
  const parent = build.process(122327, 'rootlesskit', host, {
    ...own,
    argv: ['rootlesskit', ...rootlesskitFlags],
    roles: ['rootlesskit-parent'],
  });
  const inChild = (net: NamespaceId): NamespaceId[] => [
    childUser,
    hostPid,
    hostIpc,
    hostUts,
    hostCgroup,
    hostTime,
    childMnt,
    net,
  ];
  const child = build.process(122351, 'exe', inChild(childNet), {
    ...own,
    ppid: 122327,
    argv: ['/proc/self/exe', ...rootlesskitFlags],
    roles: ['rootlesskit-child'],
  });
  const slirp = build.process(122373, 'slirp4netns', host, {
    ...own,
    ppid: 122327,
    argv: [
      'slirp4netns', '--mtu', '65520', '-r', '3', '--disable-host-loopback', '--enable-seccomp',
      '--userns-path=/proc/122351/ns/user', '--netns-type=path', `/proc/122351/root${stateDir}/netns`, 'tap0',
    ], // prettier-ignore
    roles: ['slirp4netns'],
  });
  build.process(122392, 'containerd', inChild(hostNet), {
    ...own,
    ppid: 122351,
    argv: ['containerd'],
    roles: ['containerd'],
  });
  build.process(119871, 'systemd', host, { ...own, argv: ['/usr/lib/systemd/systemd', '--user'] });
  build.process(121450, 'sshd', host, { ...own, argv: ['sshd: ec2-user@pts/0'] });
  build.process(121451, 'bash', host, { ...own, ppid: 121450, argv: ['-bash'] });
  build.process(127010, 'sh', host, { ...own, ppid: 121450, argv: ['sh', '-s'], roles: ['collector'] });

  // Root's and other accounts' processes: their namespaces are closed to ec2-user.
  const closed: [number, string, number, string][] = [
    [1, 'systemd', 0, 'root'],
    [1412, 'systemd-journal', 0, 'root'],
    [1446, 'systemd-udevd', 0, 'root'],
    [1987, 'systemd-resolve', 193, 'systemd-resolve'],
    [2033, 'chronyd', 994, 'chrony'],
    [2041, 'dbus-broker', 81, 'dbus'],
    [2055, 'amazon-ssm-agen', 0, 'root'],
    [2210, 'sshd', 0, 'root'],
    [121440, 'sshd', 0, 'root'],
  ];
  for (const [pid, comm, uid, user] of closed) build.process(pid, comm, [], { uid, user });

  // The child's network: tap0 to the world, two bridges.
  build.loopback(childNet);
  const tap0 = build.link(childNet, 2, 'tap0', 'tun', {
    mtu: 65520,
    mac: '22:8d:ba:c8:e8:76',
    addresses: [address('10.0.2.100/24'), address('fe80::208d:baff:fec8:e876/64')],
    data: { type: 'tap' },
  });
  build.link(childNet, 3, 'buildkit0', 'bridge', {
    operState: 'DOWN',
    flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'],
    mac: '8a:d2:c2:9b:19:ba',
    addresses: [address('10.10.0.1/16'), address('fe80::88d2:c2ff:fe9b:19ba/64')],
  });
  const nerdctl0 = build.link(childNet, 5, 'nerdctl0', 'bridge', {
    mac: '7a:da:45:35:6c:20',
    addresses: [address('10.4.0.1/24'), address('fe80::78da:45ff:fe35:6c20/64')],
  });
  build.defaultRoute(childNet, '10.0.2.2', 'tap0', tap0);

  build.relate('served-by', tap0, slirp, 'slirp4netns.argv', 'inferred');
  build.relate('leaves-through', slirp, ens5, 'route.default', 'inferred');
  build.relate('works-for', slirp, parent, 'slirp4netns.parent');
  build.relate('rootlesskit-child-of', child, parent, 'rootlesskit.parent');
  build.relate('rootlesskit-parent-netns', childNet, hostNet, 'rootlesskit.parent');

  const around = { hostPid, hostTime, hostNet, childUser, childNet, nerdctl0, own, inChild };
  const more = Array.from({ length: moreContainers }, (_, i) => anotherContainer(i));
  [nginx, ...more].forEach((container, i) => addContainer(build, around, container, i));

  build.socket({
    id: 'socket:net:[4026531840]/tcp/127.0.0.1:8080/588103',
    netns: hostNet,
    protocol: 'tcp',
    local: { address: '127.0.0.1', port: 8080 },
    remote: { address: '0.0.0.0', port: 0 },
    state: 'LISTEN',
    inode: 588103,
    uid: 1000,
    processIds: [parent],
  });
  build.forward({
    id: 'forward:tcp/127.0.0.1:8080/10.4.0.9:80',
    by: 'rootlesskit',
    protocol: 'tcp',
    listen: { address: '127.0.0.1', port: 8080, netns: hostNet },
    target: { address: '10.4.0.9', port: 80, netns: 'net:[4026532280]' },
    forwarder: parent,
    socket: 'socket:net:[4026531840]/tcp/127.0.0.1:8080/588103',
    container: 'container:d8e2d622b3d7a1c04b52a9f03e0c7712b4a3f5d6e7c8990a1b2c3d4e5f607182',
    certainty: 'certain',
    rule: 'rootlesskit.ports',
  });
  build.finding({
    id: 'finding:not-permitted/ns',
    kind: 'not-permitted',
    rule: 'ns.closed',
    subjects: closed.map(([pid]) => `process:${pid}` as const),
    message: '9 processes of other users do not show their namespaces to ec2-user.',
    advice: 'Collect again with sudo to see them.',
    values: { count: closed.length, user: 'ec2-user' },
  });
  return build.build();
}
