// A model, looked up in the ways a trace needs. Made once for each model.
import { contains, rangeOf, type AddressRange } from '../model/address-range.ts';
import type { Firewall } from '../model/firewall.ts';
import type { Forward } from '../model/forward.ts';
import type { LinkId, NamespaceId, ProcessId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Model } from '../model/model.ts';
import type { Netconf } from '../model/netconf.ts';
import type { Process } from '../model/process.ts';
import type { Relation, RelationKind } from '../model/relation.ts';
import { rangeOfRoute, type Neighbour, type NextHop, type Route, type Rule } from '../model/route.ts';
import type { Socket } from '../model/socket.ts';
import type { VirtualService } from '../model/virtual-service.ts';

/** A route with what its destination covers. */
export interface PlacedRoute {
  readonly route: Route;
  readonly range: AddressRange;
  /** Length of its prefix. */
  readonly length: number;
}

export interface Look {
  readonly model: Model;
  readonly links: ReadonlyMap<string, Link>;
  readonly processes: ReadonlyMap<string, Process>;
  readonly forwards: readonly Forward[];
  readonly linksOf: (netns: NamespaceId) => readonly Link[];
  readonly linkNamed: (netns: NamespaceId, name: string) => Link | undefined;
  readonly routesOf: (netns: NamespaceId, family: Route['family'], table: string) => readonly PlacedRoute[];
  /** Of all tables those of type local. */
  readonly localRoutes: (netns: NamespaceId, family: Route['family']) => readonly PlacedRoute[];
  /** In the order they are asked. */
  readonly rulesOf: (netns: NamespaceId, family: Rule['family']) => readonly Rule[];
  readonly neighbourOf: (netns: NamespaceId, device: string, address: string) => Neighbour | undefined;
  /** There is an entry to answer for it at that device (ip neigh add proxy). */
  readonly isProxied: (netns: NamespaceId, device: string, address: string) => boolean;
  readonly nextHop: (netns: NamespaceId, id: number) => NextHop | undefined;
  /** Of a link by its name, or of `all`. */
  readonly netconfOf: (netns: NamespaceId, family: Netconf['family'], name: string) => Netconf | undefined;
  readonly firewallsOf: (netns: NamespaceId) => readonly Firewall[];
  readonly socketsAt: (netns: NamespaceId, port: number) => readonly Socket[];
  readonly from: (id: string, kind: RelationKind) => readonly Relation[];
  readonly to: (id: string, kind: RelationKind) => readonly Relation[];
  readonly virtualServicesOf: (netns: NamespaceId) => readonly VirtualService[];
  readonly allSocketsSeen: (netns: NamespaceId) => boolean;
  /** The host's own network namespace. */
  readonly hostNetns: NamespaceId | undefined;
}

const made = new WeakMap<Model, Look>();

