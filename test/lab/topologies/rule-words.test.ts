// One router between two, and rules in the words of nftables' grammar, each for a port of its own: what is told to be certain
// of a datagram to that port is what becomes of a real one.
import { expect, test } from 'vitest';
import type { Model } from '../../../shared/model/model.ts';
import { tracePath } from '../../../shared/trace/trace.ts';
import { withBareHost } from './bare-host.ts';
import { collectFrom } from './collect-from.ts';

type Told = 'dropped' | 'passes' | 'open';

/** What stands between the port and `drop`, and what is told. */
const conditions: readonly (readonly [text: string, told: Told])[] = [
  ['counter log prefix "x " flags ip options', 'dropped'],
  ['meta mark set 0x1 ct mark set mark', 'dropped'],
  ['iifname . oifname { "ra" . "rb" }', 'dropped'],
  ['iifname . oifname { "rb" . "ra", "ra" . "ra" }', 'passes'],
  ['ip saddr . ip daddr { 10.0.0.2 . 10.1.0.0/24 }', 'dropped'],
  ['ip saddr . ip daddr { 10.0.0.2 . 10.1.0.3, 10.0.0.3 . 10.1.0.2 }', 'passes'],
  ['ip saddr . iifname @pairs', 'dropped'],
  ['ip saddr . iifname != { 10.0.0.2 . "ra" }', 'open'],
  ['meta mark set 0x1 ip daddr 10.7.7.7', 'passes'],
  ['ct mark set 0x1 ip saddr 10.7.7.7', 'passes'],
  ['ip dscp set cs1 ip daddr 10.7.7.7', 'passes'],
  ['meta priority set 1:10 ip daddr 10.7.7.7', 'passes'],
  ['ct original ip daddr 10.1.0.2', 'open'],
  ['ct original ip daddr 10.7.7.7', 'open'],
  ['ct reply ip saddr 10.1.0.2', 'open'],
  ['ct direction original', 'dropped'],
  ['ct direction reply', 'passes'],
  ['ct state == established,new', 'open'],
  ['ct state established,new', 'dropped'],
  ['ct state established', 'passes'],
  ['ct count over 100', 'open'],
  ['update @seen { ip saddr limit rate over 1000/second }', 'open'],
  ['add @seen { ip saddr }', 'open'],
  ['update @seen { ip saddr } ip daddr 10.7.7.7', 'passes'],
  ['ip saddr @limited', 'open'],
  ['ip saddr @listed', 'dropped'],
  ['ip saddr @seen', 'open'],
  ['limit rate over 1000/second', 'open'],
  ['quota over 25 mbytes', 'open'],
  ['numgen inc mod 100 99', 'open'],
  ['jhash ip saddr . udp dport mod 2 > 0', 'open'],
  ['meta mark set ct mark', 'open'],
  ['meta mark set ip saddr map { 10.7.7.7 : 0x1 }', 'open'],
  ['meta length > 1000', 'open'],
  ['ip ttl < 5', 'open'],
  ['ip ttl 63', 'open'],
  ['udp sport . udp length { 1-65535 . 9 }', 'open'],
  ['fib saddr . iif oif missing', 'open'],
  ['fib daddr type local', 'passes'],
  ['ip daddr & 255.0.255.0 == 10.0.0.0', 'open'],
  ['@th,16,16 5', 'open'],
  ['ip ttl set 1 ip daddr 10.7.7.7', 'open'],
  ['ip ttl set 64 ip daddr 10.7.7.7', 'passes'],
  ['jump { ip saddr 10.7.7.7', 'passes'],
  ['jump { ip saddr 10.0.0.2', 'dropped'],
];

const first = 5000;
const ruleAt = ([text]: (typeof conditions)[number], i: number): string =>
  `udp dport ${first + i} ${text} drop${text.startsWith('jump {') ? '; }' : ''}`;

