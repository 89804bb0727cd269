import { describe, expect, it } from 'vitest';
import { doubtsOf, inShort, TraceNetwork } from '../../../helpers/trace-model.ts';

const tcp = { protocol: 'tcp', port: 80 } as const;

describe('devices on others', () => {
  type Vlan = readonly [id: number, protocol?: string];
  /** Two network namespaces on one wire, each with these vlan devices, one on the other; the last has the address. */
  function tagged(ofA: readonly Vlan[], ofB: readonly Vlan[]) {
    const network = new TraceNetwork();
    const [a, b] = [network.netns(2, 'a'), network.netns(3, 'b')];
    const [va, vb] = [network.link(a, 'va', 'veth'), network.link(b, 'vb', 'veth')];
    network.wire(va, vb);
    const on = (netns: typeof a, first: typeof va, address: string, vlans: readonly Vlan[]) => {
      let lower = first;
      vlans.forEach(([id, protocol], i) => {
        const own = i === vlans.length - 1 ? [address] : [];
        const link = network.link(netns, `v${id}`, 'vlan', own, { data: { id, ...(protocol && { protocol }) } });
        network.builder.relate('lower', link, lower, 'lower.name');
        lower = link;
      });
    };
    on(a, va, '10.0.0.2/24', ofA);
    on(b, vb, '10.0.0.3/24', ofB);
    network.listens(b, '0.0.0.0', 80);
    return inShort(network.trace(a, '10.0.0.3', tcp))[0];
  }

  it('a tagged frame goes down, over, and up to the vlan of its number and protocol', () => {
    expect(tagged([[20]], [[20, '802.1Q']])).toBe(
      'inferred: sent, routed v20, out, stacked, pair, stacked, routed local, delivered',
    );
    expect(tagged([[20]], [[21]])).toContain('nobody-answers');
    expect(tagged([[20, '802.1ad']], [[20]])).toContain('nobody-answers');
    expect(tagged([[20, '802.1ad']], [[20, '802.1ad']])).toContain('delivered');
  });

  it('one tag within another is taken off after it', () => {
    expect(tagged([[10, '802.1ad'], [20]], [[10, '802.1ad'], [20]])).toBe(
      'inferred: sent, routed v20, out, stacked, stacked, pair, stacked, stacked, routed local, delivered',
    );
    expect(tagged([[10], [20]], [[10]])).toContain('nobody-answers');
    expect(tagged([[10], [20]], [[20], [10]])).toContain('nobody-answers');
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

  it('an XDP program where it comes in from outside sees it', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.link(host, 'eth0', 'physical', ['192.0.2.10/24'], { xdp: 'xdpgeneric' });
    network.listens(host, '0.0.0.0', 80);
    expect(doubtsOf(network.trace(host, '192.0.2.10', { from: { kind: 'outside' }, ...tcp }))).toContain('xdp: eth0');
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

  it('what comes by again with another source is not in one', () => {
    // a and the proxy p at one router r, which leads to p what a sends; p hides who sent it.
    const network = new TraceNetwork();
    const [a, p, r, b] = [network.netns(2, 'a'), network.netns(3, 'p'), network.netns(4, 'r'), network.netns(5, 'b')];
    const br0 = network.link(network.netns(1, 'host'), 'br0', 'bridge');
    for (const [netns, own] of [
      [a, '10.1.0.2/24'],
      [p, '10.1.0.9/24'],
      [r, '10.1.0.1/24'],
    ] as const) {
      const port = network.link('net:[1]', `to${netns}`, 'veth', [], { masterName: 'br0' });
      network.port(port, br0);
      network.wire(port, network.link(netns, 'eth0', 'veth', [own]));
      network.netconf(netns, 'eth0');
      network.netconf(netns, 'all');
    }
    network.wire(network.link(r, 'tob', 'veth', ['10.2.0.1/24']), network.link(b, 'eth0', 'veth', ['10.2.0.2/24']));
    for (const netns of [a, p]) network.route(netns, 'default via 10.1.0.1 dev eth0');
    network.rule(r, '100: from 10.1.0.2 lookup 100');
    network.route(r, 'default via 10.1.0.9 dev eth0 table 100');
    network.firewall(
      p,
      `table ip nat { # handle 1
         chain post { # handle 1
           type nat hook postrouting priority srcnat; policy accept;
           oifname "eth0" masquerade # handle 2
         }
       }`,
    );
    network.listens(b, '0.0.0.0', 80);
    const [path] = network.trace(a, '10.2.0.2', tcp).paths;
    expect(path?.end).toBe('delivered');
    expect(path?.hops.map(({ netns }) => netns)).toEqual(expect.arrayContaining([r, p, b]));
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

describe('macvlan', () => {
  const nic = '02:00:00:00:01:02';
  const macIn = (n: number): string => `02:00:00:00:0${n}:02`;
  /** far – nic of the host, which goes on at `nic` where it comes back; m2 and m3 on nic, in these modes. */
  function on(modes: readonly [string | undefined, string | undefined], more: Readonly<Record<string, unknown>> = {}) {
    const network = new TraceNetwork();
    const [host, far] = [network.netns(1, 'host'), network.netns(9, 'far')];
    const lower = network.link(host, 'nic', 'veth');
    network.wire(lower, network.link(far, 'eth0', 'veth', ['10.9.0.9/24']));
    const [a, b] = modes.map((mode, i) => {
      const netns = network.netns(i + 2, `m${i + 2}`);
      const data = { ...(mode !== undefined && { mode }), ...(i === 1 && more) };
      const link = network.link(netns, 'eth0', 'macvlan', [`10.9.0.${i + 2}/24`], { data });
      network.builder.relate('lower', link, lower, 'lower.name');
      network.listens(netns, '0.0.0.0', 80);
      return netns;
    });
    if (!a || !b) throw new Error('two');
    network.neighbour(a, 'eth0', '10.9.0.3', macIn(3));
    network.neighbour(far, 'eth0', '10.9.0.3', macIn(3));
    return { network, a, far };
  }
  const end = (trace: ReturnType<TraceNetwork['trace']>) =>
    trace.paths.map(({ hops, certainty }) => `${certainty} ${hops.at(-1)?.event.kind ?? ''}`).join(', ');

  it('in mode bridge they reach each other, and no other', () => {
    for (const [modes, told] of [
      [['bridge', 'bridge'], 'certain delivered'],
      [['bridge', 'private'], 'inferred lost'],
      [['bridge', 'vepa'], 'inferred lost'],
      [['bridge', 'source'], 'inferred lost'],
      [['private', 'bridge'], 'inferred lost'],
      [['vepa', 'vepa'], 'inferred lost'],
    ] as const) {
      const { network, a } = on(modes);
      expect(end(network.trace(a, '10.9.0.3', tcp)), modes.join(' to ')).toBe(told);
    }
    const { network, a } = on(['bridge', undefined]);
    const trace = network.trace(a, '10.9.0.3', tcp);
    expect(end(trace)).toBe('inferred delivered');
    expect(doubtsOf(trace)).toEqual(['mode-not-told: eth0']);
  });

  it('from outside all are reached, in mode source by those on its list', () => {
    const from = (mode: string, more?: Readonly<Record<string, unknown>>) => {
      const { network, far } = on(['bridge', mode], more);
      return end(network.trace(far, '10.9.0.3', tcp));
    };
    for (const mode of ['bridge', 'private', 'vepa']) expect(from(mode)).toBe('certain delivered');
    expect(from('source', { macaddr_count: 0 })).toBe('inferred lost');
    expect(from('source', { macaddr_count: 1, macaddr_data: ['02:00:00:00:09:02'] })).toBe('certain delivered');
    expect(from('source', { macaddr_count: 1, macaddr_data: [nic] })).toBe('inferred lost');
  });

  it('in mode vepa they reach each other by a port that hands frames back', () => {
    const network = new TraceNetwork();
    const [host, x] = [network.netns(1, 'host'), network.netns(8, 'x')];
    const br0 = network.link(host, 'br0', 'bridge');
    const forwarding = [{ mac: macIn(3), flags: [], evidence: [] }];
    const port = network.link(host, 'px', 'veth', [], { masterName: 'br0', portData: { hairpin: true }, forwarding });
    network.port(port, br0);
    const lower = network.link(x, 'eth0', 'veth');
    network.wire(port, lower);
    for (const n of [2, 3]) {
      const netns = network.netns(n, `v${n}`);
      const data = { mode: 'vepa' };
      network.builder.relate(
        'lower',
        network.link(netns, 'eth0', 'macvlan', [`10.9.0.${n}/24`], { data }),
        lower,
        'lower.name',
      );
      network.listens(netns, '0.0.0.0', 80);
    }
    // Who is asked for its address answers as well.
    expect(end(network.trace('net:[2]', '10.9.0.3', tcp))).toBe('inferred delivered');
    network.neighbour('net:[2]', 'eth0', '10.9.0.3', macIn(3));
    expect(end(network.trace('net:[2]', '10.9.0.3', tcp))).toBe('certain delivered');
  });

  it('ipvlan in mode private or vepa does not', () => {
    const beside = (data: Readonly<Record<string, unknown>>) => {
      const network = new TraceNetwork();
      const lower = network.link(network.netns(1, 'host'), 'nic', 'physical', [], { mac: nic });
      for (const n of [2, 3]) {
        const netns = network.netns(n, `i${n}`);
        const link = network.link(netns, 'eth0', 'ipvlan', [`10.9.0.${n}/24`], { data, mac: nic });
        network.builder.relate('lower', link, lower, 'lower.name');
      }
      return network.trace('net:[2]', '10.9.0.3').paths.some(({ end: how }) => how === 'delivered');
    };
    expect(beside({ mode: 'l2', bridge: true })).toBe(true);
    expect(beside({ mode: 'l2', private: true })).toBe(false);
    expect(beside({ mode: 'l2', vepa: true })).toBe(false);
  });
});
