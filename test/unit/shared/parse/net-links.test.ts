// `ip -batch` inside one network namespace: links and their addresses.
import { describe, expect, it } from 'vitest';
import { parseNetBatch } from '../../../../shared/parse/net/batch.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';
import { batch, link, netns } from '../../../helpers/net-batch.ts';

describe('links', () => {
  it('reads the RootlessKit child: tap, bridges, ports', () => {
    const { links, unparsable, failed } = batch(sourceText('net/rootlesskit-child.json.txt'));
    expect(unparsable).toEqual([]);
    expect(failed).toEqual([]);
    expect(
      links.map(({ ifindex, name, kind, masterName, lower }) => ({ ifindex, name, kind, masterName, lower })),
    ).toEqual([
      { ifindex: 1, name: 'lo', kind: 'loopback' },
      { ifindex: 2, name: 'tap0', kind: 'tun' },
      { ifindex: 3, name: 'buildkit0', kind: 'bridge' },
      { ifindex: 4, name: 'nerdctl0', kind: 'bridge' },
      { ifindex: 5, name: 'vetha23ef154', kind: 'veth', masterName: 'nerdctl0', lower: { ifindex: 2, netnsid: 0 } },
      { ifindex: 6, name: 'veth05acb491', kind: 'veth', masterName: 'nerdctl0', lower: { ifindex: 2, netnsid: 1 } },
    ]);
    expect(links[1]).toMatchObject({
      id: 'link:net:[4026532255]/2',
      mtu: 65520,
      data: { type: 'tap' },
      addresses: [{ family: 'inet', local: '10.0.2.100', prefixLength: 24 }, { family: 'inet6' }],
    });
    expect(links[1]?.addresses[0]?.validLifetime).toBeUndefined();
    expect(links[4]?.portKind).toBe('bridge');
    expect(links[4]?.counters?.rxBytes).toBeGreaterThan(0);
  });

  it('points at exactly the characters of one interface, one route', () => {
    const frame = aFrame('net', sourceText('net/rootlesskit-child.json.txt'));
    const { links, routes } = parseNetBatch(frame, netns);
    for (const { ifindex, name, evidence } of links) {
      expect(JSON.parse(quoted(frame, evidence[0] ?? {}))).toMatchObject({ ifindex, ifname: name });
    }
    for (const { destination, evidence } of routes) {
      expect(JSON.parse(quoted(frame, evidence[0] ?? {}))).toMatchObject({ dst: destination });
    }
    expect(new Set(routes.map(({ evidence }) => evidence[0]?.line))).toEqual(new Set([2, 3]));
  });

  it('reads altnames with quotes in them, lifetimes, peers, and the other end in the same namespace', () => {
    const { links } = batch(sourceText('net/multipath.json.txt'));
    expect(links.find(({ name }) => name === 'v0')).toMatchObject({
      altNames: ['enp0s31f6', 'a"b\\c'],
      lower: { name: 'v1' },
      addresses: [{ local: '10.1.0.1', peer: '10.1.0.2', prefixLength: 32 }, {}],
    });
    expect(links.find(({ name }) => name === 'v1')?.addresses[0]).toMatchObject({
      dynamic: true,
      validLifetime: 3600,
      preferredLifetime: 1800,
    });
  });

  it.each([
    ['another namespace', { link_index: 10, link_netnsid: 0 }, { ifindex: 10, netnsid: 0 }],
    ['another namespace, index left out', { link_netnsid: 3 }, { netnsid: 3 }],
    ['another namespace, older spelling', { link: 'if10', link_netnsid: 0 }, { ifindex: 10, netnsid: 0 }],
    ['an id that is not known', { link_index: 10, link_netnsid: -1 }, { ifindex: 10, netnsid: -1 }],
    ['a name under /run/netns', { link_index: 10, link_netns: 'blue' }, { ifindex: 10, netnsName: 'blue' }],
    ['the same namespace', { link: 'eth0' }, { name: 'eth0' }],
    ['none: index 0', { link: null }, undefined],
    ['none, and made in another namespace', { link: null, link_netnsid: 2 }, { none: true, netnsid: 2 }],
    ['nothing said', {}, undefined],
  ])('the other end: %s', (_, said, lower) => {
    expect(link({ ifindex: 2, ifname: 'x', ...said })?.lower).toEqual(lower);
  });

  it('takes control characters in a name as they come: ip does not escape them', () => {
    const { links, unparsable } = batch('[{"ifindex":1,"ifname":"lo"},{"ifindex":2,"ifname":"\u001b[31m"}]\n');
    expect(unparsable).toEqual([]);
    expect(links.map((one) => one.name)).toEqual(['lo', '\u001b[31m']);
  });

  it('calls a device without a kind physical, unless it is loopback', () => {
    expect(link({ ifindex: 2, ifname: 'ens5', link_type: 'ether' })?.kind).toBe('physical');
    expect(link({ ifindex: 1, ifname: 'lo', link_type: 'loopback' })?.kind).toBe('loopback');
    expect(link({ ifindex: 3, ifname: 'tunl0', address: '0.0.0.0' })?.mac).toBeUndefined();
  });

  it('skips {} of older versions without a word, and names what has no index', () => {
    const { links, unparsable } = batch('[{},{"ifname":"a"},{"ifindex":3,"ifname":"b"}]\n');
    expect(links.map(({ name }) => name)).toEqual(['b']);
    expect(unparsable).toHaveLength(1);
  });

  it('takes the first of two with one index, and says so', () => {
    const { links, unparsable } = batch('[{"ifindex":3,"ifname":"a"},{"ifindex":3,"ifname":"b"}]\n');
    expect(links.map(({ name }) => name)).toEqual(['a']);
    expect(unparsable).toHaveLength(1);
  });
});

