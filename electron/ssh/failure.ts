// Why a host was not reached: a value that remembers what was tried, what came back and what to do about it.

export type SshFailureCode =
  /** A person said no, or stopped the run. */
  | 'cancelled'
  | 'host-unknown-name'
  | 'unreachable'
  | 'refused'
  | 'timed-out'
  /** No SSH server there, or one that hung up before any key was exchanged. */
  | 'handshake-failed'
  | 'no-common-algorithm'
  | 'host-key-rejected'
  | 'host-key-changed'
  | 'host-key-revoked'
  | 'known-hosts-unreadable'
  | 'key-unreadable'
  | 'key-format'
  | 'passphrase-wrong'
  | 'agent-unavailable'
  | 'agent-empty'
  | 'authentication-failed'
  /** The account says that another user should log in. */
  | 'wrong-user'
  /** The connection broke while it was in use. */
  | 'channel-lost'
  /** Logged in, but no command could be started. */
  | 'shell-failed';

export interface SshFailureFacts {
  readonly code: SshFailureCode;
  /** What was tried, as a phrase: `connect to ec2-user@192.0.2.1 port 22`. */
  readonly attempted: string;
  /** What came back, as a sentence. */
  readonly reason: string;
  /** What a person can do, as a sentence or several. */
  readonly advice: string;
}

export class SshFailure extends Error implements SshFailureFacts {
  override readonly name = 'SshFailure';
  readonly code: SshFailureCode;
  readonly attempted: string;
  readonly reason: string;
  readonly advice: string;

  constructor(facts: SshFailureFacts, cause?: unknown) {
    super(`${facts.attempted}: ${facts.reason} ${facts.advice}`, cause === undefined ? undefined : { cause });
    this.code = facts.code;
    this.attempted = facts.attempted;
    this.reason = facts.reason;
    this.advice = facts.advice;
  }
}

export function cancelled(attempted: string): SshFailure {
  return new SshFailure({
    code: 'cancelled',
    attempted,
    reason: 'It was cancelled.',
    advice: 'Start it again when you are ready.',
  });
}
