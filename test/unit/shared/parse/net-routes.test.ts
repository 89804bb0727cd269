// `ip -batch` inside one network namespace: routes, rules, neighbours, next hops.
import { describe, expect, it } from 'vitest';
import { parseRules6 } from '../../../../shared/parse/net/rule.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';
import { batch, netns } from '../../../helpers/net-batch.ts';

describe('routes, rules, neighbours', () => {
  it('reads the host: default route, families, neighbours', () => {
    const { routes, rules, neighbours } = batch(sourceText('net/altnames-and-dhcp.json.txt'));
    expect(routes[0]).toMatchObject({
      family: 'inet',
      table: 'main',
      type: 'unicast',
      destination: 'default',
      gateway: '172.31.32.1',
      device: 'ens5',
      metric: 512,
      protocol: 'dhcp',
      preferredSource: '172.31.40.91',
    });
    expect(routes.filter(({ evidence }) => evidence[0]?.line === 3).every(({ family }) => family === 'inet6')).toBe(
      true,
    );
    expect(rules.map(({ priority, source, table }) => [priority, source, table])).toEqual([
      [0, 'all', 'local'],
      [32766, 'all', 'main'],
      [32767, 'all', 'default'],
    ]);
    expect(neighbours).toMatchObject([{ address: '172.31.32.1', device: 'ens5', mac: '76:70:c8:2c:b8:70' }]);
  });

  it('makes one route of each next hop, knows the family of a bare default, keeps ids apart', () => {
    const { routes } = batch(sourceText('net/multipath.json.txt'));
    expect(
      routes.filter(({ destination }) => destination === '10.3.0.0/16').map(({ gateway, device }) => [gateway, device]),
    ).toEqual([
      ['10.1.0.2', 'v0'],
      ['10.2.0.9', 'v1'],
    ]);
    expect(
      routes
        .filter(({ destination }) => destination === 'default')
        .map(({ family, table, device }) => [family, table, device]),
    ).toEqual([
      ['inet', '77', 'v1'],
      ['inet6', 'main', 'v1'],
      ['inet6', 'main', 'v0'],
    ]);
    expect(routes.find(({ type }) => type === 'blackhole')).not.toHaveProperty('device');
    expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
  });

  it('a default route that names no address is of the family that was asked for', () => {
    const route = '[{"type":"unicast","dst":"default","dev":"wg0","table":"51820"}]';
    const families = (answers: readonly string[], stderr?: string) =>
      batch(`${answers.join('\n')}\n`, stderr).routes.map(({ family }) => family);
    expect(families(['[]', route, route])).toEqual(['inet', 'inet6']);
    expect(families(['[]', '[]', route])).toEqual(['inet6']);
    const refused = 'RTNETLINK answers: Operation not supported\nDump terminated\nCommand failed -:2\n';
    expect(families(['[]', route], refused)).toEqual(['inet6']);
  });

  it('reads for which packets a route is', () => {
    const { routes } = batch(
      '[{"type":"unicast","dst":"10.0.0.0/8","tos":"0x10","dev":"dd","table":"main","protocol":"boot","scope":"link","flags":[]},' +
        '{"type":"unicast","dst":"fd50::/96","from":"fd03::2","dev":"dd","table":"main","protocol":"boot","scope":"global","metric":1024,"flags":[],"pref":"medium"}]\n',
    );
    expect(routes.map(({ destination, tos, from }) => [destination, tos, from])).toEqual([
      ['10.0.0.0/8', '0x10', undefined],
      ['fd50::/96', undefined, 'fd03::2'],
    ]);
  });

  it('reads prefixes and selectors of rules', () => {
    const { rules } = batch(sourceText('net/multipath.json.txt'));
    expect(rules[1]).toMatchObject({ source: '10.0.0.0/8', table: '77', selectors: { fwmark: '0x1', iif: 'v0' } });
    expect(rules[2]).toMatchObject({ source: 'all', destination: '192.0.2.1', selectors: { not: '' } });
    const six = parseRules6(aFrame('rule6', sourceText('net/rule6-with-prefix.json.txt')), netns);
    expect(six.facts.map(({ family, source }) => [family, source])).toEqual([
      ['inet6', 'all'],
      ['inet6', 'fd00::/8'],
      ['inet6', 'all'],
    ]);
  });
});

