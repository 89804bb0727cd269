// Why nothing was captured, or no more.

export type CaptureFailureCode =
  /** A person stopped it before it began. */
  | 'cancelled'
  | 'no-tcpdump'
  | 'filter-refused'
  | 'not-permitted'
  /** Nothing leads to the network namespace any more, or it is another one by now. */
  | 'namespace-gone'
  /** Nothing tells whether it is still the one. */
  | 'no-ip'
  | 'interface-gone'
  | 'interface-changed'
  /** The host's shell did not run the script. */
  | 'capture-not-started'
  /** tcpdump ended with other words. */
  | 'tcpdump-failed'
  /** What came is no capture. */
  | 'capture-malformed';

export interface CaptureFailureFacts {
  readonly code: CaptureFailureCode;
  /** What was tried, as a phrase. */
  readonly attempted: string;
  /** What came back, as a sentence. */
  readonly reason: string;
  /** What a person can do, as a sentence. */
  readonly advice: string;
}

export class CaptureFailure extends Error implements CaptureFailureFacts {
  override readonly name = 'CaptureFailure';
  readonly code: CaptureFailureCode;
  readonly attempted: string;
  readonly reason: string;
  readonly advice: string;

  constructor(facts: CaptureFailureFacts) {
    super(`${facts.attempted}: ${facts.reason} ${facts.advice}`);
    this.code = facts.code;
    this.attempted = facts.attempted;
    this.reason = facts.reason;
    this.advice = facts.advice;
  }
}
