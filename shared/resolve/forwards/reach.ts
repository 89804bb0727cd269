// Which network namespace, and which container in it, is behind an address, seen from one network namespace.
//
// An address counts only on a link that leads here: the end of a veth pair whose other end is here, or what lies on top of
// that end (a VLAN, a bridge). A container may have the same address on another link, which leads elsewhere, or the route to
// the address goes by another device, or by a router. Where several network namespaces have it behind the device of the
// route, each is a candidate.
import { contains, rangeOf, type AddressRange } from '../../model/address-range.ts';
import type { Container } from '../../model/container.ts';
import type { Certainty } from '../../model/evidence.ts';
import type { LinkId, NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import { rangeOfRoute, type Route } from '../../model/route.ts';
import type { Known } from '../known.ts';
import { listenersAt, type Listeners } from './listener.ts';

export interface Reached {
  readonly container: Container;
  readonly netns: NamespaceId;
  /** The link that has the address. */
  readonly link: Link;
  readonly address: string;
  /** How sure it is that the link leads to the namespace it is reached from. */
  readonly certainty: Certainty;
}

export interface Place {
  /** Undefined: none was seen to have the address, or several. */
  readonly netns: NamespaceId | undefined;
  /** The container that has it. */
  readonly reached?: Reached;
  /** Where that is not decided, each that may be it; else none. */
  readonly candidates: readonly Reached[];
}

interface Leading {
  readonly link: Link;
  readonly certainty: Certainty;
  /** Names of the devices it is behind; absent: it is the network namespace's own. */
  readonly behind?: ReadonlySet<string>;
}

/** What is behind `address` and `port`, seen from `from`. */
export function placeOf(
  address: string,
  port: number,
  protocol: 'tcp' | 'udp',
  from: NamespaceId,
  known: Known,
): Place {
  const having = leadingTo(from, known).filter(({ link }) => link.addresses.some(({ local }) => local === address));
  // An own address is delivered here, whoever else has it.
  const own = having.filter(({ link }) => link.netns === from);
  const route = own.length > 0 ? undefined : routeTo(address, from, known);
  const links = own.length > 0 ? own : having.filter((leading) => !route || isBehind(leading, route));
  const reached = links.flatMap((leading) => reachedBy(leading, known).filter((one) => one.address === address));
  const [netns, ...others] = new Set(links.map(({ link }) => link.netns));
  if (netns === undefined || others.length > 0) return { netns: undefined, candidates: eachContainer(reached) };
  const containers = eachContainer(reached);
  const [first] = containers;
  // Of containers that share a network namespace (a pod, or the one it is reached from) the one that listens.
  if (containers.length === 1 && first && netns !== from) return { netns, reached: first, candidates: [] };
  const listeners = listenersAt(known, { address, port, netns }, protocol, from);
  const listening = listeners ? containers.filter((one) => listens(one, listeners)) : [];
  const [one] = listening;
  if (listening.length === 1 && one && listeners?.certainty !== 'ambiguous')
    return { netns, reached: one, candidates: [] };
  return { netns, candidates: netns === from ? listening : containers };
}

/** Containers behind links that lead to `from`, and those in `from` itself, with each of their addresses there. */
export function reachableFrom(from: NamespaceId, known: Known): readonly Reached[] {
  return leadingTo(from, known).flatMap((leading) => reachedBy(leading, known));
}

const eachContainer = (reached: readonly Reached[]): readonly Reached[] => [
  ...new Map(reached.map((one) => [one.container.id, one])).values(),
];

const listens = ({ container }: Reached, { sockets }: Listeners): boolean =>
  sockets.some(({ processIds }) => processIds.some((process) => container.processIds.includes(process)));

function reachedBy({ link, certainty }: Leading, known: Known): readonly Reached[] {
  return (containersIn(known).get(link.netns) ?? []).flatMap((container) =>
    link.addresses.map(({ local }) => ({ container, netns: link.netns, link, address: local, certainty })),
  );
}

interface Cached {
  readonly leading: Map<NamespaceId, readonly Leading[]>;
  readonly routes: Map<NamespaceId, readonly Placed[]>;
  containers?: ReadonlyMap<NamespaceId, readonly Container[]>;
}
const cache = new WeakMap<Known, Cached>();

function cachedOf(known: Known): Cached {
  const cached: Cached = cache.get(known) ?? { leading: new Map(), routes: new Map() };
  cache.set(known, cached);
  return cached;
}

function containersIn(known: Known): ReadonlyMap<NamespaceId, readonly Container[]> {
  const cached = cachedOf(known);
  if (cached.containers) return cached.containers;
  const found = new Map<NamespaceId, Container[]>();
  for (const container of known.containers) {
    const netns = container.init && known.index.process.get(container.init)?.namespaces.net;
    if (netns !== undefined) found.set(netns, [...(found.get(netns) ?? []), container]);
  }
  cached.containers = found;
  return found;
}

/** Its own links but the loopback, and those of others that lead to it. */
function leadingTo(from: NamespaceId, known: Known): readonly Leading[] {
  const { leading } = cachedOf(known);
  const before = leading.get(from);
  if (before) return before;
  const own = (known.index.linksOf.get(from) ?? []).filter((link) => link.kind !== 'loopback');
  const found = [...own.map((link) => ({ link, certainty: 'certain' as const })), ...ofOthers(from, known)];
  leading.set(from, found);
  return found;
}

interface Placed {
  readonly route: Route;
  readonly range: AddressRange;
}

/** Of table main; policy rules are not looked at. undefined: none is known that leads there. */
function routeTo(address: string, from: NamespaceId, known: Known): Route | undefined {
  const to = rangeOf(address);
  const leading = to ? mainRoutes(from, known).filter(({ range }) => contains(range, to)) : [];
  const [best] = leading.toSorted(
    (a, b) => compareSize(a.range, b.range) || (a.route.metric ?? 0) - (b.route.metric ?? 0),
  );
  return best?.route;
}

const compareSize = (a: AddressRange, b: AddressRange): number => Number(a.last - a.first - (b.last - b.first));

function mainRoutes(netns: NamespaceId, known: Known): readonly Placed[] {
  const { routes } = cachedOf(known);
  const before = routes.get(netns);
  if (before) return before;
  const found = known.entities.routes
    .filter((route) => route.netns === netns && isMain(route))
    .flatMap((route): readonly Placed[] => {
      const range = rangeOfRoute(route);
      return range ? [{ route, range }] : [];
    });
  routes.set(netns, found);
  return found;
}

const isMain = ({ table, type, tos, from }: Route): boolean =>
  table === 'main' && type === 'unicast' && tos === undefined && from === undefined;

const isBehind = ({ behind }: Leading, { gateway, device }: Route): boolean =>
  gateway === undefined && (device === undefined || behind === undefined || behind.has(device));

function ofOthers(from: NamespaceId, known: Known): readonly Leading[] {
  const linkOf = (id: string): Link | undefined => known.index.link.get(id as LinkId);
  const sure = new Map<Link, Certainty>();
  const nearOf = new Map<Link, Link>();
  const above = new Map<string, { readonly link: Link; readonly certainty: Certainty }[]>();
  for (const { kind, from: a, to: b, certainty } of known.relations) {
    if (certainty === 'ambiguous') continue;
    const [one, other] = [linkOf(a), linkOf(b)];
    if (!one || !other) continue;
    if (kind === 'veth-peer' && (one.netns === from) !== (other.netns === from)) {
      const [near, far] = one.netns === from ? [one, other] : [other, one];
      if (sure.get(far) !== 'certain') sure.set(far, certainty);
      nearOf.set(far, near);
    }
    if ((kind !== 'master' && kind !== 'lower') || one.netns !== other.netns) continue;
    const [upper, lower] = kind === 'master' ? [other, one] : [one, other];
    above.set(lower.id, [...(above.get(lower.id) ?? []), { link: upper, certainty }]);
  }
  // What is added while it is gone through is gone through too.
  for (const [link, certainty] of sure) {
    for (const upper of above.get(link.id) ?? []) {
      if (sure.has(upper.link)) continue;
      sure.set(upper.link, certainty === 'certain' ? upper.certainty : certainty);
      const near = nearOf.get(link);
      if (near) nearOf.set(upper.link, near);
    }
  }
  return [...sure].map(([link, certainty]) => {
    const near = nearOf.get(link);
    return { link, certainty, ...(near && { behind: namesFrom(near, above) }) };
  });
}

/** The link itself, its bridge, what lies on top of these. */
function namesFrom(link: Link, above: ReadonlyMap<string, readonly { readonly link: Link }[]>): ReadonlySet<string> {
  const found = new Set([link]);
  for (const one of found) for (const upper of above.get(one.id) ?? []) found.add(upper.link);
  return new Set([...found].map(({ name }) => name));
}
