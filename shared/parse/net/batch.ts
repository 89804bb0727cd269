// All that `ip -d -j -s -force -batch -` answered inside one network namespace: one JSON array per command that worked,
// in the order of the commands. A command that failed prints no array and is named on standard error (commands.ts).
//
// Each array is recognised by what its elements look like, so that a missing, doubled or broken one cannot shift the
// others to the wrong meaning; the order only decides what the elements leave open, the family of `default`.
import type { Evidence } from '../../model/evidence.ts';
import type { Link } from '../../model/link.ts';
import type { LinkId, NamespaceId } from '../../model/id.ts';
import type { Netconf } from '../../model/netconf.ts';
import type { Neighbour, NextHop, Route, Rule } from '../../model/route.ts';
import type { Frame } from '../../model/transcript.ts';
import { readJson } from '../json-values.ts';
import type { JsonObject, JsonValue } from '../json-values.ts';
import { unparsableAt } from '../parsed.ts';
import type { Unparsable } from '../parsed.ts';
import { readLink } from './address.ts';
import { netCommands, readFailedCommands } from './commands.ts';
import type { About, FailedCommand, NetCommand } from './commands.ts';
import { readNeighbour } from './neighbour.ts';
import { isOtherFamily, readNetconf } from './netconf.ts';
import { readNextHop, withNextHop } from './next-hop.ts';
import { routeReader } from './route.ts';
import { readRule } from './rule.ts';

export interface NetBatch {
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  readonly neighbours: readonly Neighbour[];
  readonly nextHops: readonly NextHop[];
  readonly netconfs: readonly Netconf[];
  readonly failed: readonly FailedCommand[];
  /** Nothing was answered at all: ip did not run, or not in there. */
  readonly silent: boolean;
  readonly unparsable: readonly Unparsable[];
}

export function parseNetBatch(
  source: Pick<Frame, 'index' | 'section' | 'output' | 'stderr'>,
  netns: NamespaceId,
): NetBatch {
  const failed = readFailedCommands(source.stderr);
  const { values, unparsable: broken } = readJson(source);
  const unparsable: Unparsable[] = [...broken];
  const links: Link[] = [];
  const routes: Route[] = [];
  const rules: Rule[] = [];
  const neighbours: Neighbour[] = [];
  const nextHops: NextHop[] = [];
  const netconfs: Netconf[] = [];
  const linkOf = new Map<string, LinkId>();
  // A dump that links came and went under may name one twice (NLM_F_DUMP_INTR); which answer is right nobody can say.
  const indexes = new Set<number>();
  // The links come first, so that routes can say by which of them they lead.
  const readRoutes = routeReader(
    netns,
    (device) => linkOf.get(device),
    (evidence) => textAt(source.output, evidence),
  );

  const refuse = (line: number | undefined, object: JsonObject) => {
    // Older versions print {} for what a filter left out.
    if (Object.keys(object).length > 0) unparsable.push(unparsableAt(source, line ?? 1, JSON.stringify(object)));
  };

  for (const { value, about, family } of assign(values, failed)) {
    for (const placed of value.elements) {
      const { object, evidence } = placed;
      switch (about) {
        case 'address': {
          const link = readLink(netns, placed);
          if (link && !indexes.has(link.ifindex)) {
            indexes.add(link.ifindex);
            links.push(link);
            linkOf.set(link.name, link.id);
          } else refuse(evidence.line, object);
          break;
        }
        case 'route': {
          const read = readRoutes(placed, family);
          if (read.length > 0) routes.push(...read);
          else refuse(evidence.line, object);
          break;
        }
        case 'rule': {
          const rule = readRule(netns, placed, family ?? 'inet');
          if (rule) rules.push(rule);
          else refuse(evidence.line, object);
          break;
        }
        case 'neighbour': {
          const neighbour = readNeighbour(netns, placed);
          if (neighbour) neighbours.push(neighbour);
          else refuse(evidence.line, object);
          break;
        }
        case 'next-hop': {
          const nextHop = readNextHop(netns, placed, (device) => linkOf.get(device));
          if (nextHop) nextHops.push(nextHop);
          else refuse(evidence.line, object);
          break;
        }
        case 'netconf': {
          const read = readNetconf(netns, placed, (device) => linkOf.get(device));
          if (read) netconfs.push(read);
          else if (!isOtherFamily(object)) refuse(evidence.line, object);
          break;
        }
        case undefined:
          refuse(evidence.line, object);
          break;
      }
    }
  }
  const hopOf = new Map(nextHops.map((hop) => [hop.id, hop]));
  return {
    links,
    routes: hopOf.size === 0 ? routes : routes.map((route) => withNextHop(route, hopOf)),
    rules,
    neighbours,
    nextHops,
    netconfs,
    failed,
    silent: values.length === 0,
    unparsable,
  };
}

/** The characters that a piece of evidence means. */
function textAt(output: string, { line = 1, columns }: Evidence): string {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) start = output.indexOf('\n', start) + 1;
  const end = output.indexOf('\n', start);
  const text = output.slice(start, end === -1 ? undefined : end);
  return columns ? text.slice(...columns) : text;
}

interface Assigned {
  readonly value: JsonValue;
  readonly about: About | undefined;
  readonly family: 'inet' | 'inet6' | undefined;
}

function assign(values: readonly JsonValue[], failed: readonly FailedCommand[]): readonly Assigned[] {
  const failedCommands = new Set(failed.map(({ command }) => command));
  const expected: readonly NetCommand[] = netCommands.filter((command) => !failedCommands.has(command));
  let next = 0;
  return values.map((value) => {
    const about = value.elements.map(({ object }) => lookOf(object)).find((look) => look !== undefined);
    const at = about === undefined ? next : expected.findIndex((command, i) => i >= next && command.about === about);
    const command = at === -1 ? undefined : expected[at];
    if (command) next = at + 1;
    return { value, about: about ?? command?.about, family: command?.family };
  });
}

function lookOf(object: JsonObject): About | undefined {
  if ('ifname' in object) return 'address';
  if ('interface' in object && 'family' in object) return 'netconf';
  if ('priority' in object && !('dev' in object)) return 'rule';
  if ('state' in object || 'lladdr' in object || 'proxy' in object) return 'neighbour';
  if ('id' in object && !('dst' in object)) return 'next-hop';
  if ('dst' in object) return 'route';
  return undefined;
}
