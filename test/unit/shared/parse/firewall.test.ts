import { describe, expect, it } from 'vitest';
import type { FirewallRule } from '../../../../shared/model/firewall.ts';
import { parseIptablesSave, readIptablesRule } from '../../../../shared/parse/firewall/iptables-save.ts';
import { targetOf } from '../../../../shared/parse/firewall/match.ts';
import { readNftRule } from '../../../../shared/parse/firewall/nft-rule.ts';
import { parseNftRuleset, type Ruleset } from '../../../../shared/parse/firewall/nft-ruleset.ts';
import { elementsOf, wordsOf } from '../../../../shared/parse/firewall/nft-words.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

const nft = (name: string): Ruleset => parseNftRuleset(aFrame('nft', sourceText(`nft/${name}.txt`)));
const chain = (ruleset: Ruleset, name: string): readonly FirewallRule[] =>
  ruleset.natRules.filter((rule) => rule.chain === name);
const rule = (text: string, sets: Readonly<Record<string, string>> = {}) => readNftRule(text, (name) => sets[name]);

describe('nft list ruleset', () => {
  it('has tables and chains, with hook, priority, policy and how many rules', () => {
    const ruleset = nft('cni-portmap-by-iptables-nft');
    expect(ruleset.unparsable).toEqual([]);
    expect(ruleset.tables).toEqual(['ip nat', 'ip filter']);
    expect(ruleset.rules).toBe(26);
    expect(ruleset.chains.map(({ name }) => name)).toHaveLength(14);
    expect(ruleset.chains.find(({ name }) => name === 'OUTPUT')).toMatchObject({
      family: 'ip',
      table: 'nat',
      type: 'nat',
      hook: 'output',
      priority: 'dstnat',
      policy: 'accept',
      rules: 1,
      evidence: { line: 31 },
    });
    expect(nft('by-hand').chains[0]).toMatchObject({ name: 'input', type: 'filter', policy: 'drop', rules: 4 });
  });

  it('has each rule with its handle, its text and its line; rules of filter chains are none that rewrite', () => {
    const ruleset = nft('cni-portmap-by-iptables-nft');
    expect(chain(ruleset, 'CNI-DN-a34399d7e9d66eff04235').at(-1)).toEqual({
      family: 'ip',
      table: 'nat',
      chain: 'CNI-DN-a34399d7e9d66eff04235',
      handle: 19,
      text: 'ip daddr 127.0.0.1 tcp dport 8080 counter packets 0 bytes 0 dnat to 10.4.0.9:80',
      match: {
        family: 'ip',
        destination: { not: false, any: ['127.0.0.1'] },
        protocols: ['tcp'],
        ports: [[8080, 8080]],
        other: [],
      },
      action: { kind: 'dnat', address: '10.4.0.9', ports: [80, 80] },
      evidence: { frame: 0, section: 'nft', line: 39 },
    });
    expect(ruleset.natRules.some(({ table }) => table === 'filter')).toBe(false);
  });

  it('looks into named sets and maps, over several lines', () => {
    const [byAddress, byNodePort] = chain(nft('kube-proxy'), 'services');
    expect(byAddress?.action).toMatchObject({ kind: 'choice' });
    expect(byAddress?.action.kind === 'choice' && byAddress.action.branches).toHaveLength(4);
    expect(byNodePort).toMatchObject({
      match: { destination: { not: false, any: ['192.168.0.2'] } },
      action: {
        kind: 'choice',
        branches: [
          {
            match: { protocols: ['tcp'], ports: [[3001, 3001]] },
            action: { kind: 'goto', chain: 'external-42NFTM6N-ns2/svc2/tcp/p80' },
          },
        ],
      },
    });
    const [, , , , byMap] = chain(nft('by-hand'), 'pre');
    expect(byMap?.action).toMatchObject({
      branches: [{ action: { address: '10.0.0.2', ports: [8080, 8080] } }, { match: { ports: [[443, 443]] } }],
    });
  });

  it('by turns, unless there is one turn only', () => {
    const ruleset = nft('kube-proxy');
    expect(chain(ruleset, 'service-ULMVA6XW-ns1/svc1/tcp/p80').at(-1)?.action.kind).toBe('goto');
    expect(chain(ruleset, 'service-42NFTM6N-ns2/svc2/tcp/p80').at(-1)?.action).toMatchObject({
      branches: [{ match: { shared: true } }, { match: { shared: true } }],
    });
  });

  it('keeps the rules that rewrite and those that filter apart, each with the chains they lead to', () => {
    const { natRules, filterRules } = nft('docker-bridges');
    expect(new Set(natRules.map(({ chain }) => chain.split('-')[0]))).toEqual(new Set(['nat']));
    expect(new Set(filterRules.map(({ chain }) => chain.split('-')[0]))).toEqual(new Set(['filter', 'raw']));
    expect(filterRules.filter(({ chain }) => chain === 'filter-forward-in__bridge1')).toHaveLength(4);
  });

  it('chains without a name of their own, where a rule jumps to them', () => {
    const { chains, rules, filterRules, unparsable } = nft('own-chains');
    expect(unparsable).toEqual([]);
    expect(rules).toBe(7);
    expect(chains.map(({ name, hook, rules: own }) => [name, hook, own])).toEqual([
      ['f{1}', undefined, 2],
      ['f{2}', undefined, 1],
      ['f', 'forward', 3],
      ['later', 'input', 1],
    ]);
    expect(filterRules.map(({ chain: of, text, handle }) => [of, handle, text])).toEqual([
      ['f', 6, 'tcp dport 81 jump f{1}'],
      ['f', 7, 'tcp dport 82 drop'],
      ['f', 10, 'counter packets 0 bytes 0 goto f{2}'],
      ['later', 11, 'iifname "toa" accept'],
      ['f{1}', undefined, 'ip saddr 10.1.0.2 drop'],
      ['f{1}', undefined, 'ip daddr 10.2.0.2 accept'],
      ['f{2}', undefined, 'tcp dport 83 drop'],
    ]);
  });

  it('what stands behind a line break in quotes is no line of its own', () => {
    const { tables, chains, rules, filterRules, unparsable } = nft('line-breaks');
    expect(unparsable).toEqual([]);
    expect(tables).toEqual(['inet t']);
    expect(rules).toBe(6);
    expect(chains.map(({ name, hook }) => [name, hook])).toEqual([
      ['f{1}', undefined],
      ['f', 'forward'],
    ]);
    expect(
      filterRules.map(({ text, match, action, handle, evidence }) => [text, match, action, handle, evidence.line]),
    ).toEqual([
      [
        'ip daddr 10.88.0.1 accept comment "old rule, was: tcp dport 80 drop } "',
        { family: 'ip', destination: { not: false, any: ['10.88.0.1'] }, other: [] },
        { kind: 'verdict', verdict: 'accept' },
        3,
        19,
      ],
      expect.arrayContaining(['ip daddr 10.88.0.2 log prefix "x  tcp dport 82 drop  " accept', 4]),
      [
        'tcp dport @s drop',
        {
          protocols: ['tcp'],
          ports: [
            [80, 80],
            [81, 81],
          ],
          other: [],
        },
        { kind: 'verdict', verdict: 'drop' },
        5,
        26,
      ],
      expect.arrayContaining(['tcp dport 81 jump f{1}', 8]),
      expect.arrayContaining([
        { family: 'ip', destination: { not: false, any: ['10.0.0.4', '10.0.0.5'] }, other: [] },
        10,
      ]),
      expect.arrayContaining(['ip saddr 10.0.0.1 drop comment "a }"']),
    ]);
  });

  it('a quote that has no end, or one that other rules may be in, leaves open what is there', () => {
    const text = (rules: string) =>
      `table ip t {\n\tchain c {\n\t\ttype filter hook input priority 0; policy accept;\n${rules}\n\t}\n}\n`;
    const several = parseNftRuleset(
      aFrame('nft', text('\t\tiif "a"b" tcp dport 80 drop # handle 2\n\t\tiif "a"b" drop # handle 3')),
    );
    expect(several.filterRules).toMatchObject([{ action: { kind: 'unread' }, handle: 3 }]);
    expect(several.unparsable).toMatchObject([{ evidence: { line: 4 } }]);
    const endless = parseNftRuleset(aFrame('nft', text('\t\tiif "a"b" drop # handle 2')));
    expect(endless.filterRules).toMatchObject([{ action: { kind: 'unread' } }]);
    expect(endless.unparsable).toMatchObject([{ evidence: { line: 4 } }]);
  });

  it('a dormant table is asked nowhere', () => {
    const text = (flags: string) => `table ip x { # handle 1
	flags ${flags}

	chain f { # handle 1
		type filter hook forward priority filter; policy drop;
		drop # handle 2
	}
}
`;
    for (const flags of ['dormant', 'dormant,owner', 'owner, dormant']) {
      const { chains, filterRules } = parseNftRuleset(aFrame('nft', text(flags)));
      expect(chains).toMatchObject([{ name: 'f', rules: 1 }]);
      expect(chains[0]).not.toHaveProperty('hook');
      expect(filterRules).toEqual([]);
    }
    expect(parseNftRuleset(aFrame('nft', text('owner'))).chains[0]).toHaveProperty('hook', 'forward');
  });

  it('a set that packets add to, or whose elements have a limit, is not known', () => {
    const text = (said: string) => `table ip x { # handle 1
	set s { # handle 2
		type ipv4_addr
		${said}
		elements = { 10.0.0.1 }
	}

	chain f { # handle 1
		type filter hook forward priority filter; policy accept;
		ip saddr @s drop # handle 2
	}
}
`;
    const source = (said: string) => parseNftRuleset(aFrame('nft', text(said))).filterRules[0]?.match.source;
    for (const said of ['flags interval,timeout', 'size 65535', 'timeout 1m', 'counter', 'comment "dynamic limit"'])
      expect(source(said)).toEqual({ not: false, any: ['10.0.0.1'] });
    for (const said of ['flags dynamic', 'flags dynamic,timeout', 'limit rate over 10/second', 'quota 5 mbytes'])
      expect(source(said)).toBeUndefined();
  });

  it('a block that is not known goes on to its own brace', () => {
    const text = `table inet t { # handle 1
	tunnel y { # handle 2
		id 10
		erspan {
			version 1
		}
	}

	chain c { # handle 3
		type filter hook input priority 0; policy accept;
		drop # handle 4
	}
}
`;
    const { chains, unparsable } = parseNftRuleset(aFrame('nft', text));
    expect(chains).toMatchObject([{ name: 'c', hook: 'input', rules: 1 }]);
    expect(unparsable.map((one) => one.text)).toEqual(['tunnel y { # handle 2']);
  });

  it('one line that is none costs itself', () => {
    const text = 'garbage\ntable ip t {\n\tchain c {\n\t\ttype nat hook output priority 0;\n\t\tdrop\n\t}\n}\nmore {\n';
    const { chains, rules, unparsable } = parseNftRuleset(aFrame('nft', text));
    expect(chains).toMatchObject([{ name: 'c', policy: 'accept', rules: 1 }]);
    expect(rules).toBe(1);
    expect(unparsable.map((one) => one.text)).toEqual(['garbage', 'more {']);
  });
});