describe('next hops and neighbours', () => {
  it('reads next hop objects, groups and their weights, and the routes that use them', () => {
    const { nextHops, routes, neighbours, links, unparsable } = batch(sourceText('net/next-hops.json.txt'));
    expect(unparsable).toEqual([]);
    const link = links.find(({ name }) => name === 'v1')?.id;
    expect(nextHops).toMatchObject([
      { id: 1, gateway: '10.0.0.2', device: 'v1', link, blackhole: false, group: [] },
      { id: 2, gateway: '10.0.0.4' },
      { id: 3, blackhole: true },
      {
        id: 10,
        group: [
          { id: 1, weight: 1 },
          { id: 2, weight: 3 },
        ],
      },
    ]);
    expect(
      routes
        .filter(({ destination }) => destination.startsWith('10.8.') || destination.startsWith('10.9.'))
        .map(({ destination, gateway, nexthopId, weight }) => [destination, gateway, nexthopId, weight]),
    ).toEqual([
      ['10.8.0.0/16', '10.0.0.2', 1, undefined],
      ['10.9.0.0/16', '10.0.0.2', 10, undefined],
      ['10.9.0.0/16', '10.0.0.4', 10, 3],
    ]);
    expect(routes.find(({ destination }) => destination === '10.7.0.0/16')).toMatchObject({ weight: 3 });
    expect(neighbours).toMatchObject([
      { address: '10.0.0.77', states: ['PERMANENT'], flags: ['router'] },
      { address: '10.0.0.9', device: 'v1', states: [], flags: ['proxy'] },
    ]);
  });

  it('takes from the object what a kernel does not spell out in the route', () => {
    const { routes } = batch(sourceText('net/next-hops-by-id-only.json.txt'));
    expect(routes.find(({ destination }) => destination === '10.8.0.0/16')).toMatchObject({
      gateway: '10.0.0.2',
      device: 'v1',
      evidence: [{ line: 2 }, { line: 6 }],
    });
    const group = routes.find(({ destination }) => destination === '10.9.0.0/16');
    expect(group?.nexthopId).toBe(10);
    expect(group).not.toHaveProperty('gateway');
  });

  it('an ip or a kernel without next hop objects: said, and the neighbours behind them are read', () => {
    const whole = sourceText('net/next-hops.json.txt').split('\n');
    const { nextHops, neighbours, failed } = batch(
      whole.filter((line) => !line.startsWith('[{"id"')).join('\n'),
      'Object "nexthop" is unknown, try "ip help".\nCommand failed -:6\n',
    );
    expect(failed).toMatchObject([{ command: { text: 'nexthop show' }, cause: 'not-supported' }]);
    expect(nextHops).toEqual([]);
    expect(neighbours.map(({ flags }) => flags)).toEqual([['router'], ['proxy']]);
  });

  it.each([
    ['{"dst":"10.6.0.0/16","encap":"mpls","dst":"100/200","gateway":"10.0.0.2","dev":"v1","flags":[]}', 'mpls 100/200'],
    ['{"dst":"10.6.0.0/16","encap":{"encap_type":"mpls","dst":"100/200"},"dev":"v1","flags":[]}', 'mpls 100/200'],
    [
      '{"dst":"10.6.0.0/16","encap":"ip","id":7,"src":"0.0.0.0","dst":"10.0.0.2","dev":"v1"}',
      'ip id 7 src 0.0.0.0 dst 10.0.0.2',
    ],
    [
      '{"dst":"10.6.0.0/16","encap":"seg6","mode":"encap","segs":["fc00::1","fc00::2"],"dev":"v1"}',
      'seg6 mode encap segs fc00::1,fc00::2',
    ],
  ])('of two dst the first is the route’s: %s', (text, encapsulation) => {
    expect(batch(`[{"ifindex":1,"ifname":"v1"}]\n[${text}]\n`).routes).toMatchObject([
      { destination: '10.6.0.0/16', encapsulation, device: 'v1' },
    ]);
  });

  it('flags of a route, where it has any', () => {
    const { routes } = batch(
      '[{"ifindex":1,"ifname":"v1"}]\n[{"dst":"10.0.0.0/8","dev":"v1","flags":["dead","linkdown"]}]\n',
    );
    expect(routes).toMatchObject([{ flags: ['dead', 'linkdown'] }]);
  });
});
