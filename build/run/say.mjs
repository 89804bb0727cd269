/**
 * One friendly line of progress. On stderr: stdout belongs to what was asked for.
 *
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`· ${text}\n`);
}

/** A failure that a step foresaw: its message says what failed and what to do, and needs no stack. */
export class StepFailed extends Error {
  /** @override */
  name = 'StepFailed';
}

/** @param {number} since from performance.now() */
export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
