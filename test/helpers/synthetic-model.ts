// Hosts of any size, made up: for measuring, and for pictures of what the article's host does not have.
import { address, ModelBuilder } from './model-builder.ts';
import type { LinkId, NamespaceId } from '../../shared/model/id.ts';
import type { Model } from '../../shared/model/model.ts';

/** `first` + n as an address below a /16: 10.88.0.2, 10.88.0.3 … */
const nth = (prefix: string, n: number): string => `${prefix}.${(n >> 8) & 255}.${n & 255}/16`;
const hex = (n: number): string => ((n * 2654435761) % 0x100000000).toString(16).padStart(8, '0');

/** A host with its NIC and a few processes, and nothing else: what every other one starts from. */
function plainHost(hostname: string): { build: ModelBuilder; net: NamespaceId; nic: LinkId } {
  const build = new ModelBuilder({
    hostname,
    kernel: '6.12.43+deb13-amd64',
    os: 'Debian GNU/Linux 13 (trixie)',
    user: { name: 'root', uid: 0 },
    initialNamespaces: { net: { id: 'net:[4026531840]', certainty: 'certain' } },
  });
  const net = build.namespace('net', 4026531840, 'host', 'host');
  build.loopback(net);
  const nic = build.link(net, 2, 'enp1s0', 'physical', {
    mac: '52:54:00:8a:11:02',
    addresses: [address('192.0.2.17/24'), address('2001:db8::17/64'), address('fe80::5054:ff:fe8a:1102/64')],
  });
  build.defaultRoute(net, '192.0.2.1', 'enp1s0', nic);
  ['systemd', 'systemd-journal', 'systemd-udevd', 'dbus-daemon', 'cron', 'sshd', 'agetty'].forEach((comm, i) =>
    build.process(i === 0 ? 1 : 400 + i * 17, comm, [net]),
  );
  return { build, net, nic };
}

export const emptyHostModel = (): Model => plainHost('bare').build.build();

/** `ip netns add` `count` times, each with a veth to the bridge br0 and one process: the host of the measurements. */
export function bridgedNetnsModel(count: number): Model {
  const { build, net } = plainHost('bench');
  const br0 = build.link(net, 3, 'br0', 'bridge', { addresses: [address('10.88.0.1/16')] });
  for (let i = 0; i < count; i++) {
    const inode = 4026533000 + i;
    const ns = build.namespace('net', inode, 'bare', `ns${i}`, {
      keptBy: [
        {
          by: 'mount',
          path: `/run/netns/ns${i}`,
          mountNamespace: undefined,
          reachableAs: `/run/netns/ns${i}`,
          evidence: [],
        },
      ],
    });
    build.loopback(ns);
    const inner = build.link(ns, 2, 'eth0', 'veth', {
      addresses: [address(nth('10.88', i + 2))],
      lower: { ifindex: 10 + i, netnsid: 0 },
    });
    const outer = build.link(net, 10 + i, `veth${i}`, 'veth', {
      masterName: 'br0',
      portKind: 'bridge',
      lower: { ifindex: 2, netnsid: i },
    });
    build.vethPair(inner, outer);
    build.relate('master', outer, br0, 'master.name');
    build.defaultRoute(ns, '10.88.0.1', 'eth0', inner);
    build.process(20000 + i, 'sleep', [ns], { argv: ['sleep', 'infinity'] });
  }
  return build.build();
}

const images = [
  'nginx:1.29',
  'postgres:17',
  'redis:8',
  'grafana/grafana:12.1',
  'traefik:v3.5',
  'ghcr.io/acme/api:2025.11',
  'rabbitmq:4',
];
const names = ['web', 'db', 'cache', 'grafana', 'proxy', 'api', 'queue'];

