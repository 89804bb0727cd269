// Rules that a frame meets at a bridge, which are not followed: of the family bridge, and, between two ports, if
// bridge-nf-call-iptables is on, those of IP (br_nf_pre_routing, br_nf_forward and br_nf_post_routing in
// net/bridge/br_netfilter_hooks.c). What is for the bridge itself, or from it, comes to those of IP as a packet, and is told there. Chains at devices are in at-device.ts.
import type { FirewallChain } from '../model/firewall.ts';
import type { Link } from '../model/link.ts';
import { notRead } from './chains.ts';
import type { Look } from './look.ts';
import type { Doubt } from './path.ts';

/** `across`: between two ports; else from the bridge itself, or to it. */
export type Crossing = 'across' | 'from' | 'to';

const hooks: Readonly<Record<Crossing, readonly string[]>> = {
  across: ['prerouting', 'forward', 'postrouting'],
  from: ['output', 'postrouting'],
  to: ['prerouting', 'input'],
};

export function atBridge(look: Look, { netns, name }: Link, crossing: Crossing): readonly Doubt[] {
  const firewalls = look.firewallsOf(netns);
  const isMet = ({ family, hook = '', rules, policy }: FirewallChain): boolean =>
    (rules > 0 || policy === 'drop') &&
    hooks[crossing].includes(hook) &&
    (crossing === 'across' || family === 'bridge');
  return [
    ...(firewalls.some(({ chains }) => chains.some(isMet)) ? [{ code: 'bridge-firewall', text: name } as const] : []),
    ...(crossing === 'across' ? notRead(firewalls) : []),
  ];
}
