// Failures on their way to the window: plain values, the same four words for all of them.
import type { Failure, Outcome } from '../../shared/ipc/contract.ts';

/**
 * SshFailure, StoreFailure and CollectFailure bring all four; some errors bring advice; anything else is a mistake of
 * ours.
 */
export function toFailure(error: unknown, attempted = 'do this'): Failure {
  if (isFailure(error)) {
    const { code, attempted: what, reason, advice } = error;
    return { code, attempted: what, reason, advice };
  }
  if (error instanceof Error && 'advice' in error && typeof error.advice === 'string')
    return { code: 'failed', attempted, reason: error.message, advice: error.advice };
  return {
    code: 'unexpected',
    attempted,
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    advice: 'This is a mistake in nsatlas. Please report it with these words.',
  };
}

export async function outcome<T>(attempted: string, work: () => Promise<T> | T): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, failure: toFailure(error, attempted) };
  }
}

function isFailure(error: unknown): error is Failure {
  if (typeof error !== 'object' || error === null) return false;
  const words = error as Partial<Record<keyof Failure, unknown>>;
  return [words.code, words.attempted, words.reason, words.advice].every((word) => typeof word === 'string');
}
