import { describe, expect, it } from 'vitest';
import type { Firewall } from '../../../../shared/model/firewall.ts';
import { isOverNft, parseIptablesSave } from '../../../../shared/parse/firewall/iptables-save.ts';
import type { NamespaceId } from '../../../../shared/model/id.ts';
import { doubtsOf, inShort, TraceNetwork } from '../../../helpers/trace-model.ts';

type Asked = Parameters<TraceNetwork['trace']>[2];

/** One network namespace whose firewall is asked at input. */
function withInput(rules: string, policy = 'accept', to: Asked = { protocol: 'tcp', port: 80 }) {
  const network = new TraceNetwork();
  const host = network.netns(1, 'host');
  network.listens(host, '0.0.0.0', 80);
  network.firewall(
    host,
    `table inet filter { # handle 1
       chain input { # handle 1
         type filter hook input priority filter; policy ${policy};
${rules
  .trim()
  .split('\n')
  .map((rule) => `         ${rule.trim()}${/[{]$/.test(rule) ? '' : ' # handle 2'}`)
  .join('\n')}
       }

       chain other { # handle 3
         tcp dport 80 return # handle 4
         drop # handle 5
       }
     }`,
  );
  return network.trace(host, '127.0.0.1', to);
}
const passes = ['certain: sent, routed local, filtered, delivered'];
const isDropped = ['certain: sent, routed local, dropped firewall'];

describe('what is filtered', () => {
  it('is dropped where that is certain, and said by which rule', () => {
    const trace = withInput('tcp dport 80 drop');
    expect(inShort(trace)).toEqual(isDropped);
    expect(trace.paths[0]?.hops.at(-1)?.event).toMatchObject({ text: 'tcp dport 80 drop', chain: 'inet filter input' });
    expect(inShort(withInput('tcp dport 81 drop'))).toEqual(passes);
    expect(inShort(withInput('udp dport 80 drop'))).toEqual(passes);
    expect(inShort(withInput('meta l4proto tcp reject'))).toEqual(isDropped);
  });

  it('by the policy at the end, unless a rule takes it first', () => {
    expect(inShort(withInput('tcp dport 81 accept', 'drop'))).toEqual(isDropped);
    expect(inShort(withInput('tcp dport 80 accept', 'drop'))).toEqual(passes);
  });

  it('a ping has no port, but bytes where others have one', () => {
    const ping = (rule: string) => withInput(rule, 'accept', { protocol: 'icmp' });
    expect(doubtsOf(ping('th dport 0-65535 drop'))).toEqual(['may-drop: input: th dport 0-65535 drop']);
    expect(doubtsOf(ping('meta l4proto { tcp, udp } th dport 80 drop'))).toEqual([]);
    expect(doubtsOf(ping('tcp dport 1-65535 drop'))).toEqual([]);
  });

  it('is not dropped by a rule whose conditions are not known: it may be', () => {
    const trace = withInput('meta mark 0x1 drop');
    expect(inShort(trace)).toEqual(['inferred: sent, routed local, filtered, delivered']);
    expect(doubtsOf(trace)).toEqual(['may-drop: input: meta mark 0x1 drop']);
  });

  it('and what follows a rule that may take it is not certain either', () => {
    const trace = withInput('meta mark 0x1 accept', 'drop');
    expect(inShort(trace)).toEqual(['inferred: sent, routed local, filtered, delivered']);
    expect(doubtsOf(trace)).toEqual(['drops-if-reached: inet filter input: policy drop']);
    expect(doubtsOf(withInput('meta mark 0x1 accept\ntcp dport 80 drop'))).toEqual([
      'drops-if-reached: input: tcp dport 80 drop',
    ]);
  });

  it('a first packet belongs to a new connection', () => {
    expect(inShort(withInput('ct state established,related accept', 'drop'))).toEqual(isDropped);
    expect(inShort(withInput('ct state { established, related } accept', 'drop'))).toEqual(isDropped);
    expect(inShort(withInput('ct state new accept', 'drop'))).toEqual(passes);
    expect(inShort(withInput('ct state invalid drop'))).toEqual(passes);
    expect(
      inShort(withInput('ct state vmap { established : accept, related : accept, invalid : drop }', 'drop')),
    ).toEqual(isDropped);
  });

  it('before the kernel has looked for the connection its state is invalid', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.listens(host, '0.0.0.0', 80);
    const at = (priority: string, rule: string) => {
      network.firewall(
        host,
        `table ip t { # handle 1
           chain out { # handle 1
             type filter hook output priority ${priority}; policy accept;
             ${rule} # handle 2
           }
         }`,
      );
      return network.trace(host, '127.0.0.1', { protocol: 'tcp', port: 80 }).paths[0]?.end;
    };
    expect(at('raw', 'ct state invalid drop')).toBe('dropped');
    expect(at('raw', 'ct state new drop')).toBe('delivered');
    expect(at('raw', 'ct status dnat drop')).toBe('delivered');
    expect(at('mangle', 'ct state invalid drop')).toBe('delivered');
    expect(at('mangle', 'ct state new drop')).toBe('dropped');
  });

  it('follows jumps, and comes back', () => {
    expect(inShort(withInput('jump other\ntcp dport 80 drop'))).toEqual(isDropped);
    expect(inShort(withInput('tcp dport 80 jump other'))).toEqual(passes);
    expect(inShort(withInput('tcp dport 80 goto other\ndrop'))).toEqual(passes);
    expect(inShort(withInput('iifname "lo" accept', 'drop'))).toEqual(passes);
    expect(inShort(withInput('iifname != "lo" accept', 'drop'))).toEqual(isDropped);
  });

  it('what may have gone back before is not ended by what ends the rest', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.listens(host, '0.0.0.0', 80);
    network.firewall(
      host,
      `table inet filter { # handle 1
         chain input { # handle 1
           type filter hook input priority filter; policy drop;
           jump other # handle 2
         }

         chain other { # handle 3
           meta mark 0x1 return # handle 4
           accept # handle 5
         }
       }`,
    );
    const trace = network.trace(host, '127.0.0.1', { protocol: 'tcp', port: 80 });
    expect(inShort(trace)).toEqual(['inferred: sent, routed local, filtered, delivered']);
    expect(doubtsOf(trace)).toEqual(['drops-if-reached: inet filter input: policy drop']);
  });

  it('by what a rule does that is not known, it may be', () => {
    expect(doubtsOf(withInput('tcp dport 80 queue to 1'))).toEqual(['unread-rule: input: tcp dport 80 queue to 1']);
    expect(doubtsOf(withInput('tcp dport 80 xt target "TARPIT"'))[0]).toMatch(/^unread-rule: /);
    expect(doubtsOf(withInput('ip daddr set 10.0.0.5'))).toEqual(['unread-rewrite: input: ip daddr set 10.0.0.5']);
  });

  it('in a chain that has no name, only by the rule that leads there', () => {
    const jumps = (port: number) =>
      `tcp dport ${port} jump {
         ip saddr 127.0.0.1 drop
       }
       tcp dport 82 drop`;
    expect(inShort(withInput(jumps(81)))).toEqual(passes);
    expect(inShort(withInput(jumps(80)))).toEqual(isDropped);
  });

  it('by one key of a map alone, and what is the rest', () => {
    expect(inShort(withInput('tcp dport vmap { 80 : continue, 81 : drop }'))).toEqual(passes);
    expect(doubtsOf(withInput('meta mark vmap { 0x1 : drop, 0x2 : drop }'))).toEqual([
      'may-drop: input: meta mark vmap { 0x1 : drop, 0x2 : drop }',
    ]);
    expect(doubtsOf(withInput('tcp dport vmap { 80 : continue, * : drop }'))).toEqual([]);
  });

  it('by several fields together, all of them', () => {
    expect(inShort(withInput('ip saddr . tcp dport { 127.0.0.1 . 81, 127.0.0.2 . 80 } drop'))).toEqual(passes);
    expect(inShort(withInput('ip saddr . tcp dport { 127.0.0.1 . 81, 127.0.0.1 . 80 } drop'))).toEqual(isDropped);
    expect(inShort(withInput('iifname . ip daddr { "lo" . 127.0.0.1 } accept', 'drop'))).toEqual(passes);
  });

  it('is not dropped by a table that is dormant', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.listens(host, '0.0.0.0', 80);
    network.firewall(
      host,
      `table ip x { # handle 1
         flags dormant

         chain f { # handle 1
           type filter hook input priority filter; policy drop;
         }
       }`,
    );
    expect(inShort(network.trace(host, '127.0.0.1', { protocol: 'tcp', port: 80 }))).toEqual([
      'certain: sent, routed local, delivered',
    ]);
  });

  describe('an address of its own', () => {
    const asked = (change: (network: TraceNetwork, host: NamespaceId) => void, to = '10.9.0.1') => {
      const network = new TraceNetwork();
      const host = network.netns(1, 'host');
      network.link(host, 'eth0', 'physical', ['192.0.2.10/24']);
      network.neighbour(host, 'eth0', '192.0.2.1', '02:00:00:00:99:01');
      network.route(host, 'default via 192.0.2.1 dev eth0');
      network.firewall(
        host,
        `table ip filter { # handle 1
           chain output { # handle 1
             type filter hook output priority filter; policy accept;
             fib daddr type local drop # handle 2
           }
         }`,
      );
      change(network, host);
      return network.trace(host, to, { protocol: 'tcp', port: 80 });
    };
    const goesOn = ['certain: sent, routed eth0, filtered, out, leaves'];
    const unmerged = (network: TraceNetwork, host: NamespaceId) =>
      network.rule(host, '100: from 192.0.2.99 lookup 100');

    it('is what the table local has, of whatever else a rule leads to', () => {
      expect(inShort(asked(() => undefined))).toEqual(goesOn);
      expect(inShort(asked(() => undefined, '192.0.2.10'))).toEqual(['certain: sent, routed local, dropped firewall']);
      // As for TPROXY.
      const trace = asked((network, host) => {
        unmerged(network, host);
        network.route(host, 'local default dev lo table 100');
      });
      expect(inShort(trace)).toEqual(goesOn);
    });

    it('is where the longest prefix says so, of two tables that are one as long as no rule was added', () => {
      const ofAll = (network: TraceNetwork, host: NamespaceId) => {
        network.route(host, 'local 10.0.0.0/8 dev lo table local');
        network.route(host, '10.9.0.0/16 via 192.0.2.1 dev eth0');
      };
      expect(doubtsOf(asked(ofAll))).toContain('may-drop: output: fib daddr type local drop');
      const trace = asked((network, host) => {
        ofAll(network, host);
        unmerged(network, host);
      });
      expect(inShort(trace)).toEqual(['certain: sent, routed local, dropped firewall']);
    });

    it('of a VRF is not told: which table is asked differs by the kernel', () => {
      const ofVrf = (network: TraceNetwork, host: NamespaceId) => {
        const vrf = network.link(host, 'red', 'vrf', [], { data: { table: 7 } });
        const port = network.link(host, 'eth1', 'physical', ['198.51.100.1/24']);
        network.port(port, vrf);
        network.route(host, 'local 10.9.0.1 dev eth1 table 7');
        network.rule(host, '90: to 10.9.0.1 lookup 8');
        network.route(host, 'default dev eth1 table 8');
      };
      expect(doubtsOf(asked(ofVrf))).toContain('may-drop: output: fib daddr type local drop');
    });
  });

  it('a firewall that was not read is a doubt, once', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.listens(host, '0.0.0.0', 80);
    network.noFirewallRead(host);
    const trace = network.trace(host, '127.0.0.1', { protocol: 'tcp', port: 80 });
    expect(inShort(trace)).toEqual(['inferred: sent, routed local, delivered']);
    expect(doubtsOf(trace)).toEqual(['firewall-not-read: ']);
  });

  it('one of which there may be more than was told is a doubt, where nothing drops as well', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.listens(host, '0.0.0.0', 80);
    const whole = network.model();
    const cut = { ...whole, firewalls: whole.firewalls.map((one) => ({ ...one, incomplete: true as const })) };
    const trace = network.trace(host, '127.0.0.1', { protocol: 'tcp', port: 80 }, cut);
    expect(inShort(trace)).toEqual(['inferred: sent, routed local, delivered']);
    expect(doubtsOf(trace)).toEqual(['firewall-in-part: ']);
  });

  it.each(['output', 'postrouting'])('a chain that rewrites at %s may drop as well', (hook) => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.listens(host, '0.0.0.0', 80);
    network.firewall(
      host,
      `table inet n { # handle 1
         chain c { # handle 1
           type nat hook ${hook} priority 0; policy accept;
           tcp dport 80 drop # handle 2
           ct state invalid accept # handle 3
         }
       }`,
    );
    const trace = network.trace(host, '127.0.0.1', { protocol: 'tcp', port: 80 });
    expect(inShort(trace)).toEqual(['certain: sent, routed local, dropped firewall']);
    expect(trace.paths[0]?.hops.at(-1)?.event).toMatchObject({ chain: 'inet n c', text: 'tcp dport 80 drop' });
    expect(inShort(network.trace(host, '127.0.0.1', { protocol: 'tcp', port: 81 }))).not.toContain('dropped firewall');
  });

  it('what iptables tells over nftables counts instead of the same table of nft; an old table of that name is another', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.listens(host, '0.0.0.0', 80);
    network.firewall(
      host,
      `table ip filter { # handle 1
         chain INPUT { # handle 1
           type filter hook input priority filter; policy accept;
           tcp dport 80 xt target "TARPIT" # handle 2
         }
       }`,
    );
    const whole = network.model();
    const [nft] = whole.firewalls;
    const saved = '*filter\n:INPUT ACCEPT [0:0]\n[0:0] -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT\nCOMMIT\n';
    const toPort = (header: string) => {
      const told = parseIptablesSave({ index: 2, section: 'iptables', output: saved }, 'ip');
      const over = isOverNft(`# Generated by ${header} on Sun Nov 29 20:00:00 2026\n${saved}`);
      const ipt: Firewall = {
        ...told,
        netns: host,
        by: 'iptables',
        outgoing: [],
        evidence: [],
        ...(over && { throughNft: over }),
      };
      const model = { ...whole, firewalls: nft ? [nft, ipt] : [] };
      return inShort(network.trace(host, '127.0.0.1', { protocol: 'tcp', port: 80 }, model));
    };
    expect(toPort('iptables-save v1.8.11 (nf_tables)')).toEqual(passes);
    expect(toPort('xtables-save v1.8.2')).toEqual(passes);
    expect(toPort('iptables-save v1.8.11')).toEqual(['inferred: sent, routed local, filtered, delivered']);
  });

  it('rules that were left out for their number are a doubt', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.listens(host, '0.0.0.0', 80);
    network.firewall(
      host,
      `table ip filter { # handle 1
         chain INPUT { # handle 1
           type filter hook input priority filter; policy drop;
           tcp dport 80 accept # handle 2
         }
       }`,
    );
    const asked = { protocol: 'tcp', port: 80 } as const;
    expect(inShort(network.trace(host, '127.0.0.1', asked))).toEqual(passes);
    const whole = network.model();
    const cut = { ...whole, firewalls: whole.firewalls.map((one) => ({ ...one, filterRules: [] })) };
    const trace = network.trace(host, '127.0.0.1', asked, cut);
    expect(inShort(trace)).toEqual(['inferred: sent, routed local, filtered, delivered']);
    expect(doubtsOf(trace)).toEqual([
      'firewall-cut: ip filter INPUT',
      'drops-if-reached: ip filter INPUT: policy drop',
    ]);
  });
});
