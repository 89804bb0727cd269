// Two things measured in turn, so that whatever else the machine does meets both. The ratio is taken within each round.
import type { Measured } from './rows.ts';

export interface Rounds {
  readonly atLeast: number;
  /** Beyond `atLeast` no round begins when this is over. */
  readonly seconds: number;
}

export const usualRounds: Rounds = { atLeast: 5, seconds: 20 };

/** A figure of one round: milliseconds, or whatever the row counts. */
export type Measure = () => Promise<number> | number;

/** Both once without counting (files into the page cache, code compiled), then in turn. */
export async function inTurn(
  ours: Measure,
  theirs: Measure,
  { atLeast, seconds }: Rounds = usualRounds,
): Promise<Pick<Measured, 'ratio' | 'spread' | 'rounds' | 'ours' | 'theirs'>> {
  await ours();
  await theirs();
  const pairs: (readonly [number, number])[] = [];
  const end = performance.now() + seconds * 1000;
  while (pairs.length < atLeast || (pairs.length < 3 * atLeast && performance.now() < end))
    pairs.push([await ours(), await theirs()]);
  const ratios = pairs.map(([a, b]) => a / b);
  return {
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
    rounds: pairs.length,
    ours: median(pairs.map(([a]) => a)),
    theirs: median(pairs.map(([, b]) => b)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
