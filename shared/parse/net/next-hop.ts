// One element of `ip -d -j nexthop show` (iproute2 ip/ipnexthop.c, print_nexthop):
//
//   {"id":1,"gateway":"10.0.0.2","dev":"v1","scope":"link","protocol":"unspec","flags":[]}
//   {"id":3,"scope":"global","blackhole":null,"protocol":"unspec","flags":[]}
//   {"id":10,"group":[{"id":1},{"id":2,"weight":3}],"scope":"global","protocol":"unspec","flags":[]}
//
// A weight of 1 is not printed.
import type { LinkId, NamespaceId } from '../../model/id.ts';
import type { NextHop, Route } from '../../model/route.ts';
import { numberOf, objectOf, objectsOf, textOf } from '../json-values.ts';
import type { PlacedObject } from '../json-values.ts';

export function readNextHop(
  netns: NamespaceId,
  { object, evidence }: PlacedObject,
  linkOf: (device: string) => LinkId | undefined,
): NextHop | undefined {
  const id = numberOf(object, 'id');
  if (id === undefined) return undefined;
  const gateway = textOf(object, 'gateway') ?? textOf(objectOf(object, 'via') ?? {}, 'host');
  const device = textOf(object, 'dev');
  const link = device === undefined ? undefined : linkOf(device);
  const scope = textOf(object, 'scope');
  const protocol = textOf(object, 'protocol');
  return {
    netns,
    id,
    ...(gateway !== undefined && { gateway }),
    ...(device !== undefined && { device }),
    ...(link !== undefined && { link }),
    blackhole: 'blackhole' in object,
    group: objectsOf(object, 'group').flatMap((member) => {
      const memberId = numberOf(member, 'id');
      return memberId === undefined ? [] : [{ id: memberId, weight: numberOf(member, 'weight') ?? 1 }];
    }),
    ...(scope !== undefined && { scope }),
    ...(protocol !== undefined && { protocol }),
    evidence: [evidence],
  };
}

/** Where the kernel names no more than the object (nexthop_compat_mode=0), what the object says is the route's. */
export function withNextHop(route: Route, nextHops: ReadonlyMap<number, NextHop>): Route {
  if (route.nexthopId === undefined || route.gateway !== undefined || route.device !== undefined) return route;
  const hop = nextHops.get(route.nexthopId);
  if (!hop) return route;
  return {
    ...route,
    ...(hop.gateway !== undefined && { gateway: hop.gateway }),
    ...(hop.device !== undefined && { device: hop.device }),
    ...(hop.link !== undefined && { link: hop.link }),
    evidence: [...route.evidence, ...hop.evidence],
  };
}
