// Ports the firewall forwards: its rules followed from where they hook in to who listens in the end.
import { describe, expect, it } from 'vitest';
import { aLink, anAddress } from '../../../helpers/entities.ts';
import { sourceText } from '../../../helpers/frames.ts';
import { host, inChain, said, withRules } from '../../../helpers/firewall-rules.ts';

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
