// What may drop a frame at a device, whichever network namespace that is in: an XDP program and ingress chains where it comes
// in (do_xdp_generic and nf_ingress in net/core/dev.c), egress chains and a queueing discipline where it leaves.
import type { NamespaceId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Look } from './look.ts';
import type { Doubt } from './path.ts';
import { atQueue } from './qdisc.ts';

export const comingIn = (look: Look, link: Link): readonly Doubt[] => [
  ...(link.xdp === undefined ? [] : [{ code: 'xdp', text: link.name } as const]),
  ...chainsAtDevices(look, link.netns, 'ingress'),
];

export const goingOut = (look: Look, link: Link): readonly Doubt[] => [
  ...chainsAtDevices(look, link.netns, 'egress'),
  ...atQueue(link),
];

/** Chains at a device, before and behind all others: whose device and rules are not followed. */
const chainsAtDevices = (look: Look, netns: NamespaceId, hook: 'ingress' | 'egress'): readonly Doubt[] =>
  look
    .firewallsOf(netns)
    .flatMap(({ chains }) => chains)
    .filter((chain) => chain.hook === hook && (chain.rules > 0 || chain.policy === 'drop'))
    .map(({ family, table, name }) => ({ code: 'may-drop', text: `${family} ${table} ${name}` }));