/** Docker with docker0 and one compose network, `count` containers over both, every third one publishing a port. */
export function dockerModel(count: number): Model {
  const { build, net } = plainHost('docker-1');
  build.process(1201, 'dockerd', [net], { argv: ['/usr/sbin/dockerd', '-H', 'fd://'], roles: ['dockerd'] });
  build.process(1150, 'containerd', [net], { argv: ['/usr/bin/containerd'], roles: ['containerd'] });
  const docker0 = build.link(net, 3, 'docker0', 'bridge', { addresses: [address('172.17.0.1/16')] });
  const compose = build.link(net, 4, 'br-5f1c0d9e77aa', 'bridge', { addresses: [address('172.18.0.1/16')] });
  for (let i = 0; i < count; i++) {
    const onCompose = i % 3 !== 0;
    const short = hex(i + 1);
    const runtimeId = (short + hex(i + 2) + hex(i + 3)).repeat(3).slice(0, 64);
    const kind = i % names.length;
    const name = onCompose
      ? `shop-${names[kind]}-${Math.floor(i / names.length) + 1}`
      : `${names[kind]}_${short.slice(0, 4)}`;
    const ns = build.namespace('net', 4026532400 + i * 7, 'container', name);
    build.loopback(ns);
    const local = nth(onCompose ? '172.18' : '172.17', i + 2);
    const inner = build.link(ns, 2, 'eth0', 'veth', {
      addresses: [address(local)],
      lower: { ifindex: 20 + i, netnsid: 0 },
    });
    const outer = build.link(net, 20 + i, `veth${short.slice(0, 7)}`, 'veth', {
      masterName: onCompose ? 'br-5f1c0d9e77aa' : 'docker0',
      portKind: 'bridge',
      lower: { ifindex: 2, netnsid: i },
    });
    build.vethPair(inner, outer);
    build.relate('master', outer, onCompose ? compose : docker0, 'master.name');
    const shim = build.process(30000 + i * 10, 'containerd-shim', [net], {
      argv: ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', runtimeId],
      roles: ['containerd-shim'],
    });
    const id = `container:${runtimeId}` as const;
    const init = build.process(30001 + i * 10, names[kind] ?? 'sh', [ns], { container: id });
    build.container(runtimeId, name, {
      engine: 'docker',
      engineNamespace: 'moby',
      image: `docker.io/library/${images[kind]}`,
      init,
      monitor: shim,
      processIds: [init],
      networks: [onCompose ? 'shop_default' : 'bridge'],
    });
    build.relate('init', id, init, 'runc.state');
    if (i % 3 !== 1) continue;
    const proxy = build.process(31000 + i, 'docker-proxy', [net], { ppid: 1201, roles: ['docker-proxy'] });
    build.forward({
      id: `forward:tcp/0.0.0.0:${8080 + i}/${local.split('/')[0]}:80`,
      by: 'docker-proxy',
      protocol: 'tcp',
      listen: { address: '0.0.0.0', port: 8080 + i, netns: net },
      target: { address: local.split('/')[0] ?? '', port: 80, netns: ns },
      forwarder: proxy,
      container: id,
      certainty: 'certain',
      rule: 'docker-proxy.argv',
    });
  }
  return build.build();
}

/** What a picture must also bear: an undiscovered peer, an ambiguous one, a vlan, a bond-less NIC on a bridge, a bare netns. */
export function oddModel(): Model {
  const { build, net, nic } = plainHost('odd <b>&amp;"\u0007');
  const br = build.link(net, 3, 'br-lan', 'bridge', { addresses: [address('10.9.0.1/24')] });
  build.relate('master', nic, br, 'master.name');
  const vlan = build.link(net, 4, 'enp1s0.100', 'vlan', { lower: { name: 'enp1s0' }, data: { id: 100 } });
  build.relate('lower', vlan, nic, 'lower.name');
  const lost = build.link(net, 7, 'veth-lost', 'veth', { lower: { ifindex: 2, netnsid: 9 }, operState: 'DOWN' });
  build.relate('veth-peer', lost, 'undiscovered:net:[4026531840]/nsid/9', 'veth.unknown-netnsid');
  const red = build.namespace('net', 4026532700, 'bare', 'red');
  const blue = build.namespace('net', 4026532701, 'bare', '<script>alert(1)</script> ]]> & co');
  build.loopback(red);
  build.loopback(blue);
  const a = build.link(red, 2, 'eth0', 'veth', { addresses: [address('10.9.0.2/24')] });
  const b = build.link(blue, 2, 'eth0', 'veth', { addresses: [address('10.9.0.3/24')] });
  const va = build.link(net, 5, 'va', 'veth', { masterName: 'br-lan', portKind: 'bridge' });
  build.relate('master', va, br, 'master.name');
  build.vethPair(a, va, 'ambiguous');
  build.vethPair(b, va, 'ambiguous');
  const link1 = build.link(red, 3, 'cross0', 'veth', { addresses: [address('10.77.0.1/30')] });
  const link2 = build.link(blue, 3, 'cross0', 'veth', { addresses: [address('10.77.0.2/30')] });
  build.vethPair(link1, link2);
  const alone = build.namespace('net', 4026532702, 'process', 'ns of rtkit-daemon[911]');
  build.loopback(alone);
  build.process(911, 'rtkit-daemon', [alone]);
  return build.build();
}

