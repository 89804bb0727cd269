// Routes, policy rules and neighbours of one network namespace (ip -j route|rule|neigh).
import { rangeOf, type AddressRange } from './address-range.ts';
import type { Evidence } from './evidence.ts';
import type { LinkId, NamespaceId, RouteId } from './id.ts';

export interface Route {
  readonly id: RouteId;
  readonly netns: NamespaceId;
  readonly family: 'inet' | 'inet6';
  /** `main`, `local`, `default`, or a number as text. */
  readonly table: string;
  /** `unicast`, `local`, `broadcast`, `blackhole` … */
  readonly type: string;
  /** `default` or a prefix. */
  readonly destination: string;
  /** Only for what has a source in this prefix (IPv6). */
  readonly from?: string;
  /** Only for what has this TOS: `0x10` (IPv4). */
  readonly tos?: string;
  readonly gateway?: string;
  readonly device?: string;
  readonly link?: LinkId;
  readonly preferredSource?: string;
  readonly metric?: number;
  readonly protocol?: string;
  readonly scope?: string;
  /** Of several next hops. */
  readonly weight?: number;
  /** Id of the next hop object it uses. */
  readonly nexthopId?: number;
  /** Encapsulation and its parameters, as iproute2 names them: `mpls 100`, `seg6 …`. */
  readonly encapsulation?: string;
  /** `linkdown`, `dead`, `onlink`, `pervasive`, `offload` …; absent where there are none. */
  readonly flags?: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** A next hop object (ip nexthop): several routes may use the same one. */
export interface NextHop {
  readonly netns: NamespaceId;
  readonly id: number;
  readonly gateway?: string;
  readonly device?: string;
  readonly link?: LinkId;
  readonly blackhole: boolean;
  /** Members of a group. */
  readonly group: readonly { readonly id: number; readonly weight: number }[];
  readonly scope?: string;
  readonly protocol?: string;
  readonly evidence: readonly Evidence[];
}

export interface Rule {
  readonly netns: NamespaceId;
  readonly family: 'inet' | 'inet6';
  readonly priority: number;
  /** `all` or a prefix. */
  readonly source: string;
  readonly destination?: string;
  readonly table?: string;
  /** The rest of it, as iproute2 names it (iif, oif, fwmark, action …). */
  readonly selectors: Readonly<Record<string, string>>;
  readonly evidence: readonly Evidence[];
}

export interface Neighbour {
  readonly netns: NamespaceId;
  readonly address: string;
  readonly device: string;
  readonly mac?: string;
  /** REACHABLE, STALE, PERMANENT … */
  readonly states: readonly string[];
  /** `router`, `proxy`, `extern_learn`, `offload` … (NTF_*); absent where there are none. */
  readonly flags?: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Of table main, for whatever no other route is for; not one for some packets only (a TOS, a source). */
export const isDefaultRoute = ({ destination, table, type, tos, from }: Route): boolean =>
  defaults.has(destination) && table === 'main' && type === 'unicast' && tos === undefined && from === undefined;
/** What it is for; undefined: no prefix can be read there. */
export const rangeOfRoute = ({ family, destination }: Route): AddressRange | undefined =>
  rangeOf(destination === 'default' ? everything[family] : destination);
const everything = { inet: '0.0.0.0/0', inet6: '::/0' } as const;

const defaults: ReadonlySet<string> = new Set(['default', '0.0.0.0/0', '::/0']);
