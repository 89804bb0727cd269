// The containers of the article's host: nginx, and as many more of its kind as a test wants.
import { address, type ModelBuilder } from './model-builder.ts';
import type { ContainerId, LinkId, NamespaceId } from '../../shared/model/id.ts';

interface ArticleContainer {
  readonly runtimeId: string;
  readonly name: string;
  readonly image: string;
  readonly comm: string;
  readonly argv: readonly string[];
  readonly pid: number;
  /** Inodes: mnt, then uts, ipc, pid, cgroup, net counted on from it. */
  readonly inode: number;
  readonly veth: string;
  readonly ifindex: number;
  readonly address: string;
  readonly mac: string;
}

/** Where they live: the host's namespaces that they share, and RootlessKit's child's. */
export interface Surroundings {
  readonly hostPid: NamespaceId;
  readonly hostTime: NamespaceId;
  readonly hostNet: NamespaceId;
  readonly childUser: NamespaceId;
  readonly childNet: NamespaceId;
  readonly nerdctl0: LinkId;
  readonly own: { readonly uid: number; readonly user: string };
  readonly inChild: (net: NamespaceId) => NamespaceId[];
}

export const nginx: ArticleContainer = {
  runtimeId: 'd8e2d622b3d7a1c04b52a9f03e0c7712b4a3f5d6e7c8990a1b2c3d4e5f607182',
  name: 'nginx-d8e2d',
  image: 'docker.io/library/nginx:latest',
  comm: 'nginx',
  argv: ['nginx: master process nginx -g daemon off;'],
  pid: 126799,
  inode: 4026532275,
  veth: 'vetha72457ab',
  ifindex: 10,
  address: '10.4.0.9/24',
  mac: '7e:ce:2d:4f:fe:6d',
};

export function anotherContainer(i: number): ArticleContainer {
  const hex = (0x41f9c + i * 0x1357).toString(16).padStart(5, '0');
  return {
    runtimeId: `${hex}622b3d7a1c04b52a9f03e0c7712b4a3f5d6e7c8990a1b2c3d4e5f607182ab`,
    name: `app-${hex}`,
    image: 'docker.io/library/busybox:1.37',
    comm: 'busybox',
    argv: ['busybox', 'httpd', '-f', '-p', '80'],
    pid: 127300 + i * 41,
    inode: 4026532290 + i * 8,
    veth: `veth${hex}c0`,
    ifindex: 11 + i,
    address: `10.4.0.${10 + i}/24`,
    mac: `7e:ce:2d:4f:fe:${(0x6e + i).toString(16)}`,
  };
}

/** `i` counts from 0: RootlessKit's child knows the container's network namespace by that number. */
export function addContainer(build: ModelBuilder, around: Surroundings, spec: ArticleContainer, i: number): void {
  const { hostPid, hostTime, hostNet, childUser, childNet, nerdctl0, own, inChild } = around;
  const owned = { owner: childUser };
  const mnt = build.namespace('mnt', spec.inode, 'container', spec.name, owned);
  const uts = build.namespace('uts', spec.inode + 1, 'container', spec.name, owned);
  const ipc = build.namespace('ipc', spec.inode + 2, 'container', spec.name, owned);
  const pid = build.namespace('pid', spec.inode + 3, 'container', spec.name, { ...owned, parent: hostPid });
  const cgroup = build.namespace('cgroup', spec.inode + 4, 'container', spec.name, owned);
  const net = build.namespace('net', spec.inode + 5, 'container', spec.name, owned);
  const inside = [childUser, mnt, uts, ipc, pid, cgroup, hostTime, net];
  const shim = build.process(spec.pid - 21, 'containerd-shim', inChild(hostNet), {
    ...own,
    argv: ['/usr/local/bin/containerd-shim-runc-v2', '-namespace', 'default', '-id', spec.runtimeId],
    roles: ['containerd-shim'],
  });
  const id: ContainerId = `container:${spec.runtimeId}`;
  const init = build.process(spec.pid, spec.comm, inside, {
    ...own,
    ppid: spec.pid - 21,
    argv: spec.argv,
    nsPids: [spec.pid, 1],
    cgroup: `/user.slice/user-1000.slice/user@1000.service/user.slice/nerdctl-${spec.runtimeId}.scope`,
    container: id,
  });
  const workers = spec.comm === 'nginx' ? [1, 2] : [];
  const children = workers.map((n) =>
    build.process(spec.pid + 48 + n, 'nginx', inside, {
      uid: 100100,
      ppid: spec.pid,
      argv: ['nginx: worker process'],
      nsPids: [spec.pid + 48 + n, 28 + n],
      container: id,
    }),
  );
  build.container(spec.runtimeId, spec.name, {
    engineNamespace: 'default',
    image: spec.image,
    init,
    monitor: shim,
    processIds: [init, ...children],
    networks: ['bridge'],
    labels: { 'nerdctl/name': spec.name },
    recognisedBy: ['runc-state', 'containerd-shim-argv'],
  });
  build.relate('init', id, init, 'runc.state');
  build.relate('monitored-by', id, shim, 'containerd-shim.argv');

  build.loopback(net);
  const eth0 = build.link(net, 2, 'eth0', 'veth', {
    mac: spec.mac,
    addresses: [address(spec.address), address(`fe80::7cce:2dff:fe4f:fe${spec.mac.slice(-2)}/64`)],
    lower: { ifindex: spec.ifindex, netnsid: 0 },
  });
  build.defaultRoute(net, '10.4.0.1', 'eth0', eth0);
  const veth = build.link(childNet, spec.ifindex, spec.veth, 'veth', {
    portKind: 'bridge',
    masterName: 'nerdctl0',
    mac: `5a:34:31:2e:c4:${(0x33 + i).toString(16)}`,
    addresses: [address('fe80::5834:31ff:fe2e:c433/64')],
    lower: { ifindex: 2, netnsid: i },
  });
  build.vethPair(eth0, veth);
  build.relate('master', veth, nerdctl0, 'master.name');
}
