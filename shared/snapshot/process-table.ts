// Every process the sweep showed: what its status, stat, cmdline, cgroup and namespace links say, joined by PID.
// The first answer counts, later passes fill gaps.
import type { Evidence } from '../model/evidence.ts';
import type { Freezer } from '../model/freezer.ts';
import type { NamespaceId, NamespaceKind } from '../model/id.ts';
import { mainThreadEnded } from '../model/process.ts';
import type { Process } from '../model/process.ts';
import type { ProcessRights } from '../model/rights.ts';
import type { CpuAffinity, Scheduling } from '../model/scheduling.ts';
import type { Frame } from '../model/transcript.ts';
import { parseCgroups } from '../parse/cgroup.ts';
import { parseCommandLines } from '../parse/cmdline.ts';
import type { IdMapLine } from '../parse/id-map.ts';
import { parseNamespaceLinks } from '../parse/ns-links.ts';
import type { NamespaceLink } from '../parse/ns-links.ts';
import { parseRootLinks } from '../parse/root-links.ts';
import type { RootLink } from '../parse/root-links.ts';
import { parseSecurityLabels } from '../parse/security-label.ts';
import type { SecurityLabel } from '../parse/security-label.ts';
import { parseStat } from '../parse/stat.ts';
import { parseStatus } from '../parse/status.ts';
import { placeClosedProcesses } from './closed-processes.ts';
import type { ClosedNetns } from './closed-processes.ts';
import type { FindingLog } from './finding-log.ts';
import { readFreezers } from './frozen.ts';
import { isOutside } from './frames.ts';
import type { Frames } from './frames.ts';
import { idTranslation } from './id-translation.ts';
import type { IdTranslation } from './id-translation.ts';

export interface ProcessRow {
  readonly pid: number;
  name: string | undefined;
  state: string | undefined;
  ppid: number | undefined;
  startTicks: number | undefined;
  uid: number | undefined;
  kernelThread: boolean | undefined;
  threads: number | undefined;
  /** Of one whose main thread has ended: who speaks for it. */
  livingThread: number | undefined;
  rights: ProcessRights | undefined;
  label: SecurityLabel | undefined;
  root: RootLink | undefined;
  scheduling: Scheduling | undefined;
  cpus: CpuAffinity | undefined;
  nsPids: readonly number[];
  argv: readonly string[] | undefined;
  cgroup: string | undefined;
  cgroupVersion1: string | undefined;
  freezer: Freezer | undefined;
  readonly namespaces: Partial<Record<NamespaceKind, NamespaceId>>;
  /** Where its links are closed: how its network namespace is known. */
  netnsBy: Process['netnsBy'];
  /** Lines of the namespace links. */
  readonly linkEvidence: Partial<Record<NamespaceKind, Evidence>>;
  /** Lines of the others. */
  readonly evidence: Evidence[];
}

export interface ProcessTable {
  readonly rows: ReadonlyMap<number, ProcessRow>;
  /** Links that are not where a process is: of threads, and for children. */
  readonly otherLinks: readonly NamespaceLink[];
  readonly translate: IdTranslation;
  /** Network namespaces that no link leads to, and processes are in. */
  readonly closedNetns: readonly ClosedNetns[];
}

const sameNamespace = (a: NamespaceId | undefined, b: NamespaceId | undefined): boolean => a !== undefined && a === b;

