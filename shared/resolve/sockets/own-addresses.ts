// Which addresses are a network namespace's own: those of its links, loopback ones, and what its table local says besides
// (AnyIP: `ip route add local 10.0.0.0/8 dev lo`). A transparent proxy's sockets have those of others (IP_TRANSPARENT).
import { rangeOf, contains, type AddressRange } from '../../model/address-range.ts';
import type { NamespaceId } from '../../model/id.ts';
import { isLoopbackAddress } from '../../model/listening.ts';
import type { Route } from '../../model/route.ts';
import { grouped, type Known } from '../known.ts';

/** False where it is not, and where it was not told. */
export type IsOwn = (netns: NamespaceId, address: string) => boolean;

/** Nothing is read before it is asked for: most hosts have few connections within, and addresses by the thousand. */
export function ownAddresses({ entities, index }: Known): IsOwn {
  const onLinks = new Map<NamespaceId, ReadonlySet<string>>();
  const addressesOf = (netns: NamespaceId): ReadonlySet<string> => {
    const links = index.linksOf.get(netns) ?? [];
    const found = onLinks.get(netns) ?? new Set(links.flatMap(({ addresses }) => addresses.map(({ local }) => local)));
    onLinks.set(netns, found);
    return found;
  };
  let local: ReadonlyMap<NamespaceId, readonly Route[]> | undefined;
  return (netns, address) => {
    if (isLoopbackAddress(address) || addressesOf(netns).has(address)) return true;
    const range = rangeOf(address);
    local ??= grouped(
      entities.routes.filter(({ type, table }) => type === 'local' && table === 'local'),
      (route) => route.netns,
    );
    return range !== undefined && rangesOf(local.get(netns) ?? []).some((one) => contains(one, range));
  };
}

const rangesOf = (routes: readonly Route[]): readonly AddressRange[] =>
  routes.flatMap(({ destination }) => rangeOf(destination) ?? []);
