// Packets whose addresses or ports the firewall changes.
import { describe, expect, it } from 'vitest';
import { sourceText } from '../../../helpers/frames.ts';
import { doubtsOf, inShort, TraceNetwork } from '../../../helpers/trace-model.ts';

describe('what is rewritten', () => {
  const source = (name: string): string => sourceText(`nft/${name}.txt`);

  /** A container behind a bridge. */
  function docker() {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    const inside = network.netns(2, 'web');
    network.link(host, 'eth0', 'physical', ['192.0.2.10/24']);
    const docker0 = network.link(host, 'docker0', 'bridge', ['172.17.0.1/16']);
    const port = network.link(host, 'veth1', 'veth', [], { masterName: 'docker0' });
    const eth0 = network.link(inside, 'eth0', 'veth', ['172.17.0.2/16']);
    network.port(port, docker0);
    network.wire(port, eth0);
    network.route(host, 'default via 192.0.2.1 dev eth0');
    network.route(inside, 'default via 172.17.0.1 dev eth0');
    network.neighbour(host, 'docker0', '172.17.0.2', '02:00:00:00:02:02');
    network.neighbour(host, 'eth0', '192.0.2.1', '02:00:00:00:99:01');
    network.neighbour(inside, 'eth0', '172.17.0.1', '02:00:00:00:01:03');
    network.listens(inside, '0.0.0.0', 80);
    return { network, host, inside };
  }

  it('a published port, by what Docker wrote: to the container, whoever asks; and nothing else of it', () => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    const inside = network.netns(2, 'web');
    network.link(host, 'eth0', 'physical', ['198.51.100.10/24']);
    const bridge1 = network.link(host, 'bridge1', 'bridge', ['192.0.2.1/24']);
    const port = network.link(host, 'veth1', 'veth', [], { masterName: 'bridge1' });
    network.port(port, bridge1);
    network.wire(port, network.link(inside, 'eth0', 'veth', ['192.0.2.2/24']));
    network.route(host, 'default via 198.51.100.1 dev eth0');
    network.route(inside, 'default via 192.0.2.1 dev eth0');
    network.neighbour(host, 'bridge1', '192.0.2.2', '02:00:00:00:02:02');
    network.neighbour(host, 'eth0', '198.51.100.1', '02:00:00:00:99:01');
    network.neighbour(inside, 'eth0', '192.0.2.1', '02:00:00:00:01:03');
    network.listens(inside, '0.0.0.0', 80);
    network.firewall(host, source('docker-bridges'));
    const outside = { from: { kind: 'outside' }, protocol: 'tcp' } as const;
    expect(inShort(network.trace(host, '198.51.100.10', { ...outside, port: 8080 }))).toEqual([
      'inferred: arrived, filtered, rewritten, routed bridge1, filtered, out, bridged flooded, pair, routed local, delivered',
    ]);
    expect(inShort(network.trace(host, '198.51.100.10', { ...outside, port: 8081 }))).toEqual([
      'inferred: arrived, filtered, routed local, nobody-listens',
    ]);
    // DROP DIRECT ACCESS
    expect(inShort(network.trace(host, '192.0.2.2', { ...outside, port: 80 }))).toEqual([
      'certain: arrived, dropped firewall',
    ]);
    // What is sent on the host itself: by the rule at output, and to the container's own address.
    expect(inShort(network.trace(host, '198.51.100.10', { protocol: 'tcp', port: 8080 }))[0]).toContain('rewritten');
    expect(inShort(network.trace(host, '192.0.2.2', { protocol: 'tcp', port: 80 }))[0]).toContain('delivered');
    // Out by masquerade.
    const out = network.trace(inside, '203.0.113.1', { protocol: 'tcp', port: 443 });
    expect(inShort(out)).toEqual([
      'inferred: sent, routed eth0, out, pair, bridged itself, filtered, routed eth0, filtered, rewritten, out, leaves',
    ]);
    expect(doubtsOf(out)).toEqual(['forwarding: net:[1]']);
  });

  const nat = (rules: string, hook = 'output', priority = 'dstnat') => `table ip nat { # handle 1
         chain NAT { # handle 1
           type nat hook ${hook} priority ${priority}; policy accept;
${rules
  .split('\n')
  .map((rule) => `           ${rule.trim()} # handle 2`)
  .join('\n')}
         }
       }`;

  it('a chain of the same priority that filters is asked before or behind it: certain is what both come to', () => {
    const ends = (rule: string, redirect = 'tcp dport 8080 redirect to :81') => {
      const { network, host } = docker();
      network.listens(host, '0.0.0.0', 81);
      network.firewall(
        host,
        `${nat(redirect)}
       table inet f { # handle 1
         chain beside { # handle 1
           type filter hook output priority -100; policy accept;
           ${rule} # handle 2
         }
       }`,
      );
      const trace = network.trace(host, '192.0.2.10', { protocol: 'tcp', port: 8080 });
      const rewritten = trace.paths[0]?.hops.find(({ event }) => event.kind === 'rewritten');
      return [
        ...trace.paths.map(({ certainty, end }) => `${certainty} ${end}`),
        ...(rewritten ? [`${rewritten.certainty} rewritten`] : []),
        ...doubtsOf(trace),
      ];
    };
    const either = (rule: string, rewritten: string) => [
      'inferred delivered',
      `${rewritten} rewritten`,
      `drops-if-reached: inet f beside: ${rule}`,
      'equal-priority: inet f beside',
    ];
    expect(ends('tcp dport 8080 drop')).toEqual(either('tcp dport 8080 drop', 'inferred'));
    expect(ends('ip daddr 127.0.0.1 drop')).toEqual(either('ip daddr 127.0.0.1 drop', 'certain'));
    expect(ends('meta l4proto tcp drop')).toEqual(['certain dropped']);
    expect(ends('tcp dport 8081 drop')).toEqual(['certain delivered', 'certain rewritten']);
    expect(ends('tcp dport 8080 drop', 'tcp dport 8081 redirect to :81')).toEqual(['certain dropped']);
  });

  it('what is sent here is looked up again with its new destination', () => {
    const { network, host } = docker();
    network.firewall(host, nat('ip daddr 192.0.2.10 tcp dport 8080 dnat to 172.17.0.2:80'));
    const trace = network.trace(host, '192.0.2.10', { protocol: 'tcp', port: 8080 });
    expect(inShort(trace)).toEqual([
      'inferred: sent, routed local, rewritten, routed docker0, out, bridged flooded, pair, routed local, delivered',
    ]);
  });

  it('what has a loopback address as its source leaves with route_localnet alone, which is not told', () => {
    const { network, host } = docker();
    network.firewall(
      host,
      `${nat('ip daddr 127.0.0.1 tcp dport 8080 dnat to 172.17.0.2:80')}
       table ip nat2 { # handle 1
         chain post { # handle 1
           type nat hook postrouting priority srcnat; policy accept;
           oifname "docker0" masquerade # handle 2
         }
       }`,
    );
    const trace = network.trace(host, '127.0.0.1', { protocol: 'tcp', port: 8080 });
    expect(inShort(trace)).toEqual([
      'inferred: sent, routed local, rewritten, routed docker0, rewritten, out, bridged flooded, pair, routed local, delivered',
    ]);
    const [, , , routed, masqueraded] = trace.paths[0]?.hops ?? [];
    expect([routed?.certainty, masqueraded?.certainty]).toEqual(['certain', 'inferred']);
    expect(doubtsOf(trace)).toContain('route-localnet: docker0');
  });

  it('where it is not known whether, both are followed', () => {
    const { network, host } = docker();
    network.firewall(host, nat('ip daddr 192.0.2.10 tcp dport 8080 meta mark 0x1 dnat to 172.17.0.2:80'));
    const trace = network.trace(host, '192.0.2.10', { protocol: 'tcp', port: 8080 });
    expect(trace.paths.map(({ end, certainty }) => `${end} ${certainty}`)).toEqual([
      'delivered ambiguous',
      'nobody-listens ambiguous',
    ]);
  });

  it('by chains of equal priority: the one that was added last is first, and which that is was not told', () => {
    const behind = (second: string, priority = 'dstnat') => {
      const { network, host } = docker();
      const other = nat(second, 'output', priority).replace('table ip nat', 'table ip other');
      network.firewall(host, `${nat('tcp dport 8080 dnat to 172.17.0.2:80')}\n      ${other}`);
      return network.trace(host, '192.0.2.10', { protocol: 'tcp', port: 8080 });
    };
    const ends = (second: string, priority?: string) =>
      behind(second, priority).paths.map(({ end, certainty }) => `${end} ${certainty}`);
    const tied = behind('tcp dport 8080 dnat to 172.17.0.2:81');
    expect(tied.paths.map(({ end, certainty }) => `${end} ${certainty}`)).toEqual([
      'delivered ambiguous',
      'nobody-listens ambiguous',
    ]);
    expect(doubtsOf(tied)).toContain('equal-priority: ip nat NAT, ip other NAT');
    expect(doubtsOf(tied).filter((one) => one.startsWith('may-rewrite'))).toEqual([]);
    expect(ends('tcp dport 8080 drop')).toEqual(['delivered ambiguous', 'nobody-listens ambiguous']);
    // Each order leads to the same, or the priority says it.
    expect(ends('tcp dport 8080 dnat to 172.17.0.2:80')).toEqual(['delivered inferred']);
    expect(ends('tcp dport 8081 dnat to 172.17.0.2:81')).toEqual(['delivered inferred']);
    expect(ends('tcp dport 8080 dnat to 172.17.0.2:81', 'dstnat + 1')).toEqual(['delivered inferred']);
    expect(ends('tcp dport 8080 dnat to 172.17.0.2:81', 'dstnat - 1')).toEqual(['nobody-listens inferred']);
  });

  it('by turns: a path for each', () => {
    const { network, host } = docker();
    network.firewall(
      host,
      nat('tcp dport 8080 numgen random mod 2 vmap { 0 : jump a, 1 : jump b }').replace(
        /\}\s*$/,
        `  chain a { # handle 5
           meta l4proto tcp dnat to 172.17.0.2:80 # handle 6
         }
         chain b { # handle 7
           meta l4proto tcp dnat to 172.17.0.3:80 # handle 8
         }
       }`,
      ),
    );
    const trace = network.trace(host, '192.0.2.10', { protocol: 'tcp', port: 8080 });
    expect(trace.paths.map(({ end }) => end)).toContain('delivered');
    expect(trace.paths.every(({ certainty }) => certainty === 'ambiguous')).toBe(true);
  });

  it('masquerade gives the source of the way out, by one rule or the other', () => {
    const { network, host, inside } = docker();
    network.firewall(
      host,
      nat('meta mark 0x1 masquerade\nip saddr 172.17.0.0/16 oifname != "docker0" masquerade', 'postrouting', 'srcnat'),
    );
    const trace = network.trace(inside, '203.0.113.1');
    const rewritten = trace.paths[0]?.hops.find(({ event }) => event.kind === 'rewritten')?.event;
    expect(rewritten).toMatchObject({
      by: 'masquerade',
      before: { address: '172.17.0.2' },
      after: { address: '192.0.2.10' },
    });
    expect(trace.paths.map(({ end }) => end)).toEqual(['leaves']);
    expect(doubtsOf(trace)).toEqual(['forwarding: net:[1]']);
  });

  it('to what is not known: it is one of several then, or its source is not known', () => {
    const { network, host, inside } = docker();
    network.firewall(host, nat('tcp dport 8080 dnat ip prefix to 172.17.0.0/24'));
    const trace = network.trace(host, '192.0.2.10', { protocol: 'tcp', port: 8080 });
    expect(inShort(trace)).toEqual(['ambiguous: sent, routed local, nobody-listens']);
    expect(doubtsOf(trace)).toEqual(['unread-rewrite: NAT: tcp dport 8080 dnat ip prefix to 172.17.0.0/24']);
    network.firewall(host, nat('snat ip prefix to 203.0.113.0/24', 'postrouting', 'srcnat'));
    const out = network.trace(inside, '203.0.113.1', { protocol: 'tcp', port: 443 });
    expect(out.paths.map(({ end, certainty }) => `${certainty} ${end}`)).toEqual(['inferred leaves']);
    expect(doubtsOf(out)).toContain('unread-rewrite: NAT: snat ip prefix to 203.0.113.0/24');
  });

  it('masquerade that another rule may forestall is a doubt, and the source not known', () => {
    const { network, host, inside } = docker();
    network.firewall(host, nat('meta mark 0x1 accept\nmasquerade', 'postrouting', 'srcnat'));
    const trace = network.trace(inside, '203.0.113.1');
    expect(trace.paths[0]?.hops.some(({ event }) => event.kind === 'rewritten')).toBe(false);
    expect(doubtsOf(trace)).toContain('rewrites-if-reached: ip nat NAT: masquerade');
  });
});
