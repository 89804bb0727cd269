// Follows a transcript while it arrives: which question is being answered, how much has been. Keeps no answers.
import { decode } from './bytes-as-text.ts';
import { headerLength, newline, readFrameLine, readHeaderLine, startsWith, tokenPrefix } from './frame-lines.ts';

/** What one section has given so far. */
export interface SectionProgress {
  readonly section: string;
  /** Answers that are whole. */
  readonly frames: number;
  /** Everything that came for it, frames included. */
  readonly bytes: number;
  /** The host's time for the answers that are whole. */
  readonly milliseconds: number;
}

/** Of a longer line the beginning is enough: lines of the frame that matter here are short. */
const kept = 1024;

export class FrameCounter {
  readonly #sections = new Map<string, { frames: number; bytes: number; milliseconds: number }>();
  readonly #changed = new Set<string>();
  #prefix: Uint8Array | undefined;
  #section: string | undefined;
  #complete = false;
  /** The beginning of the line that has not ended yet, and its whole length. */
  #line = new Uint8Array(0);
  #lineLength = 0;

  /** The first line of a transcript has come. */
  get started(): boolean {
    return this.#prefix !== undefined;
  }

  /** The last line has come. */
  get complete(): boolean {
    return this.#complete;
  }

  /** The section that is being answered. */
  get section(): string | undefined {
    return this.#section;
  }

  /** Takes the next bytes; returns the sections they belong to, the one being answered last. */
  add(chunk: Uint8Array): readonly SectionProgress[] {
    this.#changed.clear();
    for (let start = 0; start < chunk.length;) {
      const found = chunk.indexOf(newline, start);
      const end = found === -1 ? chunk.length : found;
      this.#append(chunk.subarray(start, end));
      if (found === -1) break;
      this.#lineEnded();
      start = end + 1;
    }
    return [...this.#changed].map((section) => ({
      section,
      ...(this.#sections.get(section) ?? { frames: 0, bytes: 0, milliseconds: 0 }),
    }));
  }

  #append(bytes: Uint8Array): void {
    this.#lineLength += bytes.length;
    this.#count(bytes.length);
    const room = kept - this.#line.length;
    if (room <= 0) return;
    const more = bytes.subarray(0, room);
    if (this.#line.length === 0) this.#line = more.slice();
    else {
      const joined = new Uint8Array(this.#line.length + more.length);
      joined.set(this.#line);
      joined.set(more, this.#line.length);
      this.#line = joined;
    }
  }

  #lineEnded(): void {
    const line = this.#line;
    const whole = this.#lineLength <= kept;
    this.#line = new Uint8Array(0);
    this.#lineLength = 0;
    this.#count(1);
    if (!this.#prefix) {
      const header = whole && line.length <= headerLength ? readHeaderLine(line) : undefined;
      if (header) this.#prefix = tokenPrefix(header.token);
      return;
    }
    if (!startsWith(line, 0, this.#prefix)) return;
    const read = readFrameLine(decode(line.subarray(this.#prefix.length)));
    if (read?.kind === 'begin') {
      this.#section = read.section;
      this.#count(0);
    } else if (read?.kind === 'end' && this.#section !== undefined) {
      const progress = this.#sections.get(this.#section);
      if (progress) {
        progress.frames += 1;
        progress.milliseconds += read.milliseconds;
      }
    } else if (read?.kind === 'done') this.#complete = true;
  }

  #count(bytes: number): void {
    const section = this.#section;
    if (section === undefined) return;
    const progress = this.#sections.get(section);
    if (progress) progress.bytes += bytes;
    else this.#sections.set(section, { frames: 0, bytes, milliseconds: 0 });
    // Last in the order of the set.
    this.#changed.delete(section);
    this.#changed.add(section);
  }
}
