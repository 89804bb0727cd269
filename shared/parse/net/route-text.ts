// `ip route show table all` in words, where ip has no JSON (iproute2 ip/iproute.c; BusyBox iproute.c):
//
//   default via 192.0.2.1 dev eth0 proto dhcp src 192.0.2.2 metric 100
//   local 127.0.0.0/8 dev lo table local scope host src 127.0.0.1
//   unreachable default dev lo table unspec metric 4294967295
//   default                                   several ways: each in a line of its own
//   	nexthop via 10.0.0.1 dev eth0 weight 1
//
// BusyBox leaves the ways out, and writes no scope for IPv6, which tells the family of a default route without an address.
import type { LinkId, NamespaceId } from '../../model/id.ts';
import type { Route } from '../../model/route.ts';
import type { JsonObject } from '../json-values.ts';
import { evidenceAt, unparsableAt } from '../parsed.ts';
import type { Parsed, Source, Unparsable } from '../parsed.ts';
import { routeReader } from './route.ts';

/** Route types of rtnetlink(7) as iproute2 names them; unicast is left out. */
const types = new Set([
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
]);

export function parseRouteText(
  source: Source,
  netns: NamespaceId,
  linkOf: (device: string) => LinkId | undefined,
): Parsed<Route> {
  // An element with `encap` is only told in JSON.
  const read = routeReader(netns, linkOf, () => '');
  const facts: Route[] = [];
  const unparsable: Unparsable[] = [];
  const lines = source.output.split('\n').map((text) => text.trim().split(/\s+/));
  let several: readonly string[] = [];
  lines.forEach((words, at) => {
    if (words[0] === '') return;
    if (words[0] !== 'nexthop') several = words;
    // The ways come below.
    else if (several.length === 0) return;
    else words = [...several, ...words.slice(1)];
    if (words === several && lines[at + 1]?.[0] === 'nexthop') return;
    const object = readRoute(words);
    if (object) facts.push(...read({ object, evidence: evidenceAt(source, at + 1) }, familyOf(words)));
    else unparsable.push(unparsableAt(source, at + 1, words.join(' ')));
  });
  return { facts, unparsable };
}

const familyOf = (words: readonly string[]): Route['family'] => (words.includes('scope') ? 'inet' : 'inet6');

function readRoute(said: readonly string[]): JsonObject | undefined {
  const typed = types.has(said[0] ?? '');
  const [destination, ...words] = typed ? said.slice(1) : said;
  if (destination === undefined || !/^(default|[0-9a-fA-F.:]+(\/\d+)?)$/.test(destination)) return undefined;
  const after = (word: string): string | undefined => {
    const at = words.indexOf(word);
    return at === -1 ? undefined : words[at + 1];
  };
  // `via inet6 fe80::1`: a next hop of the other family.
  const via = after('via') === 'inet6' || after('via') === 'inet' ? after(after('via') ?? '') : after('via');
  const metric = after('metric');
  const object: Record<string, unknown> = { dst: destination };
  const set = (name: string, value: unknown): void => {
    if (value !== undefined) object[name] = value;
  };
  set('type', typed ? said[0] : undefined);
  set('from', after('from'));
  set('tos', after('tos'));
  set('gateway', via);
  set('dev', after('dev'));
  set('table', after('table'));
  set('protocol', after('proto'));
  set('scope', after('scope'));
  set('prefsrc', after('src'));
  set('metric', metric === undefined ? undefined : Number(metric));
  return object as JsonObject;
}
