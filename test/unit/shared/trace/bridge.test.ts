import { describe, expect, it } from 'vitest';
import type { Link } from '../../../../shared/model/link.ts';
import { doubtsOf, inShort, TraceNetwork } from '../../../helpers/trace-model.ts';

/** Three network namespaces at one bridge of the host's; `extra` goes to the port of each. */
function bridged(extra: readonly Partial<Link>[] = [], bridgeData: Readonly<Record<string, unknown>> = {}) {
  const network = new TraceNetwork();
  const host = network.netns(1, 'host');
  const br0 = network.link(host, 'br0', 'bridge', ['10.0.0.1/24'], { data: bridgeData });
  const inside = [2, 3, 4].map((n, i) => {
    const netns = network.netns(n, `ns${n}`);
    const port = network.link(host, `port${n}`, 'veth', [], { masterName: 'br0', ...extra[i] });
    const eth0 = network.link(netns, 'eth0', 'veth', [`10.0.0.${n}/24`]);
    network.port(port, br0);
    network.wire(port, eth0);
    network.listens(netns, '0.0.0.0', 80);
    return netns;
  });
  const [a, b] = inside;
  if (!a || !b) throw new Error('two at least');
  return { network, host, a, b };
}
const tcp = { protocol: 'tcp', port: 80 } as const;
const macOf = (n: number): string => `02:00:00:00:0${n}:02`;
const learned = (mac: string) => ({
  forwarding: [{ mac, flags: [], evidence: [{ frame: 0, section: 'fdb', line: 7 }] }],
});

