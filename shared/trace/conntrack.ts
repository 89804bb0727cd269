// Whether the kernel keeps connections in a network namespace: it does once a rule there needs them (nf_ct_netns_get in
// net/netfilter/nf_conntrack_proto.c), for that rule's family alone. Where it does not, nat chains are passed over
// (nf_nat_inet_fn in net/netfilter/nf_nat_core.c: without a connection the packet is accepted).
import type { RuleAction, RuleMatch, UnresolvedFirewall } from '../model/firewall.ts';
import { rulesOf } from './chain-rules.ts';

/** A rule that was read makes it so. Open vSwitch, IPVS or tc may as well, which no rule tells: false is not known. */
export const keepsConnections = (firewalls: readonly UnresolvedFirewall[], families: readonly string[]): boolean =>
  firewalls.some((firewall) =>
    [...rulesOf(firewall).values()].some((rules) =>
      rules.some(({ family, match, action }) => families.includes(family) && (asks(match) || rewrites(action))),
    ),
  );

/** `ct state new`, `--ctstate NEW`. */
const asks = ({ other }: RuleMatch): boolean =>
  other.some((text) => /^(?:ct |(?:! )?--(?:ctstate|state|ctstatus|ctdir) )/.test(text));

function rewrites(action: RuleAction): boolean {
  switch (action.kind) {
    case 'dnat':
    case 'redirect':
    case 'snat':
    case 'masquerade':
      return true;
    case 'unread':
      return action.rewrites === true;
    case 'choice':
      return action.branches.some((one) => asks(one.match) || rewrites(one.action));
    case 'jump':
    case 'goto':
    case 'verdict':
    case 'none':
      return false;
  }
}
