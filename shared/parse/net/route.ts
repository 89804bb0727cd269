// One element of `ip -d -j route show table all` (iproute2 ip/iproute.c, print_route):
//
//   {"type":"unicast","dst":"default","gateway":"10.0.2.2","dev":"tap0","table":"main","protocol":"boot",
//    "scope":"global","prefsrc":"…","metric":100,"flags":[]}
//   {"dst":"10.2.0.0/25","tos":"0x10","gateway":…}   {"dst":"fd50::/96","from":"fd03::/64","gateway":…}   for some packets
//   {"dst":"default","via":{"family":"inet6","host":"fe80::1"},"dev":"eth0"}         next hop of the other family
//   {"dst":"10.0.0.0/8","nexthops":[{"gateway":"…","dev":"eth0","weight":1},…]}      several ways: one route for each
//   {"dst":"10.8.0.0/16","nhid":1,"gateway":"…","dev":"eth0",…}                       uses a next hop object; where the
//                                                            kernel does not spell it out (nexthop_compat_mode=0) only the id
//   {"dst":"10.6.0.0/16","encap":"mpls","dst":"100/200",…}   what encap says stands beside the route's own, under the same
//                                                            names: of two `dst` the first is the route's
//   {"dst":"10.6.0.0/16","encap":{"encap_type":"mpls","dst":"100/200"},…}             since 6.10
//
// `type` is left out for unicast and `table` for main by versions that print less.
import type { Evidence } from '../../model/evidence.ts';
import type { LinkId, NamespaceId, RouteId } from '../../model/id.ts';
import type { Route } from '../../model/route.ts';
import { numberOf, objectOf, objectsOf, textOf, textsOf } from '../json-values.ts';
import type { JsonObject, PlacedObject } from '../json-values.ts';

type Family = Route['family'];
type Draft = { -readonly [K in keyof Route]: Route[K] };

/**
 * A reader for the routes of one network namespace; ids stay unique within it. `linkOf`: device name to link;
 * `asked`: the family of the command that answered; `textAt`: the
 * element as it was printed.
 */
export function routeReader(
  netns: NamespaceId,
  linkOf: (device: string) => LinkId | undefined,
  textAt: (evidence: Evidence) => string,
): (placed: PlacedObject, asked: Family | undefined) => readonly Route[] {
  const seen = new Map<string, number>();
  return ({ object, evidence }, asked) => {
    const doubled = encapsulatesTo.has(object['encap']);
    const destination = doubled ? firstDestination(textAt(evidence)) : textOf(object, 'dst');
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
      const from = textOf(object, 'from');
      const tos = textOf(object, 'tos');
      const preferredSource = textOf(object, 'prefsrc');
      const protocol = textOf(object, 'protocol');
      const scope = textOf(object, 'scope');
      if (from !== undefined) route.from = from;
      if (tos !== undefined) route.tos = tos;
      if (gateway !== undefined) route.gateway = gateway;
      if (device !== undefined) route.device = device;
      if (link !== undefined) route.link = link;
      if (preferredSource !== undefined) route.preferredSource = preferredSource;
      if (metric !== undefined) route.metric = metric;
      if (protocol !== undefined) route.protocol = protocol;
      if (scope !== undefined) route.scope = scope;
      const nexthopId = numberOf(object, 'nhid');
      const weight = hop === object ? undefined : numberOf(hop, 'weight');
      const encapsulation = encapsulationOf(hop);
      const flags = textsOf(hop, 'flags');
      if (nexthopId !== undefined) route.nexthopId = nexthopId;
      if (weight !== undefined && weight > 1) route.weight = weight;
      if (encapsulation !== undefined) route.encapsulation = encapsulation;
      if (flags.length > 0) route.flags = flags;
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

/** Kinds of encapsulation that have a `dst` of their own (ip/iproute_lwtunnel.c). */
const encapsulatesTo: ReadonlySet<unknown> = new Set(['mpls', 'ip', 'ip6']);

const firstDestination = (text: string): string | undefined => /"dst":"([^"\\]*)"/.exec(text)?.[1];

/** `mpls 100/200`, `ip id 7 dst 10.0.0.2`, `seg6 mode encap segs …` */
function encapsulationOf(hop: JsonObject): string | undefined {
  const nested = objectOf(hop, 'encap');
  const kind = nested ? textOf(nested, 'encap_type') : textOf(hop, 'encap');
  if (kind === undefined) return undefined;
  const said = nested ?? hop;
  const words = encapsulationWords.flatMap((key) => {
    const value = said[key];
    if (typeof value !== 'string' && typeof value !== 'number' && !Array.isArray(value)) return [];
    if (key === 'dst' && !nested && !encapsulatesTo.has(kind)) return [];
    const text = Array.isArray(value) ? value.join(',') : String(value);
    return kind === 'mpls' && key === 'dst' ? [text] : [key, text];
  });
  return [kind, ...words].join(' ');
}

const encapsulationWords: readonly string[] = ['id', 'src', 'dst', 'ttl', 'hoplimit', 'mode', 'segs', 'action'];
