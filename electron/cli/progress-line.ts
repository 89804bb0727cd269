// One line on standard error that is written over while things go on. Without a terminal there is none.
import { sections } from '../../shared/collect/sections.ts';
import type { SectionProgress } from '../../shared/collect/frame-counter.ts';
import { printable } from '../../shared/explain/printable.ts';

/** What is used of process.stderr. */
export interface ProgressScreen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Milliseconds between two states that are shown. */
const pause = 80;

export class ProgressLine {
  readonly #screen: ProgressScreen;
  readonly #now: () => number;
  readonly #answers = new Map<string, number>();
  #shown = '';
  #last = -Infinity;
  /** Shows the last of several that came too soon after each other: what follows may take long. */
  #later: NodeJS.Timeout | undefined;

  constructor(screen: ProgressScreen, now: () => number = () => performance.now()) {
    this.#screen = screen;
    this.#now = now;
  }

  say(text: string): void {
    clearTimeout(this.#later);
    if (this.#screen.isTTY !== true) return;
    // 0 is a terminal that does not say.
    const width = (this.#screen.columns || 80) - 1;
    const line = printable(text);
    this.#shown = line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
    this.#last = this.#now();
    this.#screen.write(`\r\u001b[K${this.#shown}`);
  }

  section({ section, frames }: SectionProgress): void {
    this.#answers.set(section, frames);
    this.often(() => this.#title(section));
  }

  /** What changes more often than anybody reads: some states are left out, the last one is shown. */
  often(text: () => string): void {
    clearTimeout(this.#later);
    const wait = this.#last + pause - this.#now();
    if (wait <= 0) this.say(text());
    else this.#later = setTimeout(() => this.say(text()), wait).unref();
  }

  /** Before anything else is written to the terminal. */
  clear(): void {
    clearTimeout(this.#later);
    if (this.#shown !== '') this.#screen.write('\r\u001b[K');
    this.#shown = '';
  }

  #title(section: string): string {
    const all = [...this.#answers.values()].reduce((sum, count) => sum + count, 0);
    const title = sections.find(({ name }) => name === section)?.title ?? section;
    return `${title} (${all} answered)`;
  }
}
