// Frames and routes with conditions: macvlan modes, locked ports and those that hand back, arp off, lo down, routes for a TOS
// or a source, rules at devices between, redirect and nat chains that drop. What is told to be certain is what really happens.
import { expect, test } from 'vitest';
import type { Model } from '../../../shared/model/model.ts';
import { tracePath } from '../../../shared/trace/trace.ts';
import { withBareHost } from './bare-host.ts';
import { collectFrom } from './collect-from.ts';
import { putTalkers } from './talkers.ts';

/** Everybody listens at 80 and 81. */
const build = `${putTalkers}
for n in h x y z vepa v1 v2 nic far b1 b2 private source listed quiet loud down r1 r2 kept over low away asks nat lax; do ip netns add $n; ip -n $n link set lo up; done
mac() { ip -n $1 -o link show \${2:-eth0} | sed 's/.*link\\/ether \\([^ ]*\\).*/\\1/'; }
knows() { ip -n $1 neigh replace $2 lladdr $3 dev \${4:-eth0} nud permanent; }
wire() { ip -n $1 link add $2 type veth peer name $4 netns $3; ip -n $1 link set $2 up; ip -n $3 link set $4 up; }
on() { ip -n $1 address add $2/24 dev \${3:-eth0}; }

# A bridge: x at a plain port, y at a locked one, z's address at its port is known, vepa at one that hands back.
ip -n h link add br0 address 02:00:00:00:00:01 type bridge; ip -n h link set br0 up; on h 10.8.0.254 br0
for n in x y z vepa kept; do wire h p$n $n eth0; ip -n h link set p$n master br0; done
on x 10.8.0.1; on y 10.8.0.2; on z 10.8.0.3
ip -n h link set py type bridge_slave learning off locked on
ip -n h link set pvepa type bridge_slave hairpin on
for v in v1 v2; do ip -n vepa link add link eth0 name $v type macvlan mode vepa; ip -n vepa link set $v netns $v name eth0; ip -n $v link set eth0 up; done
on v1 10.8.0.11; on v2 10.8.0.12
knows v1 10.8.0.12 $(mac v2); knows v2 10.8.0.11 $(mac v1)
knows x 10.8.0.3 $(mac z); knows z 10.8.0.1 $(mac x); knows y 10.8.0.3 $(mac z)
knows x 10.8.0.253 $(mac h pz); ip -n h address add 10.8.0.253/24 dev br0
knows x 10.8.0.252 $(mac h px); ip -n h address add 10.8.0.252/24 dev br0
knows x 10.8.0.254 02:00:00:00:00:01; knows h 10.8.0.1 $(mac x) br0; knows h 10.8.0.3 $(mac z) br0
at() { ip netns exec h bridge fdb replace $1 dev $2 master static; }
at $(mac x) px; at $(mac z) pz; at $(mac v1) pvepa; at $(mac v2) pvepa
on kept 10.8.0.4; knows x 10.8.0.4 $(mac kept); knows kept 10.8.0.1 $(mac x)
ip netns exec h bridge fdb replace $(mac kept) dev pkept master permanent
# What it said before it was locked.
ip netns exec h bridge fdb del $(mac y) dev py master 2>/dev/null || true

# macvlan of each mode, on a wire to far.
wire nic nic far eth0; on far 10.9.0.254
mode() { ip -n nic link add link nic name mv type macvlan mode $1; ip -n nic link set mv netns $2 name eth0; on $2 $3; ip -n $2 link set eth0 up; }
mode bridge b1 10.9.0.1; mode bridge b2 10.9.0.2; mode private private 10.9.0.3; mode source source 10.9.0.4
mode source listed 10.9.0.5; ip -n listed link set eth0 type macvlan macaddr add $(mac far)
i=0; for n in b1 b2 private source listed; do i=$((i+1)); for from in b1 far; do [ $from = $n ] || { knows $from 10.9.0.$i $(mac $n); knows $n 10.9.0.254 $(mac far); [ $n = b1 ] || knows $n 10.9.0.1 $(mac b1); }; done; done

# arp off at one end; two routes to two routers; lo that is down.
wire quiet eth0 loud eth0; on quiet 10.7.0.1; on loud 10.7.0.2; ip -n quiet link set eth0 arp off
wire down eth0 r1 eth0; on down 10.6.0.1; on r1 10.6.0.254
wire down eth1 r2 eth0; on down 10.5.0.1 eth1; on r2 10.5.0.254
ip -n down link set lo down
ip -n r1 address add 10.60.0.1/24 dev lo; ip -n r2 address add 10.60.0.1/24 dev lo
ip -n down route add 10.60.0.0/16 via 10.6.0.254
ip -n down route add 10.60.0.0/24 tos 0x10 via 10.5.0.254
knows down 10.6.0.254 $(mac r1); knows r1 10.6.0.1 $(mac down); knows down 10.5.0.254 $(mac r2) eth1
for n in down r1 r2; do nsenter --net=/run/netns/$n sh -c 'for f in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 >$f; done'; done
ip -n down address add fd06::1/64 dev eth0 nodad; ip -n r1 address add fd06::254/64 dev eth0 nodad
ip -n down address add fd05::1/64 dev eth1 nodad; ip -n r2 address add fd05::254/64 dev eth0 nodad
ip -n r1 address add fd60::1/128 dev lo nodad; ip -n r2 address add fd60::1/128 dev lo nodad
ip -n down route add fd60::/64 via fd06::254; ip -n down route add fd60::/96 from fd05::/64 via fd05::254
knows down fd06::254 $(mac r1); knows r1 fd06::1 $(mac down); knows down fd05::254 $(mac r2) eth1
# IPv6 neighbours answer for what is on their own link.
ip -n down route add fd61::/64 dev eth0; ip -n r1 address add fd61::1/128 dev lo nodad

# A device below a macvlan, which is in another network namespace than both ends.
wire low eth0 away eth0; on away 10.4.0.254
ip -n low link add link eth0 name mv type macvlan mode bridge; ip -n low link set mv netns over name eth0; ip -n over link set eth0 up
on over 10.4.0.1; knows away 10.4.0.1 $(mac over); knows over 10.4.0.254 $(mac away)
nsenter --net=/run/netns/low nft -f - <<'RULES'
table netdev t {
  chain i { type filter hook ingress device "eth0" priority 0; tcp dport 81 drop; }
}
RULES

# Redirected to the first of two addresses, to a device without any; nat chains that drop, where connections are kept and not.
wire asks eth0 nat eth0; on asks 10.3.0.2; on nat 10.3.0.1; on nat 10.33.0.1
wire asks eth1 nat eth1; on asks 10.2.0.2 eth1; ip -n asks neigh replace 10.2.0.1 lladdr $(mac nat eth1) dev eth1 nud permanent
wire asks eth2 lax eth0; on asks 10.1.0.2 eth2; on lax 10.1.0.1
knows asks 10.3.0.1 $(mac nat); knows nat 10.3.0.2 $(mac asks)
knows asks 10.1.0.1 $(mac lax) eth2; knows lax 10.1.0.2 $(mac asks eth2)
nsenter --net=/run/netns/nat nft -f - <<'RULES'
table ip t {
  chain p { type nat hook prerouting priority dstnat; tcp dport 82 redirect to :80; tcp dport 83 redirect to :80; }
  chain i { type nat hook input priority srcnat; tcp dport 81 drop; }
}
RULES
nsenter --net=/run/netns/lax nft -f - <<'RULES'
table ip t {
  chain p { type nat hook prerouting priority dstnat; tcp dport 80 drop; }
}
RULES

nft() { nsenter --net=/run/netns/h nft "$@"; }
nft add table bridge t
nft add chain bridge t i '{ type filter hook input priority 0; }'
nft add rule bridge t i tcp dport 81 drop
nft add chain bridge t o '{ type filter hook output priority 0; }'
nft add rule bridge t o tcp dport 81 drop
`;

