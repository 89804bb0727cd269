// ip in words, and /proc/PID/net without ip. The fixtures are one network namespace, asked by iproute2 6.1.0, BusyBox 1.35
// and grep within a second, on Linux 6.18; the other end of veth0 is in another one, where its index is 2.
import { describe, expect, it } from 'vitest';
import { parseAddressText } from '../../../../shared/parse/net/address-text.ts';
import { parseDeviceFiles } from '../../../../shared/parse/net/device-files.ts';
import { parseRouteText } from '../../../../shared/parse/net/route-text.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

const netns = 'net:[7]';
const devices = parseDeviceFiles(aFrame('net-files', sourceText('net/device-files.txt')));
const names = new Set((devices.devices.get(undefined) ?? []).map(({ name }) => name));
const words = (text: string, detailed: boolean, known: ReadonlySet<string> = names) =>
  parseAddressText(aFrame('net-text', text), netns, { detailed, names: known });

describe('ip address show, in words', () => {
  it('by iproute2: kinds, masters, ends, addresses, counters', () => {
    const { links, unparsable } = words(sourceText('net/address-words.txt'), true);
    expect(unparsable).toEqual([]);
    expect(
      links.map(({ ifindex, name, kind, operState, masterName, portKind, lower }) => [
        ifindex,
        name,
        kind,
        operState,
        masterName,
        portKind,
        lower,
      ]),
    ).toEqual([
      [1, 'lo', 'loopback', 'UNKNOWN', undefined, undefined, undefined],
      [2, 'br0', 'bridge', 'UP', undefined, undefined, undefined],
      [3, 'veth0', 'veth', 'UP', 'br0', 'bridge', { ifindex: 2, netnsid: 0 }],
      [4, 'b', 'veth', 'DOWN', undefined, undefined, { name: 'a@b' }],
      [5, 'a@b', 'veth', 'LOWERLAYERDOWN', undefined, undefined, { name: 'b' }],
      [6, 'tap0', 'tun', 'DOWN', undefined, undefined, undefined],
    ]);
    expect(links[1]).toMatchObject({
      mac: 'f6:b0:eb:0b:0a:f5',
      mtu: 1500,
      flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
      counters: { rxBytes: 432, rxPackets: 6, txBytes: 704, txPackets: 8 },
      addresses: [
        { family: 'inet', local: '10.7.0.1', prefixLength: 24, scope: 'global' },
        { family: 'inet6', local: 'fe80::f4b0:ebff:fe0b:af5', prefixLength: 64, scope: 'link' },
      ],
      evidence: [{ section: 'net-text', line: 11 }],
    });
    expect(links[3]?.addresses).toMatchObject([{ local: '10.8.0.1', peer: '10.8.0.2', prefixLength: 32 }]);
    expect(links[5]?.data).toEqual({ type: 'tap' });
  });

  it('by BusyBox: what it writes behind @ is the name of another link, so nothing is taken from it', () => {
    const text = sourceText('net/busybox-address.txt');
    expect(text).toContain('3: veth0@br0: ');
    const { links, unparsable } = words(text, false);
    expect(unparsable).toEqual([]);
    expect(
      links.map(({ name, kind, operState, masterName, lower }) => [name, kind, operState, masterName, lower]),
    ).toEqual([
      ['lo', 'loopback', 'UNKNOWN', undefined, undefined],
      ['br0', 'unknown', 'UNKNOWN', undefined, undefined],
      ['veth0', 'unknown', 'UNKNOWN', 'br0', undefined],
      ['b', 'unknown', 'DOWN', undefined, undefined],
      ['a@b', 'unknown', 'UNKNOWN', undefined, undefined],
      ['tap0', 'unknown', 'DOWN', undefined, undefined],
    ]);
  });

  it('an end in a network namespace without an id is not looked for in this one', () => {
    const text =
      '7: mv0@if2: <UP> mtu 1500\n    link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff link-netnsid unknown\n';
    expect(words(text, true).links[0]?.lower).toEqual({ ifindex: 2, netnsid: -1 });
  });

  it('a tunnel that was moved and lies on no device is not on who has its index where it was made', () => {
    const text = (netnsid: string) =>
      `7: ipip0@NONE: <POINTOPOINT,NOARP> mtu 1480\n    link/ipip 10.0.0.1 peer 10.0.0.2${netnsid} promiscuity 0\n    ipip remote 10.0.0.2\n`;
    expect(words(text(' link-netnsid 0'), true).links[0]).toMatchObject({
      kind: 'ipip',
      lower: { none: true, netnsid: 0 },
    });
    expect(words(text(''), true).links[0]).not.toHaveProperty('lower');
  });

  it('without the names of /proc/net/dev the last @ divides; a name with @ and no other end stays whole where it is known', () => {
    const line = (name: string) => `3: ${name}: <UP> mtu 1500 qdisc noop\n`;
    const said = (text: string, known: readonly string[] = []) => {
      const [link] = words(line(text), true, new Set(known)).links;
      return [link?.name, link?.lower];
    };
    expect(said('eth0@if5')).toEqual(['eth0', { name: 'if5' }]);
    expect(said('x@NONE')).toEqual(['x', undefined]);
    expect(said('a@b', ['a@b'])).toEqual(['a@b', undefined]);
    expect(said('a@b@if9', ['a@b'])).toMatchObject(['a@b', {}]);
  });

  it('what is no link is said, and costs only itself', () => {
    const { links, unparsable } = words('what\n1: lo: <LOOPBACK,UP> mtu 65536\n    link/loopback\n', true);
    expect(links.map(({ name }) => name)).toEqual(['lo']);
    expect(unparsable).toMatchObject([{ text: 'what', evidence: { line: 1 } }]);
  });
});

