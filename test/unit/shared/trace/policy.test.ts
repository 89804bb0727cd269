import { describe, expect, it } from 'vitest';
import { lookAt } from '../../../../shared/trace/look.ts';
import { routesFor } from '../../../../shared/trace/policy.ts';
import { address } from '../../../helpers/model-builder.ts';
import { doubtsOf, inShort, TraceNetwork } from '../../../helpers/trace-model.ts';

/** A host with two ways out. */
function twoWays() {
  const network = new TraceNetwork();
  const host = network.netns(1, 'host');
  network.link(host, 'eth0', 'physical', ['192.0.2.10/24']);
  network.link(host, 'eth1', 'physical', ['198.51.100.10/24']);
  network.neighbour(host, 'eth0', '192.0.2.1', '02:00:00:00:99:01');
  network.neighbour(host, 'eth1', '198.51.100.1', '02:00:00:00:99:02');
  network.route(host, 'default via 192.0.2.1 dev eth0');
  network.route(host, 'default via 198.51.100.1 dev eth1 table 77');
  return { network, host };
}
const byMain = 'certain: sent, routed eth0, out, leaves';
const by77 = 'certain: sent, routed eth1, out, leaves';
const outside = '203.0.113.1';

describe('policy rules', () => {
  it('are asked in order: the first whose table has a route decides', () => {
    const { network, host } = twoWays();
    expect(inShort(network.trace(host, outside))).toEqual([byMain]);
    network.rule(host, '100: to 203.0.113.0/24 lookup 77');
    expect(inShort(network.trace(host, outside))).toEqual([by77]);
    expect(inShort(network.trace(host, '203.0.114.1'))).toEqual([byMain]);
  });

  it('that lead to a table without a route are passed over, and so is throw', () => {
    const { network, host } = twoWays();
    network.rule(host, '90: from all lookup 5');
    network.rule(host, '91: from all lookup 6');
    network.route(host, 'throw 203.0.113.0/24 table 6');
    expect(inShort(network.trace(host, outside))).toEqual([byMain]);
  });

  it('with suppress_prefixlength 0 leave the default route to others', () => {
    const { network, host } = twoWays();
    network.rule(host, '90: from all lookup main suppress_prefixlength 0');
    network.rule(host, '91: from all lookup 77');
    expect(inShort(network.trace(host, outside))).toEqual([by77]);
    expect(inShort(network.trace(host, '192.0.2.99'))[0]).toContain('routed eth0');
  });

  it('that ask for a mark lead to both, the unmarked first; where both come to the same, it is certain', () => {
    const { network, host } = twoWays();
    network.rule(host, '100: from all fwmark 0x1 lookup 77');
    const trace = network.trace(host, outside);
    expect(inShort(trace)).toEqual([
      'ambiguous: sent, routed eth0, out, leaves',
      'ambiguous: sent, routed eth1, out, leaves',
    ]);
    expect(doubtsOf(trace)).toEqual(['policy-rule: 100: fwmark 0x1']);
    network.route(host, '203.0.113.0/24 via 192.0.2.1 dev eth0 table 5');
    network.rule(host, '50: to 203.0.113.0/24 lookup 5');
    expect(inShort(network.trace(host, outside))).toEqual([byMain]);
  });

  it('that ask for a mark and are turned around match what has none', () => {
    const { network, host } = twoWays();
    network.rule(host, '100: not from all fwmark 0xca6c lookup 77');
    expect(inShort(network.trace(host, outside))[0]).toBe('ambiguous: sent, routed eth1, out, leaves');
  });

  it('for a source are asked again by TCP, once the first route has given one', () => {
    const { network, host } = twoWays();
    network.rule(host, '100: from 192.0.2.10 lookup 77');
    expect(inShort(network.trace(host, outside, { protocol: 'tcp', port: 80 }))).toEqual([by77]);
    expect(inShort(network.trace(host, outside, { protocol: 'udp', port: 53 }))).toEqual([
      'ambiguous: sent, routed eth0, out, leaves',
      'ambiguous: sent, routed eth1, out, leaves',
    ]);
  });

  it('for protocol and port are decided by what is sent, and open where that is not said', () => {
    const { network, host } = twoWays();
    network.rule(host, '100: from all ipproto tcp dport 443 lookup 77');
    expect(inShort(network.trace(host, outside, { protocol: 'tcp', port: 443 }))).toEqual([by77]);
    expect(inShort(network.trace(host, outside, { protocol: 'tcp', port: 80 }))).toEqual([byMain]);
    expect(inShort(network.trace(host, outside))).toHaveLength(2);
  });

  it('for ports, as iproute2 6.15 prints them: a mask beside each, and first and last', () => {
    const { network, host } = twoWays();
    network.rule(host, '100: from all dport 443 dport_mask 0xffff lookup 77');
    expect(inShort(network.trace(host, outside, { protocol: 'tcp', port: 443 }))).toEqual([by77]);
    expect(inShort(network.trace(host, outside, { protocol: 'tcp', port: 80 }))).toEqual([byMain]);
    network.rule(host, '101: from all dport 80 dport_mask 0xfff0 lookup 77');
    expect(inShort(network.trace(host, outside, { protocol: 'tcp', port: 95 }))).toEqual([by77]);
    expect(inShort(network.trace(host, outside, { protocol: 'tcp', port: 96 }))).toEqual([byMain]);
    network.rule(host, '102: from all sport_start 1 sport_end 2 lookup 77');
    const trace = network.trace(host, outside, { protocol: 'tcp', port: 96 });
    expect(inShort(trace)[0]).toContain('routed eth0');
    expect(doubtsOf(trace)).toEqual(['policy-rule: 102: sport 1-2']);
  });

  it('of another device, of a detached one and for who is bound to one', () => {
    const { network, host } = twoWays();
    network.rule(host, '100: from all iif eth1 lookup 77');
    expect(inShort(network.trace(host, outside))).toEqual([byMain]);
    network.rule(host, '101: from all oif eth1 lookup 77');
    expect(inShort(network.trace(host, outside))).toHaveLength(2);
  });

  it('skip with goto, and refuse', () => {
    const { network, host } = twoWays();
    network.rule(host, '50: from all goto 200');
    network.rule(host, '100: from all prohibit');
    network.rule(host, '200: from all lookup 77');
    expect(inShort(network.trace(host, outside))).toEqual([by77]);
    network.rule(host, '10: to 203.0.113.1 prohibit');
    expect(inShort(network.trace(host, outside))).toEqual(['certain: sent, dropped route']);
  });
});

