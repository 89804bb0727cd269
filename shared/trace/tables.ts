// One routing table: the longest prefix, of equal ones the lowest metric (ip-route(8); fib_table_lookup in
// net/ipv4/fib_trie.c, find_rr_leaf in net/ipv6/route.c).
import { contains, rangeOf } from '../model/address-range.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Route } from '../model/route.ts';
import type { Look, PlacedRoute } from './look.ts';

/** A route of the kernel's, with each of its next hops. */
export interface Found {
  readonly hops: readonly Route[];
  /** Length of its prefix. */
  readonly length: number;
  /** Others that are as good: which of them is not told by what was asked. */
  readonly equals: readonly (readonly Route[])[];
}

export function lookUpTable(
  look: Look,
  netns: NamespaceId,
  family: Route['family'],
  table: string,
  address: string,
  incoming?: string,
): Found | undefined {
  const one = rangeOf(address);
  if (!one) return undefined;
  const scope = isLinkLocal(address) ? incoming : undefined;
  const fitting = look
    .routesOf(netns, family, table)
    .filter(({ range, route }) => contains(range, one) && !isDead(route) && !isNowhere(route) && isIn(scope, route));
  const length = Math.max(...fitting.map((each) => each.length));
  const longest = fitting.filter((each) => each.length === length);
  const metric = Math.min(...longest.map(({ route }) => metricOf(route)));
  const [first, ...others] = byKernelRoute(longest.filter(({ route }) => metricOf(route) === metric));
  if (!first) return undefined;
  // IPv4 takes the one that was listed first; IPv6 the one whose neighbour answers.
  const equals = family === 'inet6' ? others.map((each) => withMembers(look, each)) : [];
  return { hops: withMembers(look, first), length, equals };
}

/** A link-local address is one of the device that it comes in by (rt6_need_strict); old kernels list lo for it. */
const isIn = (scope: string | undefined, { device }: Route): boolean =>
  scope === undefined || device === undefined || device === scope || device === 'lo';

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
