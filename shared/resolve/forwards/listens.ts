// At which addresses and ports of its network namespace a rule of the firewall takes connections.
import { selects } from '../../model/address-range.ts';
import { isLoopbackAddress } from '../../model/listening.ts';
import type { Link } from '../../model/link.ts';
import type { Arrival } from './arrival.ts';
import { namedBy } from './interfaces.ts';
import type { Rewrite } from './rewrites.ts';

export interface Listens {
  readonly hook: Arrival['hook'];
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly lastPort: number | undefined;
  /** Only what comes in by one of these. */
  readonly by: readonly string[] | undefined;
}

/** Ports of a range that are given one by one. */
const mostOfRange = 16;
const everyPort = [[1, 65535]] as const;

/** None where it is for others alone, or for what is not read: then it says no port, and asks what is not known. */
export function listensAt(rewrite: Rewrite, hook: Arrival['hook'], links: readonly Link[]): readonly Listens[] {
  const { conditions } = rewrite;
  if (conditions.local === false) return [];
  const addresses = hook === 'output' ? loopbackAddresses(rewrite) : addressesOf(rewrite, links);
  const by = namedBy(conditions.incoming, hook === 'output' ? [] : links.map(({ name }) => name));
  if (by?.length === 0 || (isOpen(rewrite) && !isAddressed(rewrite))) return [];
  const protocols = (['tcp', 'udp'] as const).filter((one) => isFor(rewrite, one));
  const ports = (conditions.ports ?? everyPort).flatMap(eachOf);
  return protocols.flatMap((protocol) =>
    addresses.flatMap((address) => ports.map((port) => ({ hook, protocol, address, ...port, by }))),
  );
}

const ofProtocol = /^(?:tcp|udp|udplite|sctp|dccp|icmp|icmpv6|igmp|esp|ah|comp) /;
/** `tcp dport != 22` is not read, but that it is for TCP alone. */
const isFor = ({ conditions: { protocols, other } }: Rewrite, protocol: 'tcp' | 'udp'): boolean =>
  (protocols?.includes(protocol) ?? true) &&
  other.every((text) => !ofProtocol.test(text) || text.startsWith(`${protocol} `));

/** It says no port, and has conditions that are not read: they may be about ports. */
export const isOpen = ({ conditions }: Rewrite): boolean => !conditions.ports && conditions.other.length > 0;
export const isAddressed = ({ conditions }: Rewrite): boolean => conditions.destinations.some(({ not }) => !not);

const eachOf = ([first, last]: readonly [number, number]): readonly Pick<Listens, 'port' | 'lastPort'>[] =>
  last - first < mostOfRange
    ? Array.from({ length: last - first + 1 }, (_, i) => ({ port: first + i, lastPort: undefined }))
    : [{ port: first, lastPort: last }];

/** Its own addresses that the rule is for; any address where it is for each. Loopback addresses come in nowhere. */
function addressesOf({ conditions, to }: Rewrite, links: readonly Link[]): readonly string[] {
  const { destinations } = conditions;
  const family = conditions.family ?? (to.kind === 'dnat' && to.address?.includes(':') ? 'ip6' : undefined);
  const own = ownAddresses(links).filter((one) => family === undefined || one.includes(':') === (family === 'ip6'));
  const fitting = own.filter((address) => destinations.every((one) => selects(one, address) === true));
  const isNamed = destinations.some(({ not }) => !not);
  return isNamed || fitting.length < own.length ? fitting : [family === 'ip6' ? '::' : '0.0.0.0'];
}

export const ownAddresses = (links: readonly Link[]): readonly string[] => [
  ...new Set(
    links.flatMap(({ addresses }) => addresses.map(({ local }) => local)).filter((one) => !isLoopbackAddress(one)),
  ),
];

/** Loopback addresses that the rule names: what a process in there sends to them comes to the hook output alone. */
const loopbackAddresses = ({ conditions: { destinations } }: Rewrite): readonly string[] =>
  [...new Set(destinations.filter(({ not }) => !not).flatMap(({ any }) => any))]
    .filter((one) => isLoopbackAddress(one) && !/[/-]/.test(one))
    .filter((address) => destinations.every((one) => selects(one, address) === true));

/** What comes to `one` may come to the other. */
export const overlap = (one: Listens, other: Listens): boolean =>
  one.protocol === other.protocol &&
  (one.address === other.address || isAny(one, other.address) || isAny(other, one.address)) &&
  one.port <= lastOf(other) &&
  other.port <= lastOf(one) &&
  (!one.by || !other.by || one.by.some((name) => other.by?.includes(name)));

/** All that comes to `one` would come to the other. */
export const isWithin = (one: Listens, other: Listens): boolean =>
  overlap(one, other) &&
  (one.address === other.address || isAny(other, one.address)) &&
  other.port <= one.port &&
  lastOf(one) <= lastOf(other) &&
  (!other.by || one.by?.every((name) => other.by?.includes(name)) === true);

const lastOf = ({ port, lastPort }: Listens): number => lastPort ?? port;

const isAny = ({ address }: Listens, of: string): boolean =>
  (address === '0.0.0.0' && !of.includes(':') && !isLoopbackAddress(of)) ||
  (address === '::' && of.includes(':') && of !== '::1');