describe('routes', () => {
  it('longest prefix, then lowest metric', () => {
    const { network, host } = twoWays();
    network.route(host, '203.0.113.0/24 via 198.51.100.1 dev eth1 metric 200');
    network.route(host, '203.0.113.0/24 via 192.0.2.1 dev eth0 metric 100');
    expect(inShort(network.trace(host, outside))).toEqual([byMain]);
    network.route(host, '203.0.113.1/32 via 198.51.100.1 dev eth1 metric 900');
    expect(inShort(network.trace(host, outside))).toEqual([by77]);
  });

  it('of several next hops are a path each', () => {
    const { network, host } = twoWays();
    network.route(host, '203.0.113.0/24 nexthop via 192.0.2.1 dev eth0 nexthop via 198.51.100.1 dev eth1');
    const trace = network.trace(host, outside);
    expect(inShort(trace)).toEqual([
      'ambiguous: sent, routed eth0, out, leaves',
      'ambiguous: sent, routed eth1, out, leaves',
    ]);
    expect(doubtsOf(trace)).toEqual(['one-of: 203.0.113.0/24']);
  });

  it('that refuse, and none', () => {
    const { network, host } = twoWays();
    network.route(host, 'unreachable 203.0.113.0/24');
    expect(inShort(network.trace(host, outside))).toEqual(['certain: sent, routed unreachable, dropped route']);
    const alone = new TraceNetwork();
    expect(inShort(alone.trace(alone.netns(1, 'host'), outside))).toEqual(['certain: sent, no-route']);
  });

  it('of a closed network namespace: which type refuses, and which IPv6 table it is, is not told', () => {
    const alone = new TraceNetwork();
    const closed = alone.netns(2, 'closed');
    alone.link(closed, 'eth0', 'unknown', [], { flags: [] });
    alone.route(closed, '10.67.0.0/16 dev eth0');
    alone.route(closed, 'fd00:9::/64 dev eth0 table unspec');
    const model = alone.model();
    const routes = model.routes.map((one) => (one.destination === '10.67.0.0/16' ? { ...one, type: 'reject' } : one));
    const ends = (to: string) => inShort(alone.trace(closed, to, {}, { ...model, routes, rules: [] }));
    expect(ends('10.67.0.1')).toEqual(['inferred: sent, routed reject, dropped route']);
    expect(ends('fd00:9::7')[0]).toContain('inferred: sent, routed eth0');
  });

  it('of local and main may be one table as long as there never was a rule', () => {
    const { network, host } = twoWays();
    network.route(host, 'local 203.0.0.0/16 dev lo table local');
    network.route(host, '203.0.113.0/24 via 192.0.2.1 dev eth0');
    expect(inShort(network.trace(host, outside))).toEqual([
      'ambiguous: sent, routed eth0, out, leaves',
      'ambiguous: sent, routed local, delivered',
    ]);
    network.rule(host, '100: from 10.0.0.0/8 lookup 77');
    expect(inShort(network.trace(host, outside))).toEqual(['certain: sent, routed local, delivered']);
  });

  it('for a TOS are for what has it, which few have: followed both ways', () => {
    const { network, host } = twoWays();
    network.route(host, '203.0.113.0/25 tos 0x10 via 198.51.100.1 dev eth1');
    const trace = network.trace(host, outside);
    expect(inShort(trace)).toEqual([
      'ambiguous: sent, routed eth0, out, leaves',
      'ambiguous: sent, routed eth1, out, leaves',
    ]);
    expect(doubtsOf(trace)).toEqual(['route-asks: 203.0.113.0/25 tos 0x10']);
    network.route(host, '203.0.113.1/32 via 192.0.2.1 dev eth0');
    expect(inShort(network.trace(host, outside))).toEqual([byMain]);
  });

  it('for a source are for what has it; what is sent has none as long as another route leads there', () => {
    const { network, host } = twoWays();
    for (const table of ['main', 'local']) network.rule(host, `32766: from all lookup ${table}`);
    network.link(host, 'eth2', 'physical', [], { addresses: [address('fd01::2/64')] });
    network.route(host, '2001:db8::/96 from fd03::/64 dev eth1');
    const ways = (source: string | undefined) => {
      const model = network.model();
      const rules = model.rules.map((one) => ({ ...one, family: 'inet6' as const }));
      const packet = { family: 'inet6', protocol: 'tcp', source, destination: '2001:db8::7', port: 80 } as const;
      return routesFor(lookAt({ ...model, rules }), { netns: host, packet, incoming: undefined }).map(
        ({ hops: [route], doubts }) => [route?.device, ...doubts.map(({ text }) => text)],
      );
    };
    const asks = '2001:db8::/96 from fd03::/64';
    expect(ways(undefined)).toEqual([
      [undefined, asks],
      ['eth1', asks],
    ]);
    for (let n = 0; n < 20; n += 1) network.route(host, `2001:db8::/120 from fd04:${n}::/64 dev eth1`);
    expect(ways(undefined)[0]?.[0]).toBeUndefined();
    network.route(host, '2001:db8::/64 dev eth2');
    expect(ways(undefined)).toEqual([['eth2']]);
    expect(ways('fd01::2')).toEqual([['eth2']]);
    expect(ways('fd03::2')).toEqual([['eth1']]);
  });

  it('that are dead are passed over', () => {
    const { network, host } = twoWays();
    network.route(host, '203.0.113.0/24 via 198.51.100.1 dev eth1');
    const model = network.model();
    const routes = model.routes.map((one) => (one.device === 'eth1' ? { ...one, flags: ['dead', 'linkdown'] } : one));
    expect(inShort(network.trace(host, outside))).toEqual([by77]);
    expect(inShort(network.trace(host, outside, {}, { ...model, routes }))).toEqual([byMain]);
  });
});