const listening = [
  'h',
  'x',
  'z',
  'v2',
  'b1',
  'b2',
  'private',
  'source',
  'listed',
  'quiet',
  'loud',
  'down',
  'r1',
  'r2',
  'kept',
  'over',
  'nat',
  'lax',
];
const serve = [
  ...listening.flatMap((netns) =>
    [80, 81].map(
      (port) => `nsenter --net=/run/netns/${netns} perl /tmp/answer.pl tcp :: ${port} </dev/null >/dev/null &`,
    ),
  ),
  `for i in $(seq 500); do [ "$(ls /tmp/ready | wc -l)" -lt ${listening.length * 2} ] || break; sleep 0.01; done`,
  'ls /tmp/ready | wc -l',
].join('\n');

/** From, to, whether it answers, and how sure the trace is. */
const questions: readonly (readonly [from: string, address: string, port: number, answers: boolean, sure: string])[] = [
  ['v1', '10.8.0.12', 80, true, 'certain'],
  ['y', '10.8.0.3', 80, false, 'certain'],
  ['x', '10.8.0.254', 80, true, 'inferred'],
  ['x', '10.8.0.254', 81, false, 'inferred'],
  ['h', '10.8.0.1', 80, true, 'inferred'],
  ['h', '10.8.0.1', 81, false, 'inferred'],
  ['x', '10.8.0.3', 80, true, 'certain'],
  ['x', '10.8.0.253', 80, false, 'inferred'],
  ['x', '10.8.0.252', 80, true, 'inferred'],
  ['x', '10.8.0.4', 80, false, 'inferred'],
  ['away', '10.4.0.1', 80, true, 'inferred'],
  ['away', '10.4.0.1', 81, false, 'inferred'],
  ['asks', '10.3.0.1', 82, true, 'certain'],
  ['asks', '10.3.0.1', 81, false, 'certain'],
  ['asks', '10.2.0.1', 83, false, 'certain'],
  ['asks', '10.1.0.1', 80, true, 'inferred'],
  ['b1', '10.9.0.2', 80, true, 'certain'],
  ['b1', '10.9.0.3', 80, false, 'inferred'],
  ['b1', '10.9.0.4', 80, false, 'inferred'],
  ['b1', '10.9.0.5', 80, false, 'inferred'],
  ['far', '10.9.0.1', 80, true, 'certain'],
  ['far', '10.9.0.3', 80, true, 'certain'],
  ['far', '10.9.0.4', 80, false, 'inferred'],
  ['far', '10.9.0.5', 80, true, 'certain'],
  ['quiet', '10.7.0.2', 80, false, 'inferred'],
  ['loud', '10.7.0.1', 80, false, 'inferred'],
  ['down', '10.6.0.1', 80, false, 'certain'],
  ['down', '10.60.0.1', 80, true, 'ambiguous'],
  ['down', 'fd60::1', 80, true, 'certain'],
  ['down', 'fd61::1', 80, false, 'inferred'],
];

