// Ports the firewall forwards: its rules followed from where they hook in to who listens in the end.
import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import type { UnresolvedFirewall } from '../../../../shared/model/firewall.ts';
import type { Forward } from '../../../../shared/model/forward.ts';
import type { NamespaceId } from '../../../../shared/model/id.ts';
import type { Socket } from '../../../../shared/model/socket.ts';
import { parseIptablesSave } from '../../../../shared/parse/firewall/iptables-save.ts';
import { parseNftRuleset } from '../../../../shared/parse/firewall/nft-ruleset.ts';
import { areDisjoint, selects } from '../../../../shared/model/address-range.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aLink, anAddress, anEntities, aProcess, aSocket, net } from '../../../helpers/entities.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';
import { childNet, hostNet, nginxNet, referenceEntities } from '../../../helpers/reference-entities.ts';

const host = net(1);

function rulesOf(netns: NamespaceId, text: string, by: UnresolvedFirewall['by'] = 'nft'): UnresolvedFirewall {
  const frame = aFrame(by, text);
  const { unparsable, ...ruleset } =
    by === 'nft' ? parseNftRuleset(frame) : parseIptablesSave(frame, by === 'iptables' ? 'ip' : 'ip6');
  expect(unparsable).toEqual([]);
  return { netns, by, ...ruleset, evidence: [{ frame: 0, section: by }] };
}

/** A host with one address and these rules; nothing else is on it. */
const withRules = (text: string, by: UnresolvedFirewall['by'] = 'nft', fields: Partial<Entities> = {}) =>
  resolveModel(
    anEntities({
      links: [aLink(host, 2, 'eth0', { addresses: [anAddress('203.0.113.5/24'), anAddress('192.168.0.2/24')] })],
      firewalls: [rulesOf(host, text, by)],
      ...fields,
    }),
  );