describe('the source address', () => {
  it('is the route’s own, else the one in the next hop’s network', () => {
    const { network, host } = twoWays();
    const source = (to: string): unknown => {
      const [path] = network.trace(host, to).paths;
      const routed = path?.hops.find(({ event }) => event.kind === 'routed')?.event;
      return routed?.kind === 'routed' ? routed.source : undefined;
    };
    expect(source(outside)).toBe('192.0.2.10');
    expect(source('198.51.100.7')).toBe('198.51.100.10');
    expect(source('127.0.0.9')).toBe('127.0.0.1');
  });

  it('is near a gateway, never what it is sent to: without one it is the first of the device', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.link(host, 'eth0', 'physical', ['10.5.0.2/24', '10.7.0.2/24']);
    for (const one of [
      '10.7.0.128/25 dev eth0',
      '10.8.0.0/24 via fe80::1 dev eth0',
      '10.9.0.0/24 via 10.7.0.1 dev eth0',
    ])
      network.route(host, one);
    const source = (to: string): unknown => network.trace(host, to).paths[0]?.hops[1]?.event;
    expect(source('10.7.0.200')).toMatchObject({ source: '10.5.0.2' });
    expect(source('10.8.0.1')).toMatchObject({ source: '10.5.0.2' });
    expect(source('10.9.0.1')).toMatchObject({ source: '10.7.0.2' });
  });
});
