// One element of `ip -d -j route show table all` (iproute2 ip/iproute.c, print_route):
//
//   {"type":"unicast","dst":"default","gateway":"10.0.2.2","dev":"tap0","table":"main","protocol":"boot",
//    "scope":"global","prefsrc":"…","metric":100,"flags":[]}
//   {"dst":"default","via":{"family":"inet6","host":"fe80::1"},"dev":"eth0"}         next hop of the other family
//   {"dst":"10.0.0.0/8","nexthops":[{"gateway":"…","dev":"eth0","weight":1},…]}      several ways: one route for each
//
// `type` is left out for unicast and `table` for main by versions that print less.
import type { LinkId, NamespaceId, RouteId } from '../../model/id.ts';
import type { Route } from '../../model/route.ts';
import { numberOf, objectOf, objectsOf, textOf } from '../json-values.ts';
import type { JsonObject, PlacedObject } from '../json-values.ts';

type Family = Route['family'];
type Draft = { -readonly [K in keyof Route]: Route[K] };

/**
 * A reader for the routes of one network namespace; ids stay unique within it. `linkOf`: device name to link;
 * `asked`: the family of the command that answered.
 */
export function routeReader(
  netns: NamespaceId,
  linkOf: (device: string) => LinkId | undefined,
): (placed: PlacedObject, asked: Family | undefined) => readonly Route[] {
  const seen = new Map<string, number>();
  return ({ object, evidence }, asked) => {
    const destination = textOf(object, 'dst');
    if (destination === undefined) return [];
    const family = familyOf(object, destination) ?? asked ?? 'inet';
    const table = textOf(object, 'table') ?? numberOf(object, 'table')?.toString() ?? 'main';
    const type = textOf(object, 'type') ?? 'unicast';
    const hops = 'nexthops' in object ? objectsOf(object, 'nexthops') : [];
    return (hops.length > 0 ? hops : [object]).map((hop) => {
      const gateway = textOf(hop, 'gateway') ?? textOf(objectOf(hop, 'via') ?? {}, 'host');
      const device = textOf(hop, 'dev');
      const metric = numberOf(object, 'metric');
      // Joined, so that one text is kept for each of perhaps tens of thousands, not the parts it was put together from.
      const id = [
        `route:${netns}`,
        family,
        table,
        type,
        destination,
        gateway ?? '-',
        device ?? '-',
        metric ?? '-',
      ].join(' ');
      const count = (seen.get(id) ?? 0) + 1;
      seen.set(id, count);
      // Filled step by step: there may be tens of thousands, and a spread for each optional field costs more than all else.
      const route: Draft = {
        id: (count > 1 ? `${id} #${count}` : id) as RouteId,
        netns,
        family,
        table,
        type,
        destination,
        evidence: [evidence],
      };
      const link = device === undefined ? undefined : linkOf(device);
      const preferredSource = textOf(object, 'prefsrc');
      const protocol = textOf(object, 'protocol');
      const scope = textOf(object, 'scope');
      if (gateway !== undefined) route.gateway = gateway;
      if (device !== undefined) route.device = device;
      if (link !== undefined) route.link = link;
      if (preferredSource !== undefined) route.preferredSource = preferredSource;
      if (metric !== undefined) route.metric = metric;
      if (protocol !== undefined) route.protocol = protocol;
      if (scope !== undefined) route.scope = scope;
      return route;
    });
  };
}

/** What the element itself says; `pref` (RTA_PREF) is of IPv6 only. */
function familyOf(object: JsonObject, destination: string): Family | undefined {
  if (destination !== 'default') return destination.includes(':') ? 'inet6' : 'inet';
  if ('pref' in object) return 'inet6';
  const address = textOf(object, 'gateway') ?? textOf(object, 'prefsrc');
  return address === undefined ? undefined : address.includes(':') ? 'inet6' : 'inet';
}
