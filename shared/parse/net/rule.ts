// One element of `ip -d -j rule show` (iproute2 ip/iprule.c, print_rule):
//
//   {"priority":32766,"src":"all","table":"main","protocol":"kernel"}
//   {"priority":100,"src":"10.0.0.0","srclen":8,"iif":"eth0","fwmark":"0x1","table":"77"}
//
// The prefix length is a value of its own; a flag without a value (`not`) is null.
import type { NamespaceId } from '../../model/id.ts';
import type { Rule } from '../../model/route.ts';
import { numberOf, readJson, textOf } from '../json-values.ts';
import type { JsonObject, PlacedObject } from '../json-values.ts';
import { unparsableAt } from '../parsed.ts';
import type { Parsed, Source } from '../parsed.ts';

export function readRule(
  netns: NamespaceId,
  { object, evidence }: PlacedObject,
  asked: Rule['family'],
): Rule | undefined {
  const priority = numberOf(object, 'priority');
  if (priority === undefined) return undefined;
  const source = prefix(object, 'src') ?? 'all';
  const destination = prefix(object, 'dst');
  const table = textOf(object, 'table') ?? numberOf(object, 'table')?.toString();
  const selectors: Record<string, string> = {};
  for (const [key, value] of Object.entries(object)) {
    if (apart.has(key)) continue;
    selectors[key] = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  }
  return {
    netns,
    family: `${source}${destination}`.includes(':') ? 'inet6' : asked,
    priority,
    source,
    ...(destination !== undefined && { destination }),
    ...(table !== undefined && { table }),
    selectors,
    evidence: [evidence],
  };
}

const apart = new Set(['priority', 'src', 'srclen', 'dst', 'dstlen', 'table']);

function prefix(object: JsonObject, key: 'src' | 'dst'): string | undefined {
  const address = textOf(object, key);
  const length = numberOf(object, `${key}len`);
  return address !== undefined && length !== undefined ? `${address}/${length}` : address;
}

/** The answer of `ip -6 -d -j rule show` on its own (section rule6). */
export function parseRules6(source: Source, netns: NamespaceId): Parsed<Rule> {
  const { values, unparsable: broken } = readJson(source);
  const unparsable = [...broken];
  const facts = values.flatMap(({ elements }) =>
    elements.flatMap((placed) => {
      const rule = readRule(netns, placed, 'inet6');
      if (!rule && Object.keys(placed.object).length > 0) {
        unparsable.push(unparsableAt(source, placed.evidence.line ?? 1, JSON.stringify(placed.object)));
      }
      return rule ? [rule] : [];
    }),
  );
  return { facts, unparsable };
}
