// Processes of which something is not known: their namespaces or open files are closed to us, or they came or went
// between two questions. Zombies have neither any more (but for those whose main thread alone has ended), and kernel threads' are closed to all but root: no gaps.
import type { Evidence } from '../model/evidence.ts';
import { namespaceKinds, processId } from '../model/id.ts';
import type { NamespaceKind } from '../model/id.ts';
import { hasEnded, isClosed, mainThreadEnded } from '../model/process.ts';
import type { Frame } from '../model/transcript.ts';
import { parseRefusals } from '../parse/refusals.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import type { ProcessRow } from './process-table.ts';

/**
 * What the collector started after the question about namespaces was answered: the commands that asked the others.
 * They are gone before anybody looks, and nothing is to be known about them.
 */
export function questionsThemselves(
  rows: ReadonlyMap<number, ProcessRow>,
  collectorPid: number | undefined,
): ReadonlySet<number> {
  const questions = new Set<number>();
  if (collectorPid === undefined) return questions;
  const isBelow = new Map<number, boolean>([[collectorPid, true]]);
  for (const row of rows.values()) {
    const path: number[] = [];
    let at: number | undefined = row.pid;
    while (at !== undefined && !isBelow.has(at)) {
      path.push(at);
      isBelow.set(at, false);
      at = rows.get(at)?.ppid;
    }
    const below = at !== undefined && isBelow.get(at) === true;
    for (const pid of path) isBelow.set(pid, below);
    if (below && isClosed(row) && row.pid !== collectorPid) questions.add(row.pid);
  }
  return questions;
}

export function reportProcessGaps(frames: Frames, shown: readonly ProcessRow[], log: FindingLog): void {
  const known = new Set<NamespaceKind>(
    shown.flatMap(({ namespaces }) => namespaceKinds.filter((kind) => namespaces[kind] !== undefined)),
  );
  const expected = namespaceKinds.filter((kind) => known.has(kind));
  const deniedLinks = denials(frames.of('ns'));
  const deniedFiles = denials(frames.of('fd'));
  const swept = frames.of('ns').every(({ cut, status }) => cut === undefined && status !== undefined);
  for (const row of shown) {
    if (row.kernelThread === true || hasEnded(row)) continue;
    const subject = processId(row.pid);
    if (mainThreadEnded(row))
      log.add({ rule: 'processes.main-thread-ended', kind: 'note', subject, evidence: row.evidence.slice(0, 1) });
    const missing = expected.some((kind) => row.namespaces[kind] === undefined);
    const links = deniedLinks.get(row.pid);
    // Those that are closed altogether are counted, by whose they are, in resolve/gaps.ts.
    if (missing && links && !isClosed(row)) {
      log.add({ rule: 'processes.namespaces-not-permitted', kind: 'not-permitted', subject, evidence: [links] });
    } else if ((missing && swept && !links) || row.name === undefined) {
      log.add({ rule: 'processes.gone', kind: 'gone', subject, evidence: row.evidence.slice(0, 1) });
    }
    const files = deniedFiles.get(row.pid);
    if (files) log.add({ rule: 'processes.files-not-permitted', kind: 'not-permitted', subject, evidence: [files] });
  }
}

/** PIDs that were denied, and not given to a later frame that asked for them again. */
function denials(frames: readonly Frame[]): ReadonlyMap<number, Evidence> {
  const denied = new Map<number, Evidence>();
  for (const frame of frames) {
    const evidence: Evidence = { frame: frame.index, section: frame.section };
    const refusals = parseRefusals(frame.stderr).filter(({ cause }) => cause === 'not-permitted');
    const again = new Set(refusals.map(({ pid }) => pid));
    for (const asked of askedAgain(frame)) if (!again.has(asked)) denied.delete(asked);
    for (const { pid } of refusals) if (pid !== undefined && !denied.has(pid)) denied.set(pid, evidence);
  }
  return denied;
}

/** PIDs that the command names one by one; the first sweep takes all by a pattern. */
function* askedAgain({ command, status }: Frame): Generator<number> {
  if (status === undefined) return;
  for (const match of command.matchAll(/\/proc\/(\d+)\//g)) yield Number(match[1]);
}
