// What the kernel does by itself with packets that come in: net.ipv4.conf and net.ipv6.conf (ip -j netconf show).
import type { Evidence } from './evidence.ts';
import type { LinkId, NamespaceId } from './id.ts';

export type ReversePathFilter = 'off' | 'strict' | 'loose';

/** The settings of one family, at one link or for `all` or `default`. */
export interface Netconf {
  readonly netns: NamespaceId;
  readonly family: 'inet' | 'inet6';
  /** Name of a link; `all`; `default`, which links get that are made later. */
  readonly interface: string;
  /** Absent for `all` and `default`. */
  readonly link?: LinkId;
  /** IPv4: what comes in here is forwarded. IPv6: that of `all` decides for every link. */
  readonly forwarding?: boolean;
  /** RFC 3704, IPv4 only. */
  readonly rpFilter?: ReversePathFilter;
  /** proxy_arp, proxy_ndp. In force for IPv4 if it is on at the link or for `all`. */
  readonly proxyNeighbour?: boolean;
  /** Routes out of this link are passed over while it has no carrier. */
  readonly ignoreRoutesWithLinkdown?: boolean;
  readonly evidence: readonly Evidence[];
}

const ascending: readonly ReversePathFilter[] = ['off', 'strict', 'loose'];

/** What is in force at a link (IN_DEV_RPFILTER: the greater number); `undefined`: not known. */
export function filterInForce(own: Netconf | undefined, all: Netconf | undefined): ReversePathFilter | undefined {
  const [a, b] = [own?.rpFilter, all?.rpFilter];
  if (a === 'loose' || b === 'loose') return 'loose';
  if (a === undefined || b === undefined) return undefined;
  return ascending.indexOf(a) > ascending.indexOf(b) ? a : b;
}
