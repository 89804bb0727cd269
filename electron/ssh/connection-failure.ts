// What ssh2 and the server say when a connection cannot be made, in words a person can act on.
import { authenticationAdvice } from './authenticate.ts';
import { SshFailure } from './failure.ts';
import { nameOf } from './target.ts';
import type { SshTarget } from './target.ts';

export type Stage = 'connecting' | 'authenticating';

export function explainConnection(target: SshTarget, stage: Stage, error: unknown): SshFailure {
  const said = error instanceof Error ? error.message : String(error);
  const attempted = stage === 'connecting' ? `connect to ${nameOf(target)}` : `log in as ${nameOf(target)}`;
  if (said === 'silence')
    return new SshFailure({
      code: 'timed-out',
      attempted,
      reason: 'The host accepted the connection and then said nothing.',
      advice: `Check that an SSH server, not something else, listens on port ${target.port}.`,
    });
  if (/no matching/i.test(said))
    return new SshFailure(
      {
        code: 'no-common-algorithm',
        attempted,
        reason: `The host and nsatlas have no algorithm in common (${said}).`,
        advice:
          'nsatlas offers curve25519, ECDH and Diffie-Hellman key exchange, AES-GCM and AES-CTR, and Ed25519, ECDSA and ' +
          "RSA (SHA-2) host keys: allow one of each in the host's sshd_config.",
      },
      error,
    );
  if (stage === 'connecting')
    return new SshFailure(
      {
        code: 'handshake-failed',
        attempted,
        reason:
          said === 'closed' || /Connection lost before handshake|ECONNRESET/.test(said)
            ? 'The host hung up before it said who it is.'
            : `The host did not answer as an SSH server does (${said}).`,
        advice:
          `Check that an SSH server listens on port ${target.port}, and that it does not ban your address ` +
          '(fail2ban, MaxStartups, PerSourcePenalties).',
      },
      error,
    );
  const tooMany = /Too many authentication failures/i.test(said);
  return new SshFailure(
    {
      code: 'authentication-failed',
      attempted,
      reason: said === 'closed' ? 'The host hung up while we logged in.' : `The host ended it: ${said}.`,
      advice: tooMany
        ? "An agent with many keys uses up the host's patience: choose the one key file instead."
        : `It may wait for at most its LoginGraceTime. ${authenticationAdvice}`,
    },
    error,
  );
}
