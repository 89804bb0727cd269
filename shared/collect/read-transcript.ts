// Reads a transcript back (its format: README.md). It came from a foreign host, perhaps in part, perhaps with text of a
// login shell around it: whatever the bytes are, this ends, in time linear in their number, and says what it could not
// make sense of.
import type { Frame, Privilege, Transcript } from '../model/transcript.ts';
import { decode } from './bytes-as-text.ts';
import { newline, readFrameLine, readHeaderLine, startsWith, tokenPrefix } from './frame-lines.ts';
import type { FrameLine, Header } from './frame-lines.ts';

const knownVersion = 1;

export function readTranscript(bytes: Uint8Array): Transcript {
  const found = findHeader(bytes);
  if (!found) return { version: 0, frames: [], complete: false, problems: ['There is no transcript in this text.'] };
  const reader = new Reader(bytes, found.header);
  reader.read(found.end);
  return reader.transcript();
}

function findHeader(bytes: Uint8Array): { readonly header: Header; readonly end: number } | undefined {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(newline, start);
    if (end === -1) return undefined;
    const header = readHeaderLine(bytes.subarray(start, end));
    if (header) return { header, end: end + 1 };
    start = end + 1;
  }
  return undefined;
}

interface OpenFrame {
  readonly privilege: Privilege;
  readonly section: string;
  readonly key: string;
  command: string;
  start: number;
  /** Set by the first line after the answer. */
  end: number | undefined;
  readonly errors: string[];
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #header: Header;
  readonly #prefix: Uint8Array;
  readonly #frames: Frame[] = [];
  readonly #problems = new Map<string, number>();
  #open: OpenFrame | undefined;
  #complete = false;

  constructor(bytes: Uint8Array, header: Header) {
    this.#bytes = bytes;
    this.#header = header;
    this.#prefix = tokenPrefix(header.token);
    if (header.version !== knownVersion) this.#problem(`This transcript has version ${header.version}.`);
  }

  transcript(): Transcript {
    const problems = [...this.#problems].map(([text, count]) => (count === 1 ? text : `${text} (${count} times)`));
    return { version: this.#header.version, frames: this.#frames, complete: this.#complete, problems };
  }

  read(from: number): void {
    let start = from;
    for (;;) {
      const end = this.#bytes.indexOf(newline, start);
      if (end === -1) break;
      if (startsWith(this.#bytes, start, this.#prefix)) {
        const text = decode(this.#bytes.subarray(start + this.#prefix.length, end));
        this.#take(readFrameLine(text), start, end + 1);
      } else if (!this.#open || this.#open.end !== undefined) {
        // The host's shell may say something at its end; the newline before a frame's end is not such a thing.
        if (end > start) this.#problem('There is text outside of the answers.');
      }
      start = end + 1;
    }
    this.#breakOff(this.#endOfAnswer(start));
  }

  /** Where the answer ends that the transcript breaks off in; its last line, from `start`, has no newline. */
  #endOfAnswer(start: number): number {
    // The beginning of `err` or `end`: the newline before it is the script's.
    if (startsWith(this.#bytes, start, this.#prefix)) return start - 1;
    const length = this.#bytes.length - start;
    const ours = length > 0 && startsWith(this.#bytes, start, this.#prefix.subarray(0, length));
    return ours ? start : this.#bytes.length;
  }

  #take(line: FrameLine | undefined, start: number, next: number): void {
    if (!line) return this.#problem('There is a line of the frame that is not known.');
    if (line.kind === 'begin') {
      this.#breakOff(start);
      const { privilege, section, key } = line;
      this.#open = { privilege, section, key, command: '', start: next, end: undefined, errors: [] };
      return;
    }
    if (line.kind === 'done') {
      this.#breakOff(start);
      this.#complete = true;
      return;
    }
    const open = this.#open;
    if (!open) return this.#problem('There is a line of the frame outside of one.');
    switch (line.kind) {
      case 'run':
        // Only the line right after `begin`; its answer begins behind it.
        if (open.start !== start) return this.#problem('There is a line of the frame that is not known.');
        open.command = line.command;
        open.start = next;
        break;
      case 'err':
        open.end ??= Math.max(open.start, start - 1);
        open.errors.push(line.text);
        break;
      case 'end': {
        open.end ??= Math.max(open.start, start - 1);
        const { status, milliseconds, cut } = line;
        this.#close(open, open.end, { status, milliseconds, ...(cut && { cut }) });
        break;
      }
    }
  }

  /** A frame that is still open at `end` lost its rest. */
  #breakOff(end: number): void {
    const open = this.#open;
    if (!open) return;
    if (end < this.#bytes.length) this.#problem(`An answer to ${open.section} has no end.`);
    const lost = { status: undefined, milliseconds: undefined, cut: 'connection-lost' } as const;
    this.#close(open, open.end ?? Math.max(open.start, end), lost);
  }

  #close(open: OpenFrame, end: number, how: Pick<Frame, 'status' | 'milliseconds' | 'cut'>): void {
    const { privilege, section, key, command, start, errors } = open;
    const output = decode(this.#bytes.subarray(start, end));
    const stderr = errors.join('\n');
    this.#frames.push({ index: this.#frames.length, section, key, privilege, command, output, stderr, ...how });
    this.#open = undefined;
  }

  #problem(text: string): void {
    this.#problems.set(text, (this.#problems.get(text) ?? 0) + 1);
  }
}
