// Whether what comes in for another is forwarded, and whether rp_filter lets it in.
import { describe, expect, it } from 'vitest';
import { describeTrace } from '../../../../shared/explain/tell-trace.ts';
import type { Netconf } from '../../../../shared/model/netconf.ts';
import { doubtsOf, inShort, TraceNetwork } from '../../../helpers/trace-model.ts';

/** a, a router, and b behind it, with neighbours that are known. The router's links are ra and rb. */
function routed(source = '10.0.0.2') {
  const network = new TraceNetwork();
  const [a, r, b] = [network.netns(1, 'a'), network.netns(2, 'r'), network.netns(3, 'b')];
  const va = network.link(a, 'va', 'veth', ['10.0.0.2/24']);
  const ra = network.link(r, 'ra', 'veth', ['10.0.0.1/24']);
  const rb = network.link(r, 'rb', 'veth', ['10.1.0.1/24']);
  const vb = network.link(b, 'vb', 'veth', ['10.1.0.2/24']);
  network.wire(va, ra);
  network.wire(rb, vb);
  network.route(a, `default via 10.0.0.1 dev va src ${source}`);
  network.route(b, 'default via 10.1.0.1 dev vb');
  network.neighbour(a, 'va', '10.0.0.1', '02:00:00:00:02:02');
  network.neighbour(r, 'rb', '10.1.0.2', '02:00:00:00:03:02');
  network.listens(b, '0.0.0.0', 80);
  const settings = (netns: typeof r, links: Readonly<Record<string, Partial<Netconf>>>): void => {
    for (const [link, more] of Object.entries(links)) network.netconf(netns, link, more);
  };
  settings(b, { vb: {}, all: {} });
  const trace = () => network.trace(a, '10.1.0.2', { protocol: 'tcp', port: 80 });
  return { network, a, r, b, settings, trace };
}

const through = 'sent, routed va, out, pair, routed rb, out, pair, routed local, delivered';
const forwarded = `certain: ${through}`;
const refused = (reason: string): string => `certain: sent, routed va, out, pair, dropped ${reason}`;

describe('forwarding', () => {
  it('is certain where the link that it comes in by forwards', () => {
    const { r, settings, trace } = routed();
    settings(r, { ra: {}, rb: { forwarding: false }, all: { forwarding: false } });
    expect(inShort(trace())).toEqual([forwarded]);
    expect(doubtsOf(trace())).toEqual([]);
  });

  it('is off: the path ends there, with the line that says so', () => {
    const { r, settings, trace } = routed();
    settings(r, { ra: { forwarding: false }, rb: {}, all: {} });
    expect(inShort(trace())).toEqual([refused('not-forwarded')]);
    expect(trace().paths[0]?.hops.at(-1)).toMatchObject({ netns: r, entity: 'link:net:[2]/2', doubts: [] });
    expect(trace().paths[0]?.hops.at(-1)?.evidence.length).toBeGreaterThan(0);
  });

  it('is not known where it was not told: as likely as not', () => {
    const { trace } = routed();
    expect(inShort(trace())).toEqual([`inferred: ${through}`]);
    expect(doubtsOf(trace())).toEqual(['forwarding: net:[2]']);
  });

  it('does not matter to what is for this one', () => {
    const { network, a, r, settings } = routed();
    network.listens(r, '0.0.0.0', 22);
    settings(r, { ra: { forwarding: false }, all: { forwarding: false } });
    expect(inShort(network.trace(a, '10.0.0.1', { protocol: 'tcp', port: 22 }))).toEqual([
      'certain: sent, routed va, out, pair, routed local, delivered',
    ]);
  });

  it('is off for every next hop: decided, though which of them is not', () => {
    const { network, r, settings, trace } = routed();
    network.route(r, '10.1.0.2 nexthop via 10.1.0.7 dev rb nexthop via 10.0.0.9 dev ra');
    settings(r, { ra: { forwarding: false }, rb: {}, all: {} });
    expect(inShort(trace())).toEqual([refused('not-forwarded')]);
  });

  it('is told in words', () => {
    const { network, a, r, settings, trace } = routed();
    settings(r, { ra: { forwarding: false }, all: {} });
    const request = { from: { kind: 'netns', netns: a }, to: { kind: 'address', address: '10.1.0.2' } } as const;
    expect(describeTrace(network.model(), request, trace())).toContain(
      'It is for another, and what comes in at ra is not forwarded: forwarding is off',
    );
  });
});

