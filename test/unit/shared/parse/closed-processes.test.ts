// What is asked of processes whose links are closed. The fixtures were read by bob, on Linux 6.18: 54 and 68 are root's, in
// two network namespaces with equal names and addresses, 73 and 735 bob's own shell in the host's.
import { describe, expect, it } from 'vitest';
import { parseDeviceFiles } from '../../../../shared/parse/net/device-files.ts';
import { parseLocalAddresses, parseRouteFiles } from '../../../../shared/parse/net/route-files.ts';
import { parseProcNet } from '../../../../shared/parse/proc-net.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

const numbers = (text: string) => {
  const { facts, unparsable } = parseProcNet(aFrame('proc-net', text));
  expect(unparsable).toEqual([]);
  return facts.map((fact) => [fact.pid, fact.of === 'file' ? fact.number : fact.netns]);
};

describe('numbers of /proc/PID/net/dev', () => {
  it('by find', () => {
    expect(numbers(sourceText('closed/proc-net.txt'))).toEqual([
      [73, 'net:[4026533139]'],
      [73, 4026533145],
      [1, 4026533145],
      [39, 4026533145],
      [54, 4026533214],
      [68, 4026533285],
      [73, 'net:[4026533139]'],
    ]);
  });

  it('by BusyBox’s ls', () => {
    expect(numbers(sourceText('closed/proc-net-busybox.txt'))).toEqual([
      [1, 4026533145],
      [39, 4026533145],
      [54, 4026533214],
      [68, 4026533285],
      [727, 4026533145],
      [735, 4026533145],
      [735, 'net:[4026533139]'],
      [735, 'net:[4026533139]'],
    ]);
  });

  it('a link that may not be read is none', () => {
    expect(numbers('/proc/1/ns/net 7173 \n')).toEqual([]);
    expect(numbers('7173 lrwxrwxrwx 1 0 0 0 Nov 26 02:26 /proc/1/ns/net\n')).toEqual([]);
  });

  it('what has another form is said', () => {
    const { facts, unparsable } = parseProcNet(aFrame('proc-net', '/proc/1/net/dev\n/proc/2/net/tcp 7 \n'));
    expect(facts).toEqual([]);
    expect(unparsable.map(({ evidence }) => evidence.line)).toEqual([1, 2]);
  });
});

describe('routes in /proc/PID/net', () => {
  const { facts, unparsable } = parseRouteFiles(aFrame('closed-net', sourceText('closed/closed-net.txt')));
  const of = (pid: number) =>
    facts
      .filter((fact) => fact.pid === pid)
      .map(({ destination, type, table, gateway, device, metric }) =>
        [type, destination, gateway ?? '-', device ?? '-', table, metric ?? '-'].join(' '),
      );

  it('are those of table main, and IPv6’s of tables that are not told', () => {
    expect(unparsable).toEqual([]);
    expect(of(54).filter((route) => !route.includes('fe80'))).toEqual([
      'unicast default 10.9.0.1 eth0 main -',
      'unicast 10.9.0.0/24 - eth0 main -',
      'unicast 10.66.0.0/16 10.9.0.3 eth0 main 50',
      'reject 10.67.0.0/16 - - main -',
      // A blackhole is printed without a word of it.
      'unspec 10.68.0.0/16 - - main -',
      'unicast fd00:9::/64 - eth0 unspec 256',
      'reject fd66::/64 - lo unspec 1024',
      'unicast default fd00:9::1 eth0 unspec 1024',
      'local ::1 - lo local 0',
      'local fd00:9::2 - eth0 local 0',
      'multicast ff00::/8 - eth0 unspec 256',
    ]);
    expect(of(68)).toHaveLength(of(54).length);
  });

  it('stand in the lines they came from', () => {
    const lines = sourceText('closed/closed-net.txt').split('\n');
    for (const { evidence, pid } of facts)
      expect(lines[(evidence.line ?? 0) - 1]).toMatch(new RegExp(`^/proc/${pid}/net/(ipv6_)?route:`));
  });

  it('on a big-endian host the words stand the other way round', () => {
    const line = '/proc/9/net/route:eth0\t0A090000\t0A090001\t0003\t0\t0\t0\tFFFFFF00\t0\t0\t0\n';
    expect(parseRouteFiles(aFrame('closed-net', line), 'big').facts).toMatchObject([
      { destination: '10.9.0.0/24', gateway: '10.9.0.1' },
    ]);
  });

  it('of IPv6 may be for a source', () => {
    const line =
      '/proc/9/net/ipv6_route:fd510000000000000000000000000000 60 fd030000000000000000000000000000 3f ' +
      '00000000000000000000000000000000 00000400 00000002 00000000 00000001       dd\n';
    expect(parseRouteFiles(aFrame('closed-net', line)).facts).toMatchObject([
      { destination: 'fd51::/96', from: 'fd03::/63', device: 'dd' },
    ]);
  });

  it('what has another form is said, and the devices beside them are no business of theirs', () => {
    const text = '/proc/9/net/route:eth0\t0A09\n/proc/9/net/ipv6_route:fe80 40\n/proc/9/net/dev:  lo: 1\n';
    expect(parseRouteFiles(aFrame('closed-net', text)).unparsable.map(({ evidence }) => evidence.line)).toEqual([1, 2]);
    expect(parseDeviceFiles(aFrame('closed-net', sourceText('closed/closed-net.txt'))).unparsable).toEqual([]);
  });
});

describe('local addresses in fib_trie', () => {
  it('are each told once, whatever else stands in the same leaf', () => {
    const { facts, unparsable } = parseLocalAddresses(
      aFrame('closed-addresses', sourceText('closed/closed-addresses.txt')),
    );
    expect(unparsable).toEqual([]);
    expect(facts.map(({ pid, address, evidence }) => [pid, address, evidence.line])).toEqual([
      [54, '10.9.0.0', 2],
      [54, '10.9.0.2', 5],
      [54, '127.0.0.1', 9],
      [68, '10.9.0.2', 24],
      [68, '127.0.0.1', 28],
    ]);
  });

  it('an address that does not stand above is not taken from elsewhere', () => {
    const leaf = '/proc/9/net/fib_trie-  |-- 10.0.0.1\n';
    const local = '/proc/9/net/fib_trie:     /32 host LOCAL\n';
    const addresses = (text: string) =>
      parseLocalAddresses(aFrame('closed-addresses', text)).facts.map(({ pid, address }) => [pid, address]);
    expect(addresses(leaf + local)).toEqual([[9, '10.0.0.1']]);
    expect(addresses(`${leaf}--\n${local}`)).toEqual([]);
    expect(addresses(leaf + local.replace('9', '8'))).toEqual([]);
  });
});