const ruleset = `
table inet t {
  set seen { type ipv4_addr; flags dynamic,timeout; timeout 60s; size 1000; }
  set limited { type ipv4_addr; limit rate over 1000/second; elements = { 10.0.0.2 } }
  set listed { type ipv4_addr; flags interval; counter; elements = { 10.0.0.0/30 } }
  set pairs { type ipv4_addr . ifname; elements = { 10.0.0.2 . "ra", 10.0.0.3 . "ra" } }
  chain f {
    type filter hook forward priority 0; policy accept;
${conditions.map((one, i) => `    ${ruleAt(one, i)}`).join('\n')}
  }
}
table ip asleep {
  flags dormant
  chain f { type filter hook forward priority 0; policy drop; }
}
table ip n {
  chain p {
    type nat hook prerouting priority dstnat;
    dnat ip prefix to ip daddr map { 10.9.0.0/24 : 10.1.0.0/24 }
  }
}`;

const build = `
for n in a r b; do ip netns add $n; ip -n $n link set lo up; done
ip -n a link add va type veth peer name ra netns r
ip -n r link add rb type veth peer name vb netns b
for one in 'a va 10.0.0.2/24' 'r ra 10.0.0.1/24' 'r rb 10.1.0.1/24' 'b vb 10.1.0.2/24'; do
  set -- $one
  ip -n $1 address add $3 dev $2
  ip -n $1 link set $2 up
done
ip -n a route add default via 10.0.0.1
ip -n b route add default via 10.1.0.1
nsenter --net=/run/netns/r sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter'
: >/tmp/got
nsenter --net=/run/netns/b perl -MSocket -MIO::Select -e '
  my $all = IO::Select->new;
  for my $port (${first} .. ${first + conditions.length}) {
    socket(my $s, PF_INET, SOCK_DGRAM, 0); bind($s, sockaddr_in($port, INADDR_ANY)) or die; $all->add($s);
  }
  open(G, ">>", "/tmp/got"); select(G); $| = 1;
  while (my @ready = $all->can_read) { for (@ready) { recv($_, my $m, 99, 0); print "$m\\n" } }
' </dev/null >/dev/null 2>&1 &
nsenter --net=/run/netns/r nft -f - <<'N'
${ruleset}
N
`;

/** To every port, and to an address that another one stands for. */
const send = `
: >/tmp/got
nsenter --net=/run/netns/a perl -MSocket -e '
  socket(S, PF_INET, SOCK_DGRAM, 0);
  for (${first} .. ${first + conditions.length}) { send(S, $_, 0, sockaddr_in($_, inet_aton("10.1.0.2"))) }
  send(S, "mapped", 0, sockaddr_in(${first + conditions.length}, inet_aton("10.9.0.2")));
'
sleep 0.5
cat /tmp/got
`;

function traced(model: Model, address: string, port: number): { readonly told: Told; readonly certainty: string } {
  const netns = model.namespaces.find(({ keptBy }) =>
    keptBy.some((keeper) => keeper.by === 'mount' && keeper.path === '/run/netns/a'),
  );
  if (!netns) throw new Error('no a');
  const trace = tracePath(model, {
    from: { kind: 'netns', netns: netns.id },
    to: { kind: 'address', address },
    protocol: 'udp',
    port,
  });
  if ('problem' in trace) throw new Error(trace.problem);
  const [path] = trace.paths;
  if (!path) throw new Error('no path');
  const told = path.certainty !== 'certain' ? 'open' : path.end === 'delivered' ? 'passes' : 'dropped';
  return { told, certainty: path.certainty };
}

test('what is certain of a rule is so, whatever words stand in it', async () => {
  await withBareHost(async (host) => {
    await host.script(build);
    // The first time there are no neighbours.
    await host.script(send);
    await host.script(send);
    const heard = new Set((await host.script(send)).split('\n'));
    const { model } = await collectFrom(host, 'root');
    const rows = conditions.map(([text], i) => ({ text, ...traced(model, '10.1.0.2', first + i) }));
    expect(rows.map(({ text, told }) => [text, told])).toEqual(conditions);
    const real = conditions.map(([text], i) => [text, heard.has(String(first + i)) ? 'passes' : 'dropped']);
    expect(real.filter((_, i) => conditions[i]?.[1] !== 'open')).toEqual(
      conditions.filter(([, told]) => told !== 'open'),
    );
    // To which address is not read; whose connection it is, is.
    expect(heard).toContain('mapped');
    expect(traced(model, '10.9.0.2', first + conditions.length).certainty).toBe('ambiguous');
    expect(traced(model, '10.1.0.2', first + conditions.length).told).toBe('passes');
  });
});
