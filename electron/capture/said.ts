// What the script and tcpdump say on standard error, while it arrives.

export interface Statistics {
  readonly received?: number;
  readonly droppedByKernel?: number;
  readonly droppedByInterface?: number;
}

/** Kept of what others than the script say: their last words matter. */
const longestSaid = 8192;
const longestLine = 4096;

export class SaidByHost {
  readonly #token: string;
  readonly #ours = new Map<string, string>();
  readonly #statistics: Record<'received' | 'droppedByKernel' | 'droppedByInterface', number | undefined> = {
    received: undefined,
    droppedByKernel: undefined,
    droppedByInterface: undefined,
  };
  #others = '';
  #line = '';

  /** `token`: begins the lines of the script. */
  constructor(token: string) {
    this.#token = token;
  }

  add(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) this.#read(line.replace(/\r$/, ''));
  }

  /** No more will come. */
  end(): void {
    if (this.#line !== '') this.#read(this.#line);
    this.#line = '';
  }

  /** What the script said with that word first; undefined when it did not. */
  ours(word: string): string | undefined {
    return this.#ours.get(word);
  }

  /** What tcpdump, nsenter, sudo or a login shell said, without what is said of every capture. */
  get others(): string {
    return this.#others.trim();
  }

  get statistics(): Statistics {
    const said = Object.entries(this.#statistics).filter(([, count]) => count !== undefined);
    return Object.fromEntries(said) as Statistics;
  }

  #read(line: string): void {
    if (line.startsWith(`${this.#token} `)) {
      const [word = '', ...rest] = line.slice(this.#token.length + 1).split(' ');
      this.#ours.set(word, rest.join(' ').trim());
      return;
    }
    const counted = /^(\d+) packets? (captured|received by filter|dropped by kernel|dropped by interface)\b/.exec(line);
    if (counted !== null) {
      const names = { received: 'received', kernel: 'droppedByKernel', interface: 'droppedByInterface' } as const;
      const [, count, what = ''] = counted;
      const name = Object.entries(names).find(([word]) => what.includes(word))?.[1];
      if (name !== undefined) this.#statistics[name] = Number(count);
      return;
    }
    if (/^(tcpdump: )?(listening on |data link type |verbose output suppressed)/.test(line)) return;
    this.#others = `${this.#others}${line}\n`.slice(-longestSaid);
  }
}
