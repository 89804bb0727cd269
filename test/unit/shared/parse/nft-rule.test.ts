// Rules in the words of nftables' whole grammar, as `nft -a list ruleset` prints them: what is not understood is a condition of
// its own, as it stands, and swallows nothing that stands behind it.
import { describe, expect, it } from 'vitest';
import type { ReadRule } from '../../../../shared/parse/firewall/nft-rule.ts';
import { readNftRule } from '../../../../shared/parse/firewall/nft-rule.ts';

const rule = (text: string, sets: Readonly<Record<string, string>> = {}): ReadRule =>
  readNftRule(text, (name) => sets[name]);

/** Which packets it is for is known, and what it does. */
const isUnderstood = ({ match, action }: ReadRule): boolean =>
  match.other.length === 0 && match.shared !== true && action.kind !== 'unread' && action.kind !== 'choice';

// Blanks between words are not kept as they were: `"08:00"-"17:00"` is two of them.
const drop = { kind: 'verdict', verdict: 'drop' };

describe('a condition that is not read further', () => {
  it.each([
    'meta mark 0x00000001',
    'meta mark & 0x000000ff != 0x00000001',
    'meta mark & (0x1 | 0x2) == 0x1',
    'meta skuid 1000',
    'meta skuid "alice"',
    'meta hour "08:00" -"17:00"',
    'meta day { "Saturday", "Sunday" }',
    'meta pkttype broadcast',
    'meta protocol ip',
    'meta length 0-100',
    'meta ipsec exists',
    'meta l4proto != tcp',
    'meta l4proto 6-17',
    'meta l4proto > 6',
    'meta priority 1:10',
    'meta cgroup 1',
    'meta sdifname "vrf0"',
    'iifgroup 0x00000001',
    'iiftype ether',
    'meta iiftype ether',
    'skuid 1000',
    'ct mark 0x00000001',
    'ct mark & 0xf0 == ct zone',
    'ct zone 5',
    'ct helper "ftp"',
    'ct label "web"',
    'ct expiration > 30s',
    'ct status dnat',
    'ct state == established,new',
    'ct state established | new',
    'ct state & (established | related) != 0',
    'ct state ! invalid',
    'ct direction reply',
    'ct original ip daddr 10.2.0.9',
    'ct original ip6 saddr fd00::1',
    'ct reply saddr 10.2.0.9',
    'ct original proto-dst 80',
    'ct reply bytes > 100000',
    'ct bytes > 100000',
    'ct avgpkt > 200',
    'ct count over 20',
    'ct count 20',
    'socket transparent 1',
    'socket wildcard 0',
    'socket mark 0x00000001',
    'socket cgroupv2 level 2 "system.slice/sshd.service"',
    'rt classid 10',
    'rt ip nexthop 192.168.0.1',
    'rt nexthop fd00::1',
    'rt mtu 1500',
    'rt ipsec exists',
    'rt type 0',
    'fib saddr . iif oif missing',
    'fib saddr oif 0',
    'fib daddr . mark type { local, broadcast }',
    'fib daddr type { local, broadcast }',
    'fib saddr . iif oifname "eth0"',
    'numgen random mod 10 < 3',
    'jhash ip saddr . tcp sport mod 4 seed 0xdeadbeef offset 1 < 2',
    'symhash mod 2 < 1',
    'ipsec in reqid 5',
    'ipsec in spnum 1 ip saddr 192.168.1.1',
    'ipsec out ip6 daddr fd00::1',
    'osf name "Linux"',
    'osf ttl skip version "Linux:4.20"',
    'tunnel id 5',
    'exthdr hbh exists',
    'frag more-fragments 1',
    'frag frag-off & 0xfff8 != 0',
    'hbh nexthdr tcp',
    'dst hdrlength > 1',
    'mh type binding-update',
    'srh sid[1] fd00::1',
    'rt0 addr[1] fd00::1',
    'tcp option maxseg size 0-536',
    'tcp option sack exists',
    'tcp option sack-perm missing',
    'tcp option mptcp subtype mp-capable',
    'tcp option 254 length >= 4',
    'tcp option @254,8,8 >= 4',
    'tcp flags syn / fin,syn,rst,ack',
    'tcp flags & (fin | syn | rst | ack) == syn',
    'tcp flags & (fin | syn) == fin | syn',
    'tcp flags ! ack',
    'tcp flags == syn',
    'tcp sport 1024-65535',
    'tcp dport >= 1024',
    'tcp window 0',
    'udp length > 1000',
    'sctp chunk data exists',
    'sctp chunk init num-inbound-streams 1',
    'sctp vtag 5',
    'dccp type reset',
    'dccp option 5 exists',
    'vlan id 10',
    'vlan pcp 3',
    'ether saddr 02:00:00:00:00:01',
    'ether type vlan',
    'ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00',
    'arp operation request',
    'arp saddr ip 10.0.0.1',
    'arp daddr ether 02:00:00:00:00:01',
    'icmp type redirect',
    'icmp type { echo-reply, redirect }',
    'icmp code host-unreachable',
    'icmpv6 type nd-redirect',
    'icmpv6 taddr fd00::1',
    'igmp type membership-query',
    'ip ttl < 5',
    'ip dscp cs1',
    'ip frag-off & 0x1fff != 0',
    'ip version 4',
    'ip option lsrr exists',
    'ip option rr ptr 1',
    'ip daddr & 255.0.255.0 == 10.0.1.0',
    'ip daddr > 10.0.0.5',
    'ip daddr { 10.0.0.1, * }',
    'tcp sport . tcp dport { 1024-65535 . 80 }',
    'ip daddr . ct mark @allowed',
    'ip daddr . tcp dport @unknown',
    'ip saddr . ip daddr != { 10.1.0.2 . 10.2.0.2 }',
    'ip saddr @lists',
    'ip saddr map { 10.0.0.1 : 0x1 } == 0x1',
    'ip6 dscp cs1',
    'ip6 flowlabel 5',
    'ah spi 5',
    'esp spi 0x100',
    'comp nexthdr tcp',
    'gre protocol ip',
    'gre ip saddr 10.0.0.1',
    'vxlan vni 10',
    'vxlan ip daddr 10.2.0.2',
    'vxlan tcp dport 80',
    'geneve ether saddr 02:00:00:00:00:01',
    'gretap ip saddr 10.0.0.1',
    '@th,16,16 80',
    '@nh,96,32 & 0xff == 0x1',
    '@ih,0,32 0x1',
    'limit rate over 10/second burst 5 packets',
    'limit rate 10 mbytes/second burst 5 kbytes',
    'limit rate 3/minute burst 5 packets',
    'limit name "slow"',
    'limit name tcp dport map { 80 : "slow" }',
    'counter name tcp dport map { 80 : "web" }',
    'quota over 25 mbytes used 0 bytes',
    'quota 5 mbytes',
    'quota name "daily"',
    'add @seen { ip saddr }',
    'update @seen { ip saddr limit rate over 1000/second burst 5 packets }',
    'update @seen { ip saddr . tcp dport timeout 1m ct count over 5 }',
    'add @map { ip saddr : meta mark }',
    'delete @seen { ip saddr }',
    'meter flood size 65535 { ip saddr limit rate 10/second }',
    'flow add @fast',
    'flow offload @fast',
    'meta mark set ct mark',
    'meta mark set ct mark & 0x0000ffff',
    'meta mark set tcp dport map { 80 : 0x1 }',
    'ct mark set jhash ip saddr mod 4',
    'ct expectation set "e"',
    'dup to ip saddr map { 10.0.0.1 : 10.0.0.5 } device "eth0"',
    'tcp option maxseg size set rt mtu',
    'reset tcp option sack-perm',
    'xt match "recent"',
  ])('%s', (text) => {
    const alone = rule(`${text} drop`);
    expect(isUnderstood(alone)).toBe(false);
    expect(alone.match.other).toEqual([text]);
    expect(alone.action).toEqual(drop);
    const { match, action } = rule(`iif "eth0" ${text} ip protocol tcp counter packets 0 bytes 0 drop comment "x"`);
    expect(match).toMatchObject({ incoming: { any: ['eth0'] } });
    expect(match.other).toContain(text);
    // What both the condition and this one imply may be kept twice.
    expect(match.protocols ?? match.other).toBeDefined();
    expect(JSON.stringify(match)).toContain('tcp');
    expect(action).toEqual(drop);
  });
});

