// Published ports whose way goes through the rules of a container engine: RootlessKit’s child, docker-proxy.
import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aProcess, aSocket } from '../../../helpers/entities.ts';
import { sourceText } from '../../../helpers/frames.ts';
import { childNet, hostNet, nginxNet, referenceEntities } from '../../../helpers/reference-entities.ts';
import { inChain, rulesOf, said, withRules } from '../../../helpers/firewall-rules.ts';

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