function traced(model: Model, [from, address, port]: (typeof questions)[number]) {
  const netns = model.namespaces.find(({ keptBy }) =>
    keptBy.some((keeper) => keeper.by === 'mount' && keeper.path === `/run/netns/${from}`),
  );
  if (!netns) throw new Error(`no ${from}`);
  const trace = tracePath(model, {
    from: { kind: 'netns', netns: netns.id },
    to: { kind: 'address', address },
    protocol: 'tcp',
    port,
  });
  if ('problem' in trace) throw new Error(trace.problem);
  const [path_] = trace.paths;
  const end = path_?.hops.at(-1)?.event;
  return {
    sure: path_?.certainty,
    who: end?.kind === 'delivered' ? end.processes.map((id) => id.replace('process:', '')).join(' ') : 'nobody',
  };
}

test('who takes a frame, and by which route it goes, is what really happens', async () => {
  await withBareHost(async (host) => {
    await host.script(build);
    expect((await host.script(serve)).trim()).toBe(String(listening.length * 2));
    const asked = questions.map(
      ([from, address, port]) => `nsenter --net=/run/netns/${from} perl /tmp/ask.pl tcp ${address} ${port}`,
    );
    const truth = (await host.script(asked.join('\n'))).trim().split('\n');
    const { model } = await collectFrom(host, 'root');
    const wrong: unknown[] = [];
    for (const [at, question] of questions.entries()) {
      const [, , port, answers, sure] = question;
      const who = truth[at] ?? '';
      const told = traced(model, question);
      // Rules for bridges are not followed: told is that they may drop it.
      const isRight = answers === (who !== 'nobody') && sure === told.sure && (port === 81 || told.who === who);
      if (!isRight) wrong.push({ question: question.join(' '), who, told });
    }
    expect(wrong).toEqual([]);
  });
});
