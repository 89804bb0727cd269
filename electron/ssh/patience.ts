// How long the other side may stay silent. The time a person takes to answer a question does not count.
export class Patience {
  readonly #milliseconds: number;
  readonly #end: () => void;
  #timer: NodeJS.Timeout | undefined;
  #questions = 0;
  #over = false;

  constructor(milliseconds: number, end: () => void) {
    this.#milliseconds = milliseconds;
    this.#end = end;
    this.renew();
  }

  /** The other side said something. */
  renew(): void {
    clearTimeout(this.#timer);
    if (this.#questions === 0 && !this.#over) this.#timer = setTimeout(this.#end, this.#milliseconds);
  }

  /** Waits for a person; starts anew afterwards. */
  async during<T>(question: Promise<T>): Promise<T> {
    this.#questions += 1;
    clearTimeout(this.#timer);
    try {
      return await question;
    } finally {
      this.#questions -= 1;
      this.renew();
    }
  }

  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}
