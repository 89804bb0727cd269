// Which addresses and ports a rule gives a packet (get_unique_tuple in net/netfilter/nf_nat_core.c, nf_nat_redirect.c).
import type { Link } from '../model/link.ts';
import type { Rewrite } from './chains.ts';
import type { Packet } from './path.ts';

interface Rewritten {
  /** `undefined`: there is no address that it could be given, and it is dropped. */
  readonly packet: Packet | undefined;
  /** One of several: the first stands for all of them. */
  readonly isOneOf: boolean;
}

export function rewritten(
  packet: Packet,
  { to, text }: Pick<Rewrite, 'to' | 'text'>,
  { incoming, outgoing }: { readonly incoming: Link | undefined; readonly outgoing: Link | undefined },
): Rewritten {
  switch (to.kind) {
    case 'dnat': {
      const { port, isOneOf } = portIn(to.ports, packet, text);
      const destination = to.address === undefined ? packet.destination : firstOf(to.address);
      return { packet: { ...packet, destination, port }, isOneOf: isOneOf || isRange(to.address) };
    }
    case 'redirect': {
      const { port, isOneOf } = portIn(to.ports, packet, text);
      const own = ownAddress(packet, incoming);
      if (own === undefined) return { packet: undefined, isOneOf };
      return { packet: { ...packet, destination: own.address, port }, isOneOf: isOneOf || !own.sure };
    }
    case 'snat':
      return { packet: { ...packet, source: firstOf(to.address) }, isOneOf: isRange(to.address) };
    case 'masquerade':
      return { packet: { ...packet, source: onlyAddress(outgoing, packet.family) }, isOneOf: false };
  }
}

const isRange = (address: string | undefined): boolean => address?.includes('-') === true;
const firstOf = (address: string): string => address.split('-')[0] ?? address;

/** A port within the range is kept, unless the rule says `random`. */
function portIn(
  ports: readonly [number, number] | undefined,
  { port }: Packet,
  text: string,
): { readonly port: number | undefined; readonly isOneOf: boolean } {
  if (!ports) return { port, isOneOf: false };
  const [first, last] = ports;
  if (first === last) return { port: first, isOneOf: false };
  const isKept = port !== undefined && first <= port && port <= last && !/\brandom\b/.test(text);
  return { port: isKept ? port : first, isOneOf: !isKept };
}

/**
 * Of this machine itself: the first address of the device that it came in by, in the order of its list, which is ip's; loopback
 * for what is sent here. What of IPv6 is passed over was taken before Linux 6.7.
 */
function ownAddress(
  { family, destination }: Packet,
  incoming: Link | undefined,
): { readonly address: string; readonly sure: boolean } | undefined {
  if (!incoming) return { address: family === 'inet6' ? '::1' : '127.0.0.1', sure: true };
  // Of a link that the kernel's files alone told of, its addresses are not known.
  if (incoming.flags.length === 0) return { address: destination, sure: false };
  const own = incoming.addresses.filter((one) => one.family === family);
  if (family === 'inet') return own[0] && { address: own[0].local, sure: true };
  const usable = own.filter(
    ({ flags = [], local }) =>
      (!flags.includes('tentative') || flags.includes('optimistic')) &&
      (!isLinkLocal(destination) || isLinkLocal(local)),
  );
  const chosen = usable[0] ?? own[0];
  return chosen && { address: chosen.local, sure: chosen === own[0] && usable.length > 0 };
}

const isLinkLocal = (address: string): boolean => /^fe[89ab]/i.test(address);

/** The one address of its kind; of several it depends on the next hop. */
function onlyAddress(link: Link | undefined, family: Packet['family']): string | undefined {
  const own = (link?.addresses ?? []).filter(
    (one) => one.family === family && one.scope === 'global' && one.flags?.includes('secondary') !== true,
  );
  return own.length === 1 ? own[0]?.local : undefined;
}
