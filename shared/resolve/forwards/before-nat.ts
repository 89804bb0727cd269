// What happens to a packet before the firewall rewrites it: rules of other chains that hook in earlier (raw, mangle) drop it, or
// take its connection away (notrack), and then nobody rewrites it.
import type { UnresolvedFirewall } from '../../model/firewall.ts';
import { isWildcard } from '../../model/listening.ts';
import { throughChains } from '../../trace/chains.ts';
import type { Passing } from '../../trace/matches.ts';
import type { Known } from '../known.ts';
import type { Arrival } from './arrival.ts';

/** Of no port: of any. */
type Asked = Omit<Arrival, 'port'> & { readonly port: number | undefined };

/** More addresses of one network namespace are not asked for one by one. */
const mostAddresses = 64;

/** `comes`: whoever sends it, unless a rule asks who that is; `doubtful`: a rule may take it away; `taken`: one does. */
export function beforeNat(arrival: Asked, known: Known): 'comes' | 'doubtful' | 'taken' {
  const firewalls = known.entities.firewalls.filter(({ netns }) => netns === arrival.netns);
  // Of those that were told in part, more may come first.
  const isWhole = !firewalls.some(({ incomplete }) => incomplete);
  if (isWhole && !firewalls.some((one) => hasEarlier(one, arrival.hook))) return 'comes';
  const answers = addressesOf(arrival, known).map((address) => beforeNatAt({ ...arrival, address }, firewalls));
  if (answers.every((one) => one === 'comes')) return 'comes';
  return answers.every((one) => one === 'taken') ? 'taken' : 'doubtful';
}

const hasEarlier = ({ chains }: UnresolvedFirewall, hook: Arrival['hook']): boolean =>
  chains.some((chain) => chain.hook === hook && chain.type !== 'nat' && (chain.rules > 0 || chain.policy === 'drop'));

/** Any address of its own, where the rule is for all of them. */
function addressesOf({ address, netns }: Asked, { index }: Known): readonly string[] {
  if (!isWildcard(address)) return [address];
  const own = (index.linksOf.get(netns) ?? [])
    .filter(({ kind }) => kind !== 'loopback')
    .flatMap((link) => link.addresses.map(({ local }) => local))
    .filter((local) => local.includes(':') === address.includes(':'));
  return own.length === 0 ? [address] : own.slice(0, mostAddresses);
}

function beforeNatAt(
  { hook, protocol, address, port }: Asked,
  firewalls: readonly UnresolvedFirewall[],
): 'comes' | 'doubtful' | 'taken' {
  const passing: Passing = {
    packet: {
      family: address.includes(':') ? 'inet6' : 'inet',
      protocol,
      source: undefined,
      destination: address,
      port,
    },
    incoming: hook === 'output' ? '' : undefined,
    outgoing: hook === 'output' ? undefined : '',
    local: true,
    translated: false,
    anybody: true,
  };
  const { dropped, untracked, mayUntrack, doubts } = throughChains(firewalls, hook, 'before', passing);
  if (dropped || untracked) return 'taken';
  // They may be asked behind it.
  const beside = throughChains(firewalls, hook, 'beside', passing);
  return mayUntrack || beside.dropped || [...doubts, ...beside.doubts].length > 0 ? 'doubtful' : 'comes';
}