describe('a rule of nft', () => {
  it('keeps every condition it does not know as it stands', () => {
    expect(rule('ct state new tcp dport 80 meta mark & 0x1 == 0x1 dnat to 10.0.0.2')).toEqual({
      match: {
        protocols: ['tcp'],
        ports: [[80, 80]],
        other: ['ct state new', 'meta mark & 0x1 == 0x1'],
      },
      action: { kind: 'dnat', address: '10.0.0.2' },
    });
    expect(rule('tcp dport @unknown accept').match.other).toEqual(['tcp dport @unknown']);
  });

  it('for all ports but some is for the others', () => {
    const portsOf = (text: string) => rule(`${text} accept`).match;
    const tcp = { protocols: ['tcp'], other: [] };
    expect(portsOf('tcp dport != 80')).toEqual({
      ...tcp,
      ports: [
        [1, 79],
        [81, 65535],
      ],
    });
    expect(portsOf('tcp dport != { 8000-65535, 22, 1-21 }')).toEqual({ ...tcp, ports: [[23, 7999]] });
    expect(portsOf('tcp dport != 0-65535')).toEqual({ ...tcp, ports: [] });
    const [, saved] = parseIptablesSave(
      aFrame(
        'iptables',
        '*filter\n:INPUT ACCEPT [0:0]\n[0:0] -A INPUT -p tcp -m tcp ! --dport 22 -j DROP\n[0:0] -A INPUT -p tcp -m multiport ! --dports 22,80:90 -j DROP\nCOMMIT\n',
      ),
      'ip',
    ).filterRules;
    expect(saved?.match).toEqual({
      ...tcp,
      family: 'ip',
      ports: [
        [1, 21],
        [23, 79],
        [91, 65535],
      ],
    });
  });

  it('what is not followed is said: a target of iptables, a verdict map of states', () => {
    expect(rule('tcp dport 80 counter packets 0 bytes 0 xt target "DNAT"').action.kind).toBe('unread');
    expect(rule('ct state vmap { established : accept, invalid : drop }').action).toMatchObject({
      kind: 'choice',
      branches: [
        { match: { other: ['ct state established'] }, action: { verdict: 'accept' } },
        { match: { other: ['ct state invalid'] }, action: { verdict: 'drop' } },
      ],
    });
    expect(rule('dnat to numgen inc mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }').action).toMatchObject({
      branches: [{ match: { shared: true }, action: { address: '10.0.0.1' } }, { match: { shared: true } }],
    });
  });

  it('a star that is the name of a device itself stands for no other', () => {
    for (const text of ['oifname "eth\\*"', 'iif "eth*"', 'oif "eth+"', 'iifname "eth+"', 'oifname { "lo", "eth\\*" }'])
      expect(rule(`${text} drop`).match).toMatchObject({ other: [expect.stringContaining(text.slice(0, 5))] });
    expect(rule('iifname "eth*" drop').match).toEqual({ incoming: { not: false, any: ['eth*'] }, other: [] });
  });

  it('marks and counts are no conditions', () => {
    expect(rule('counter packets 1 bytes 40 meta mark set mark or 0x2000')).toEqual({
      match: { other: [] },
      action: { kind: 'none' },
    });
    expect(rule('log prefix "tcp dport 80 drop " group 2 accept')).toEqual({
      match: { other: [] },
      action: { kind: 'verdict', verdict: 'accept' },
    });
  });

  it('quotes and braces keep words together, commas inside of them part nothing', () => {
    expect(wordsOf('iifname "a b" { x, { y } } z').map(({ text }) => text)).toEqual([
      'iifname',
      'a b',
      'x, { y }',
      'z',
    ]);
    expect(elementsOf('80 : goto a, "x, y" : accept, { 1, 2 }')).toEqual([
      '80 : goto a',
      '"x, y" : accept',
      '{ 1, 2 }',
    ]);
  });

  it.each([
    ['10.0.0.2:80', { address: '10.0.0.2', ports: [80, 80] }],
    ['10.0.0.2', { address: '10.0.0.2' }],
    ['[fd00::2]:80', { address: 'fd00::2', ports: [80, 80] }],
    ['fd00::2', { address: 'fd00::2' }],
    [':5353', { ports: [5353, 5353] }],
    ['10.0.0.2:2000-2010', { address: '10.0.0.2', ports: [2000, 2010] }],
    ['10.0.0.2:70000', undefined],
    ['somewhere', undefined],
    ['', undefined],
  ])('%s as a target', (text, target) => {
    expect(targetOf(text)).toEqual(target);
  });
});

