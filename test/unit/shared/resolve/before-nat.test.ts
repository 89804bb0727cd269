// What comes before the rules that rewrite, and leaves them less.
import { describe, expect, it } from 'vitest';
import { net } from '../../../helpers/entities.ts';
import { host, inChain, rulesOf, withRules } from '../../../helpers/firewall-rules.ts';

describe('rules before those that rewrite', () => {
  const before = (rules: string, type = 'type filter hook prerouting priority raw; policy accept;') =>
    withRules(
      inChain(rules, type).replaceAll('chain c', 'chain early') +
        inChain('tcp dport 80 dnat ip to 10.0.0.1').replaceAll('inet t', 'inet u'),
    ).forwards.map(({ certainty, rule }) => `${certainty} ${rule}`);
  const certain = ['certain forward.firewall-rule'];
  const doubtful = ['inferred forward.firewall-rule-conditional'];

  it('that surely drop it, or take its connection away, leave no forward', () => {
    expect(before('tcp dport 80 drop')).toEqual([]);
    expect(before('tcp dport 80 notrack')).toEqual([]);
    expect(before('tcp dport 81 drop')).toEqual(certain);
    expect(before('tcp dport 80 accept\ntcp dport 80 drop')).toEqual(certain);
    expect(before('tcp dport 80 accept', 'type filter hook prerouting priority raw; policy drop;')).toEqual(certain);
    expect(before('tcp dport 81 accept', 'type filter hook prerouting priority raw; policy drop;')).toEqual([]);
    // Behind the nat chains it is not for 80 any more.
    expect(before('tcp dport 80 drop', 'type filter hook prerouting priority filter; policy accept;')).toEqual(certain);
  });

  it('of the same priority may come behind', () => {
    const same = 'type filter hook prerouting priority dstnat; policy accept;';
    expect(before('tcp dport 80 drop', same)).toEqual(doubtful);
    expect(before('meta mark 0x1 drop', same)).toEqual(doubtful);
    expect(before('tcp dport 81 drop', same)).toEqual(certain);
  });

  it('are those of its own network namespace', () => {
    const raw = inChain('tcp dport 80 drop', 'type filter hook prerouting priority raw; policy accept;');
    const firewalls = [rulesOf(host, inChain('tcp dport 80 dnat ip to 10.0.0.1')), rulesOf(net(2), raw)];
    expect(withRules('', 'nft', { firewalls }).forwards).toMatchObject([{ certainty: 'certain' }]);
  });

  it('may be a policy alone', () => {
    const chain =
      'table inet t {\n\tchain early {\n\t\ttype filter hook prerouting priority raw; policy drop;\n\t}\n}\n';
    const dnat = inChain('tcp dport 80 dnat ip to 10.0.0.1').replaceAll('inet t', 'inet u');
    expect(withRules(chain + dnat).forwards).toEqual([]);
  });

  it('that may, or at one of its addresses do, leave it inferred', () => {
    expect(before('meta mark 0x1 tcp dport 80 drop')).toEqual(doubtful);
    expect(before('meta mark 0x1 notrack')).toEqual(doubtful);
    expect(before('ip daddr 203.0.113.5 tcp dport 80 drop')).toEqual(doubtful);
    expect(before('ip daddr 203.0.113.9 tcp dport 80 drop')).toEqual(certain);
  });

  it('that ask who sends it take some, and the others still come', () => {
    expect(before('ip saddr 198.51.100.0/24 drop')).toEqual(certain);
    expect(before('iifname "eth7" tcp dport 80 drop')).toEqual(certain);
    expect(before('fib saddr . iif oif missing drop')).toEqual(certain);
    expect(before('ct state invalid drop', 'type filter hook prerouting priority mangle; policy accept;')).toEqual(
      certain,
    );
    const nothingElse = 'type filter hook prerouting priority mangle + 10; policy drop;';
    expect(before('fib saddr . mark . iif oif exists accept', nothingElse)).toEqual(certain);
    expect(before('ip saddr 198.51.100.0/24 accept', nothingElse)).toEqual(certain);
  });

  it('of which there may be more than was told leave it inferred', () => {
    const whole = rulesOf(host, inChain('tcp dport 80 dnat ip to 10.0.0.1'));
    const inPart = withRules('', 'nft', { firewalls: [{ ...whole, incomplete: true }] });
    expect(inPart.forwards).toMatchObject([{ certainty: 'inferred', rule: 'forward.firewall-rule-conditional' }]);
  });

  it('of iptables the same', () => {
    const raw = (rule: string) =>
      withRules(
        `*raw\n:PREROUTING ACCEPT [0:0]\n${rule}\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.1\nCOMMIT\n`,
        'iptables',
      ).forwards.map(({ certainty }) => certainty);
    expect(raw('-A PREROUTING -p tcp -m tcp --dport 80 -j CT --notrack')).toEqual([]);
    expect(raw('-A PREROUTING -p tcp -m tcp --dport 80 -j DROP')).toEqual([]);
    expect(raw('-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP')).toEqual(['certain']);
    expect(raw('-A PREROUTING -m rpfilter --invert -j DROP')).toEqual(['certain']);
  });
});
