// A router with routes of type local in a table of its own, as for TPROXY, and one for a proxy on a stick: what is an own
// address, who answers ARP, and which source is chosen. What is told to be certain is what really happens.
import { expect, test } from 'vitest';
import { tracePath } from '../../../shared/trace/trace.ts';
import { withBareHost } from './bare-host.ts';
import { collectFrom } from './collect-from.ts';
import { putTalkers } from './talkers.ts';

/** a, c and the proxy p at the switch s, with the router r; b and w behind it. w has two networks on one link. */
const build = `${putTalkers}
for n in s a c p r b w; do ip netns add $n; ip -n $n link set lo up; done
mac() { ip -n $1 -o link show $2 | sed 's/.*link\\/ether \\([^ ]*\\).*/\\1/'; }
knows() { ip -n $1 neigh replace $2 lladdr $3 dev $4 nud permanent; }
on() { ip -n $1 address add $2/24 dev $3; }
ip -n s link add br0 type bridge; ip -n s link set br0 up
for n in a c p r; do
  ip -n $n link add eth0 type veth peer name to$n netns s; ip -n $n link set eth0 up
  ip -n s link set to$n master br0; ip -n s link set to$n up
  ip netns exec s bridge fdb replace $(mac $n eth0) dev to$n master static
done
for n in b w; do ip -n $n link add eth0 type veth peer name to$n netns r; ip -n $n link set eth0 up; ip -n r link set to$n up; done
on r 10.1.0.1 eth0; on a 10.1.0.2 eth0; on c 10.1.0.3 eth0; on p 10.1.0.9 eth0
on r 10.2.0.1 tob; on b 10.2.0.2 eth0
on w 10.5.0.2 eth0; on w 10.7.0.2 eth0; on r 10.5.0.1 tow; on r 10.7.0.200 tow; ip -n w route add 10.7.0.128/25 dev eth0
for n in a c p; do ip -n $n route add default via 10.1.0.1; knows $n 10.1.0.1 $(mac r eth0) eth0; knows p 10.1.0.3 $(mac c eth0) eth0; done
for one in a.2 c.3 p.9; do knows r 10.1.0.\${one#*.} $(mac \${one%.*} eth0) eth0; done
ip -n b route add default via 10.2.0.1
knows b 10.2.0.1 $(mac r tob) eth0; knows r 10.2.0.2 $(mac b eth0) tob
knows w 10.7.0.200 $(mac r tow) eth0; knows r 10.5.0.2 $(mac w eth0) tow; knows r 10.7.0.2 $(mac w eth0) tow
for n in p r; do nsenter --net=/run/netns/$n sh -c 'cd /proc/sys/net/ipv4; echo 1 >ip_forward; for f in conf/*/send_redirects conf/*/rp_filter; do echo 0 >$f; done'; done
ip -n r route add local default dev lo table 100; ip -n r rule add from 192.0.2.0/24 lookup 100
ip -n r route add default via 10.1.0.9 table 101; ip -n r rule add from 10.1.0.3 lookup 101
ip netns exec r nft -f - <<'N'
table ip n {
  chain p { type nat hook prerouting priority dstnat; fib daddr type local tcp dport 80 dnat to 10.2.0.2:81; }
  chain f { type filter hook forward priority 0; fib daddr type local tcp dport 82 drop; }
  chain i { type filter hook input priority 0; tcp dport 82 ip saddr 10.5.0.2 drop; }
}
N
ip netns exec p nft add table ip n
ip netns exec p nft add chain ip n q '{ type nat hook postrouting priority srcnat; }'
ip netns exec p nft add rule ip n q oifname eth0 masquerade
for n in b r; do for port in 80 81 82; do
  nsenter --net=/run/netns/$n perl /tmp/answer.pl tcp 0.0.0.0 $port </dev/null >/dev/null &
done; done
for i in $(seq 500); do [ "$(ls /tmp/ready | wc -l)" -lt 6 ] || break; sleep 0.01; done
`;

/** From, to, whether it answers, and how sure the trace is. */
const questions: readonly (readonly [from: string, address: string, port: number, answers: boolean, sure: string])[] = [
  ['a', '10.2.0.2', 80, true, 'certain'],
  ['a', '10.2.0.2', 82, true, 'certain'],
  ['a', '10.1.0.1', 80, true, 'certain'],
  ['a', '10.1.0.77', 81, false, 'inferred'],
  ['c', '10.2.0.2', 81, true, 'certain'],
  ['w', '10.7.0.200', 81, true, 'certain'],
  ['w', '10.7.0.200', 82, false, 'certain'],
];

test('own addresses, who answers and the source are what the kernel takes', async () => {
  await withBareHost(async (host) => {
    await host.script(build);
    const asked = questions.map(
      ([from, address, port]) => `nsenter --net=/run/netns/${from} perl /tmp/ask.pl tcp ${address} ${port}`,
    );
    const truth = (await host.script(asked.join('\n'))).trim().split('\n');
    const { model } = await collectFrom(host, 'root');
    const told = questions.map(([from, address, port, answers]) => {
      const netns = model.namespaces.find(({ keptBy }) =>
        keptBy.some((keeper) => keeper.by === 'mount' && keeper.path === `/run/netns/${from}`),
      );
      if (!netns) throw new Error(`no ${from}`);
      const start = { kind: 'netns', netns: netns.id } as const;
      const trace = tracePath(model, { from: start, to: { kind: 'address', address }, protocol: 'tcp', port });
      if ('problem' in trace) throw new Error(trace.problem);
      const [first] = trace.paths;
      const end = first?.hops.at(-1)?.event;
      const who =
        end?.kind === 'delivered' ? end.processes.map((id) => id.replace('process:', '')).join(' ') : 'nobody';
      return { from, address, port, answers: answers === (who !== 'nobody'), who, sure: first?.certainty };
    });
    expect(told).toEqual(
      questions.map(([from, address, port, , sure], at) => ({
        from,
        address,
        port,
        answers: true,
        who: truth[at],
        sure,
      })),
    );
  });
});