describe('forwarding of IPv6', () => {
  function routed6(all: boolean, own: boolean, kernel: string) {
    const network = new TraceNetwork();
    const [a, r, b] = [network.netns(1, 'a'), network.netns(2, 'r'), network.netns(3, 'b')];
    const va = network.link(a, 'va', 'veth', ['fd00::2/64']);
    const ra = network.link(r, 'ra', 'veth', ['fd00::1/64']);
    const rb = network.link(r, 'rb', 'veth', ['fd01::1/64']);
    const vb = network.link(b, 'vb', 'veth', ['fd01::2/64']);
    network.wire(va, ra);
    network.wire(rb, vb);
    network.route(a, 'fd01::/64 via fd00::1 dev va src fd00::2');
    network.route(r, 'fd01::/64 dev rb');
    network.neighbour(a, 'va', 'fd00::1', '02:00:00:00:02:02');
    network.neighbour(r, 'rb', 'fd01::2', '02:00:00:00:03:02');
    network.netconf(r, 'ra', { family: 'inet6', forwarding: own });
    network.netconf(r, 'all', { family: 'inet6', forwarding: all });
    const model = network.model();
    return network.trace(a, 'fd01::2', {}, { ...model, host: { ...model.host, kernel } });
  }

  it('is the network namespace’s, whatever the link says', () => {
    expect(doubtsOf(routed6(true, false, '6.1.0'))).not.toContain('forwarding: net:[2]');
    expect(inShort(routed6(true, false, '6.1.0'))[0]).toContain('routed rb');
    expect(inShort(routed6(false, true, '6.1.0'))[0]).toContain('dropped not-forwarded');
    expect(doubtsOf(routed6(false, true, '6.16.9'))).not.toContain('force-forwarding: ra');
  });

  it('may be forced at a link since Linux 6.17', () => {
    expect(doubtsOf(routed6(false, false, '6.17.0-rc1'))).toContain('force-forwarding: ra');
    expect(doubtsOf(routed6(false, false, '10.0.1'))).toContain('force-forwarding: ra');
  });
});