describe('a statement that any packet goes on behind', () => {
  it.each([
    'counter',
    'counter packets 12 bytes 720',
    'counter name "web"',
    'last used never',
    'last used 3s20ms',
    'log',
    'log prefix "tcp dport 80 drop " level debug flags tcp sequence,options flags ip options',
    'log flags all',
    'log prefix "x" group 2 snaplen 64 queue-threshold 10',
    'dup to 10.0.0.5',
    'dup to 10.0.0.5 device "eth0"',
    'meta mark set 0x00000001',
    'meta mark set mark | 0x00002000',
    'meta mark set meta mark & 0xffff0fff ^ 0x00002000',
    'meta priority set 1:10',
    'meta pkttype set host',
    'meta nftrace set 1',
    'ct mark set 0x00000001',
    'ct mark set meta mark',
    'ct mark set mark',
    'ct zone set 5',
    'ct helper set "ftp"',
    'ct timeout set "slow"',
    'ct event set new,destroy',
    'ct label set "web"',
  ])('%s', (text) => {
    expect(rule(`${text} drop`)).toEqual({ match: { other: [] }, action: drop });
    expect(rule(`${text} ip daddr 10.7.7.7 drop`).match).toMatchObject({
      destination: { not: false, any: ['10.7.7.7'] },
      other: [],
    });
    expect(rule(`tcp dport 80 ${text}`)).toMatchObject({ match: { ports: [[80, 80]] }, action: { kind: 'none' } });
  });

  it('one that looks at a header is for those that have it', () => {
    expect(rule('ip dscp set cs1 drop')).toEqual({ match: { family: 'ip', other: [] }, action: drop });
  });

  it('one that writes addresses or ports is a rewrite, to what is not known, and asks nothing after itself', () => {
    for (const text of ['ip daddr set 10.0.0.5', 'tcp dport set 81', 'udp sport set 5', '@nh,128,32 set 0x1'])
      expect(rule(`${text} accept`).action).toMatchObject({ kind: 'unread', rewrites: true });
    expect(rule('ip daddr set 10.0.0.5 drop').action).toEqual(drop);
    expect(rule('ip daddr set 10.0.0.5 ip saddr 10.0.0.1 accept').match.source).toBeUndefined();
    expect(rule('notrack ip saddr 10.0.0.1 accept')).toMatchObject({
      match: { other: ['ip saddr 10.0.0.1'] },
      notrack: true,
    });
  });

  it('one behind which it may not arrive may end it there, also where the rule asks something later', () => {
    for (const text of ['ip ttl set 1', 'ip6 hoplimit set 2', 'ip ttl set ip ttl', 'meta pkttype set other']) {
      expect(rule(text).action).toEqual({ kind: 'unread', text });
      expect(rule(`${text} accept`).action).toEqual({ kind: 'unread', text: `${text} accept` });
      expect(rule(`${text} jump x`).action).toMatchObject({ kind: 'unread', rewrites: true });
      expect(rule(`${text} drop`).action).toEqual(drop);
      expect(rule(`${text} ip daddr 10.7.7.7 drop`).match).toMatchObject({ other: ['ip daddr 10.7.7.7'] });
    }
    expect(rule('ip ttl set 64 tcp dport 80')).toMatchObject({
      match: { ports: [[80, 80]] },
      action: { kind: 'none' },
    });
    expect(rule('notrack tcp dport vmap { 80 : accept }').match).toEqual({
      other: ['{"protocols":["tcp"],"other":[]}'],
    });
  });
});

