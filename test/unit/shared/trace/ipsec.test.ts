// Paths where something looks like IPsec, whose policies are not asked for.
import { describe, expect, it } from 'vitest';
import type { NamespaceId } from '../../../../shared/model/id.ts';
import { doubtsOf, TraceNetwork } from '../../../helpers/trace-model.ts';

function pair(change: (network: TraceNetwork, host: NamespaceId, other: NamespaceId) => void) {
  const network = new TraceNetwork();
  const [host, other] = [network.netns(1, 'host'), network.netns(2, 'other')];
  network.wire(network.link(host, 'v', 'veth', ['10.0.0.1/24']), network.link(other, 'eth0', 'veth', ['10.0.0.2/24']));
  network.neighbour(host, 'v', '10.0.0.2', '02:00:00:00:02:02');
  network.listens(other, '0.0.0.0', 80);
  change(network, host, other);
  return network.trace(host, '10.0.0.2', { protocol: 'tcp', port: 80 });
}

describe('signs of IPsec', () => {
  it('none: the path is certain', () => {
    const trace = pair((network, host) => network.listens(host, '0.0.0.0', 500));
    expect(trace.paths[0]?.certainty).toBe('certain');
    expect(doubtsOf(trace)).toEqual([]);
  });

  it.each([500, 4500])('who listens for IKE at port %i', (port) => {
    const trace = pair((network, host) => network.listens(host, '0.0.0.0', port, undefined, 'udp'));
    expect(trace.paths[0]?.certainty).toBe('inferred');
    expect(doubtsOf(trace)).toEqual([`ipsec: udp port ${port}`]);
  });

  it('an interface of it, where the packet arrives', () => {
    const trace = pair((network, _, other) => network.link(other, 'ipsec0', 'xfrm'));
    expect(trace.paths[0]?.certainty).toBe('inferred');
    expect(doubtsOf(trace)).toEqual(['ipsec: ipsec0 (xfrm)']);
  });
});