describe('a bridge', () => {
  it('hands a frame to the port that its forwarding table has for the address: certain', () => {
    const { network, a } = bridged([{}, learned(macOf(3))]);
    network.neighbour(a, 'eth0', '10.0.0.3', macOf(3));
    const trace = network.trace(a, '10.0.0.3', tcp);
    expect(inShort(trace)).toEqual([
      'certain: sent, routed eth0, out, pair, bridged fdb, pair, routed local, delivered',
    ]);
    const step = trace.paths[0]?.hops.find(({ event }) => event.kind === 'bridged');
    expect(step?.evidence).toContainEqual({ frame: 0, section: 'fdb', line: 7 });
  });

  it('sends it to every port where the table does not have it: said', () => {
    const { network, a } = bridged();
    network.neighbour(a, 'eth0', '10.0.0.3', macOf(3));
    const trace = network.trace(a, '10.0.0.3', tcp);
    expect(inShort(trace)).toEqual([
      'inferred: sent, routed eth0, out, pair, bridged flooded, pair, routed local, delivered',
    ]);
    expect(doubtsOf(trace)).toEqual(['flooded: br0']);
  });

  it('leaves out ports that nothing unknown is sent to, or no broadcast', () => {
    const off = (portData: Readonly<Record<string, unknown>>, knows: boolean) => {
      const { network, a } = bridged([{}, { portData }]);
      if (knows) network.neighbour(a, 'eth0', '10.0.0.3', macOf(3));
      return inShort(network.trace(a, '10.0.0.3', tcp))[0];
    };
    expect(off({ flood: false }, true)).toContain('lost nobody-takes');
    expect(off({ bcast_flood: false }, true)).toContain('delivered');
    expect(off({ bcast_flood: false }, false)).toContain('lost nobody-answers');
  });

  it('hands it where the table says, even where the owner of the address is elsewhere', () => {
    const { network, a } = bridged([{}, {}, learned(macOf(3))]);
    network.neighbour(a, 'eth0', '10.0.0.3', macOf(3));
    expect(network.trace(a, '10.0.0.3', tcp).paths.map(({ end }) => end)).toEqual(['lost']);
  });

  it('keeps what its table has as permanent, whoever has that address', () => {
    const [entry] = learned(macOf(3)).forwarding;
    if (!entry) throw new Error('one');
    const to = (more: { readonly vlan?: number }) => {
      const { network, a } = bridged([{}, { forwarding: [{ ...entry, state: 'permanent', ...more }] }]);
      network.neighbour(a, 'eth0', '10.0.0.3', macOf(3));
      return inShort(network.trace(a, '10.0.0.3', tcp));
    };
    expect(to({})).toEqual(['inferred: sent, routed eth0, out, lost nobody-takes']);
    // Of a VLAN, where the bridge asks for none.
    expect(to({ vlan: 1 })[0]).toContain('delivered');
    // What the bridge sends itself goes to the port that the table names.
    const { network, host } = bridged([{}, { forwarding: [{ ...entry, state: 'permanent' }] }]);
    network.neighbour(host, 'br0', '10.0.0.3', macOf(3));
    expect(inShort(network.trace(host, '10.0.0.3', tcp))).toEqual([
      'certain: sent, routed br0, out, bridged fdb, pair, routed local, delivered',
    ]);
  });

  it('asks all where there is no neighbour entry: who has the address answers', () => {
    const { network, a } = bridged([{}, learned(macOf(3))]);
    const trace = network.trace(a, '10.0.0.3', tcp);
    expect(inShort(trace)).toEqual([
      'inferred: sent, routed eth0, out, pair, bridged fdb, pair, routed local, delivered',
    ]);
    expect(doubtsOf(trace)).toEqual(['neighbour-not-known: 10.0.0.3']);
    expect(inShort(network.trace(a, '10.0.0.77', tcp))).toEqual([
      'inferred: sent, routed eth0, out, lost nobody-answers',
    ]);
  });

  it('does not let a frame through a port that spanning tree has closed', () => {
    const { network, a } = bridged([{}, { portData: { state: 'blocking' } }]);
    expect(inShort(network.trace(a, '10.0.0.3', tcp))[0]).toContain('lost nobody-answers');
    const closed = bridged([{ portData: { state: 'blocking' } }]);
    expect(inShort(closed.network.trace(closed.a, '10.0.0.3', tcp))[0]).toContain('lost nobody-answers');
  });

  it('keeps isolated ports apart, and VLANs', () => {
    const isolated = { portData: { isolated: true } };
    expect(inShort(bridged([isolated, isolated]).network.trace('net:[2]', '10.0.0.3', tcp))[0]).toContain(
      'nobody-answers',
    );
    const vlan = (id: number) => ({ vlans: [{ from: id, to: id, pvid: true, untagged: true, evidence: [] }] });
    const filtering = { vlan_filtering: 1 };
    const apart = bridged([vlan(10), vlan(20)], filtering).network;
    expect(inShort(apart.trace('net:[2]', '10.0.0.3', tcp))[0]).toContain('nobody-answers');
    const same = bridged([vlan(10), vlan(10)], filtering).network;
    expect(inShort(same.trace('net:[2]', '10.0.0.3', tcp))[0]).toContain('delivered');
  });

  it('with vlan_filtering carries a tag of another protocol than its own, within that of its port', () => {
    const vlan10 = { vlans: [{ from: 10, to: 10, pvid: true, untagged: true, evidence: [] }] };
    const between = (protocol: string, other: string, bridge: Readonly<Record<string, unknown>> = {}) => {
      const { network, a, b } = bridged([vlan10, vlan10], { vlan_filtering: 1, ...bridge });
      const below = network.model().links.filter(({ name }) => name === 'eth0');
      for (const [netns, own, tag] of [
        [a, '10.5.0.2/24', protocol],
        [b, '10.5.0.3/24', other],
      ] as const) {
        const link = network.link(netns, 'v5', 'vlan', [own], { data: { id: 5, protocol: tag } });
        const lower = below.find((one) => one.netns === netns);
        if (lower) network.builder.relate('lower', link, lower.id, 'lower.name');
      }
      return inShort(network.trace(a, '10.5.0.3', tcp))[0];
    };
    expect(between('802.1ad', '802.1ad')).toContain('delivered');
    expect(between('802.1ad', '802.1Q')).toContain('nobody-answers');
    // Of its own protocol: VLAN 5 is none of the port's.
    expect(between('802.1Q', '802.1Q')).toContain('nobody-answers');
    expect(between('802.1Q', '802.1Q', { vlan_protocol: '802.1ad' })).toContain('delivered');
  });

  it('takes at a locked port what its forwarding table has there', () => {
    const locked = (more: Partial<Link>) => {
      const { network, a } = bridged([{ portData: { locked: true }, ...more }, learned(macOf(3))]);
      network.neighbour(a, 'eth0', '10.0.0.3', macOf(3));
      return network.trace(a, '10.0.0.3', tcp);
    };
    const across = 'sent, routed eth0, out, pair, bridged fdb, pair, routed local, delivered';
    expect(inShort(locked(learned(macOf(2))))).toEqual([`certain: ${across}`]);
    expect(inShort(locked({ forwarding: [] }))).toEqual(['certain: sent, routed eth0, out, pair, dropped port-locked']);
    const [entry] = learned(macOf(2)).forwarding;
    expect(inShort(locked(entry ? { forwarding: [{ ...entry, flags: ['locked'] }] } : {}))[0]).toContain('port-locked');
    const notAsked = locked({});
    expect(inShort(notAsked)).toEqual([`inferred: ${across}`]);
    expect(doubtsOf(notAsked)).toEqual(['port-locked: port2']);
  });

  it('is for its own address and that of the port it came in by; what is for another port’s is nobody’s', () => {
    const to = (mac: string) => {
      const { network, host, a } = bridged();
      network.listens(host, '0.0.0.0', 80);
      network.neighbour(a, 'eth0', '10.0.0.1', mac);
      return inShort(network.trace(a, '10.0.0.1', tcp));
    };
    const up = ['certain: sent, routed eth0, out, pair, bridged itself, routed local, delivered'];
    expect(to('02:00:00:00:01:02')).toEqual(up);
    expect(to('02:00:00:00:01:03')).toEqual(up);
    expect(to('02:00:00:00:01:04')).toEqual(['inferred: sent, routed eth0, out, lost nobody-takes']);
  });

  it('may meet rules: between two ports those of IP too, to and from the bridge those for bridges', () => {
    const met = (family: string, hook: string, way: 'across' | 'to' | 'from') => {
      const { network, host, a } = bridged([{}, learned(macOf(3))]);
      network.neighbour(a, 'eth0', '10.0.0.3', macOf(3));
      network.neighbour(a, 'eth0', '10.0.0.1', '02:00:00:00:01:02');
      network.neighbour(host, 'br0', '10.0.0.3', macOf(3));
      const chain = `type filter hook ${hook} priority 0; policy accept; udp dport 53 drop # handle 2`;
      const text = `table ${family} t { # handle 1\n chain c { # handle 1\n ${chain.replaceAll('; ', ';\n')}\n }\n }`;
      network.firewall(host, text);
      const [from, to] = way === 'from' ? [host, '10.0.0.3'] : [a, way === 'to' ? '10.0.0.1' : '10.0.0.3'];
      return doubtsOf(network.trace(from, to, tcp)).includes('bridge-firewall: br0');
    };
    const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
    const at = (family: string, way: 'across' | 'to' | 'from') => hooks.filter((hook) => met(family, hook, way));
    expect(at('bridge', 'across')).toEqual(['prerouting', 'forward', 'postrouting']);
    expect(at('ip', 'across')).toEqual(['prerouting', 'forward', 'postrouting']);
    expect(at('bridge', 'to')).toEqual(['prerouting', 'input']);
    expect(at('bridge', 'from')).toEqual(['output', 'postrouting']);
    expect([...at('ip', 'to'), ...at('ip', 'from')]).toEqual([]);
  });

  it('in a network namespace whose firewall was not read may meet rules', () => {
    const { network, host, a } = bridged([{}, learned(macOf(3))]);
    network.neighbour(a, 'eth0', '10.0.0.3', macOf(3));
    network.noFirewallRead(host);
    const trace = network.trace(a, '10.0.0.3', tcp);
    expect(trace.paths[0]?.certainty).toBe('inferred');
    expect(doubtsOf(trace)).toEqual(['firewall-not-read: ']);
  });

  it('takes what is for its own address, and the host forwards it: not known whether it does', () => {
    const { network, host, a } = bridged();
    network.link(host, 'eth0', 'physical', ['192.0.2.10/24']);
    network.route(host, 'default via 192.0.2.1 dev eth0');
    network.neighbour(host, 'eth0', '192.0.2.1', '02:00:00:00:99:01');
    network.route(a, 'default via 10.0.0.1 dev eth0');
    network.neighbour(a, 'eth0', '10.0.0.1', '02:00:00:00:01:02');
    const trace = network.trace(a, '203.0.113.1');
    expect(inShort(trace)).toEqual([
      'inferred: sent, routed eth0, out, pair, bridged itself, routed eth0, out, leaves',
    ]);
    expect(doubtsOf(trace)).toEqual(['forwarding: net:[1]']);
  });
});

