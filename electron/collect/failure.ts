// Why nothing was collected although the host could be reached.

export type CollectFailureCode =
  /** A person stopped it. */
  | 'cancelled'
  /** The host's shell did not run the script. */
  | 'no-transcript'
  /** sudo is not there, or this user may not use it. */
  | 'sudo-refused'
  | 'sudo-password-wrong';

export interface CollectFailureFacts {
  readonly code: CollectFailureCode;
  /** What was tried, as a phrase. */
  readonly attempted: string;
  /** What came back, as a sentence. */
  readonly reason: string;
  /** What a person can do, as a sentence. */
  readonly advice: string;
}

export class CollectFailure extends Error implements CollectFailureFacts {
  override readonly name = 'CollectFailure';
  readonly code: CollectFailureCode;
  readonly attempted: string;
  readonly reason: string;
  readonly advice: string;

  constructor(facts: CollectFailureFacts) {
    super(`${facts.attempted}: ${facts.reason} ${facts.advice}`);
    this.code = facts.code;
    this.attempted = facts.attempted;
    this.reason = facts.reason;
    this.advice = facts.advice;
  }
}

export const cancelled = (): CollectFailure =>
  new CollectFailure({
    code: 'cancelled',
    attempted: 'ask the host',
    reason: 'It was cancelled.',
    advice: 'Start it again when you are ready.',
  });