describe('what is asked without saying a value', () => {
  it('a whole fib expression is one condition', () => {
    for (const text of [
      'fib saddr . iif oif missing',
      'fib saddr . mark . iif oif != 0',
      'fib daddr . iif type != local',
    ])
      expect(rule(`${text} drop`)).toEqual({ match: { other: [text] }, action: { kind: 'verdict', verdict: 'drop' } });
    expect(rule('fib daddr . iif type vmap { blackhole : drop }').action).toMatchObject({
      branches: [{ match: { other: ['blackhole : drop'] } }],
    });
    expect(rule('fib daddr type local accept').match).toEqual({ local: true, other: [] });
  });

  it('rpfilter and socket of iptables', () => {
    expect(readIptablesRule('-m rpfilter -j RETURN', 'ip').match.other).toEqual(['-m rpfilter']);
    expect(readIptablesRule('-p tcp -m socket -j ACCEPT', 'ip').match.other).toEqual(['-m socket']);
    expect(readIptablesRule('-p tcp -m tcp -j ACCEPT', 'ip').match.other).toEqual([]);
    // An extension that stands alone asks what it is there for.
    expect(readIptablesRule('-m ah -j DROP', 'ip6').match.other).toEqual(['-m ah']);
    expect(readIptablesRule('-m ndpi -i eth0 -j DROP', 'ip').match.other).toEqual(['-m ndpi']);
    expect(readIptablesRule('-m mark ! --mark 0x1 -j DROP', 'ip').match.other).toEqual(['! --mark 0x1']);
    expect(readIptablesRule('-i eth* -j DROP', 'ip').match.other).toEqual(['-i eth*']);
  });

  it('that it is not to be tracked', () => {
    expect(rule('tcp dport 80 notrack')).toMatchObject({ action: { kind: 'none' }, notrack: true });
    expect(rule('tcp dport 80 notrack accept')).toMatchObject({ action: { verdict: 'accept' }, notrack: true });
    expect(readIptablesRule('-j CT --notrack', 'ip')).toMatchObject({ action: { kind: 'none' }, notrack: true });
    expect(readIptablesRule('-j NOTRACK', 'ip')).toMatchObject({ action: { kind: 'none' }, notrack: true });
    expect(readIptablesRule('-j CT --zone 5', 'ip')).not.toHaveProperty('notrack');
  });
});
