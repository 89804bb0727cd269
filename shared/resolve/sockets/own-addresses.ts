// Which addresses are a network namespace's own: those of its links, loopback ones, and what its table local says besides
// (AnyIP: `ip route add local 10.0.0.0/8 dev lo`). A transparent proxy's sockets have those of others (IP_TRANSPARENT).
import { rangeOf, contains, type AddressRange } from '../../model/address-range.ts';
import type { NamespaceId } from '../../model/id.ts';
import { isLoopbackAddress } from '../../model/listening.ts';
import type { Known } from '../known.ts';

/** False where it is not, and where it was not told. */
export type IsOwn = (netns: NamespaceId, address: string) => boolean;

export function ownAddresses({ entities }: Known): IsOwn {
  const single = new Set(
    entities.links.flatMap(({ netns, addresses }) => addresses.map(({ local }) => `${netns} ${local}`)),
  );
  const prefixes = new Map<NamespaceId, AddressRange[]>();
  for (const { netns, type, table, destination } of entities.routes) {
    const range = type === 'local' && table === 'local' ? rangeOf(destination) : undefined;
    if (range) prefixes.set(netns, [...(prefixes.get(netns) ?? []), range]);
  }
  return (netns, address) => {
    if (isLoopbackAddress(address) || single.has(`${netns} ${address}`)) return true;
    const range = rangeOf(address);
    return range !== undefined && (prefixes.get(netns) ?? []).some((one) => contains(one, range));
  };
}