/** `idMaps`: as read from outside, to count uids that were read inside another user namespace. */
export function readProcessTable(frames: Frames, log: FindingLog, idMaps: readonly IdMapLine[]): ProcessTable {
  const rows = new Map<number, ProcessRow>();
  const otherLinks: NamespaceLink[] = [];
  const row = (pid: number): ProcessRow => {
    const known = rows.get(pid);
    if (known) return known;
    const made = emptyRow(pid);
    rows.set(pid, made);
    return made;
  };
  const each = <T>(
    section: string,
    parse: (frame: Frame) => {
      readonly facts: readonly T[];
      readonly unparsable: Parameters<FindingLog['unparsable']>[0];
    },
    use: (fact: T, frame: Frame) => void,
  ) => {
    for (const frame of frames.of(section)) {
      const { facts, unparsable } = parse(frame);
      log.unparsable(unparsable);
      for (const fact of facts) use(fact, frame);
    }
  };

  each('ns', parseNamespaceLinks, (fact) => {
    if (fact.tid !== undefined || fact.forChildren) {
      otherLinks.push(fact);
      return;
    }
    const process = row(fact.pid);
    if (process.namespaces[fact.kind] !== undefined) return;
    process.namespaces[fact.kind] = fact.id;
    process.linkEvidence[fact.kind] = fact.evidence;
  });
  each('threads', parseNamespaceLinks, (fact) => otherLinks.push(fact));
  const translate = idTranslation(
    idMaps,
    (reader, mapped) =>
      reader === mapped || sameNamespace(rows.get(reader)?.namespaces.user, rows.get(mapped)?.namespaces.user),
  );
  each('status', parseStatus, (fact, frame) => {
    const process = row(fact.pid);
    if (process.name !== undefined) return;
    process.name = fact.name;
    process.state = fact.state;
    process.ppid = fact.ppid;
    const effective = fact.rights.uids?.[1];
    process.uid = effective === undefined ? undefined : translate(frame, effective);
    process.nsPids = fact.nsPids;
    process.kernelThread = fact.kernelThread;
    process.threads = fact.threads;
    process.cpus = fact.cpus;
    process.rights = isOutside(frame) ? fact.rights : withoutIds(fact.rights);
    process.evidence.push(fact.evidence);
  });
  speakForEnded(rows, otherLinks);
  each('root', parseRootLinks, (fact) => {
    const process = rows.get(fact.pid);
    if (process) process.root ??= fact;
  });
  each('label', parseSecurityLabels, (fact) => (row(fact.pid).label ??= fact));
  each('stat', parseStat, (fact) => {
    const process = row(fact.pid);
    if (process.startTicks !== undefined) return;
    process.startTicks = fact.startTicks;
    process.scheduling = fact.scheduling;
    process.kernelThread = fact.kernelThread;
    process.name ??= fact.name;
    process.state ??= fact.state;
    process.ppid ??= fact.ppid;
    process.evidence.push(fact.evidence);
  });
  each('cmdline', parseCommandLines, (fact) => {
    const process = row(fact.pid);
    if (process.argv !== undefined) return;
    process.argv = fact.argv;
    if (fact.argv.length > 0) process.evidence.push(fact.evidence);
  });
  each('cgroup', parseCgroups, (fact, frame) => {
    const process = row(fact.pid);
    // Another cgroup namespace would show another path.
    if (process.cgroup !== undefined || !isOutside(frame)) return;
    process.cgroup = fact.path;
    process.cgroupVersion1 = fact.version1?.path;
    process.evidence.push(fact.evidence, ...(fact.version1 ? [fact.version1.evidence] : []));
  });
  for (const [pid, freezer] of readFreezers(frames, log)) {
    const process = rows.get(pid);
    if (process) process.freezer = freezer;
  }
  return { rows, otherLinks, translate, closedNetns: placeClosedProcesses(frames, log, rows) };
}

/** Where the main thread has ended, the process is where its first living thread is. The others differ from that, or not. */
function speakForEnded(rows: ReadonlyMap<number, ProcessRow>, otherLinks: readonly NamespaceLink[]): void {
  for (const { pid, tid, kind, forChildren, id, evidence } of otherLinks) {
    const row = rows.get(pid);
    if (!row || tid === undefined || forChildren || !mainThreadEnded(row)) continue;
    row.livingThread ??= tid;
    if (row.namespaces[kind] !== undefined) continue;
    row.namespaces[kind] = id;
    row.linkEvidence[kind] = evidence;
  }
}

/**
 * Its name was read, or its arguments and its namespaces: it is a process to show. Others came or went between two
 * questions, and nothing but their PID is known; mostly they are the collector's own commands.
 */
export const isKnown = (row: ProcessRow): boolean =>
  row.name !== undefined || (row.argv !== undefined && Object.keys(row.namespaces).length > 0);

/** Ids that were read inside a user namespace count there. */
const withoutIds = ({ uids: _, gids: __, groups: ___, ...rights }: ProcessRights): ProcessRights => rights;

const emptyRow = (pid: number): ProcessRow => ({
  pid,
  name: undefined,
  state: undefined,
  ppid: undefined,
  startTicks: undefined,
  uid: undefined,
  kernelThread: undefined,
  threads: undefined,
  livingThread: undefined,
  rights: undefined,
  label: undefined,
  root: undefined,
  scheduling: undefined,
  cpus: undefined,
  nsPids: [],
  argv: undefined,
  cgroup: undefined,
  cgroupVersion1: undefined,
  freezer: undefined,
  namespaces: {},
  netnsBy: undefined,
  linkEvidence: {},
  evidence: [],
});
