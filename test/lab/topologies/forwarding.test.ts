// One router between two, with forwarding on and off in every place it can be: the trace and a real datagram agree.
import { expect, test } from 'vitest';
import type { Model } from '../../../shared/model/model.ts';
import type { NamespaceId } from '../../../shared/model/id.ts';
import { tracePath } from '../../../shared/trace/trace.ts';
import type { TracedPath } from '../../../shared/trace/path.ts';
import type { BareHost } from './bare-host.ts';
import { withBareHost } from './bare-host.ts';
import { collectFrom } from './collect-from.ts';

const build = `
for n in a r b; do
  ip netns add $n; ip -n $n link set lo up
  # Link-local addresses without a second of asking whether others have them.
  nsenter --net=/run/netns/$n sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad; echo 0 >/proc/sys/net/ipv6/conf/default/dad_transmits'
done
ip -n a link add va type veth peer name ra netns r
ip -n r link add rb type veth peer name vb netns b
for one in 'a va 10.0.0.2/24 fd00::2/64' 'r ra 10.0.0.1/24 fd00::1/64' 'r rb 10.1.0.1/24 fd01::1/64' 'b vb 10.1.0.2/24 fd01::2/64'; do
  set -- $one
  ip -n $1 address add $3 dev $2
  ip -n $1 address add $4 dev $2 nodad
  ip -n $1 link set $2 up
done
ip -n a route add default via 10.0.0.1
ip -n a route add default via fd00::1
ip -n b route add default via 10.1.0.1
ip -n b route add default via fd01::1
`;

const listen = `
: >/tmp/got
nsenter --net=/run/netns/b perl -MSocket -e 'socket(S,PF_INET,SOCK_DGRAM,0); bind(S,sockaddr_in(5000,INADDR_ANY)) or die; open(G,">>","/tmp/got"); select(G); $|=1; while (recv(S,$m,99,0)) { print "$m\\n" }' </dev/null >/dev/null 2>&1 &
nsenter --net=/run/netns/b perl -MSocket=:all -e 'socket(S,PF_INET6,SOCK_DGRAM,0); setsockopt(S,41,26,1); bind(S,pack_sockaddr_in6(5000,inet_pton(AF_INET6,"::"))) or die; open(G,">>","/tmp/got"); select(G); $|=1; while (recv(S,$m,99,0)) { print "$m\\n" }' </dev/null >/dev/null 2>&1 &
`;

const send = `
: >/tmp/got
nsenter --net=/run/netns/a perl -MSocket -e 'socket(S,PF_INET,SOCK_DGRAM,0); send(S,"inet",0,sockaddr_in(5000,inet_aton("10.1.0.2")))' || true
nsenter --net=/run/netns/a perl -MSocket=:all -e 'socket(S,PF_INET6,SOCK_DGRAM,0); send(S,"inet6",0,pack_sockaddr_in6(5000,inet_pton(AF_INET6,"fd01::2")))' || true
sleep 0.4
cat /tmp/got
`;

const off = `echo 0 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
for one in all default ra rb; do
  echo 0 >/proc/sys/net/ipv4/conf/$one/rp_filter
  f=/proc/sys/net/ipv6/conf/$one/force_forwarding
  [ ! -e $f ] || echo 0 >$f
done`;

/** Written in /proc/sys/net of the router, which forwards nothing before. */
const settings: readonly (readonly [what: string, lines: readonly string[]])[] = [
  ['nothing', []],
  ['both families', ['1 ipv4/ip_forward', '1 ipv6/conf/all/forwarding']],
  [
    'both, but not what comes in',
    ['1 ipv4/ip_forward', '1 ipv6/conf/all/forwarding', '0 ipv4/conf/ra/forwarding', '0 ipv6/conf/ra/forwarding'],
  ],
  ['what comes in alone', ['1 ipv4/conf/ra/forwarding', '1 ipv6/conf/ra/forwarding']],
  ['what goes out alone', ['1 ipv4/conf/rb/forwarding', '1 ipv6/conf/rb/forwarding']],
  [
    'all of the links, one by one',
    [
      '1 ipv4/conf/ra/forwarding',
      '1 ipv4/conf/rb/forwarding',
      '1 ipv6/conf/ra/forwarding',
      '1 ipv6/conf/rb/forwarding',
    ],
  ],
  ['both, strictly filtered', ['1 ipv4/ip_forward', '1 ipv6/conf/all/forwarding', '1 ipv4/conf/all/rp_filter']],
];

const targets = { inet: '10.1.0.2', inet6: 'fd01::2' } as const;

const netnsNamed = (model: Model, name: string): NamespaceId => {
  const found = model.namespaces.find(({ keptBy }) =>
    keptBy.some((keeper) => keeper.by === 'mount' && keeper.path === `/run/netns/${name}`),
  );
  if (!found) throw new Error(`no ${name}`);
  return found.id;
};

function traced(model: Model, family: keyof typeof targets): TracedPath {
  const trace = tracePath(model, {
    from: { kind: 'netns', netns: netnsNamed(model, 'a') },
    to: { kind: 'address', address: targets[family] },
    protocol: 'udp',
    port: 5000,
  });
  if ('problem' in trace) throw new Error(trace.problem);
  const [path, ...others] = trace.paths;
  expect(others).toEqual([]);
  if (!path) throw new Error('no path');
  return path;
}

const inRouter = (host: BareHost, script: string) => host.script(`nsenter --net=/run/netns/r sh -c '${script}'`);

test('a router forwards by the link that it comes in by, of IPv6 by all of them', async () => {
  await withBareHost(async (host) => {
    await host.script(build);
    await host.script(listen);
    for (const [what, lines] of settings) {
      await inRouter(host, [off, ...lines.map((line) => `echo ${line.replace(' ', ' >/proc/sys/net/')}`)].join('\n'));
      // The first time there are no neighbours.
      await host.script(send);
      const heard = (await host.script(send)).split('\n');
      const { model } = await collectFrom(host, 'root');
      for (const family of ['inet', 'inet6'] as const) {
        const { end, hops } = traced(model, family);
        const told = { what, family, arrives: end === 'delivered' };
        expect(told).toEqual({ what, family, arrives: heard.includes(family) });
        if (end !== 'delivered') expect(hops.at(-1)?.event).toMatchObject({ kind: 'dropped', reason: 'not-forwarded' });
        const doubts = hops.flatMap((hop) => hop.doubts.map(({ code }) => code));
        expect(doubts).not.toContain('forwarding');
        expect(doubts).not.toContain('reverse-path');
      }
    }
  });
});

test('proxy_arp answers for what it leads to', async () => {
  await withBareHost(async (host) => {
    await host.script(build);
    await host.script(listen);
    await host.script(`ip -n a route del default
ip -n a route add 169.254.1.1 dev va
ip -n a route add default via 169.254.1.1
ip -n r route add default via 10.1.0.2`);
    for (const isOn of [1, 0]) {
      await inRouter(host, `echo 1 >/proc/sys/net/ipv4/ip_forward; echo ${isOn} >/proc/sys/net/ipv4/conf/ra/proxy_arp`);
      await host.script('ip -n a neigh flush all; ip -n r neigh flush all');
      const { model } = await collectFrom(host, 'root');
      const { end } = traced(model, 'inet');
      // A proxy waits a moment before it answers.
      const heard = (await host.script(`${send}\nsleep 1.2; cat /tmp/got`)).split('\n');
      expect({ isOn, arrives: end === 'delivered' }).toEqual({ isOn, arrives: heard.includes('inet') });
    }
  });
});