describe('what is done', () => {
  it.each([
    ['continue', { kind: 'none' }],
    ['reject with icmp port-unreachable', { kind: 'verdict', verdict: 'reject' }],
    ['reject with tcp reset', { kind: 'verdict', verdict: 'reject' }],
    ['queue flags bypass to 0-3', { kind: 'verdict', verdict: 'queue' }],
    ['goto other', { kind: 'goto', chain: 'other' }],
    ['masquerade fully-random,persistent', { kind: 'masquerade' }],
    ['masquerade to :1024-65535', { kind: 'masquerade' }],
    ['redirect', { kind: 'redirect' }],
    ['redirect to :5353 random', { kind: 'redirect', ports: [5353, 5353] }],
    ['snat ip to 203.0.113.5:1024-2000 persistent', { kind: 'snat', address: '203.0.113.5' }],
    ['dnat to 10.0.0.2:80 random', { kind: 'dnat', address: '10.0.0.2', ports: [80, 80] }],
  ])('%s', (text, action) => {
    expect(rule(text).action).toEqual(action);
  });

  it.each([
    'dnat ip prefix to 10.2.0.0/24',
    'dnat ip addr . port to 10.0.0.2 . 80',
    'dnat ip to ip saddr map @unknown',
    'dnat ip to ip daddr map { 10.0.0.1 : 10.0.0.2 } :tcp dport map { 80 : 81 }',
    'snat ip prefix to ip saddr map { 10.0.0.0/24 : 10.1.0.0/24 }',
    'redirect to :tcp dport map { 80 : 8080 }',
    'xt target "NETMAP"',
  ])('%s rewrites, to what is not known', (text) => {
    expect(rule(`tcp dport 80 ${text}`)).toMatchObject({
      match: { protocols: ['tcp'] },
      action: { kind: 'unread', rewrites: true, text },
    });
  });

  it.each([
    'tproxy to :50080 meta mark set 0x1 accept',
    'tproxy ip to 127.0.0.1:50080',
    'synproxy mss 1460 wscale 7 timestamp sack-perm',
    'synproxy name "https"',
    'fwd to "eth0"',
    'fwd ip to 10.2.3.4 device "eth0"',
    'xt target "TPROXY"',
  ])('%s is not known', (text) => {
    expect(rule(text).action).toEqual({ kind: 'unread', text });
  });

  it('who is rejected with a message of one kind is who can be answered with it', () => {
    const match = (text: string) => rule(`tcp dport 80 ${text}`).match;
    const tcp = { protocols: ['tcp'], ports: [[80, 80]], other: [] };
    expect(match('reject with icmp port-unreachable')).toEqual({ ...tcp, family: 'ip' });
    expect(match('reject with icmpv6 no-route')).toEqual({ ...tcp, family: 'ip6' });
    expect(match('reject with icmpx admin-prohibited')).toEqual(tcp);
    expect(match('reject')).toEqual(tcp);
    expect(rule('reject with tcp reset').match).toEqual({ protocols: ['tcp'], other: [] });
  });

  it('a map of what is not understood leaves each of its values open', () => {
    expect(rule('meta mark vmap { 0x1 : jump a, 0x2 : drop, * : continue }')).toEqual({
      match: { other: [] },
      action: {
        kind: 'choice',
        branches: [
          { match: { other: ['0x1 : jump a'] }, action: { kind: 'jump', chain: 'a' } },
          { match: { other: ['0x2 : drop'] }, action: drop },
          { match: { other: ['* : continue'] }, action: { kind: 'none' } },
        ],
      },
    });
    expect(rule('tcp dport vmap { 80 : accept, * : drop }').action).toMatchObject({
      branches: [{ match: { ports: [[80, 80]] } }, { match: { other: ['* : drop'] } }],
    });
    expect(rule('ip saddr . ct mark vmap @m', { m: '10.0.0.1 . 0x1 : drop' }).action).toMatchObject({
      branches: [{ match: { other: ['10.0.0.1 . 0x1 : drop'] } }],
    });
  });
});

