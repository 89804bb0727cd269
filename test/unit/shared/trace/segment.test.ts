import { describe, expect, it } from 'vitest';
import type { Link } from '../../../../shared/model/link.ts';
import { address } from '../../../helpers/model-builder.ts';
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

  it('hands it where the table says, even where the owner of the address is elsewhere', () => {
    const { network, a } = bridged([{}, {}, learned(macOf(3))]);
    network.neighbour(a, 'eth0', '10.0.0.3', macOf(3));
    expect(network.trace(a, '10.0.0.3', tcp).paths.map(({ end }) => end)).toEqual(['lost']);
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

  it('may be kept from it by rules of bridges, or by those of IP that bridges may ask', () => {
    const said = (
      family: string,
      hook: string,
      policy = 'accept',
      rule = '\t\tip daddr 10.0.0.9 drop # handle 2\n',
    ) => {
      const { network, host, a } = bridged([{}, learned(macOf(3))]);
      network.neighbour(a, 'eth0', '10.0.0.3', macOf(3));
      const type = `type filter hook ${hook} priority filter; policy ${policy};`;
      network.firewall(host, `table ${family} f {\n\tchain c {\n\t\t${type}\n${rule}\t}\n}\n`);
      const trace = network.trace(a, '10.0.0.3', tcp);
      return [trace.paths[0]?.certainty, ...doubtsOf(trace)];
    };
    const doubtful = ['inferred', 'bridge-firewall: br0'];
    expect(said('bridge', 'input')).toEqual(doubtful);
    expect(said('ip', 'forward')).toEqual(doubtful);
    expect(said('inet', 'prerouting')).toEqual(doubtful);
    expect(said('ip', 'forward', 'drop', '')).toEqual(doubtful);
    expect(said('ip', 'forward', 'accept', '')).toEqual(['certain']);
    expect(said('ip', 'input')).toEqual(['certain']);
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

describe('devices on others', () => {
  /** Two network namespaces on one wire, with VLAN 20 on either end. */
  function tagged(id: number) {
    const network = new TraceNetwork();
    const [a, b] = [network.netns(2, 'a'), network.netns(3, 'b')];
    const [va, vb] = [network.link(a, 'va', 'veth'), network.link(b, 'vb', 'veth')];
    network.wire(va, vb);
    const on = (netns: typeof a, lower: typeof va, address: string, vlan: number) => {
      const link = network.link(netns, 'v20', 'vlan', [address], { data: { id: vlan } });
      network.builder.relate('lower', link, lower, 'lower.name');
      return link;
    };
    on(a, va, '10.0.0.2/24', 20);
    on(b, vb, '10.0.0.3/24', id);
    network.listens(b, '0.0.0.0', 80);
    return network.trace(a, '10.0.0.3', tcp);
  }

  it('a tagged frame goes down, over, and up to the vlan of its number', () => {
    expect(inShort(tagged(20))).toEqual([
      'inferred: sent, routed v20, out, stacked, pair, stacked, routed local, delivered',
    ]);
    expect(inShort(tagged(21))[0]).toContain('nobody-answers');
  });

  it('a link that is down sends nothing', () => {
    const network = new TraceNetwork();
    const a = network.netns(2, 'a');
    network.link(a, 'eth0', 'veth', ['10.0.0.2/24'], { flags: ['BROADCAST'] });
    expect(inShort(network.trace(a, '10.0.0.3'))).toEqual(['inferred: sent, routed eth0, out, dropped link-down']);
  });

  it('one whose flags were not told is not down, and what the files tell of a closed network namespace is its own', () => {
    const network = new TraceNetwork();
    const a = network.netns(2, 'a');
    network.link(a, 'eth0', 'unknown', [], { flags: [] });
    network.route(a, 'default via 10.0.0.1 dev eth0');
    network.listens(a, '0.0.0.0', 80);
    expect(inShort(network.trace(a, '10.0.0.2', tcp))[0]).toContain('lost kind-not-followed');
    const model = network.model();
    const localAddresses = [{ address: '10.0.0.2', evidence: { frame: 3, section: 'closed-addresses', line: 7 } }];
    const namespaces = model.namespaces.map((one) => ({ ...one, procNet: { devInode: 9, localAddresses } }));
    const trace = network.trace(a, '10.0.0.2', tcp, { ...model, namespaces });
    expect(inShort(trace)).toEqual(['certain: sent, routed local, delivered']);
    expect(trace.paths[0]?.hops[1]?.evidence).toContainEqual(localAddresses[0]?.evidence);
  });

  it('nor does lo when it is down, not even to an address of its own network namespace', () => {
    const network = new TraceNetwork();
    const a = network.netns(2, 'a');
    network.link(a, 'eth0', 'veth', ['10.0.0.2/24']);
    network.listens(a, '0.0.0.0', 80);
    const withLo = (flags: readonly string[]) => {
      const model = network.model();
      const links = model.links.map((one) => (one.kind === 'loopback' ? { ...one, flags } : one));
      return network.trace(a, '10.0.0.2', tcp, { ...model, links });
    };
    expect(inShort(withLo(['LOOPBACK']))).toEqual(['certain: sent, routed local, dropped link-down']);
    expect(inShort(withLo(['LOOPBACK', 'UP', 'LOWER_UP']))).toEqual(['certain: sent, routed local, delivered']);
    const notTold = withLo([]);
    expect(inShort(notTold)).toEqual(['inferred: sent, routed local, delivered']);
    expect(doubtsOf(notTold)).toEqual(['link-state: lo']);
  });

  it('of several ends of a wire each is a path', () => {
    const network = new TraceNetwork();
    const [a, b, c] = [network.netns(2, 'a'), network.netns(3, 'b'), network.netns(4, 'c')];
    const eth0 = network.link(a, 'eth0', 'veth', ['10.0.0.2/24']);
    for (const netns of [b, c]) {
      network.wire(eth0, network.link(netns, 'eth0', 'veth', ['10.0.0.3/24']), 'ambiguous');
      network.listens(netns, '0.0.0.0', 80);
    }
    const { paths } = network.trace(a, '10.0.0.3', tcp);
    expect(paths.map(({ end, certainty, hops }) => `${end} ${certainty} ${hops.at(-1)?.netns}`).sort()).toEqual([
      'delivered ambiguous net:[3]',
      'delivered ambiguous net:[4]',
    ]);
  });

  /** Three on one line, a – b – c; a and c lead to b, b to c. */
  function line() {
    const network = new TraceNetwork();
    const [a, b, c] = [network.netns(2, 'a'), network.netns(3, 'b'), network.netns(4, 'c')];
    network.wire(network.link(a, 'eth0', 'veth', ['10.0.1.1/24']), network.link(b, 'eth0', 'veth', ['10.0.1.2/24']));
    network.wire(network.link(b, 'eth1', 'veth', ['10.0.2.2/24']), network.link(c, 'eth0', 'veth', ['10.0.2.3/24']));
    network.route(a, 'default via 10.0.1.2 dev eth0');
    network.route(b, 'default via 10.0.2.3 dev eth1');
    network.route(c, 'default via 10.0.2.2 dev eth0');
    return { network, a, b, c };
  }

  it('rules at a device are not followed: they may drop it', () => {
    const { network, b, c } = line();
    network.neighbour(b, 'eth1', '10.0.2.3', '02:00:00:00:04:02');
    expect(network.trace(b, '10.0.2.3').paths[0]?.certainty).toBe('certain');
    network.firewall(
      c,
      `table netdev t { # handle 1
         chain in { # handle 1
           type filter hook ingress device "eth0" priority 0; policy accept;
           udp dport 53 drop # handle 2
         }
       }`,
    );
    const trace = network.trace(b, '10.0.2.3');
    expect(trace.paths[0]?.certainty).toBe('inferred');
    expect(doubtsOf(trace)).toEqual(['may-drop: netdev t in']);
  });

  it('a connection is rewritten where it is seen for the first time, and not when it comes by again', () => {
    const { network, a, b } = line();
    network.firewall(
      b,
      `table ip nat { # handle 1
         chain pre { # handle 1
           type nat hook prerouting priority dstnat; policy accept;
           iifname "eth1" dnat to 10.0.1.2 # handle 2
         }
       }`,
    );
    expect(network.trace(a, '203.0.113.1').paths[0]?.hops.some(({ event }) => event.kind === 'rewritten')).toBe(false);
    expect(network.trace('net:[4]', '203.0.113.1').paths[0]?.end).toBe('delivered');
  });

  it('circles end when they are closed', () => {
    const { network, a } = line();
    const [path] = network.trace(a, '203.0.113.1').paths;
    expect(path?.hops.at(-1)?.event).toMatchObject({ kind: 'dropped', reason: 'hop-limit' });
    expect(path?.hops.length).toBeLessThan(40);
  });

  it('what comes back to who sent it is dropped there: nobody else can have its source', () => {
    const { network, b } = line();
    expect(inShort(network.trace(b, '203.0.113.1'))).toEqual([
      'inferred: sent, routed eth1, out, pair, routed eth0, out, pair, dropped own-source',
    ]);
  });

  it('a route by lo leads here', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.route(host, '10.9.0.0/16 dev lo');
    network.listens(host, '0.0.0.0', 80);
    expect(inShort(network.trace(host, '10.9.1.1', tcp))[0]).toContain('routed local, delivered');
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

describe('who answers', () => {
  const off = ['BROADCAST', 'MULTICAST', 'NOARP', 'UP', 'LOWER_UP'];
  /** a – b, with `arp off` at either end where its flags say so. */
  function pair(ofA: Partial<Link> = {}, ofB: Partial<Link> = {}) {
    const network = new TraceNetwork();
    const [a, b] = [network.netns(2, 'a'), network.netns(3, 'b')];
    network.wire(
      network.link(a, 'eth0', 'veth', ['10.0.0.2/24'], ofA),
      network.link(b, 'eth0', 'veth', ['10.0.0.3/24'], ofB),
    );
    network.listens(b, '0.0.0.0', 80);
    return { network, a, b };
  }

  it('what is sent with arp off is for its own hardware address, unless there is an entry', () => {
    const { network, a } = pair({ flags: off });
    const trace = network.trace(a, '10.0.0.3', tcp);
    expect(inShort(trace)).toEqual(['inferred: sent, routed eth0, out, lost nobody-takes']);
    expect(trace.paths[0]?.hops[2]?.event).toMatchObject({ mac: '02:00:00:00:02:02', state: 'NOARP' });
    network.neighbour(a, 'eth0', '10.0.0.3', '02:00:00:00:03:02', 'PERMANENT');
    expect(inShort(network.trace(a, '10.0.0.3', tcp))).toEqual([
      'certain: sent, routed eth0, out, pair, routed local, delivered',
    ]);
    // Both ends of a netkit pair in mode l3 have the same one.
    const same = { flags: off, mac: '00:00:00:00:00:00' };
    expect(inShort(pair(same, same).network.trace(a, '10.0.0.3', tcp))[0]).toContain('delivered');
  });

  it('who has arp off answers nobody', () => {
    const { network, a } = pair({}, { flags: off });
    expect(inShort(network.trace(a, '10.0.0.3', tcp))).toEqual([
      'inferred: sent, routed eth0, out, lost nobody-answers',
    ]);
  });

  it('for IPv6 the device that has the address, for IPv4 every one of its network namespace', () => {
    const { network, a, b } = pair();
    network.link(b, 'eth1', 'veth', ['10.7.0.1/24'], { addresses: [address('10.7.0.1/24'), address('fd02::1/64')] });
    network.route(b, 'local fd02::1 dev eth1 table local');
    network.route(a, '10.7.0.0/24 dev eth0');
    network.route(a, 'fd02::/64 dev eth0');
    expect(inShort(network.trace(a, '10.7.0.1'))[0]).toContain('delivered');
    expect(inShort(network.trace(a, 'fd02::1'))[0]).toContain('nobody-answers');
    const model = network.model();
    const links = model.links.map((one) =>
      one.netns === b && one.name === 'eth0' ? { ...one, addresses: [address('fd02::1/64')] } : one,
    );
    expect(inShort(network.trace(a, 'fd02::1', {}, { ...model, links }))[0]).toContain('delivered');
  });
});
