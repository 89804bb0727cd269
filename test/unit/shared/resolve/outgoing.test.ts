// What leaves with another address, and for what of it that is said.
import { describe, expect, it } from 'vitest';
import { sourceText } from '../../../helpers/frames.ts';
import { inChain, withRules } from '../../../helpers/firewall-rules.ts';

describe('what leaves with another address', () => {
  it('whose, as which, by which interface', () => {
    const model = withRules(sourceText('nft/docker-bridges.txt'));
    expect(model.firewalls[0]?.outgoing.map(({ sources, interface: out }) => [sources, out])).toEqual([
      [['172.17.0.0/16'], '!docker0'],
      [['192.0.2.0/24'], '!bridge1'],
    ]);
    expect(withRules(sourceText('nft/by-hand.txt')).firewalls[0]?.outgoing).toMatchObject([
      { sources: ['10.0.0.0/24'], address: '203.0.113.5', interface: 'eth0', certainty: 'certain' },
      { sources: [], address: undefined },
    ]);
  });

  it('is certain where nothing else is asked', () => {
    const leaving = (rule: string) =>
      withRules(inChain(rule, 'type nat hook postrouting priority srcnat; policy accept;')).firewalls[0]?.outgoing.map(
        ({ certainty }) => certainty,
      );
    expect(leaving('oifname "eth0" masquerade')).toEqual(['certain']);
    expect(leaving('meta mark 0x1 oifname "eth0" masquerade')).toEqual(['inferred']);
  });
});

describe('of what leaves, only what the rule asks for', () => {
  const leaving = (rules: string) =>
    withRules(
      `table ip t {
	chain c {
		type nat hook postrouting priority srcnat; policy accept;
${rules
  .split('\n')
  .map((rule) => `\t\t${rule}\n`)
  .join('')}\t}
}
`,
    ).firewalls[0]?.outgoing.map(({ sources, conditions, other, certainty }) =>
      [certainty, ...sources, ...conditions, ...other].join(' | '),
    );

  it('ports, destinations, and sources that it leaves out', () => {
    expect(leaving('ip saddr 10.1.0.0/24 tcp dport 25 masquerade')).toEqual(['certain | 10.1.0.0/24 | tcp dport 25']);
    expect(leaving('ip saddr != 10.1.0.0/24 masquerade')).toEqual(['certain | ip saddr != 10.1.0.0/24']);
    expect(leaving('meta l4proto udp ip daddr { 10.1.0.1, 10.1.0.2 } masquerade')).toEqual([
      'certain | ip daddr { 10.1.0.1, 10.1.0.2 } | meta l4proto udp',
    ]);
    expect(leaving('meta mark 0x1 masquerade')).toEqual(['inferred | meta mark 0x1']);
  });

  it('what earlier rules leave of it is not all', () => {
    expect(leaving('ip saddr 10.1.0.0/24 accept\nmasquerade')).toEqual(['inferred']);
    expect(leaving('ip saddr 10.1.0.0/24 accept\nip saddr 10.2.0.0/24 masquerade')).toEqual(['certain | 10.2.0.0/24']);
    expect(leaving('ip saddr 10.1.0.0/24 snat to 10.9.9.9\nmasquerade')).toEqual(['certain | 10.1.0.0/24', 'inferred']);
    expect(leaving('oifname "eth0" accept\noifname "eth1" masquerade')).toEqual(['certain']);
  });
});
