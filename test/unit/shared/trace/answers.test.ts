import { describe, expect, it } from 'vitest';
import type { Link } from '../../../../shared/model/link.ts';
import { address } from '../../../helpers/model-builder.ts';
import { inShort, TraceNetwork } from '../../../helpers/trace-model.ts';

const tcp = { protocol: 'tcp', port: 80 } as const;

describe('who answers', () => {
  const off = ['BROADCAST', 'MULTICAST', 'NOARP', 'UP', 'LOWER_UP'];
  /** a – b, with `arp off` at either end where its flags say so. */
  function pair(ofA: Partial<Link> = {}, ofB: Partial<Link> = {}) {
    const network = new TraceNetwork();
    const [a, b] = [network.netns(2, 'a'), network.netns(3, 'b')];
    network.wire(
      network.link(a, 'eth0', 'veth', ['10.0.0.2/24'], ofA),
      network.link(b, 'eth0', 'veth', ['10.0.0.3/24'], ofB),
    );
    network.listens(b, '0.0.0.0', 80);
    return { network, a, b };
  }

  it('what is sent with arp off is for its own hardware address, unless there is an entry', () => {
    const { network, a } = pair({ flags: off });
    const trace = network.trace(a, '10.0.0.3', tcp);
    expect(inShort(trace)).toEqual(['inferred: sent, routed eth0, out, lost nobody-takes']);
    expect(trace.paths[0]?.hops[2]?.event).toMatchObject({ mac: '02:00:00:00:02:02', state: 'NOARP' });
    network.neighbour(a, 'eth0', '10.0.0.3', '02:00:00:00:03:02', 'PERMANENT');
    expect(inShort(network.trace(a, '10.0.0.3', tcp))).toEqual([
      'certain: sent, routed eth0, out, pair, routed local, delivered',
    ]);
    // Both ends of a netkit pair in mode l3 have the same one.
    const same = { flags: off, mac: '00:00:00:00:00:00' };
    expect(inShort(pair(same, same).network.trace(a, '10.0.0.3', tcp))[0]).toContain('delivered');
  });

  it('who has arp off answers nobody', () => {
    const { network, a } = pair({}, { flags: off });
    expect(inShort(network.trace(a, '10.0.0.3', tcp))).toEqual([
      'inferred: sent, routed eth0, out, lost nobody-answers',
    ]);
  });

  it('for IPv6 the device that has the address, for IPv4 every one of its network namespace', () => {
    const { network, a, b } = pair();
    network.link(b, 'eth1', 'veth', ['10.7.0.1/24'], { addresses: [address('10.7.0.1/24'), address('fd02::1/64')] });
    network.route(b, 'local fd02::1 dev eth1 table local');
    network.route(a, '10.7.0.0/24 dev eth0');
    network.route(a, 'fd02::/64 dev eth0');
    expect(inShort(network.trace(a, '10.7.0.1'))[0]).toContain('delivered');
    expect(inShort(network.trace(a, 'fd02::1'))[0]).toContain('nobody-answers');
    const model = network.model();
    const links = model.links.map((one) =>
      one.netns === b && one.name === 'eth0' ? { ...one, addresses: [address('fd02::1/64')] } : one,
    );
    expect(inShort(network.trace(a, 'fd02::1', {}, { ...model, links }))[0]).toContain('delivered');
  });

  it('for IPv4 who would take it itself, by the rules for what comes from who asks', () => {
    const { network, a, b } = pair();
    network.rule(b, '100: from 192.0.2.99 lookup 100');
    network.rule(b, '101: from all fwmark 0x1 lookup 100');
    network.route(b, 'local default dev lo table 100');
    expect(inShort(network.trace(a, '10.0.0.77'))[0]).toContain('nobody-answers');
    network.rule(b, '102: from 10.0.0.2 lookup 100');
    expect(inShort(network.trace(a, '10.0.0.77'))).toContainEqual(expect.stringContaining('delivered'));
  });
});
