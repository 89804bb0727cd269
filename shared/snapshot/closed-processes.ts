// Which network namespace a process is in whose links in /proc/PID/ns are closed to us: by the number of its file
// /proc/PID/net/dev (parse/proc-net.ts). Where a process whose link is known has the same, it is that one, for certain; else
// it is one whose own number we are not told.
import type { Evidence } from '../model/evidence.ts';
import { closedNetnsId } from '../model/id.ts';
import type { ClosedNetnsId, NamespaceId } from '../model/id.ts';
import { parseUname } from '../parse/host-facts.ts';
import { parseProcNet } from '../parse/proc-net.ts';
import type { ProcNetLine } from '../parse/proc-net.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import type { ProcessRow } from './process-table.ts';

export interface ClosedNetns {
  readonly id: ClosedNetnsId;
  readonly devInode: number;
  readonly evidence: Evidence;
}

interface Numbered {
  readonly netns: NamespaceId;
  /** The number of the file, where the link leads, and of whom. */
  readonly evidence: readonly Evidence[];
}

/** Fills in `namespaces.net` of closed processes; gives the network namespaces that no link leads to. */
export function placeClosedProcesses(
  frames: Frames,
  log: FindingLog,
  rows: ReadonlyMap<number, ProcessRow>,
): readonly ClosedNetns[] {
  if (!isRevalidated(frames)) return [];
  const lines = frames
    .of('proc-net')
    .filter(({ key }) => key === '')
    .flatMap((frame) => {
      const { facts, unparsable } = parseProcNet(frame);
      log.unparsable(unparsable);
      return facts;
    });
  const known = numbersOfKnown(lines);
  const moved = movedMeanwhile(frames, lines);
  const closed = new Map<ClosedNetnsId, ClosedNetns>();
  for (const line of lines) {
    const row = rows.get(line.pid);
    if (line.of !== 'file' || !row || row.namespaces.net !== undefined || moved.has(line.pid)) continue;
    const same = known.get(line.number);
    const id = closedNetnsId(line.number);
    row.namespaces.net = same?.netns ?? id;
    row.linkEvidence.net = line.evidence;
    row.netnsBy = {
      rule: same ? 'netns.proc-net-known' : 'netns.proc-net-closed',
      evidence: [line.evidence, ...(same?.evidence ?? [])],
    };
    if (!same && !closed.has(id)) closed.set(id, { id, devInode: line.number, evidence: line.evidence });
  }
  return [...closed.values()];
}

/** Of processes whose link led to the same network namespace before and after the numbers were read. */
function numbersOfKnown(lines: readonly ProcNetLine[]): ReadonlyMap<number, Numbered> {
  const links = new Map<number, Extract<ProcNetLine, { of: 'link' }>[]>();
  for (const line of lines) if (line.of === 'link') links.set(line.pid, [...(links.get(line.pid) ?? []), line]);
  const known = new Map<number, Numbered>();
  const doubtful = new Set<number>();
  for (const line of lines) {
    if (line.of !== 'file') continue;
    const [first, ...more] = links.get(line.pid) ?? [];
    if (!first) continue;
    const stayed = more.length > 0 && more.every(({ netns }) => netns === first.netns);
    const other = known.get(line.number);
    if (!stayed || (other && other.netns !== first.netns)) doubtful.add(line.number);
    else known.set(line.number, { netns: first.netns, evidence: [line.evidence, first.evidence] });
  }
  for (const number of doubtful) known.delete(number);
  return known;
}

/**
 * Before Linux 5.0 (1fde6f21d90f) the kernel may show the files of /proc/PID/net that a process had where it was before:
 * whoever looked there first made it remember them. Then equal numbers prove nothing.
 */
function isRevalidated(frames: Frames): boolean {
  const kernel = parseUname(frames.one('host', 'uname')?.output ?? '')?.kernel ?? '';
  return Number(/^(\d+)\./.exec(kernel)?.[1] ?? 0) >= 5;
}

/** Of those whose files were read for all in their network namespace: who was not seen to be still there afterwards. */
function movedMeanwhile(frames: Frames, before: readonly ProcNetLine[]): ReadonlySet<number> {
  const again = frames.of('proc-net').filter(({ key }) => key === 'again');
  const numbers = (lines: readonly ProcNetLine[]): ReadonlyMap<number, number> =>
    new Map(lines.flatMap((line) => (line.of === 'file' ? [[line.pid, line.number] as const] : [])));
  const [then, now] = [numbers(before), numbers(again.flatMap((frame) => parseProcNet(frame).facts))];
  const asked = frames
    .of('closed-net')
    .flatMap(({ command }) => [...command.matchAll(/\/proc\/(\d+)\/(?:task\/\d+\/)?net\/dev /g)]);
  return new Set(asked.map(([, pid]) => Number(pid)).filter((pid) => now.get(pid) !== then.get(pid)));
}
