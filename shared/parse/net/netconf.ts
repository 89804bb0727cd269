// One element of `ip -j netconf show` (iproute2 ip/ipnetconf.c, print_netconf): of every family the links, then `all` and
// `default`.
//
//   {"family":"inet","interface":"eth0","forwarding":true,"rp_filter":"strict","mc_forwarding":false,"proxy_neigh":false,
//    "ignore_routes_with_linkdown":false}
//   {"family":"inet6","interface":"all","forwarding":false,…}            no rp_filter
//   {"family":"mpls","interface":"eth0","input":true}                    where the kernel has MPLS
//
// A filter of 3 and above has no name and is printed as a number; the kernel treats it as loose.
import type { LinkId, NamespaceId } from '../../model/id.ts';
import type { Netconf, ReversePathFilter } from '../../model/netconf.ts';
import { numberOf, textOf } from '../json-values.ts';
import type { JsonObject, PlacedObject } from '../json-values.ts';

type Draft = { -readonly [K in keyof Netconf]: Netconf[K] };

export function readNetconf(
  netns: NamespaceId,
  { object, evidence }: PlacedObject,
  linkOf: (device: string) => LinkId | undefined,
): Netconf | undefined {
  const family = textOf(object, 'family');
  const name = textOf(object, 'interface');
  if ((family !== 'inet' && family !== 'inet6') || name === undefined) return undefined;
  // No link has one of these names (sysctl_dev_name_is_allowed in include/net/ip.h).
  const link = name === 'all' || name === 'default' ? undefined : linkOf(name);
  // Filled step by step, as routes are: there are two for each link and four besides.
  const settings: Draft = { netns, family, interface: name, evidence: [evidence] };
  if (link !== undefined) settings.link = link;
  const { forwarding, proxy_neigh: proxy, ignore_routes_with_linkdown: ignores } = object;
  if (typeof forwarding === 'boolean') settings.forwarding = forwarding;
  const rpFilter = reversePathFilter(object);
  if (rpFilter !== undefined) settings.rpFilter = rpFilter;
  if (typeof proxy === 'boolean') settings.proxyNeighbour = proxy;
  if (typeof ignores === 'boolean') settings.ignoreRoutesWithLinkdown = ignores;
  return settings;
}

/** The kernel has settings of families besides IP's. */
export const isOtherFamily = (object: JsonObject): boolean => {
  const family = textOf(object, 'family');
  return family !== undefined && family !== 'inet' && family !== 'inet6';
};

function reversePathFilter(object: JsonObject): ReversePathFilter | undefined {
  const name = textOf(object, 'rp_filter');
  if (name === 'off' || name === 'strict' || name === 'loose') return name;
  return numberOf(object, 'rp_filter') === undefined ? undefined : 'loose';
}
