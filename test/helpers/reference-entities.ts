// The article's host as Entities, written by hand: RootlessKit with a detached network namespace, slirp4netns, containerd,
// two containers on nerdctl0, one published port. For tests that need a whole host before anything is collected; what
// really comes from the reference host is in test/fixtures/hosts.
import type { Entities } from '../../shared/model/entities.ts';
import type { NamespaceKind } from '../../shared/model/id.ts';
import { aHost, aLink, anAddress, anEntities, aNamespace, aProcess, aRoute, aSocket, at, net } from './entities.ts';

export const hostNet = net(4026531840);
export const childNet = net(4026532201);
export const nginxNet = net(4026532280);
export const redisNet = net(4026532290);

const host: Record<NamespaceKind, number> = {
  cgroup: 4026531835,
  ipc: 4026531839,
  mnt: 4026531841,
  net: 4026531840,
  pid: 4026531836,
  time: 4026531834,
  user: 4026531837,
  uts: 4026531838,
};
/** What RootlessKit gives its child with --detach-netns: a user and a mount namespace of its own. */
const child = { ...host, user: 4026532152, mnt: 4026532199 };
const nginx = {
  ...child,
  mnt: 4026532275,
  uts: 4026532276,
  ipc: 4026532277,
  pid: 4026532278,
  cgroup: 4026532279,
  net: 4026532280,
};
const redis = {
  ...child,
  mnt: 4026532285,
  uts: 4026532286,
  ipc: 4026532287,
  pid: 4026532288,
  cgroup: 4026532289,
  net: 4026532290,
};

const stateDir = '/run/user/1000/containerd-rootless';
const options =
  `--state-dir=${stateDir} --net=slirp4netns --mtu=65520 --slirp4netns-sandbox=auto --slirp4netns-seccomp=auto ` +
  '--disable-host-loopback --port-driver=builtin --copy-up=/etc --copy-up=/run --copy-up=/var/lib --propagation=rslave ' +
  '--detach-netns /usr/local/bin/containerd-rootless.sh';
const slirp4netns =
  'slirp4netns --mtu 65520 -r 3 --disable-host-loopback --enable-seccomp --userns-path=/proc/122351/ns/user ' +
  `--netns-type=path /proc/122351/root${stateDir}/netns tap0`;
export const nginxId = 'd8e2d622b3d7c1f60b94a27e5538fa0dd1c6be9047a3f2856b1e09cd74f3a85b';
export const redisId = '3f1c9a0b7e44d26583bc10f97ae5d4623c8e7f01b95a6dd2407f18e3c6a9b05d';
const shim = (id: string): string =>
  `/usr/bin/containerd-shim-runc-v2 -namespace default -id ${id} -address /run/containerd/containerd.sock`;
const cgroup = (id: string): string => `/user.slice/user-1000.slice/user@1000.service/user.slice/nerdctl-${id}.scope`;

const annotations = (name: string, more: Record<string, string> = {}): Record<string, string> => ({
  'nerdctl/namespace': 'default',
  'nerdctl/name': name,
  'nerdctl/networks': '["bridge"]',
  ...more,
});

