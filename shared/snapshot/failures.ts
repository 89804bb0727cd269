// Questions without a (whole) answer, as findings: one for each cause, with all that it is about.
//
// Not every status other than 0 is a failure: `find` and `grep` over /proc say so as soon as one process is closed or
// gone, and some files need not be there. What one way of asking was denied and another was given is no failure.
import type { Evidence } from '../model/evidence.ts';
import type { FindingKind } from '../model/finding.ts';
import { parseNamespaceId, processId } from '../model/id.ts';
import type { EntityId } from '../model/id.ts';
import type { Frame, Transcript } from '../model/transcript.ts';
import { causeOfFailure, parseRefusals, tellingLine } from '../parse/refusals.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import { reportHiddenProcesses } from './hidden-processes.ts';

export function reportRun(transcript: Transcript, frames: Frames, log: FindingLog): void {
  if (!transcript.complete) {
    log.add({ rule: 'transcript.incomplete', kind: 'connection-lost', subject: 'host', evidence: [] });
  }
  for (const problem of transcript.problems) {
    log.add({ rule: 'transcript.unreadable', kind: 'unparsable', subject: 'host', example: problem, evidence: [] });
  }
  if (!isRoot(frames)) reportHiddenProcesses(frames, log);
}

/** Frames that were cut, and those that failed as a whole. */
export function reportFailedQuestions(transcript: Transcript, log: FindingLog): void {
  const answered = new Set(transcript.frames.filter(isAnswered).map(questionOf));
  for (const frame of transcript.frames) {
    // Network namespaces whose links are not known are told once, with all attempts (netns-not-entered.ts).
    if (frame.section === 'entered') continue;
    if ((frame.section === 'net' || frame.section === 'net-text') && frame.output.trim() === '') continue;
    const cut = frame.cut ?? (frame.status === undefined ? 'connection-lost' : undefined);
    if (cut) add(log, frame, cut, '');
    else if (!isAnswered(frame) && !answered.has(questionOf(frame)) && !mayFail(frame)) {
      add(log, frame, causeOfFailure(frame) ?? 'undiscovered', tellingLine(frame.stderr));
    }
  }
}

/** Sections that go over many processes: each says on standard error whose files it could not read. */
const sweeps = new Set([
  'ns',
  'status',
  'stat',
  'cmdline',
  'cgroup',
  'frozen',
  'fd',
  'fdinfo',
  'id-map',
  'mountinfo',
  'name-root',
  'name-file',
  'socket',
  'sockstat',
  'net-files',
  'proc-net',
  'closed-net',
  'closed-addresses',
]);

/** What a sweep was refused of one process that is not told by `ns` and `fd` (process-gaps.ts). */
export function reportRefusals(frames: Frames, log: FindingLog, isShown: (pid: number) => boolean): void {
  for (const section of ['id-map', 'mountinfo', 'name-root', 'name-file', 'socket']) {
    for (const frame of frames.of(section)) {
      for (const { pid, cause, text } of parseRefusals(frame.stderr)) {
        // A kernel without IPv6 has no tcp6; a process that ended is told once, with the other gaps.
        if (pid === undefined || cause === 'gone' || !isShown(pid)) continue;
        add(log, frame, cause ?? 'undiscovered', text, processId(pid));
      }
    }
  }
}

function add(log: FindingLog, frame: Frame, kind: Failure, example: string, subject = subjectOf(frame)): void {
  const evidence: Evidence = { frame: frame.index, section: frame.section };
  log.add({
    rule: `section.${kind}`,
    kind,
    cause: frame.section,
    subject,
    values: { section: frame.section },
    ...(example !== '' && { example }),
    evidence: [evidence],
  });
}

type Failure = Extract<
  FindingKind,
  'not-permitted' | 'gone' | 'not-supported' | 'undiscovered' | 'too-large' | 'timed-out' | 'connection-lost'
>;

const isAnswered = (frame: Frame): boolean => frame.status === 0 || frame.output.trim() !== '';
const questionOf = ({ section, key }: Frame): string => `${section} ${key}`;

function mayFail({ section, key, stderr }: Frame): boolean {
  // Told for all network namespaces at once (firewall.ts).
  if (section === 'nft' || section === 'iptables' || section === 'ip6tables') return true;
  // Told in words of their own: tools that are not there, RootlessKit's API, links that ip could not list.
  if (section === 'tool' || section === 'rootlesskit-info' || section === 'rootlesskit-ports') return true;
  // Told in words of their own (engines.ts).
  if (section.startsWith('engine-')) return true;
  // No such file, or no such line in it.
  if (section === 'host')
    return key === 'subuid' || key === 'subgid' || key === 'netns-dir' || key === 'proc-mount' || key === 'proc-links';
  // All of it was refused, process by process; or grep found nothing.
  return sweeps.has(section) && (stderr === '' || parseRefusals(stderr).every(({ pid }) => pid !== undefined));
}

/** What a frame is about, by its key. */
function subjectOf({ section, key }: Frame): EntityId {
  const namespace = parseNamespaceId(key);
  if (namespace) return namespace.id;
  const parent = section.startsWith('rootlesskit') ? /^(\d+) /.exec(key)?.[1] : undefined;
  return parent === undefined ? 'host' : processId(Number(parent));
}

const isRoot = (frames: Frames): boolean =>
  frames.of('status').some(({ privilege }) => privilege === 'root') ||
  /^uid=0\D/.test(frames.one('host', 'id')?.output ?? '');
