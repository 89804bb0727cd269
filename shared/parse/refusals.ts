// What commands say on standard error about files they could not read, one line each:
//
//   find: '/proc/1/ns/net': Permission denied                          GNU, LC_ALL=C
//   find: ‘/proc/1/ns/net’: Permission denied                          GNU, other locale
//   grep: /proc/77/status: No such file or directory                   GNU, BusyBox
//   ls: cannot read symbolic link '/proc/1/ns/net': Permission denied
//   ls: /proc/1/ns/net: cannot read link: Permission denied            BusyBox
//   nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted
//
//   nsenter: failed to execute ip: No such file or directory           util-linux, status 127: no such command
//   lsns: unknown column: NETNSID                                      util-linux before 2.32
//   Option "-j" is unknown, try "ip -help".                            iproute2 before 4.14
//   BusyBox v1.37.0 (Debian 1:1.37.0-6+b9) multi-call binary.          and its usage, for an option it has not
//
// The words after the last colon are strerror(3)'s.
import type { FindingKind } from '../model/finding.ts';
import type { Frame } from '../model/transcript.ts';

export type Cause = Extract<FindingKind, 'not-permitted' | 'not-supported' | 'gone'>;

export interface Refusal {
  /** PID in the path, where there is one. */
  readonly pid: number | undefined;
  /** What follows /proc/PID/ in the path, where there is one; empty: /proc/PID itself. */
  readonly file: string | undefined;
  /** `undefined`: an error none of the known words says. */
  readonly cause: Cause | undefined;
  readonly text: string;
}

const causes: readonly (readonly [words: string, cause: Cause])[] = [
  ['permission denied', 'not-permitted'],
  ['operation not permitted', 'not-permitted'],
  ['a password is required', 'not-permitted'],
  ['not allowed to', 'not-permitted'],
  ['no such file or directory', 'gone'],
  ['no such process', 'gone'],
  ['no such device', 'gone'],
  ['not found', 'not-supported'],
  ['not supported', 'not-supported'],
  ['not implemented', 'not-supported'],
  ['unrecognized option', 'not-supported'],
  ['unrecognized:', 'not-supported'],
  ['invalid option', 'not-supported'],
  ['unknown column', 'not-supported'],
  ['is unknown, try', 'not-supported'],
  ['multi-call binary', 'not-supported'],
];

/** Why, by the words of an error message; `undefined` when it says something else. */
export function causeOf(message: string): Cause | undefined {
  const lower = message.toLowerCase();
  return causes.find(([words]) => lower.includes(words))?.[1];
}

/** What ip passes on of the kernel's answer, as it stands on standard error. */
export const isNetlinkAnswer = (text: string): boolean =>
  /RTNETLINK answers|Dump (?:terminated|was interrupted)/.test(text);

/** Of the shell, and of nsenter, when the command is not there. */
const notFound = 127;

/** Why a question as a whole has no answer; `undefined` when it says something else. */
export function causeOfFailure({ status, stderr }: Pick<Frame, 'status' | 'stderr'>): Cause | undefined {
  return status === notFound ? 'not-supported' : causeOf(stderr);
}

/** The line that says why, else the last. */
export function tellingLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line !== '');
  return lines.find((line) => causeOf(line) !== undefined) ?? lines.at(-1) ?? '';
}

export function parseRefusals(stderr: string): readonly Refusal[] {
  const refusals: Refusal[] = [];
  for (const text of stderr.split('\n')) {
    if (text === '') continue;
    const path = procPath.exec(text);
    refusals.push({
      pid: path ? Number(path[1]) : undefined,
      file: path ? (path[2] ?? '') : undefined,
      cause: causeOf(text.slice(-messageLength)),
      text,
    });
  }
  return refusals;
}

const procPath = /\/proc\/(\d+)(?:\/([\w/.-]*))?/;
/** The reason stands at the end; a path before it may be long. */
const messageLength = 200;