export function referenceEntities(fields: Partial<Entities> = {}): Entities {
  const ens5 = aLink(hostNet, 2, 'ens5', { mtu: 9001, addresses: [anAddress('172.31.40.91/20', { dynamic: true })] });
  const tap0 = aLink(childNet, 2, 'tap0', {
    kind: 'tun',
    data: { type: 'tap' },
    mtu: 65520,
    addresses: [anAddress('10.0.2.100/24')],
  });
  const nerdctl0 = aLink(childNet, 5, 'nerdctl0', { kind: 'bridge', addresses: [anAddress('10.4.0.1/24')] });
  const eth0 = (netns: typeof nginxNet, peer: number, address: string) =>
    aLink(netns, 2, 'eth0', { kind: 'veth', lower: { ifindex: peer, netnsid: 0 }, addresses: [anAddress(address)] });
  const vethOf = (ifindex: number, name: string, netnsid: number) =>
    aLink(childNet, ifindex, name, {
      kind: 'veth',
      masterName: 'nerdctl0',
      portKind: 'bridge',
      lower: { ifindex: 2, netnsid },
    });
  const nginxEth0 = eth0(nginxNet, 10, '10.4.0.9/24');
  const redisEth0 = eth0(redisNet, 11, '10.4.0.10/24');
  return anEntities({
    host: aHost({
      initialNamespaces: Object.fromEntries(
        Object.entries(host).map(([kind, inode]) => [
          kind,
          { id: `${kind}:[${inode}]`, certainty: 'inferred' as const },
        ]),
      ),
    }),
    collectorPid: 127201,
    namespaces: [
      aNamespace(childNet, {
        keptBy: [
          {
            by: 'mount',
            path: `${stateDir}/netns`,
            mountNamespace: `mnt:[${child.mnt}]`,
            reachableAs: `/proc/122351/root${stateDir}/netns`,
            evidence: [at('mountinfo', 41)],
          },
        ],
      }),
      aNamespace(`user:[${child.user}]`, {
        uidMap: [
          { inside: 0, outside: 1000, length: 1 },
          { inside: 1, outside: 100000, length: 65536 },
        ],
      }),
    ],
    processes: [
      aProcess(1, { argv: '/usr/lib/systemd/systemd --system', comm: 'systemd', ppid: 0, uid: 0, user: 'root' }),
      aProcess(900, {
        argv: ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups'],
        comm: 'sshd',
        uid: 0,
        user: 'root',
      }),
      aProcess(127190, { argv: ['sshd: ec2-user [priv]'], comm: 'sshd', ppid: 900, uid: 0, user: 'root' }),
      aProcess(127200, { argv: ['sshd: ec2-user@notty'], comm: 'sshd', ppid: 127190 }),
      aProcess(127201, { argv: 'sh -s', ppid: 127200, namespaces: host }),
      aProcess(122327, { argv: `rootlesskit ${options}`, namespaces: host }),
      aProcess(122351, { argv: `/proc/self/exe ${options}`, ppid: 122327, namespaces: { ...child, net: 4026532201 } }),
      aProcess(122373, { argv: slirp4netns, ppid: 122327, namespaces: host }),
      aProcess(122380, { argv: 'containerd', ppid: 122351, namespaces: child }),
      aProcess(126770, { argv: shim(nginxId), comm: 'containerd-shim', ppid: 1, namespaces: child }),
      aProcess(126799, {
        argv: ['nginx: master process nginx -g daemon off;'],
        comm: 'nginx',
        ppid: 126770,
        nsPids: [126799, 1],
        cgroup: cgroup(nginxId),
        namespaces: nginx,
      }),
      aProcess(126830, {
        argv: ['nginx: worker process'],
        comm: 'nginx',
        ppid: 126799,
        uid: 100100,
        nsPids: [126830, 29],
        cgroup: cgroup(nginxId),
        namespaces: nginx,
      }),
      aProcess(126900, { argv: shim(redisId), comm: 'containerd-shim', ppid: 1, namespaces: child }),
      aProcess(126920, {
        argv: 'redis-server *:6379',
        ppid: 126900,
        uid: 100998,
        nsPids: [126920, 1],
        cgroup: cgroup(redisId),
        namespaces: redis,
      }),
    ],
    links: [
      aLink(hostNet, 1, 'lo'),
      ens5,
      aLink(childNet, 1, 'lo'),
      tap0,
      aLink(childNet, 3, 'buildkit0', {
        kind: 'bridge',
        operState: 'DOWN',
        flags: ['NO-CARRIER', 'UP'],
        addresses: [anAddress('10.10.0.1/16')],
      }),
      nerdctl0,
      vethOf(10, 'vetha72457ab', 0),
      vethOf(11, 'veth9c01d4e2', 1),
      aLink(nginxNet, 1, 'lo'),
      nginxEth0,
      aLink(redisNet, 1, 'lo'),
      redisEth0,
    ],
    routes: [
      aRoute(hostNet, 'default', ens5, { gateway: '172.31.32.1', metric: 512, protocol: 'dhcp' }),
      aRoute(hostNet, '172.31.32.0/20', ens5, { metric: 512, scope: 'link' }),
      aRoute(childNet, 'default', tap0, { gateway: '10.0.2.2' }),
      aRoute(childNet, '10.4.0.0/24', nerdctl0, { scope: 'link', preferredSource: '10.4.0.1' }),
      aRoute(nginxNet, 'default', nginxEth0, { gateway: '10.4.0.1' }),
      aRoute(redisNet, 'default', redisEth0, { gateway: '10.4.0.1' }),
    ],
    sockets: [aSocket(hostNet, '127.0.0.1:8080', { processIds: ['process:122327'] }), aSocket(nginxNet, '0.0.0.0:80')],
    machines: [],
    runtimeStates: [
      {
        runtimeId: nginxId,
        initPid: 126799,
        initStartTicks: 126799,
        path: `/proc/122351/root/run/containerd/runc/default/${nginxId}/state.json`,
        annotations: annotations('nginx-d8e2d', {
          'nerdctl/ports': '[{"HostPort":8080,"ContainerPort":80,"Protocol":"tcp","HostIP":"127.0.0.1"}]',
        }),
        evidence: [at('runtime-state', 1)],
      },
      {
        runtimeId: redisId,
        initPid: 126920,
        initStartTicks: 126920,
        path: `/proc/122351/root/run/containerd/runc/default/${redisId}/state.json`,
        annotations: annotations('redis-3f1c9'),
        evidence: [at('runtime-state', 2)],
      },
    ],
    rootlessKits: [
      {
        stateDir,
        parent: 'process:122327',
        child: 'process:122351',
        detached: true,
        netnsFileOnHost: { type: 'file', size: 0, evidence: [at('rootlesskit', 7)] },
        netns: {
          id: childNet,
          reachableAs: `/proc/122351/root${stateDir}/netns`,
          evidence: [at('mountinfo', 41)],
        },
        info: {
          version: '2.0.2',
          networkDriver: 'slirp4netns',
          portDriver: 'builtin',
          childIp: '10.0.2.100',
          evidence: [at('rootlesskit-info')],
        },
        ports: [
          {
            id: 1,
            protocol: 'tcp',
            parentIp: '127.0.0.1',
            parentPort: 8080,
            childIp: '10.4.0.9',
            childPort: 80,
            evidence: [at('rootlesskit-ports')],
          },
        ],
        evidence: [at('rootlesskit')],
      },
    ],
    tunHolders: [{ process: 'process:122373', fd: 5, interfaceName: 'tap0', evidence: [at('fdinfo', 1)] }],
    netnsIds: [
      { observer: childNet, netnsid: 0, netns: nginxNet, evidence: [at('nsid', 2)] },
      { observer: childNet, netnsid: 1, netns: redisNet, evidence: [at('nsid', 3)] },
    ],
    subuids: [{ user: 'ec2-user', start: 100000, count: 65536 }],
    ...fields,
  });
}
