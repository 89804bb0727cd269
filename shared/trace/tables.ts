// One routing table: the longest prefix, of equal ones the lowest metric (ip-route(8); fib_table_lookup in
// net/ipv4/fib_trie.c, find_rr_leaf in net/ipv6/route.c).
import { contains, rangeOf } from '../model/address-range.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Route } from '../model/route.ts';
import { isIn, type Look, type PlacedRoute } from './look.ts';
import type { Packet } from './path.ts';

/** What a route is looked up with. */
export interface Asking {
  readonly netns: NamespaceId;
  readonly packet: Packet;
  /** The link it came in by; `undefined`: it is sent here. */
  readonly incoming: Link | undefined;
  /** The link whose VRF is asked for, where that is not `incoming`. */
  readonly enslaved?: Link;
}

/** A route of the kernel's, with each of its next hops. */
export interface Found {
  readonly hops: readonly Route[];
  /** Length of its prefix. */
  readonly length: number;
  /** Others that are as good: which of them is not told by what was asked. */
  readonly equals: readonly (readonly Route[])[];
}

export interface Answer {
  /** By routes that are for all, or known to be for this packet. */
  readonly found: Found | undefined;
  /** What goes before it if the packet is one of those that a route is for: `10.0.0.0/8 tos 0x10`. */
  readonly others: readonly { readonly found: Found; readonly by: 'tos' | 'from'; readonly asks: string }[];
}

export function lookUpTable(look: Look, { netns, packet, incoming }: Asking, table: string): Answer {
  const { family, destination, source } = packet;
  const one = rangeOf(destination);
  if (!one) return { found: undefined, others: [] };
  const scope = isLinkLocal(destination) ? incoming?.name : undefined;
  const all = look
    .routesOf(netns, family, table)
    .filter(({ range, route }) => contains(range, one) && !isDead(route) && !isNowhere(route) && isAt(scope, route));
  const own = all.filter(({ route }) => route.tos === undefined && isFrom(route, source) === true);
  const open = all.filter(({ route }) => route.tos !== undefined || isFrom(route, source) === undefined);
  const others = (['tos', 'from'] as const).flatMap((by) => {
    const values = new Set(open.flatMap(({ route }) => route[by] ?? []));
    return [...values].flatMap((value) => {
      const found = best(look, family, [...own, ...open.filter(({ route }) => route[by] === value)]);
      const [route] = found?.hops ?? [];
      return found && route?.[by] === value ? [{ found, by, asks: `${route.destination} ${by} ${value}` }] : [];
    });
  });
  return { found: best(look, family, own), others };
}

/** Not known: which source it has. */
const isFrom = ({ from }: Route, source: string | undefined): boolean | undefined =>
  from === undefined ? true : source === undefined ? undefined : isIn(source, from);

/**
 * The longest prefix; of these what asks most (a longer prefix of the source: fib6_node_lookup_1 in net/ipv6/ip6_fib.c; a TOS
 * before none); of these the lowest metric.
 */
function best(look: Look, family: Route['family'], fitting: readonly PlacedRoute[]): Found | undefined {
  const length = Math.max(...fitting.map((each) => each.length));
  const longest = fitting.filter((each) => each.length === length);
  const asked = Math.max(...longest.map(({ route }) => asksOf(route)));
  const asking = longest.filter(({ route }) => asksOf(route) === asked);
  const metric = Math.min(...asking.map(({ route }) => metricOf(route)));
  const [first, ...others] = byKernelRoute(asking.filter(({ route }) => metricOf(route) === metric));
  if (!first) return undefined;
  // IPv4 takes the one that was listed first; IPv6 the one whose neighbour answers.
  const equals = family === 'inet6' ? others.map((each) => withMembers(look, each)) : [];
  return { hops: withMembers(look, first), length, equals };
}

const asksOf = ({ from, tos }: Route): number =>
  from === undefined ? Number(tos !== undefined) : Number(from.split('/')[1] ?? 128);

/** A link-local address is one of the device that it comes in by (rt6_need_strict); old kernels list lo for it. */
const isAt = (scope: string | undefined, { device }: Route): boolean =>
  scope === undefined || device === undefined || device === scope || device === 'lo';

/** Its type says no. `reject` and `unspec` are those of which /proc/PID/net/route does not tell more. */
export const isRefusal = ({ type }: Route): boolean =>
  ['blackhole', 'unreachable', 'prohibit', 'reject', 'unspec'].includes(type);

const isLinkLocal = (address: string): boolean => /^fe[89ab][0-9a-f]:/i.test(address);

const metricOf = ({ metric }: Route): number => metric ?? 0;

const isDead = ({ flags }: Route): boolean => flags?.includes('dead') === true;

/** The kernel's end of every IPv6 table, printed by old versions. */
const isNowhere = ({ metric, device, type }: Route): boolean =>
  metric === 4294967295 && device === 'lo' && type === 'unreachable';

/** Several next hops of one route are an element of ip's answer each. */
function byKernelRoute(routes: readonly PlacedRoute[]): readonly (readonly Route[])[] {
  const groups = new Map<string, Route[]>();
  for (const { route } of routes) {
    const [place] = route.evidence;
    const key = place ? `${place.frame} ${place.line} ${place.columns?.join('-') ?? ''}` : route.id;
    const group = groups.get(key);
    if (group) group.push(route);
    else groups.set(key, [route]);
  }
  return [...groups.values()];
}

/** A route that names a group of next hop objects and does not spell it out. */
function withMembers(look: Look, hops: readonly Route[]): readonly Route[] {
  const [route] = hops;
  if (!route || hops.length > 1 || route.nexthopId === undefined || route.device !== undefined) return hops;
  const object = look.nextHop(route.netns, route.nexthopId);
  if (!object) return hops;
  if (object.blackhole) return [{ ...route, type: 'blackhole', evidence: [...route.evidence, ...object.evidence] }];
  const members = object.group.flatMap(({ id }) => look.nextHop(route.netns, id) ?? []);
  return members.length === 0
    ? hops
    : members.map(({ gateway, device, link, evidence }) => ({
        ...route,
        ...(gateway === undefined ? {} : { gateway }),
        ...(device === undefined ? {} : { device }),
        ...(link === undefined ? {} : { link }),
        evidence: [...route.evidence, ...object.evidence, ...evidence],
      }));
}
