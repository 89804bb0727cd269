// What `ip` said in each network namespace. Several attempts on one namespace may be there (another way in, another
// privilege): the last one that got an answer counts.
import type { Evidence } from '../model/evidence.ts';
import type { FindingKind } from '../model/finding.ts';
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Netconf } from '../model/netconf.ts';
import type { Neighbour, NextHop, Route, Rule } from '../model/route.ts';
import type { Frame } from '../model/transcript.ts';
import type { NetnsIdObservation } from '../model/entities.ts';
import { parseNetBatch } from '../parse/net/batch.ts';
import type { FailedCommand } from '../parse/net/commands.ts';
import { parseRules6 } from '../parse/net/rule.ts';
import { parseNetnsIds } from '../parse/nsid.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import { withDetails } from './link-details.ts';
import { readNetworkInWords } from './network-words.ts';
import type { ProcessRow } from './process-table.ts';

export interface Network {
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  readonly neighbours: readonly Neighbour[];
  readonly nextHops: readonly NextHop[];
  readonly netconfs: readonly Netconf[];
  readonly netnsIds: readonly NetnsIdObservation[];
  /** Network namespaces that were asked, with the frame that did. */
  readonly asked: readonly { readonly netns: NamespaceId; readonly evidence: Evidence }[];
}

export function readNetwork(frames: Frames, log: FindingLog, rows: ReadonlyMap<number, ProcessRow>): Network {
  const links: Link[] = [];
  const routes: Route[] = [];
  const rules: Rule[] = [];
  const neighbours: Neighbour[] = [];
  const nextHops: NextHop[] = [];
  const netconfs: Netconf[] = [];
  const netnsIds: NetnsIdObservation[] = [];
  const asked: { readonly netns: NamespaceId; readonly evidence: Evidence }[] = [];

  for (const [netns, frame] of lastAnswers(frames.of('net'))) {
    asked.push({ netns, evidence: { frame: frame.index, section: frame.section } });
    const batch = parseNetBatch(frame, netns);
    log.unparsable(batch.unparsable, netns);
    if (!batch.silent) reportFailed(log, netns, frame, batch.failed);
    links.push(...batch.links);
    routes.push(...batch.routes);
    rules.push(...batch.rules);
    neighbours.push(...batch.neighbours);
    nextHops.push(...batch.nextHops);
    netconfs.push(...batch.netconfs);
  }
  const words = readNetworkInWords(frames, log, rows, new Set(links.map(({ netns }) => netns)));
  links.push(...words.links);
  routes.push(...words.routes);
  for (const [netns, frame] of lastAnswers(frames.of('rule6'))) {
    const { facts, unparsable } = parseRules6(frame, netns);
    log.unparsable(unparsable, netns);
    rules.push(...facts);
  }
  for (const [observer, frame] of lastAnswers(frames.of('nsid'))) {
    const { facts, unparsable } = parseNetnsIds(frame);
    log.unparsable(unparsable, observer);
    for (const { netns, netnsid, evidence } of facts) netnsIds.push({ observer, netns, netnsid, evidence: [evidence] });
  }
  const detailed = withDetails(links, frames, log, (section) => lastAnswers(frames.of(section)));
  return { links: detailed, routes, rules, neighbours, nextHops, netconfs, netnsIds, asked };
}

/** For each network namespace the last frame with an answer, else the last. */
function lastAnswers(frames: readonly Frame[]): ReadonlyMap<NamespaceId, Frame> {
  const last = new Map<NamespaceId, Frame>();
  for (const frame of frames.toSorted((a, b) => a.index - b.index)) {
    const netns = parseNamespaceId(frame.key);
    if (netns?.kind !== 'net') continue;
    const known = last.get(netns.id);
    if (!known || known.output === '' || frame.output !== '') last.set(netns.id, frame);
  }
  return last;
}

function reportFailed(log: FindingLog, netns: NamespaceId, frame: Frame, failed: readonly FailedCommand[]): void {
  for (const { command, message, cause } of failed) {
    const kind: FindingKind = cause ?? 'undiscovered';
    log.add({
      rule: 'net.command-failed',
      kind,
      cause: `${kind}/${command.text}`,
      subject: netns,
      values: { command: command.text },
      example: message,
      evidence: [{ frame: frame.index, section: frame.section }],
    });
  }
}