describe('elements of a set', () => {
  it('with what is said of them', () => {
    const sets = { s: '10.0.0.1 timeout 1m expires 30s, 10.0.0.2 counter packets 0 bytes 0 comment "a, b"' };
    expect(rule('ip saddr @s drop', sets).match).toMatchObject({
      source: { any: ['10.0.0.1', '10.0.0.2'] },
      other: [],
    });
  });

  it.each(['10.1.0.2 limit rate over 1000/second burst 5 packets', '10.1.0.2 quota over 5 mbytes', '10.1.0.2, *'])(
    '%s: in it on a condition',
    (elements) => {
      expect(rule('ip saddr @s drop', { s: elements }).match.other).toEqual(['ip saddr @s']);
      expect(rule(`ip saddr { ${elements} } drop`).match.source).toBeUndefined();
    },
  );

  it('in a map too', () => {
    const sets = { m: '10.1.0.2 limit rate over 1/second : drop, 10.1.0.3 timeout 5s : drop' };
    expect(rule('ip saddr vmap @m', sets).action).toMatchObject({
      branches: [
        { match: { other: [expect.stringContaining('limit')] } },
        { match: { source: { any: ['10.1.0.3'] } } },
      ],
    });
  });
});

describe('several fields together', () => {
  const source = (address: string) => ({ source: { not: false, any: [address] } });
  it('are a rule of its own for each of the set', () => {
    expect(rule('ip saddr . tcp dport { 10.0.0.1 . 80, 10.0.0.2 . 81-90 } counter drop')).toEqual({
      match: { family: 'ip', protocols: ['tcp'], other: [] },
      action: {
        kind: 'choice',
        branches: [
          { match: { ...source('10.0.0.1'), ports: [[80, 80]], other: [] }, action: drop },
          { match: { ...source('10.0.0.2'), ports: [[81, 90]], other: [] }, action: drop },
        ],
      },
    });
    const named = rule('iifname . oifname @pairs accept', { pairs: '"a" . "b" timeout 5s, "c" . "d" quota 5 mbytes' });
    expect(named.action).toMatchObject({
      branches: [
        { match: { incoming: { any: ['a'] }, outgoing: { any: ['b'] }, other: [] } },
        { match: { other: ['"c" . "d" quota 5 mbytes'] } },
      ],
    });
  });

  it('twice, or where the rule chooses once more or goes on, are conditions as they stand', () => {
    const set = 'ip saddr . tcp dport { 10.0.0.1 . 80 }';
    expect(rule(`${set} iifname . oifname { "a" . "b" } drop`)).toMatchObject({
      match: { other: ['iifname . oifname { "a" . "b" }'] },
      action: { branches: [{ match: source('10.0.0.1') }] },
    });
    for (const end of ['tcp dport vmap { 80 : drop }', 'counter', 'notrack', 'notrack accept', 'meta mark set 0x1'])
      expect(rule(`${set} ${end}`).match.other).toEqual([set]);
  });
});