export function lookAt(model: Model): Look {
  const before = made.get(model);
  if (before) return before;
  const byId = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map((one) => [one.id, one]));
  const links = byId(model.links);
  const linksOf = grouped(model.links, ({ netns }) => netns);
  const named = new Map<string, Link>();
  for (const link of model.links.toReversed()) {
    for (const name of [...link.altNames, link.name]) named.set(`${link.netns} ${name}`, link);
  }
  const places = [...model.routes, ...toldByFiles(model)].flatMap(placed);
  const routes = grouped(places, ({ route }) => `${route.netns} ${route.family} ${tableOf(route)}`);
  const locals = grouped(
    places.filter(({ route }) => route.type === 'local'),
    ({ route }) => `${route.netns} ${route.family}`,
  );
  const rules = grouped(model.rules, ({ netns, family }) => `${netns} ${family}`);
  const neighbours = new Map<string, Neighbour>();
  const proxied = new Set<string>();
  for (const one of model.neighbours) {
    const key = `${one.netns} ${one.device} ${one.address}`;
    if (one.flags?.includes('proxy') === true) proxied.add(key);
    else neighbours.set(key, one);
  }
  const nextHops = new Map(model.nextHops.map((one) => [`${one.netns} ${one.id}`, one]));
  const netconfs = new Map(model.netconfs.map((one) => [`${one.netns} ${one.family} ${one.interface}`, one]));
  const firewalls = grouped(model.firewalls, ({ netns }) => netns);
  const sockets = grouped(model.sockets, ({ netns, local }) => `${netns ?? ''} ${local.port}`);
  const starting = grouped(model.relations, ({ kind, from }) => `${kind} ${from}`);
  const ending = grouped(model.relations, ({ kind, to }) => `${kind} ${to}`);
  const virtualServices = grouped(model.virtualServices, ({ netns }) => netns);
  const seen = new Set(model.socketsSeenIn);
  const look: Look = {
    model,
    links,
    processes: byId(model.processes),
    forwards: model.forwards,
    linksOf: (netns) => linksOf.get(netns) ?? [],
    linkNamed: (netns, name) => named.get(`${netns} ${name}`),
    routesOf: (netns, family, table) => routes.get(`${netns} ${family} ${table}`) ?? [],
    localRoutes: (netns, family) => locals.get(`${netns} ${family}`) ?? [],
    rulesOf: (netns, family) => (rules.get(`${netns} ${family}`) ?? []).toSorted((a, b) => a.priority - b.priority),
    neighbourOf: (netns, device, address) => neighbours.get(`${netns} ${device} ${address}`),
    isProxied: (netns, device, address) => proxied.has(`${netns} ${device} ${address}`),
    nextHop: (netns, id) => nextHops.get(`${netns} ${id}`),
    netconfOf: (netns, family, name) => netconfs.get(`${netns} ${family} ${name}`),
    firewallsOf: (netns) => firewalls.get(netns) ?? [],
    socketsAt: (netns, port) => sockets.get(`${netns} ${port}`) ?? [],
    from: (id, kind) => starting.get(`${kind} ${id}`) ?? [],
    to: (id, kind) => ending.get(`${kind} ${id}`) ?? [],
    virtualServicesOf: (netns) => virtualServices.get(netns) ?? [],
    allSocketsSeen: (netns) => seen.has(netns),
    hostNetns:
      model.host.initialNamespaces.net?.id ??
      model.namespaces.find(({ kind, role }) => kind === 'net' && role === 'host')?.id,
  };
  made.set(model, look);
  return look;
}

/** The own IPv4 addresses of a network namespace whose links nobody could list (/proc/PID/net/fib_trie): routes to itself. */
const toldByFiles = ({ namespaces }: Model): readonly Route[] =>
  namespaces.flatMap(({ id: netns, procNet }) =>
    (procNet?.localAddresses ?? []).map(({ address, evidence }): Route => ({
      id: `route:${netns} inet local local ${address} - - -`,
      netns,
      family: 'inet',
      table: 'local',
      type: 'local',
      destination: address,
      evidence: [evidence],
    })),
  );

/** /proc/PID/net/ipv6_route does not say of which table a route is: likely main, whose rules are not seen there either. */
const tableOf = ({ table }: Route): string => (table === 'unspec' ? 'main' : table);

function placed(route: Route): readonly PlacedRoute[] {
  const range = rangeOfRoute(route);
  const { family, destination } = route;
  const slash = destination.indexOf('/');
  const whole = destination === 'default' ? 0 : family === 'inet6' ? 128 : 32;
  return range ? [{ route, range, length: slash === -1 ? whole : Number(destination.slice(slash + 1)) }] : [];
}

function grouped<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/** Whether an address is in a prefix, range or single address; undefined: one of them is none. */
export function isIn(address: string, where: string): boolean | undefined {
  const [one, range] = [rangeOf(address), rangeOf(where)];
  return one && range && contains(range, one);
}

export const familyOf = (address: string): 'inet' | 'inet6' => (address.includes(':') ? 'inet6' : 'inet');

/** Both ends of a veth pair, seen from one of them; several where it is ambiguous. */
export function peersOf(look: Look, link: LinkId): readonly { readonly peer: string; readonly by: Relation }[] {
  return [
    ...look.from(link, 'veth-peer').map((by) => ({ peer: by.to as string, by })),
    ...look.to(link, 'veth-peer').map((by) => ({ peer: by.from as string, by })),
  ];
}

/** Network namespace of a process. */
export const netnsOf = (look: Look, process: ProcessId): NamespaceId | undefined =>
  look.processes.get(process)?.namespaces.net;
