// What is selected: the inspector shows it, the picture and the trees mark it. Keeps the way back.

export class Selection {
  #trail = $state.raw<readonly string[]>([]);
  #at = $state(-1);

  /** Entity or relation id. */
  get current(): string | undefined {
    return this.#trail[this.#at];
  }
  get canGoBack(): boolean {
    return this.#at > 0;
  }
  get canGoForward(): boolean {
    return this.#at < this.#trail.length - 1;
  }

  select(id: string): void {
    if (id === this.current) return;
    this.#trail = [...this.#trail.slice(0, this.#at + 1), id].slice(-100);
    this.#at = this.#trail.length - 1;
  }
  back(): void {
    if (this.canGoBack) this.#at -= 1;
  }
  forward(): void {
    if (this.canGoForward) this.#at += 1;
  }
  clear(): void {
    this.#trail = [];
    this.#at = -1;
  }
}
