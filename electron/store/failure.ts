// A file that could not be read or written: what was tried, why not, what to do.

export type StoreFailureCode =
  'file-damaged' | 'file-newer' | 'file-unreadable' | 'file-unwritable' | 'not-found' | 'invalid';

export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  readonly code: StoreFailureCode;
  readonly attempted: string;
  readonly reason: string;
  readonly advice: string;

  constructor(
    facts: {
      readonly code: StoreFailureCode;
      readonly attempted: string;
      readonly reason: string;
      readonly advice: string;
    },
    cause?: unknown,
  ) {
    super(`${facts.attempted}: ${facts.reason} ${facts.advice}`, cause === undefined ? undefined : { cause });
    this.code = facts.code;
    this.attempted = facts.attempted;
    this.reason = facts.reason;
    this.advice = facts.advice;
  }
}

/** What a system call said, in words where it has some. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
      return 'There is no such file or folder.';
    case 'EACCES':
    case 'EPERM':
      return 'You may not.';
    case 'ENOSPC':
      return 'The disk is full.';
    case 'EROFS':
      return 'The disk is read only.';
    case 'EISDIR':
      return 'It is a folder.';
    default:
      return error instanceof Error ? `${error.message}.` : String(error);
  }
}
