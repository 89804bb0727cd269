// Chance that can be had again: the same seed gives the same throws.

/** mulberry32 (public domain, github.com/bryc/code/blob/master/jshash/PRNGs.md): numbers in [0, 1). */
function numbersFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}

export class Dice {
  readonly #next: () => number;
  constructor(seed: number) {
    this.#next = numbersFrom(seed);
    // Neighbouring seeds begin alike.
    for (let i = 0; i < 8; i++) this.#next();
  }
  chance(probability: number): boolean {
    return this.#next() < probability;
  }
  /** From `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1));
  }
  one<T>(values: readonly T[]): T {
    const value = values[this.integer(0, values.length - 1)];
    if (value === undefined) throw new Error('nothing to choose from');
    return value;
  }
}
