// What iptables-save tells.
import { describe, expect, it } from 'vitest';
import type { FirewallRule } from '../../../../shared/model/firewall.ts';
import { parseIptablesSave, readIptablesRule } from '../../../../shared/parse/firewall/iptables-save.ts';
import { parseNftRuleset, type Ruleset } from '../../../../shared/parse/firewall/nft-ruleset.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

const nft = (name: string): Ruleset => parseNftRuleset(aFrame('nft', sourceText(`nft/${name}.txt`)));
const saved = (name: string): Ruleset =>
  parseIptablesSave(aFrame('iptables', sourceText(`iptables-save/${name}.txt`)), 'ip');
const chain = (ruleset: Ruleset, name: string): readonly FirewallRule[] =>
  ruleset.natRules.filter((rule) => rule.chain === name);

describe('iptables-save', () => {
  it('says the same of the same rules as nft does', () => {
    const meaning = ({ natRules }: Ruleset) =>
      natRules
        .map((one) => [one.chain, { ...one.match, family: 'ip' }, one.action])
        .sort((a, b) => String(a[0]).localeCompare(String(b[0])));
    expect(meaning(saved('docker-legacy'))).toEqual(meaning(nft('docker-by-iptables-nft')));
    expect(saved('docker-legacy').chains.find(({ name }) => name === 'FORWARD')).toMatchObject({
      hook: 'forward',
      policy: 'drop',
      rules: 6,
    });
  });

  it('reads what kube-proxy wrote: comments with blanks, chance, local destinations', () => {
    const ruleset = saved('kube-proxy-2016');
    expect(ruleset.unparsable).toEqual([]);
    expect(ruleset.rules).toBe(39);
    expect(chain(ruleset, 'KUBE-SERVICES').at(-1)).toMatchObject({
      match: { local: true, other: [] },
      action: { kind: 'jump', chain: 'KUBE-NODEPORTS' },
    });
    const turn = '-m comment --comment "a b" -m statistic --mode random --probability 0.5 -j KUBE-SEP-A';
    expect(readIptablesRule(turn, 'ip')).toEqual({
      match: { family: 'ip', shared: true, other: [] },
      action: { kind: 'jump', chain: 'KUBE-SEP-A' },
    });
  });

  it('keeps every condition it does not know as it stands', () => {
    expect(readIptablesRule('-p tcp -m set ! --match-set bad src -m tcp --dport 80 -j DROP', 'ip')).toEqual({
      match: { family: 'ip', protocols: ['tcp'], ports: [[80, 80]], other: ['! --match-set bad src'] },
      action: { kind: 'verdict', verdict: 'drop' },
    });
  });

  it('a comment with line breaks is one word; rules that seem to be in it leave open what is there', () => {
    const text = (comment: string) => `*filter
:FORWARD ACCEPT [0:0]
[0:0] -A FORWARD -d 10.88.0.1/32 -m comment --comment "${comment}" -j ACCEPT
[0:0] -A FORWARD -i a"b -p tcp -m tcp --dport 81 -j DROP
COMMIT
`;
    const read = (comment: string) => parseIptablesSave(aFrame('iptables', text(comment)), 'ip');
    const one = read('old:\nCOMMIT\n*nat\nit\\\'s \\"so\\" \\\\x');
    expect(one).toMatchObject({ tables: ['ip filter'], unparsable: [] });
    expect(one.filterRules).toMatchObject([
      {
        match: { destination: { any: ['10.88.0.1'] }, other: [] },
        action: { verdict: 'accept' },
        evidence: { line: 3 },
      },
      { match: { incoming: { any: ['a"b'] }, other: [] }, action: { verdict: 'drop' }, evidence: { line: 7 } },
    ]);
    const several = read('old:\n-A FORWARD -p tcp --dport 80 -j DROP');
    expect(several.filterRules).toMatchObject([{ action: { kind: 'unread' } }, { action: { verdict: 'drop' } }]);
    expect(several.unparsable).toMatchObject([{ evidence: { line: 3 } }]);
  });

  it('a quoted word is no option, whatever it looks like', () => {
    const drop = { kind: 'verdict', verdict: 'drop' };
    for (const word of ['-i', '!', '-j', '--dport', '--string'])
      expect(readIptablesRule(`-p udp -m string --string "${word}" --algo bm -j DROP`, 'ip')).toEqual({
        match: { family: 'ip', protocols: ['udp'], other: [`--string "${word}"`, '--algo bm'] },
        action: drop,
      });
    expect(readIptablesRule('-m comment --comment "-j ACCEPT" -j DROP', 'ip').action).toEqual(drop);
  });

  it('a target that gives another address is one that rewrites, also where it is not known to what', () => {
    for (const text of ['-j NETMAP --to 10.0.0.0/8', '-j DNAT --to-destination db', '-j REDIRECT --to-ports http'])
      expect(readIptablesRule(text, 'ip').action).toMatchObject({ kind: 'unread', rewrites: true });
  });

  it('what is no chain of the table is a target that is not known, unless it is known to go on', () => {
    const text = `*filter
:INPUT ACCEPT [0:0]
:own - [0:0]
-A INPUT -j own
-A INPUT -p tcp -j TARPIT
-A INPUT -j TCPMSS --clamp-mss-to-pmtu
-A INPUT -j TEE --gateway 10.0.0.5
-A INPUT -j TTL --ttl-set 1
-A INPUT -j TTL --ttl-dec 1
-A INPUT -j TTL --ttl-set 65
COMMIT
`;
    expect(parseIptablesSave(aFrame('iptables', text), 'ip').filterRules.map(({ action }) => action.kind)).toEqual([
      'jump',
      'unread',
      'none',
      'none',
      'unread',
      'unread',
      'none',
    ]);
  });
});
