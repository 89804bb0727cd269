// tcpdump's words, as several versions have them, and ours for them.
import { describe, expect, it } from 'vitest';
import { explainEnd } from '../../../../electron/capture/explain.ts';
import { SaidByHost } from '../../../../electron/capture/said.ts';

const token = 'a1'.repeat(16);
const asked = {
  target: {
    netns: { name: 'nginx', inode: 4026532182, marks: [], ways: [] },
    link: { name: 'eth0', ifindex: 3, withoutIp: false },
  },
  filter: '',
};

function said(...lines: readonly string[]): SaidByHost {
  const all = new SaidByHost(token);
  all.add(lines.map((line) => `${line.replace('OURS', token)}\n`).join(''));
  all.end();
  return all;
}

describe('what the script says', () => {
  it.each([
    ['OURS no-tcpdump', 'no-tcpdump', 'There is no tcpdump on the host.'],
    ['OURS no-link', 'interface-gone', 'There is no eth0 there now.'],
    ['OURS other-link', 'interface-changed', 'eth0 is another interface by now: its index is not 3.'],
    ['OURS other-boot', 'namespace-gone', 'The host has been restarted since it was collected, or it is another host.'],
    ['OURS no-ip', 'no-ip', 'There is no ip on the host, so nothing tells whether it is still the same one.'],
    [
      'OURS other-links',
      'namespace-gone',
      'net:[4026532182] is another network namespace by now: none of the interfaces is in it that were.',
    ],
    ['OURS moved', 'namespace-gone', 'net:[4026532182] is not where it was.'],
    ['OURS no-way', 'namespace-gone', 'net:[4026532182] is not where it was.'],
  ])('%s', (line, code, reason) => {
    const failure = explainEnd(asked, said('OURS as root', line), 1);
    expect(failure).toMatchObject({ code, reason, attempted: 'capture on eth0 of nginx' });
  });
  it('where the ways lead', () => {
    const elsewhere = said('OURS as root', 'OURS astray net:[4026532999] ', 'OURS no-way');
    expect(explainEnd(asked, elsewhere, 1).reason).toBe(
      'net:[4026532182] is not where it was: the way there leads to net:[4026532999] now.',
    );
    const closed = said(
      'OURS as bob',
      'OURS astray nsenter: cannot open /proc/1/ns/net: Permission denied',
      'OURS no-way',
    );
    expect(explainEnd(asked, closed, 1)).toMatchObject({
      code: 'not-permitted',
      reason: expect.stringMatching(/^bob may not enter/),
    });
  });
  it('is not what a host could say in its place', () => {
    expect(explainEnd(asked, said('as root', 'no-tcpdump'), 127)).toMatchObject({ code: 'capture-not-started' });
  });
});

describe('what tcpdump says', () => {
  const words = (...lines: readonly string[]) => said('OURS as bob', ...lines, 'OURS end 1');
  it.each([
    ["tcpdump: eth0: You don't have permission to capture on that device", '(socket: Operation not permitted)'],
    [
      "tcpdump: eth0: You don't have permission to perform this capture on that device",
      '(Attempt to create packet socket failed - CAP_NET_RAW may be required)',
    ],
  ])('%s', (...lines) => {
    const failure = explainEnd({ ...asked, filter: 'icmp' }, words(...lines), 1);
    expect(failure).toMatchObject({ code: 'not-permitted', advice: expect.stringContaining('try it with sudo') });
    expect(failure.reason).toMatch(/^bob may not capture there \(eth0: You don't have permission .*\)\.$/);
  });
  it.each([
    "tcpdump: can't parse filter expression: syntax error",
    'tcpdump: syntax error',
    "tcpdump: unknown host 'a'",
  ])('%s', (line) => {
    const failure = explainEnd({ ...asked, filter: 'icmp and' }, words(line), 1);
    expect(failure.code).toBe('filter-refused');
    expect(failure.reason).toBe(`tcpdump does not take the filter: ${line.slice(9)}.`);
  });
  it('of the interface, whatever the filter', () => {
    const line = 'tcpdump: eth0: That device is not up';
    expect(explainEnd({ ...asked, filter: 'icmp' }, words(line), 1)).toMatchObject({
      code: 'tcpdump-failed',
      reason: 'tcpdump ended (status 1) (eth0: That device is not up).',
    });
  });
});

describe('statistics', () => {
  it('are read, and are no complaint', () => {
    const all = new SaidByHost(token);
    const lines = [
      'tcpdump: listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes',
      '6 packets captured',
      '8 packets received by filter',
      '1 packet dropped by kernel',
      '2 packets dropped by interface',
    ];
    for (const character of `${lines.join('\n')}\n`) all.add(character);
    expect(all.statistics).toEqual({ received: 8, droppedByKernel: 1, droppedByInterface: 2 });
    expect(all.others).toBe('');
  });
});
