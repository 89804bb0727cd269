// Failures on their way to the terminal: one line of what, one of what to do.
import { printable } from '../../shared/explain/printable.ts';

export interface FailureWords {
  /** What was tried, as a phrase: `read the transcript x.txt`. */
  readonly attempted: string;
  /** What came back, as a sentence. */
  readonly reason: string;
  /** What a person can do, as a sentence. */
  readonly advice: string;
}

/** What the command line itself finds wrong; ssh, collect and store bring failures of their own in the same words. */
export class CliFailure extends Error implements FailureWords {
  override readonly name = 'CliFailure';
  readonly attempted: string;
  readonly reason: string;
  readonly advice: string;

  constructor({ attempted, reason, advice }: FailureWords, cause?: unknown) {
    super(`${attempted}: ${reason} ${advice}`, cause === undefined ? undefined : { cause });
    this.attempted = attempted;
    this.reason = reason;
    this.advice = advice;
  }
}

/** The command line was not understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Whose help shows how it is written. */
  readonly command: string | undefined;

  constructor(message: string, command?: string) {
    super(message);
    this.command = command;
  }
}

/** Two lines for standard error, without the last newline. Anything unforeseen is a mistake of ours and says so. */
export function failureLines(error: unknown): string {
  if (error instanceof UsageError) {
    const help = error.command === undefined ? 'nsatlas --help' : `nsatlas ${error.command} --help`;
    return twoLines(error.message, `How it is written: ${help}`);
  }
  if (hasWords(error)) return twoLines(`could not ${error.attempted}: ${error.reason}`, error.advice);
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return twoLines(what, 'This is a mistake in nsatlas. Please report it with these words.');
}

/** A person stopped it: nothing has to be explained. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'cancelled';

const twoLines = (what: string, advice: string): string => `nsatlas: ${printable(what)}\n  ${printable(advice)}`;

function hasWords(error: unknown): error is FailureWords {
  if (typeof error !== 'object' || error === null) return false;
  const words = error as Partial<Record<keyof FailureWords, unknown>>;
  return [words.attempted, words.reason, words.advice].every((word) => typeof word === 'string');
}