const inChain = (rules: string, type = 'type nat hook prerouting priority dstnat; policy accept;') =>
  `table inet t {\n\tchain c {\n\t\t${type}\n${rules
    .split('\n')
    .map((rule, i) => `\t\t${rule} # handle ${i + 2}\n`)
    .join('')}\t}\n}\n`;

const said = ({ by, protocol, listen, target, certainty, lastPort }: Forward): string =>
  `${by} ${protocol} ${listen.address}:${listen.port}${lastPort ? `-${lastPort}` : ''} → ${target.address}:${target.port} ${certainty}`;

describe('published ports in rules of others', () => {
  it.each([
    ['nft/docker-bridges.txt', ['nftables tcp 0.0.0.0:8080 → 192.0.2.2:80 certain']],
    ['nft/docker-by-iptables-nft.txt', ['nftables tcp 0.0.0.0:8080 → 192.0.2.2:80 certain']],
    ['iptables-save/docker-legacy.txt', ['iptables tcp 0.0.0.0:8080 → 192.0.2.2:80 certain']],
    [
      'nft/netavark.txt',
      ['nftables tcp 0.0.0.0:8080 → 172.18.0.2:80 certain', 'nftables tcp :::8080 → fd5e:822b:4924:c112::2:80 certain'],
    ],
    ['iptables-save/kube-proxy-2016.txt', ['iptables tcp 0.0.0.0:31291 → 10.80.0.4:8080 certain']],
  ])('%s', (file, expected) => {
    const model = withRules(sourceText(file), file.startsWith('nft') ? 'nft' : 'iptables');
    expect(model.forwards.map(said)).toEqual(expected);
  });

  it('a node port goes to several by turns; addresses of services are no ports of the host, and are told', () => {
    const model = withRules(sourceText('nft/kube-proxy.txt'));
    expect(model.forwards.map(said)).toEqual([
      // Only from 10.0.0.0/8 it is a short cut; both lead to the same places.
      'nftables tcp 192.168.0.2:3001 → 10.180.0.2:80 certain',
      'nftables tcp 192.168.0.2:3001 → 10.180.0.3:80 certain',
    ]);
    expect(model.forwards.map(({ steps }) => steps?.[0]?.shared)).toEqual([true, true]);
    expect(model.findings).toMatchObject([{ rule: 'firewall.service-addresses', values: { count: 4 } }]);
  });

  it('by hand: ranges, redirects, sources, maps', () => {
    const model = withRules(sourceText('nft/by-hand.txt'));
    const all = model.forwards.map(said);
    expect(all).toContain('nftables tcp 203.0.113.5:2000 → 10.0.0.4:2000 certain');
    expect(all.filter((one) => one.includes('10.0.0.4'))).toHaveLength(11);
    expect(all).toContain('nftables udp 0.0.0.0:53 → 0.0.0.0:5353 certain');
    expect(all).toContain('nftables tcp 0.0.0.0:90 → 10.0.0.9:90 inferred');
    expect(all).toContain('nftables tcp 0.0.0.0:443 → 10.0.0.3:8443 certain');
    expect(all).toContain('nftables tcp 0.0.0.0:7001 → 10.0.0.8:7001 certain');
  });
});

describe('the order of rules', () => {
  it('the first that is for a port has it', () => {
    const model = withRules(inChain('tcp dport 80 dnat ip to 10.0.0.1\ntcp dport 80 dnat ip to 10.0.0.2'));
    expect(model.forwards.map(said)).toEqual(['nftables tcp 0.0.0.0:80 → 10.0.0.1:80 certain']);
  });

  it('nothing comes to a rule after everything was accepted, or sent back', () => {
    expect(withRules(inChain('accept\ntcp dport 80 dnat ip to 10.0.0.1')).forwards).toEqual([]);
    expect(withRules(inChain('tcp dport 80 return\ntcp dport 80 dnat ip to 10.0.0.1')).forwards).toMatchObject([
      { certainty: 'inferred' },
    ]);
  });

  it('what an unread condition may take away before makes it inferred, from where it comes does not', () => {
    const after = (rule: string) => withRules(inChain(`${rule}\ntcp dport 80 dnat ip to 10.0.0.1`)).forwards[0];
    expect(after('ct state invalid accept')).toMatchObject({ certainty: 'inferred' });
    expect(after('iifname "docker0" return')).toMatchObject({ certainty: 'certain' });
    expect(after('tcp dport 81 accept')).toMatchObject({ certainty: 'certain' });
    expect(after('udp dport 80 accept')).toMatchObject({ certainty: 'certain' });
  });

  it('a condition of its own that is not read makes it inferred', () => {
    expect(withRules(inChain('meta mark 0x1 tcp dport 80 dnat ip to 10.0.0.1')).forwards).toMatchObject([
      { certainty: 'inferred', rule: 'forward.firewall-rule-conditional' },
    ]);
  });

  it('chains that lead to each other have an end', () => {
    const text = `table ip t {
	chain a {
		type nat hook prerouting priority dstnat; policy accept;
		jump b
		jump b
	}
	chain b {
		jump c
		jump c
	}
	chain c {
		jump b
		tcp dport 80 dnat to 10.0.0.1
	}
}
`;
    expect(withRules(text).forwards.length).toBeGreaterThan(0);
  });

  it('what rewrites in a way that is not followed is told', () => {
    const model = withRules(inChain('tcp dport 80 xt target "DNAT"'));
    expect(model.forwards).toEqual([]);
    expect(model.findings).toMatchObject([{ rule: 'firewall.rules-not-followed', kind: 'unparsable' }]);
  });
});

describe('which packets come to a rule', () => {
  const twoLinks = [
    aLink(host, 1, 'lo', { kind: 'loopback', addresses: [anAddress('127.0.0.1/8')] }),
    aLink(host, 2, 'eth0', { addresses: [anAddress('203.0.113.5/24')] }),
    aLink(host, 3, 'eth1', { addresses: [anAddress('192.168.0.2/24')] }),
  ];
  const among = (rules: string, type?: string) =>
    withRules(inChain(rules, type), 'nft', { links: twoLinks }).forwards.map(
      (one) =>
        `${said(one)}${one.incoming ? ` ${one.incoming.not ? 'not ' : ''}by ${one.incoming.any.join(' ')}` : ''}`,
    );
  const output = 'type nat hook output priority dstnat; policy accept;';

  it('what is sent to a loopback address comes to output alone, and leaves with one only if route_localnet is set', () => {
    const rule = 'ip daddr 127.0.0.1 tcp dport 80 dnat ip to 10.0.0.1';
    expect(among(rule)).toEqual([]);
    expect(among(rule, output)).toEqual(['nftables tcp 127.0.0.1:80 → 10.0.0.1:80 inferred']);
    expect(withRules(inChain(rule, output)).forwards[0]?.rule).toBe('forward.firewall-rule-loopback');
    expect(among('ip daddr 127.0.0.11 udp dport 53 dnat ip to 127.0.0.11:5353', output)).toEqual([]);
    expect(among('tcp dport 82 dnat ip to 127.0.0.1:3001')).toEqual([
      'nftables tcp 0.0.0.0:82 → 127.0.0.1:3001 inferred',
    ]);
  });

  it('by which interface it has to come in is said, and nothing comes in by two, or by one that is not there', () => {
    expect(among('iifname "eth0" tcp dport 80 dnat ip to 10.0.0.1')).toEqual([
      'nftables tcp 0.0.0.0:80 → 10.0.0.1:80 certain by eth0',
    ]);
    expect(among('iifname "eth*" tcp dport 80 dnat ip to 10.0.0.1')).toEqual([
      'nftables tcp 0.0.0.0:80 → 10.0.0.1:80 certain by eth0 eth1',
    ]);
    expect(among('iifname != "eth0" tcp dport 80 dnat ip to 10.0.0.1')).toEqual([
      'nftables tcp 0.0.0.0:80 → 10.0.0.1:80 certain not by eth0',
    ]);
    expect(among('iifname "eth9" tcp dport 80 dnat ip to 10.0.0.1')).toEqual([]);
    const both = `table ip t {
	chain c {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "eth0" jump x
	}
	chain x {
		iifname "eth1" tcp dport 80 dnat to 10.0.0.1
		iifname != "eth0" tcp dport 81 dnat to 10.0.0.1
		iifname "eth*" tcp dport 82 dnat to 10.0.0.1
	}
}
`;
    expect(withRules(both, 'nft', { links: twoLinks }).forwards.map(said)).toEqual([
      'nftables tcp 0.0.0.0:82 → 10.0.0.1:82 certain',
    ]);
    // Each has what comes in by its own.
    expect(
      among('iifname "eth0" tcp dport 80 dnat ip to 10.0.0.1\niifname "eth1" tcp dport 80 dnat ip to 10.0.0.2'),
    ).toEqual([
      'nftables tcp 0.0.0.0:80 → 10.0.0.1:80 certain by eth0',
      'nftables tcp 0.0.0.0:80 → 10.0.0.2:80 certain by eth1',
    ]);
  });

  it('an address that is excepted is not among them', () => {
    const excepting = '-A PREROUTING ! -d 203.0.113.5/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.1';
    const save = `*nat\n:PREROUTING ACCEPT [0:0]\n${excepting}\nCOMMIT\n`;
    expect(withRules(save, 'iptables').forwards.map(said)).toEqual([
      'iptables tcp 192.168.0.2:80 → 10.0.0.1:80 certain',
    ]);
    expect(among('ip daddr != 198.51.100.1 tcp dport 80 dnat ip to 10.0.0.1')).toEqual([
      'nftables tcp 0.0.0.0:80 → 10.0.0.1:80 certain',
    ]);
    expect(among('ip daddr 192.168.0.0/16 tcp dport 80 dnat ip to 10.0.0.1')).toEqual([
      'nftables tcp 192.168.0.2:80 → 10.0.0.1:80 certain',
    ]);
  });

  it('of a whole address each port, but for those that an earlier rule has', () => {
    expect(among('ip daddr 192.168.0.2 dnat ip to 10.0.0.1')).toEqual([
      'nftables tcp 192.168.0.2:1-65535 → 10.0.0.1:1 certain',
      'nftables udp 192.168.0.2:1-65535 → 10.0.0.1:1 certain',
    ]);
    const rest = 'tcp dport 80 dnat ip to 10.0.0.2\nip daddr 192.168.0.2 ip protocol tcp dnat ip to 10.0.0.1';
    expect(among(rest)).toEqual([
      'nftables tcp 0.0.0.0:80 → 10.0.0.2:80 certain',
      'nftables tcp 192.168.0.2:1-65535 → 10.0.0.1:1 inferred',
    ]);
    // Nothing of it comes to the second.
    expect(among('tcp dport 80 dnat ip to 10.0.0.2\nip daddr 192.168.0.2 tcp dport 80 dnat ip to 10.0.0.1')).toEqual([
      'nftables tcp 0.0.0.0:80 → 10.0.0.2:80 certain',
    ]);
  });

  it('to one of several ports is to any of them', () => {
    expect(among('tcp dport 7000 dnat ip to 10.0.0.1:8000-8003')).toEqual([
      'nftables tcp 0.0.0.0:7000 → 10.0.0.1:8000 inferred',
    ]);
    expect(among('tcp dport 8001 dnat ip to 10.0.0.1:8000-8003')).toEqual([
      'nftables tcp 0.0.0.0:8001 → 10.0.0.1:8001 certain',
    ]);
  });

  it('what asks for ports in a way that is not read is no forward, and is told', () => {
    const model = withRules(inChain('meta mark 0x1 dnat ip to 10.0.0.1'));
    expect(model.forwards).toEqual([]);
    expect(model.findings).toMatchObject([{ rule: 'firewall.ports-not-read', values: { count: 1 } }]);
  });

  it('an address of its own is no service’s', () => {
    const model = withRules(
      inChain('ip daddr { 192.168.0.2, 198.51.100.1 } icmp type echo-request dnat ip to 10.0.0.1'),
    );
    expect(model.findings).toMatchObject([
      { rule: 'firewall.service-addresses', values: { count: 1, example: '198.51.100.1' } },
    ]);
  });
});

describe('chains of equal priority', () => {
  const two = (first: string, second: string, priority = 'dstnat') =>
    withRules(
      inChain(first) +
        inChain(second, `type nat hook prerouting priority ${priority}; policy accept;`).replace('inet t', 'inet u'),
    ).forwards.map(said);

  it('the one that was added last is first, which is not told: each is ambiguous where they differ', () => {
    expect(two('tcp dport 80 dnat ip to 10.0.0.1', 'tcp dport 80 dnat ip to 10.0.0.2')).toEqual([
      'nftables tcp 0.0.0.0:80 → 10.0.0.1:80 ambiguous',
      'nftables tcp 0.0.0.0:80 → 10.0.0.2:80 ambiguous',
    ]);
    expect(two('ip daddr 192.168.0.2 ip protocol tcp dnat ip to 10.0.0.1', 'tcp dport 80 dnat ip to 10.0.0.2')).toEqual(
      ['nftables tcp 0.0.0.0:80 → 10.0.0.2:80 ambiguous', 'nftables tcp 192.168.0.2:1-65535 → 10.0.0.1:1 ambiguous'],
    );
  });

  it('where they agree, or the priority says it, it is certain', () => {
    const once = ['nftables tcp 0.0.0.0:80 → 10.0.0.1:80 certain'];
    expect(two('tcp dport 80 dnat ip to 10.0.0.1', 'tcp dport 80 dnat ip to 10.0.0.1')).toEqual(once);
    expect(two('tcp dport 80 dnat ip to 10.0.0.1', 'tcp dport 80 dnat ip to 10.0.0.2', 'dstnat + 1')).toEqual(once);
    expect(two('tcp dport 80 dnat ip to 10.0.0.2', 'tcp dport 80 dnat ip to 10.0.0.1', 'dstnat - 1')).toEqual(once);
    expect(two('tcp dport 80 dnat ip to 10.0.0.1', 'tcp dport 81 dnat ip to 10.0.0.2')).toHaveLength(2);
  });
});

describe('through RootlessKit and the rules in its child’s network namespace', () => {
  const portmap = sourceText('nft/cni-portmap-by-iptables-nft.txt');
  function reference(fields: Partial<Entities> = {}) {
    const entities = referenceEntities(fields);
    const rootlessKits = entities.rootlessKits.map((kit) => ({
      ...kit,
      ports: kit.ports?.map((port) => ({ ...port, childIp: '', childPort: 8080 })) ?? [],
    }));
    return resolveModel({ ...entities, firewalls: [rulesOf(childNet, portmap)], rootlessKits });
  }

  it('every step is seen: certain, with the rules that rewrite', () => {
    const model = reference();
    const [forward, ...others] = model.forwards;
    expect(others).toEqual([]);
    expect(forward).toMatchObject({
      by: 'rootlesskit',
      listen: { address: '127.0.0.1', port: 8080, netns: hostNet },
      target: { address: '10.4.0.9', port: 80, netns: nginxNet },
      certainty: 'certain',
      rule: 'forward.rootlesskit-api-dnat',
    });
    expect(forward?.steps?.map(({ by, netns, to }) => [by, netns, to.netns])).toEqual([
      ['rootlesskit', hostNet, childNet],
      ['nftables', childNet, nginxNet],
    ]);
    expect(forward?.steps?.[1]?.rules?.map(({ chain, handle }) => [chain, handle])).toEqual([
      ['OUTPUT', 15],
      ['CNI-HOSTPORT-DNAT', 20],
      ['CNI-DN-a34399d7e9d66eff04235', 19],
    ]);
    expect(model.relations.find(({ kind }) => kind === 'forwards-to')?.certainty).toBe('certain');
  });

  it.each([
    ['tcp dport 8080', true],
    ['tcp dport 8000-8090', true],
    ['tcp dport { 80, 8080 }', true],
    ['fib daddr type local tcp dport 8080', true],
    ['iifname != "eth0" tcp dport 8080', true],
    ['udp dport 8080', false],
    ['tcp dport 8081-8090', false],
    ['tcp dport 8000-8079', false],
    ['ip daddr 10.9.9.9 tcp dport 8080', false],
    ['fib daddr type != local tcp dport 8080', false],
    // What is sent in there has come in by no interface.
    ['iifname "eth0" tcp dport 8080', false],
    ['meta nfproto ipv6 tcp dport 8080', false],
  ])('a rule there for %s is on the way: %s', (conditions, isOnTheWay) => {
    const rules = inChain(
      `${conditions} dnat ip to 10.4.0.9:80`,
      'type nat hook output priority dstnat; policy accept;',
    );
    const entities = referenceEntities();
    const rootlessKits = entities.rootlessKits.map((kit) => ({
      ...kit,
      ports: kit.ports?.map((port) => ({ ...port, childIp: '127.0.0.1', childPort: 8080 })) ?? [],
    }));
    const { forwards } = resolveModel({ ...entities, firewalls: [rulesOf(childNet, rules)], rootlessKits });
    const fromHost = forwards.find(({ listen }) => listen.netns === hostNet);
    expect(fromHost?.rule === 'forward.rootlesskit-api-dnat').toBe(isOnTheWay);
  });

  it('the socket in the container, and that nobody listens where all its sockets were seen', () => {
    const listening = aSocket(nginxNet, '0.0.0.0:80', { processIds: [] });
    const elsewhere = aSocket(nginxNet, '127.0.0.1:80');
    const rules = (fields: Partial<Entities>) => reference(fields).findings.map(({ rule }) => rule);
    const { sockets } = referenceEntities();
    const without = sockets.filter(({ netns }) => netns !== nginxNet);
    expect(reference({ sockets: [...without, listening] }).forwards[0]?.targetSocket).toBe(listening.id);
    const seen = { socketsSeenIn: [nginxNet] };
    expect(rules({ sockets: [...without, listening], ...seen })).not.toContain('forward.nobody-listens');
    expect(rules({ sockets: [...without, elsewhere], ...seen })).toContain('forward.nobody-listens');
    expect(rules({ sockets: without, ...seen })).toContain('forward.nobody-listens');
    expect(rules({ sockets: without })).not.toContain('forward.nobody-listens');
  });
});

describe('beside docker-proxy', () => {
  it('one port, certain where a rule goes to the same place', () => {
    const proxy = aProcess(9, {
      argv: 'docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 192.0.2.2 -container-port 80',
      namespaces: { net: 1 },
    });
    const model = withRules(sourceText('nft/docker-by-iptables-nft.txt'), 'nft', { processes: [proxy] });
    expect(model.forwards).toMatchObject([
      { by: 'docker-proxy', certainty: 'certain', rule: 'forward.docker-proxy-and-dnat', steps: [{ by: 'nftables' }] },
    ]);
    const other = { ...proxy, argv: proxy.argv.map((word) => (word === '192.0.2.2' ? '192.0.2.3' : word)) };
    const two = withRules(sourceText('nft/docker-by-iptables-nft.txt'), 'nft', { processes: [other] });
    expect(two.forwards.map(said)).toEqual([
      'docker-proxy tcp 0.0.0.0:8080 → 192.0.2.3:80 inferred',
      'nftables tcp 0.0.0.0:8080 → 192.0.2.2:80 certain',
    ]);
  });
});

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

describe('addresses', () => {
  const one = (...any: string[]) => ({ not: false, any });
  it('in prefixes and ranges of their family', () => {
    expect(selects(one('10.0.0.0/8'), '10.9.8.7')).toBe(true);
    expect(selects(one('10.0.0.0/8'), '11.0.0.0')).toBe(false);
    expect(selects({ not: true, any: ['127.0.0.0/8'] }, '0.0.0.0')).toBe(true);
    expect(selects(one('10.0.0.3-10.0.0.5'), '10.0.0.4')).toBe(true);
    expect(selects(one('fd00::/8'), 'fd12::1')).toBe(true);
    expect(selects(one('::/0'), '10.0.0.1')).toBe(false);
    expect(selects(one('somewhere'), '10.0.0.1')).toBeUndefined();
  });
  it('are disjoint only where it is certain', () => {
    expect(areDisjoint(one('10.0.0.0/8'), one('10.1.0.0/16'))).toBe(false);
    expect(areDisjoint(one('10.0.0.0/8'), one('192.168.0.1'))).toBe(true);
    expect(areDisjoint(one('10.1.0.0/16'), { not: true, any: ['10.0.0.0/8'] })).toBe(true);
    expect(areDisjoint(one('10.0.0.0/8'), { not: true, any: ['10.1.0.0/16'] })).toBe(false);
    expect(areDisjoint(one('@set'), one('10.0.0.1'))).toBe(false);
  });
});

describe('who answers behind a rule', () => {
  const answering = (...sockets: readonly Partial<Socket>[]) => {
    const processes = sockets.flatMap(({ processIds = [] }) =>
      processIds.map((id) => aProcess(Number(id.replace('process:', '')), { namespaces: { net: 1 } })),
    );
    const listening = sockets.map((fields, at) => aSocket(host, '0.0.0.0:81', { id: `socket:${at}`, ...fields }));
    const model = withRules(inChain('tcp dport 80 redirect to :81'), 'nft', { sockets: listening, processes });
    return {
      reaches: model.relations
        .filter(({ kind }) => kind === 'reaches')
        .map(({ to, certainty, rule }) => `${to} ${certainty} ${rule}`),
      targetSocket: model.forwards[0]?.targetSocket,
      servers: model.forwards[0]?.servers,
    };
  };
  const [one, two] = [{ processIds: ['process:5'] }, { processIds: ['process:6'] }] as const;

  it('is certain where its socket is bound to no device, and was told so', () => {
    expect(answering(one)).toEqual({
      reaches: ['process:5 certain forward.listener'],
      targetSocket: 'socket:0',
      servers: ['process:5'],
    });
    const untold = aSocket(host, '0.0.0.0:81');
    delete (untold as { device?: string }).device;
    const model = withRules(inChain('tcp dport 80 redirect to :81'), 'nft', {
      sockets: [{ ...untold, ...one }],
      processes: [aProcess(5, { namespaces: { net: 1 } })],
    });
    expect(model.relations.filter(({ kind }) => kind === 'reaches')).toMatchObject([
      { certainty: 'inferred', rule: 'forward.listener-any-device' },
    ]);
  });

  it('is not certain where it is bound to a device', () => {
    expect(answering({ ...one, device: 'eth0' }).reaches).toEqual(['process:5 certain forward.listener']);
    expect(answering({ ...one, device: 'eth7' }).reaches).toEqual([]);
  });

  it('is any of those that share the port', () => {
    expect(answering(one, two)).toEqual({
      reaches: ['process:5 ambiguous forward.several-listeners', 'process:6 ambiguous forward.several-listeners'],
      targetSocket: undefined,
      servers: ['process:5', 'process:6'],
    });
    // Two sockets of one process.
    expect(answering(one, one).reaches).toEqual(['process:5 certain forward.listener']);
  });
});

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
