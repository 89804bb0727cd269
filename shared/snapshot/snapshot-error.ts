// Why a file could not be read as a snapshot, in words that can be shown.

export type SnapshotErrorCode = 'not-a-snapshot' | 'newer-format' | 'invalid-header';

export class SnapshotError extends Error {
  readonly code: SnapshotErrorCode;
  readonly advice: string;

  constructor(code: SnapshotErrorCode, message: string, advice: string) {
    super(message);
    this.name = 'SnapshotError';
    this.code = code;
    this.advice = advice;
  }
}