describe('rp_filter', () => {
  const elsewhere = '10.9.0.9';

  it.each([
    ['off', 'off', forwarded],
    ['strict', 'off', refused('reverse-path')],
    ['off', 'strict', refused('reverse-path')],
    ['loose', 'strict', forwarded],
    ['strict', 'loose', forwarded],
  ] as const)('%s at the link and %s for all: the way back leaves by another link', (own, all, expected) => {
    const { network, r, settings, trace } = routed(elsewhere);
    network.route(r, `${elsewhere} via 10.1.0.9 dev rb`);
    settings(r, { ra: { rpFilter: own }, rb: {}, all: { rpFilter: all } });
    expect(inShort(trace())).toEqual([expected]);
    expect(doubtsOf(trace())).toEqual([]);
  });

  it('has nothing against the usual way back', () => {
    const { r, settings, trace } = routed();
    settings(r, { ra: { rpFilter: 'strict' }, rb: {}, all: {} });
    expect(inShort(trace())).toEqual([forwarded]);
  });

  it('takes any of several next hops back', () => {
    const { network, r, settings, trace } = routed(elsewhere);
    network.route(r, `${elsewhere} nexthop via 10.1.0.9 dev rb nexthop via 10.0.0.9 dev ra`);
    settings(r, { ra: { rpFilter: 'strict' }, rb: {}, all: {} });
    expect(inShort(trace())).toEqual([forwarded]);
  });

  it('drops loosely where there is no way back at all, or one that is refused', () => {
    const { network, r, settings, trace } = routed(elsewhere);
    settings(r, { ra: { rpFilter: 'loose' }, rb: {}, all: {} });
    expect(inShort(trace())).toEqual([refused('reverse-path')]);
    network.route(r, `unreachable ${elsewhere}`);
    expect(inShort(trace())).toEqual([refused('reverse-path')]);
  });

  it('asks the rules as the answer would be asked: by the link that it goes on by', () => {
    const { network, r, settings, trace } = routed(elsewhere);
    network.route(r, `${elsewhere} via 10.1.0.9 dev rb`);
    network.route(r, 'default via 10.0.0.9 dev ra table 77');
    network.rule(r, '100: from all iif rb lookup 77');
    settings(r, { ra: { rpFilter: 'strict' }, rb: {}, all: {} });
    expect(inShort(trace())).toEqual([forwarded]);
  });

  it('may drop where a rule of the way back asks what is not known', () => {
    const { network, r, settings, trace } = routed();
    network.route(r, 'default via 10.1.0.9 dev rb table 77');
    network.rule(r, '100: from all to 10.0.0.0/24 fwmark 0x1 lookup 77');
    settings(r, { ra: { rpFilter: 'strict' }, rb: {}, all: {} });
    expect(doubtsOf(trace())).toContain('way-back: ra');
    expect(inShort(trace())[0]).toMatch(/^inferred: .*delivered$/);
  });

  it('is not known where that of all was not told', () => {
    const { network, r, settings, trace } = routed(elsewhere);
    network.route(r, `${elsewhere} via 10.1.0.9 dev rb`);
    settings(r, { ra: { rpFilter: 'strict' }, rb: {} });
    expect(doubtsOf(trace())).toEqual(['reverse-path: ra']);
    expect(inShort(trace())).toEqual([`inferred: ${through}`]);
  });

  it('asks of what is for this one too', () => {
    const { network, a, r, settings } = routed(elsewhere);
    network.route(a, `10.0.0.1 dev va src ${elsewhere}`);
    network.listens(r, '0.0.0.0', 22);
    settings(r, { ra: { rpFilter: 'strict' }, all: {} });
    expect(inShort(network.trace(a, '10.0.0.1', { protocol: 'tcp', port: 22 }))).toEqual([refused('reverse-path')]);
  });
});

describe('who answers for others', () => {
  /** A container as Calico makes it: its gateway is an address that nobody has. */
  function proxied(settings: Partial<Netconf>, isEntry = false) {
    const { network, a, r } = routed();
    network.route(a, '10.1.0.2 via 169.254.1.1 dev va src 10.0.0.2');
    network.route(r, 'default via 10.1.0.9 dev rb');
    network.netconf(r, 'ra', settings);
    network.netconf(r, 'all');
    const model = network.model();
    const entry = { netns: r, address: '169.254.1.1', device: 'ra', states: [], flags: ['proxy'], evidence: [] };
    const neighbours = isEntry ? [...model.neighbours, entry] : model.neighbours;
    return network.trace(a, '10.1.0.2', { protocol: 'tcp', port: 80 }, { ...model, neighbours });
  }

  it('a link with proxy_arp, for what it leads to elsewhere', () => {
    expect(inShort(proxied({ proxyNeighbour: true }))).toEqual([`inferred: ${through}`]);
    expect(doubtsOf(proxied({ proxyNeighbour: true }))).toEqual(['neighbour-not-known: 169.254.1.1']);
  });

  it('one with an entry for the address', () => {
    expect(inShort(proxied({}, true))).toEqual([`inferred: ${through}`]);
  });

  it('nobody else, and none that does not forward', () => {
    expect(inShort(proxied({}))[0]).toContain('lost nobody-answers');
    expect(inShort(proxied({ proxyNeighbour: true, forwarding: false }))[0]).toContain('lost nobody-answers');
  });
});
