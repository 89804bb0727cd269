// Short messages at the edge of the window: what was done, with a way back where there is one.

export interface Notice {
  readonly id: number;
  readonly tone: 'plain' | 'bad';
  readonly text: string;
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Milliseconds a notice stays; one with an action or bad news stays longer. */
const short = 4_000;
const long = 12_000;

export class Notices {
  #list = $state.raw<readonly Notice[]>([]);
  #next = 1;

  get list(): readonly Notice[] {
    return this.#list;
  }

  add(notice: Omit<Notice, 'id'>): void {
    const id = this.#next++;
    // Three are enough to read; older ones have had their time.
    this.#list = [...this.#list, { ...notice, id }].slice(-3);
    setTimeout(() => this.dismiss(id), notice.action || notice.tone === 'bad' ? long : short);
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
  }
}