describe('ip route show table all, in words', () => {
  const of = (file: string) => parseRouteText(aFrame('route-text', sourceText(file)), netns, () => undefined);

  it('by iproute2: several ways are a route each', () => {
    const { facts, unparsable } = of('net/route-words.txt');
    expect(unparsable).toEqual([]);
    expect(facts.filter(({ table, family }) => table === 'main' && family === 'inet')).toMatchObject([
      { destination: 'default', gateway: '10.7.0.254', device: 'br0' },
      { destination: '10.7.0.0/24', device: 'br0', protocol: 'kernel', scope: 'link', preferredSource: '10.7.0.1' },
      { destination: '10.9.0.0/16', gateway: '10.7.0.9', metric: 50 },
      { destination: '10.10.0.0/16', type: 'blackhole' },
      { destination: '10.11.0.0/16', gateway: '10.7.0.8', evidence: [{ line: 6 }] },
      { destination: '10.11.0.0/16', gateway: '10.7.0.9', evidence: [{ line: 7 }] },
    ]);
    expect(facts.filter(({ family }) => family === 'inet6')).toHaveLength(7);
    expect(facts.filter(({ table }) => table === 'local').map(({ type }) => type)).toContain('broadcast');
  });

  it('by BusyBox: which leaves several ways out', () => {
    const { facts, unparsable } = of('net/busybox-route.txt');
    expect(unparsable).toEqual([]);
    expect(
      facts.filter(({ table, family }) => table === 'main' && family === 'inet').map(({ destination }) => destination),
    ).toEqual(['default', '10.7.0.0/24', '10.9.0.0/16', '10.10.0.0/16', '10.11.0.0/16']);
    expect(facts.filter(({ family }) => family === 'inet6')).toHaveLength(7);
  });

  it('for some packets only', () => {
    const text = '10.0.0.0/8 tos 0x10 dev dd scope link \nfd51::/96 from fd03::/63 dev dd metric 1024 pref medium\n';
    const { facts } = parseRouteText(aFrame('route-text', text), netns, () => undefined);
    expect(facts).toMatchObject([{ tos: '0x10' }, { from: 'fd03::/63', metric: 1024 }]);
  });

  it('what is no route is said', () => {
    const { facts, unparsable } = parseRouteText(
      aFrame('route-text', 'RTNETLINK answers: x\n'),
      netns,
      () => undefined,
    );
    expect(facts).toEqual([]);
    expect(unparsable[0]).toMatchObject({ evidence: { line: 1 } });
  });
});

describe('/proc/PID/net', () => {
  it('names devices; an index stands there for those that are up or have IPv6', () => {
    expect(devices.unparsable).toEqual([]);
    expect(devices.devices.get(undefined)?.map(({ name, ifindex }) => [name, ifindex])).toEqual([
      ['lo', 1],
      ['br0', 2],
      ['veth0', 3],
      ['b', 4],
      ['a@b', 5],
      ['tap0', 6],
    ]);
    expect(devices.devices.get(undefined)?.[1]).toMatchObject({
      counters: { rxBytes: 432, rxPackets: 6, txBytes: 704, txPackets: 8 },
      addresses: [{ local: 'fe80::f4b0:ebff:fe0b:af5', prefixLength: 64, scope: 'link' }],
    });
  });

  it('keeps processes apart, and says what it cannot read', () => {
    const text = ['/proc/9/net/dev:  x: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16', '/proc/8/net/dev:  x: 1', 'else'].join(
      '\n',
    );
    const { devices: found, unparsable } = parseDeviceFiles(aFrame('net-files', text));
    expect([...found]).toMatchObject([[9, [{ name: 'x', ifindex: undefined, counters: { txDropped: 12 } }]]]);
    expect(unparsable.map(({ evidence }) => evidence.line)).toEqual([2, 3]);
  });
});
