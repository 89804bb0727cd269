// Kinds of links that the kernel of a lab can make, moved about, and what is asked about them besides: the truth is what
// the script built.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linkId, namespaceId } from '../../../shared/model/id.ts';
import type { LinkId } from '../../../shared/model/id.ts';
import type { Link } from '../../../shared/model/link.ts';
import type { RelationKind } from '../../../shared/model/relation.ts';
import { startBareHost } from './bare-host.ts';
import type { BareHost } from './bare-host.ts';
import { collectFrom } from './collect-from.ts';
import type { Collected } from './collect-from.ts';

/** Prints `NAME INODE` of each network namespace, then `have KIND` for each kind that this kernel has. */
const script = `
  ip netns add blue; ip netns add red
  echo "host $(stat -L -c %i /proc/self/ns/net)"
  for name in blue red; do echo "$name $(stat -L -c %i /run/netns/$name)"; done

  # A bridge with spanning tree; a port that somebody wrote an address down for; names for its other ends.
  ip link add br0 index 100 type bridge stp_state 1 ageing_time 12000
  ip link set br0 up
  ip link add port0 index 101 type veth peer name eth0 index 201 netns blue
  ip link set port0 master br0 up
  ip link set port0 type bridge_slave hairpin on isolated on cost 7
  ip -n blue link set eth0 up
  bridge fdb add 02:00:00:00:00:05 dev port0 master static
  ip link add vlan-aware index 102 type bridge vlan_filtering 1 2>/dev/null && echo "have vlan_filtering"

  # An end in one network namespace and its like, with the same index, in another that ip's own names tell apart.
  ip -n blue link add up index 110 type veth peer name down index 111 netns red

  ip link add ifb7 index 120 type ifb 2>/dev/null && echo "have ifb"
  ip tuntap add dev tap7 mode tap user 1000 multi_queue && echo "have tun"

  ip link add nic index 130 type veth peer name far index 131
  ip addr add 10.9.0.1/24 dev nic
  ip link set nic up; ip link set far up
  if ip link add mv0 index 140 link nic type macvlan mode private 2>/dev/null; then
    ip link set mv0 netns blue; echo "have macvlan"
  fi
  # Moved: it says its own index, 151, beside the id of a namespace where another link has that.
  if ip link add vx0 index 151 type vxlan id 42 remote 10.9.0.2 dstport 4789 dev nic 2>/dev/null; then
    ip -n blue link add decoy index 130 type veth peer name decoy-peer index 133
    ip link set vx0 netns blue; echo "have vxlan"
    ip link add innocent index 151 type veth peer name innocent-peer index 152
    ip link add vx1 type vxlan id 43 remote 10.9.0.3 dstport 4790 dev nic
    bridge fdb append 00:00:00:00:00:00 dev vx1 dst 10.9.0.4
  fi
  ip nexthop add id 5 via 10.9.0.2 dev nic && ip route add 10.10.0.0/16 nhid 5 && echo "have nexthop"
  ip neigh add proxy 10.9.0.77 dev nic`;

describe('kinds of links', () => {
  let host: BareHost;
  let collected: Collected;
  let said: readonly string[];
  beforeAll(async () => {
    host = await startBareHost();
    said = (await host.script(script)).split('\n');
    collected = await collectFrom(host, 'root');
  });
  afterAll(() => host.stop());

  const has = (what: string): boolean => said.includes(`have ${what}`);
  const netns = (name: string) => {
    const line = said.find((one) => one.startsWith(`${name} `));
    return namespaceId('net', Number(line?.split(' ')[1]));
  };
  const link = (where: string, name: string): Link => {
    const found = collected.model.links.find((one) => one.netns === netns(where) && one.name === name);
    if (!found) throw new Error(`no link ${name} in ${where}`);
    return found;
  };
  const at = (where: string, index: number): LinkId => linkId(netns(where), index);
  const from = (id: string, kind: RelationKind): readonly string[] =>
    collected.model.relations
      .filter((one) => one.kind === kind && (one.from === id || (kind === 'veth-peer' && one.to === id)))
      .map((one) => `${one.from === id ? one.to : one.from} ${one.certainty}`);

  test('a bridge, its port, and what it was told of it', () => {
    expect(link('host', 'br0').data).toMatchObject({ stp_state: 1, ageing_time: 12000 });
    expect(link('host', 'port0')).toMatchObject({
      portKind: 'bridge',
      portData: { hairpin: true, isolated: true, cost: 7 },
      forwarding: [{ mac: '02:00:00:00:00:05', state: 'static' }],
    });
    expect(from(at('host', 101), 'master')).toEqual([`${at('host', 100)} certain`]);
    expect(link('host', 'nic').forwarding).toBeUndefined();
  });

  test('ends in named network namespaces', () => {
    expect(from(at('blue', 110), 'veth-peer')).toEqual([`${at('red', 111)} certain`]);
    expect(from(at('host', 101), 'veth-peer')).toEqual([`${at('blue', 201)} certain`]);
  });

  test('tap and ifb', (context) => {
    context.skip(!has('tun') || !has('ifb'), 'the kernel has none');
    expect(link('host', 'tap7').data).toMatchObject({ type: 'tap', multi_queue: true, persist: true });
    expect(link('host', 'ifb7').kind).toBe('ifb');
    expect(from(at('host', 120), 'lower')).toEqual([]);
  });

  test('a macvlan that was moved lies on its NIC', (context) => {
    context.skip(!has('macvlan'), 'the kernel has none');
    expect(from(at('blue', 140), 'lower')).toEqual([`${at('host', 130)} certain`]);
  });

  test('a vxlan that was moved lies on its NIC, not on who has its index or its NIC’s', (context) => {
    context.skip(!has('vxlan'), 'the kernel has none');
    expect(link('blue', 'vx0')).toMatchObject({ data: { id: 42, link: 'decoy' }, lower: { ifindex: 151 } });
    expect(from(at('blue', 151), 'lower')).toEqual([`${at('host', 130)} certain`]);
    expect(from(at('blue', 151), 'underlay')).toEqual([`${netns('host')} certain`]);
    expect(link('host', 'vx1').forwarding?.map(({ destination }) => destination)).toEqual(['10.9.0.3', '10.9.0.4']);
  });

  test('next hops and proxies', (context) => {
    context.skip(!has('nexthop'), 'the kernel has none');
    expect(collected.model.nextHops).toMatchObject([
      { id: 5, gateway: '10.9.0.2', device: 'nic', netns: netns('host') },
    ]);
    expect(collected.model.routes.find((one) => one.destination === '10.10.0.0/16')).toMatchObject({
      nexthopId: 5,
      gateway: '10.9.0.2',
    });
    expect(collected.model.neighbours.find((one) => one.address === '10.9.0.77')?.flags).toEqual(['proxy']);
  });

  test('nothing more is asked than the links make worth asking', () => {
    const asked = (section: string) =>
      collected.transcript.frames.filter((frame) => frame.section === section).map(({ key }) => key);
    expect(new Set(asked('fdb'))).toEqual(new Set([netns('host'), ...(has('vxlan') ? [netns('blue')] : [])]));
    expect(asked('bridge-vlan')).toEqual(has('vlan_filtering') ? [netns('host')] : []);
    expect(asked('wireguard')).toEqual([]);
  });
});