describe('a word that nobody knows', () => {
  const understood = [
    'ip daddr 127.0.0.1 tcp dport 8080 counter packets 0 bytes 0 dnat to 10.4.0.9:80',
    'iifname "eth0" meta l4proto { tcp, udp } th dport 53 redirect to :5353',
    'ct mark set 0x1 ip saddr != 10.0.0.0/8 oifname "eth0" masquerade random',
    'log prefix "a" flags tcp sequence counter packets 1 bytes 2 ip saddr 10.0.0.1 jump other',
    'fib daddr type local udp dport 53 reject with icmp port-unreachable',
    'meta nfproto ipv4 meta mark set mark | 0x1 accept',
  ];
  it.each(understood)('anywhere in %s', (text) => {
    expect(isUnderstood(rule(text))).toBe(true);
    const words: readonly string[] = text.match(/"[^"]*"|\{[^}]*\}|\S+/g) ?? [];
    // What follows `reject` is not looked at.
    const end = words.includes('reject') ? words.indexOf('reject') + 1 : words.length;
    for (let at = 0; at <= end; at += 1) {
      const more = [...words.slice(0, at), 'frobnicate', ...words.slice(at)].join(' ');
      expect([more, isUnderstood(rule(more))]).toEqual([more, false]);
    }
  });

  it('is kept with all that follows up to what is done', () => {
    expect(rule('tcp dport 80 # xt_addrtype counter packets 0 bytes 0 drop')).toEqual({
      match: { other: ['tcp dport 80 # xt_addrtype counter packets 0 bytes 0'] },
      action: drop,
    });
    expect(rule('counter packets 0 bytes 0 # xt_REDIRECT').action.kind).toBe('unread');
    expect(rule('frobnicate 5 ip saddr 10.0.0.1').action.kind).toBe('unread');
  });
});