describe('a queue', () => {
  const told = (extra: readonly Partial<Link>[], from: 'a' | 'b') => {
    const { network, a, b } = bridged(extra.map((one, i) => ({ ...learned(macOf(i + 2)), ...one })));
    const [one, other, n] = from === 'a' ? [a, '10.0.0.3', 3] : [b, '10.0.0.2', 2];
    network.neighbour(one, 'eth0', other, macOf(n));
    return network.trace(one, other, tcp);
  };

  it('of somebody’s choice where it leaves may drop it', () => {
    const trace = told([{}, { qdisc: 'netem' }], 'a');
    expect(doubtsOf(trace)).toEqual(['qdisc: port3: netem']);
    expect(trace.paths[0]?.certainty).toBe('inferred');
    expect(doubtsOf(told([{}, { qdisc: 'netem' }], 'b'))).toEqual([]);
  });

  it('of the kernel’s own does not', () => {
    for (const qdisc of ['noqueue', 'pfifo_fast', 'fq_codel', 'fq', 'mq'])
      expect(doubtsOf(told([{ qdisc }, { qdisc }], 'a'))).toEqual([]);
  });

  it('at the device that the route names', () => {
    const network = new TraceNetwork();
    const [host, other] = [network.netns(1, 'host'), network.netns(2, 'other')];
    network.wire(
      network.link(host, 'v', 'veth', ['10.0.0.1/24'], { qdisc: 'tbf' }),
      network.link(other, 'eth0', 'veth', ['10.0.0.2/24']),
    );
    network.neighbour(host, 'v', '10.0.0.2', '02:00:00:00:02:02');
    expect(doubtsOf(network.trace(host, '10.0.0.2'))).toEqual(['qdisc: v: tbf']);
  });
});
