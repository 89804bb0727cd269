// Whether an address is one of a network namespace's own, as the firewall asks: `fib daddr type local`, `--dst-type LOCAL`.
import { contains, rangeOf } from '../model/address-range.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import { familyOf, type Look, type PlacedRoute } from './look.ts';
import { vrfOf } from './rule-match.ts';

/**
 * IPv4 asks the table local alone, whatever the policy rules say (inet_dev_addr_type in net/ipv4/fib_frontend.c). A VRF has its
 * addresses in its own table: that one is asked by nft since Linux 6.16. IPv6 looks up a route, by all rules but without a mark
 * (nft_fib6_eval_type): what is in another table than local may be found or not. `undefined`: not known.
 */
export function isLocal(
  look: Look,
  netns: NamespaceId,
  address: string,
  device: Link | undefined,
): boolean | undefined {
  const family = familyOf(address);
  const routes = look.localRoutes(netns, family);
  if (routes.length === 0) return hasAddress(look, netns, address);
  const inLocal = isLocalIn(look.routesOf(netns, family, 'local'), address);
  const elsewhere = routes.filter(({ route }) => route.table !== 'local');
  if (family === 'inet6') return inLocal || !isLocalIn(elsewhere, address) ? inLocal : undefined;
  // As long as no rule was ever added the tables local and main are one (fib_trie_unmerge).
  const merged = [...look.routesOf(netns, family, 'local'), ...look.routesOf(netns, family, 'main')];
  if (look.rulesOf(netns, family).length <= 3 && isLocalIn(merged, address) !== inLocal) return undefined;
  const vrf = device?.kind === 'vrf' ? device : device && vrfOf(look, device);
  const table = vrf?.data['table'];
  if (table === undefined) return inLocal;
  return isLocalIn(look.routesOf(netns, family, String(table)), address) === inLocal ? inLocal : undefined;
}

/** The longest prefix that has it is of type local. */
function isLocalIn(routes: readonly PlacedRoute[], address: string): boolean {
  const one = rangeOf(address);
  const fitting = one ? routes.filter(({ range }) => contains(range, one)) : [];
  const length = Math.max(...fitting.map((each) => each.length));
  return fitting.some((each) => each.length === length && each.route.type === 'local');
}

/** Where no routes were told. */
export const hasAddress = (look: Look, netns: NamespaceId, address: string): boolean =>
  look.linksOf(netns).some((link) => link.addresses.some(({ local }) => local === address));
