// Files below /proc/PID read by one `grep -aH ''`: the path stands before every line, so a newline in a process's name
// or arguments cannot pass for another file's line.
//
//   /proc/1/status:Name:\tsystemd
//   /proc/9/net/tcp:   0: 0100007F:1F90 …
//   /proc/9/fdinfo/5:iff:\ttap0
//   /proc/9/task/11/net/dev:  eth0: …         of a thread, where the process has none
import { unparsableAt } from './parsed.ts';
import type { Source, Unparsable } from './parsed.ts';

/**
 * One line while it is visited. There are some sixty for every process, most of them of no interest: so there is one
 * such object for all of them, and text is only copied out of the answer when it is asked for.
 */
export class ProcLine {
  pid = 0;
  /** Set where the file is a thread's. */
  tid: number | undefined;
  /** Line of the answer, from 1. */
  line = 0;
  readonly #text: string;
  /** `/proc/1/status:` of the line before. */
  #path = '';
  #fileOffset = 0;
  #fileStart = 0;
  #colon = 0;
  #end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Moves to [start, end); false when no path of the form stands there. */
  read(start: number, end: number): boolean {
    const text = this.#text;
    // Most lines are under the same path as the one before.
    if (this.#path !== '' && text.startsWith(this.#path, start)) {
      this.#fileStart = start + this.#fileOffset;
      this.#colon = start + this.#path.length - 1;
      this.#end = end;
      return true;
    }
    if (!text.startsWith(prefix, start)) return false;
    let pid = 0;
    let at = start + prefix.length;
    for (; at < end; at += 1) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      pid = pid * 10 + digit;
    }
    if (at === start + prefix.length || text.charCodeAt(at) !== slash) return false;
    // Not further than this line: indexOf would go through the whole answer again for each line without one.
    let colon = at + 1;
    while (colon < end && text.charCodeAt(colon) !== colonCode) colon += 1;
    if (colon >= end) return false;
    this.pid = pid;
    const thread = this.#taskAt(at + 1, colon);
    this.tid = thread?.tid;
    this.#fileStart = thread?.end ?? at + 1;
    this.#colon = colon;
    this.#end = end;
    this.#path = text.slice(start, colon + 1);
    this.#fileOffset = this.#fileStart - start;
    return true;
  }

  /** `task/11/` before a file, and where it ends. */
  #taskAt(start: number, end: number): { readonly tid: number; readonly end: number } | undefined {
    if (!this.#text.startsWith(task, start)) return undefined;
    const last = this.#text.indexOf('/', start + task.length);
    const tid = Number(this.#text.slice(start + task.length, last));
    return last === -1 || last >= end || !Number.isSafeInteger(tid) ? undefined : { tid, end: last + 1 };
  }

  /** Path below /proc/PID, or /proc/PID/task/TID: `status`, `net/tcp`, `fdinfo/5`. */
  get file(): string {
    return this.#text.slice(this.#fileStart, this.#colon);
  }

  isFile(name: string): boolean {
    return this.#colon - this.#fileStart === name.length && this.#text.startsWith(name, this.#fileStart);
  }

  /** What the file says on this line. */
  get content(): string {
    return this.#text.slice(this.#colon + 1, this.#end);
  }

  /** Code of the first character of the content; NaN at the end of the answer. */
  get firstCode(): number {
    return this.#text.charCodeAt(this.#colon + 1);
  }

  startsWith(words: string): boolean {
    return this.#text.startsWith(words, this.#colon + 1);
  }
}

/** Calls `visit` for each line that has a path of this form; the others are given back. */
export function forEachProcLine(source: Source, visit: (line: ProcLine) => void): readonly Unparsable[] {
  const text = source.output;
  const unparsable: Unparsable[] = [];
  const current = new ProcLine(text);
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    current.line += 1;
    if (current.read(start, end)) visit(current);
    else if (end > start) unparsable.push(unparsableAt(source, current.line, text.slice(start, end)));
    start = end + 1;
  }
  return unparsable;
}

/** A whole file again: the lines that followed each other under one path. */
export interface ProcFile {
  readonly pid: number;
  /** Its lines joined by \n, without the last one's. */
  readonly content: string;
  /** Line of the answer it begins on. */
  readonly line: number;
}

/** As `forEachProcLine`, for files whose lines belong together (a newline in a name or an argument). */
export function forEachProcFile(source: Source, name: string, visit: (file: ProcFile) => void): readonly Unparsable[] {
  let pid: number | undefined;
  let line = 0;
  let content = '';
  const flush = () => {
    if (pid !== undefined) visit({ pid, content, line });
  };
  const unparsable = forEachProcLine(source, (next) => {
    if (!next.isFile(name)) return;
    if (next.pid === pid) {
      content += `\n${next.content}`;
    } else {
      flush();
      pid = next.pid;
      line = next.line;
      content = next.content;
    }
  });
  flush();
  return unparsable;
}

const prefix = '/proc/';
const task = 'task/';
const slash = 47;
const colonCode = 58;
