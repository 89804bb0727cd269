// The same things in another order, the same for the same seed.

export function shuffle<T>(items: readonly T[], seed: number): readonly T[] {
  const result = [...items];
  let state = (seed >>> 0) + 1;
  for (let i = result.length - 1; i > 0; i--) {
    // Numerical Recipes' linear congruential generator: good enough to mix a list.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    const [a, b] = [result[i], result[j]];
    if (a !== undefined && b !== undefined) [result[i], result[j]] = [b, a];
  }
  return result;
}