describe('addresses and details of links', () => {
  const { links } = batch(sourceText('net/next-hops.json.txt'));
  const v1 = links.find(({ name }) => name === 'v1');

  it('flags and lifetimes of addresses', () => {
    expect(v1?.addresses.map(({ local, flags }) => [local, flags])).toEqual(
      expect.arrayContaining([
        ['10.0.0.1', undefined],
        ['10.0.0.3', ['secondary']],
        ['fd00::1', ['nodad', 'home']],
        ['fd00::2', expect.arrayContaining(['deprecated', 'noprefixroute'])],
      ]),
    );
    expect(v1?.addresses.find(({ local }) => local === 'fd00::2')).toMatchObject({
      dynamic: true,
      preferredLifetime: 0,
    });
  });

  it('alias, group, limits', () => {
    expect(v1).toMatchObject({
      alias: 'to the rack',
      minMtu: 68,
      maxMtu: 65535,
      txQueueLength: 1000,
      qdisc: 'noqueue',
    });
    expect(v1).not.toHaveProperty('group');
    expect(links.find(({ name }) => name === 'v0')?.group).toBe('7');
  });

  it('counters of iproute2 4.16 too, and only failures that happened', () => {
    const counters = { rx: { bytes: 5, over_errors: 0 }, tx: { bytes: 7, carrier_errors: 2, collisions: 0 } };
    expect(link({ ifindex: 2, ifname: 'a', stats644: counters })?.counters).toEqual({
      ...{ rxBytes: 5, rxPackets: 0, rxErrors: 0, rxDropped: 0, txBytes: 7, txPackets: 0, txErrors: 0, txDropped: 0 },
      txCarrierErrors: 2,
    });
  });

  it('virtual functions, their VLAN in a list or beside it', () => {
    const vf = { vf: 1, mac: '02:00:00:00:00:01', spoofchk: true, link_state: 'auto', trust: false };
    expect(
      link({
        ifindex: 2,
        ifname: 'ens1',
        vfinfo_list: [
          { ...vf, vlan_list: [{ vlan: 7, qos: 1, protocol: '802.1ad' }], rate: { max_tx: 100, min_tx: 0 } },
          { vf: 2, address: '02:00:00:00:00:02', vlan: 9, max_tx_rate: 0 },
          { vlan: 5 },
        ],
      })?.virtualFunctions,
    ).toEqual([
      {
        ...{ index: 1, mac: '02:00:00:00:00:01', vlan: 7, qos: 1, vlanProtocol: '802.1ad', maxTxRate: 100 },
        ...{ spoofCheck: true, trust: false, linkState: 'auto' },
      },
      { index: 2, mac: '02:00:00:00:00:02', vlan: 9 },
    ]);
    expect(link({ ifindex: 2, ifname: 'ens1', vfinfo_list: [] })).not.toHaveProperty('virtualFunctions');
  });

  it('an XDP program', () => {
    expect(link({ ifindex: 2, ifname: 'a', xdp: { mode: 2, prog: { id: 8 } } })?.xdp).toBe('xdpgeneric');
  });
});

describe('links of machines that others recorded', () => {
  it('tunnels without a device below, a port of a bridge, VLAN and VXLAN', () => {
    const { links, unparsable } = batch(sourceText('net-kinds/every-tunnel-and-a-port.json'));
    expect(unparsable).toEqual([]);
    expect(links.map(({ name, kind, lower }) => [name, kind, lower])).toEqual([
      ['e3', 'physical', undefined],
      ['br-0', 'bridge', undefined],
      ['e3.10', 'vlan', { name: 'e3' }],
      ['gre-v4', 'gre', undefined],
      ['gre-v6', 'ip6gre', undefined],
      ['vxlan-v4', 'vxlan', undefined],
      ['vxlan-v6', 'vxlan', undefined],
    ]);
    expect(links[0]).toMatchObject({
      portKind: 'bridge',
      portData: { state: 'forwarding', isolated: false },
      parentBus: 'virtio',
      parentDevice: 'virtio2',
      promiscuity: 1,
    });
    // Where others have a MAC address these have IP addresses.
    expect(links.filter(({ mac }) => mac === undefined).map(({ name }) => name)).toEqual(['gre-v4', 'gre-v6']);
    expect(links.find(({ name }) => name === 'vxlan-v4')?.counters).toMatchObject({
      txErrors: 42,
      txCarrierErrors: 42,
    });
  });

  it('set in several lines (ip -p)', () => {
    const { links, unparsable } = batch(sourceText('net-kinds/vxlan-group.json'));
    expect(unparsable).toEqual([]);
    expect(links).toMatchObject([{ name: 'vxlan0', data: { id: 42, group: '239.1.1.1', link: 'enp2s0' } }]);
  });
});
