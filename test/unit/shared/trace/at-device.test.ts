// Devices that lie between sender and receiver, in a network namespace that is neither’s.
import { describe, expect, it } from 'vitest';
import type { Link } from '../../../../shared/model/link.ts';
import { doubtsOf, TraceNetwork } from '../../../helpers/trace-model.ts';

const tcp = { protocol: 'tcp', port: 80 } as const;
const macIn = (n: number): string => `02:00:00:00:0${n}:02`;
const learned = (n: number) => ({ forwarding: [{ mac: macIn(n), flags: [], evidence: [] }] });

/** As `nft list ruleset` prints it. */
const chainAt = (hook: 'ingress' | 'egress'): string => `table netdev n { # handle 1
         chain c { # handle 1
           type filter hook ${hook} device "nic" priority filter; policy accept;
           tcp dport 80 drop # handle 2
         }
       }`;

/** far – nic of the host, with m2 and m3 in mode bridge on it. */
function macvlans(hook: 'ingress' | 'egress' | 'not read' | undefined, nic: Partial<Link> = {}) {
  const network = new TraceNetwork();
  const [host, far] = [network.netns(1, 'host'), network.netns(9, 'far')];
  const lower = network.link(host, 'nic', 'veth', [], nic);
  network.wire(lower, network.link(far, 'eth0', 'veth', ['10.9.0.9/24']));
  network.listens(far, '0.0.0.0', 80);
  const [m2, m3] = [network.netns(2, 'm2'), network.netns(3, 'm3')];
  for (const [n, netns] of [m2, m3].entries()) {
    const data = { mode: 'bridge' };
    const link = network.link(netns, 'eth0', 'macvlan', [`10.9.0.${n + 2}/24`], { data });
    network.builder.relate('lower', link, lower, 'lower.name');
    network.listens(netns, '0.0.0.0', 80);
    for (const to of [2, 3, 9]) network.neighbour(netns, 'eth0', `10.9.0.${to}`, macIn(to));
  }
  network.neighbour(far, 'eth0', '10.9.0.3', macIn(3));
  if (hook === 'not read') network.noFirewallRead(host);
  else if (hook) network.firewall(host, chainAt(hook));
  const doubts = (from: typeof far, to: string) => doubtsOf(network.trace(from, to, tcp));
  return { up: doubts(far, '10.9.0.3'), down: doubts(m2, '10.9.0.9'), besides: doubts(m2, '10.9.0.3') };
}

/** a and b at a bridge of the host's. */
function bridged(port: Partial<Link>, hook?: 'ingress' | 'egress') {
  const network = new TraceNetwork();
  const host = network.netns(1, 'host');
  const br0 = network.link(host, 'br0', 'bridge', ['10.9.0.1/24']);
  const [a] = [2, 3].map((n) => {
    const netns = network.netns(n, `ns${n}`);
    const at = network.link(host, `p${n}`, 'veth', [], { masterName: 'br0', ...learned(n), ...(n === 2 && port) });
    network.port(at, br0);
    network.wire(at, network.link(netns, 'eth0', 'veth', [`10.9.0.${n}/24`]));
    network.listens(netns, '0.0.0.0', 80);
    return netns;
  });
  if (!a) throw new Error('one');
  network.listens(host, '0.0.0.0', 80);
  network.neighbour(a, 'eth0', '10.9.0.3', macIn(3));
  network.neighbour(a, 'eth0', '10.9.0.1', macIn(1));
  network.neighbour('net:[3]', 'eth0', '10.9.0.2', macIn(2));
  if (hook) network.firewall(host, chainAt(hook));
  const doubts = (from: typeof a, to: string) => doubtsOf(network.trace(from, to, tcp));
  return { across: doubts(a, '10.9.0.3'), back: doubts('net:[3]', '10.9.0.2'), to: doubts(a, '10.9.0.1') };
}

describe('a device on the way', () => {
  it('has nothing that may drop: no doubt', () => {
    expect(macvlans(undefined)).toEqual({ up: [], down: [], besides: [] });
    expect(bridged({})).toEqual({ across: [], back: [], to: [] });
  });

  it('below a macvlan: its XDP program sees what comes in, and what one macvlan sends another', () => {
    const seen = ['xdp: nic'];
    expect(macvlans(undefined, { xdp: 'xdpgeneric' })).toEqual({ up: seen, down: [], besides: seen });
  });

  it('a bridge’s port: its XDP program sees what comes in there', () => {
    const seen = ['xdp: p2'];
    expect(bridged({ xdp: 'xdpgeneric' })).toEqual({ across: seen, back: [], to: seen });
  });

  it('in a network namespace whose firewall was not read may have chains', () => {
    const not = ['firewall-not-read: '];
    expect(macvlans('not read')).toEqual({ up: not, down: not, besides: not });
  });

  it('chains of its network namespace may drop what comes in, and what leaves', () => {
    const met = ['may-drop: netdev n c'];
    expect(macvlans('ingress')).toEqual({ up: met, down: [], besides: met });
    // What goes to one beside it does not leave by the device below; that is not told apart.
    expect(macvlans('egress')).toEqual({ up: [], down: met, besides: met });
    expect(bridged({}, 'ingress')).toEqual({ across: met, back: met, to: met });
    expect(bridged({}, 'egress')).toEqual({ across: met, back: met, to: [] });
  });
});
