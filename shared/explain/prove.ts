// The host's own words behind a fact: the command as it ran and the lines of its answer that say it.
import type { Evidence } from '../model/evidence.ts';
import { netQuestions } from '../model/net-questions.ts';
import type { Frame, Transcript } from '../model/transcript.ts';
import { asWhom } from './as-whom.ts';
import { english, type Texts } from './en/english.ts';
import type { Proof } from './explanation.ts';
import { linesOfMembers, setJson } from './set-json.ts';

/** Lines shown before and after the one that says it; after it more of the same file, where the answer has many. */
const around = 3;
const ofSameFile = 9;
/** Lines of an answer shown where all of it is the evidence. */
const most = 200;

/**
 * `undefined` when the transcript has no such answer: the model is of another one.
 * `members`: which members of a JSON object say it (`Fact.members`); all of it where none of them is there.
 */
export function prove(
  transcript: Transcript,
  evidence: Evidence,
  members: readonly string[] = [],
  texts: Texts = english,
): Proof | undefined {
  const frame = transcript.frames.find((one) => one.index === evidence.frame);
  if (!frame || frame.section !== evidence.section) return undefined;
  return {
    section: frame.section,
    command: commandOf(frame),
    privilege: frame.privilege,
    asWhom: asWhom(frame.privilege, loginUser(transcript) ?? texts.asWhom.login, texts),
    status: frame.status,
    lines: linesOf(frame.output, evidence, members),
    errors: evidence.line === undefined ? errorsOf(frame) : [],
  };
}

/**
 * As it can be typed: what `ip -batch -` was asked came on its standard input. It answers each with a line, or says that it
 * failed: so many were asked, in transcripts of every age.
 */
function commandOf({ section, command, output, stderr }: Frame): string {
  if (section !== 'net' || !command.endsWith(' -batch -')) return command;
  const lines = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const asked = netQuestions.slice(0, lines(output, /^\[/gm) + lines(stderr, /^Command failed /gm));
  return asked.length === 0 ? command : `printf '%s\\n' ${asked.map((one) => `'${one}'`).join(' ')} | ${command}`;
}

const errorsOf = ({ stderr }: Frame): readonly string[] =>
  stderr === '' ? [] : stderr.split('\n').slice(0, most).map(readable);

function linesOf(output: string, { line, columns }: Evidence, members: readonly string[]): Proof['lines'] {
  const lines = output.replace(/\n$/, '').split('\n').map(readable);
  if (line === undefined) {
    const whole = lines.slice(0, most).map((text, i) => ({ from: i + 1, text, says: true }));
    return whole.flatMap((one) =>
      (one.text.length > 200 ? setJson(one.text) : [one.text]).map((text) => ({ ...one, text })),
    );
  }
  const said = lines[line - 1];
  if (said === undefined) return [];
  if (columns) {
    const set = setJson(said.slice(columns[0], columns[1]));
    const says = linesOfMembers(set, members);
    return set.map((text, i) => ({ from: line, text, says: says === undefined || says.has(i) }));
  }
  const first = Math.max(1, line - around);
  return lines
    .slice(first - 1, Math.max(line + around, lastOfFile(lines, line)))
    .map((text, i) => ({ from: first + i, text: shortened(text, first + i === line), says: first + i === line }));
}

/** `grep -aH` puts the path before every line: /proc/211/status says the name first, what is meant a few lines below. */
function lastOfFile(lines: readonly string[], line: number): number {
  const file = /^\/proc\/[^:]*:/.exec(lines[line - 1] ?? '')?.[0];
  let last = line;
  while (file !== undefined && last < line + ofSameFile && lines[last]?.startsWith(file)) last += 1;
  return last;
}

/** Arguments in /proc/PID/cmdline end with NUL; other control characters would not show, or turn the line around. */
function readable(line: string): string {
  return line
    .replace(/\0$/, '')
    .replace(/\0/g, ' ')
    .replace(/[\x01-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** Lines around it are only there to find one's way. */
const shortened = (text: string, says: boolean): string =>
  says || text.length <= 160 ? text : `${text.slice(0, 159)}…`;

/** `uid=1000(ec2-user) gid=…`, the answer to `id`. */
function loginUser(transcript: Transcript): string | undefined {
  const frame = transcript.frames.find((one) => one.section === 'host' && one.key === 'id');
  return frame && /^uid=\d+\(([^)]+)\)/.exec(frame.output)?.[1];
}