/** `users` rootless users on one host, with equal names and indexes everywhere: the case naive matching gets wrong. */
export function rootlessUsersModel(users: number): Model {
  const { build, net, nic } = plainHost('shared-1');
  for (let u = 0; u < users; u++) {
    const user = ['alice', 'bob', 'carol', 'dave'][u % 4] ?? 'user';
    const own = { uid: 1000 + u, user };
    const child = build.namespace(
      'net',
      4026532600 + u * 20,
      'rootlesskit-child',
      `RootlessKit child · ${user} · detached`,
    );
    build.loopback(child);
    const parent = build.process(5000 + u * 100, 'rootlesskit', [net], { ...own, roles: ['rootlesskit-parent'] });
    const slirp = build.process(5010 + u * 100, 'slirp4netns', [net], { ...own, roles: ['slirp4netns'] });
    build.process(5020 + u * 100, 'containerd', [net], { ...own, roles: ['containerd'] });
    const tap = build.link(child, 2, 'tap0', 'tun', { data: { type: 'tap' }, addresses: [address('10.0.2.100/24')] });
    const bridge = build.link(child, 3, 'nerdctl0', 'bridge', { addresses: [address('10.4.0.1/24')] });
    build.defaultRoute(child, '10.0.2.2', 'tap0', tap);
    build.relate('served-by', tap, slirp, 'slirp4netns.argv', 'inferred');
    build.relate('leaves-through', slirp, nic, 'route.default', 'inferred');
    build.relate('works-for', slirp, parent, 'slirp4netns.parent');
    build.relate('rootlesskit-parent-netns', child, net, 'rootlesskit.parent');
    for (let c = 0; c < 2; c++) {
      const name = `${['web', 'db'][c]}-${hex(u * 7 + c).slice(0, 5)}`;
      const ns = build.namespace('net', 4026532605 + u * 20 + c * 6, 'container', name);
      build.loopback(ns);
      const inner = build.link(ns, 2, 'eth0', 'veth', { addresses: [address(`10.4.0.${2 + c}/24`)] });
      const outer = build.link(child, 4 + c, `veth${hex(c + 1).slice(0, 6)}`, 'veth', {
        masterName: 'nerdctl0',
        portKind: 'bridge',
      });
      build.vethPair(inner, outer);
      build.relate('master', outer, bridge, 'master.name');
      const runtimeId = `${hex(u * 9 + c)}`.repeat(8);
      const init = build.process(5050 + u * 100 + c, ['nginx', 'postgres'][c] ?? 'sh', [ns], own);
      const id = build.container(runtimeId, name, {
        init,
        image: ['nginx:1.29', 'postgres:17'][c] ?? '',
        processIds: [init],
      });
      if (c === 0)
        build.forward({
          id: `forward:tcp/127.0.0.1:${8080 + u}/10.4.0.2:80`,
          by: 'rootlesskit',
          protocol: 'tcp',
          listen: { address: '127.0.0.1', port: 8080 + u, netns: net },
          target: { address: '10.4.0.2', port: 80, netns: ns },
          forwarder: parent,
          container: id,
          certainty: 'certain',
          rule: 'rootlesskit.ports',
        });
    }
  }
  return build.build();
}
