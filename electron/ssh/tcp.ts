// The TCP connection under SSH, made here so that each way it can fail has its own name.
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { SshFailure, cancelled } from './failure.ts';
import type { SshFailureCode } from './failure.ts';
import { nameOf } from './target.ts';
import type { SshTarget } from './target.ts';

/** Long enough for a sleepy VPN, short enough that a person still waits. */
const connectTimeout = 20_000;

/** Resolves with a connected socket. Rejects with SshFailure: unreachable, refused, timed-out, … */
export async function openTcp(target: SshTarget, signal: AbortSignal): Promise<Socket> {
  const attempted = `connect to ${nameOf(target)}`;
  if (signal.aborted) throw cancelled(attempted);
  return new Promise((resolve, reject) => {
    // All addresses of the name are tried, IPv6 and IPv4 (the default from Node 20 on).
    const socket = connect({ host: target.host, port: target.port, autoSelectFamily: true, noDelay: true });
    const timer = setTimeout(() => fail(timedOut(attempted)), connectTimeout);
    const abort = (): void => fail(cancelled(attempted));
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners();
    };
    const fail = (failure: SshFailure): void => {
      settle();
      // What a socket still has to say after it was given up is of no use to anybody, but must not be unheard.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(failure);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', (error: NodeJS.ErrnoException) => fail(explain(attempted, target, error)));
    socket.once('connect', () => {
      settle();
      resolve(socket);
    });
  });
}

function explain(attempted: string, target: SshTarget, error: NodeJS.ErrnoException): SshFailure {
  const code = error.code ?? '';
  const because = (name: SshFailureCode, reason: string, advice: string): SshFailure =>
    new SshFailure({ code: name, attempted, reason, advice }, error);
  if (error.syscall === 'getaddrinfo') return nameUnknown(attempted, target, error);
  switch (code) {
    case 'ECONNREFUSED':
      return because(
        'refused',
        `The host answers, but nothing listens on port ${target.port}.`,
        'Check the port, and that sshd runs there.',
      );
    case 'ETIMEDOUT':
      return timedOut(attempted);
    default:
      return because(
        'unreachable',
        `No way to the host (${code || error.message}).`,
        'Check the address, the network, and a VPN if the host needs one.',
      );
  }
}

/** Rejects with SshFailure host-unknown-name where the host's name has no address; any other failure is another's to find. */
export async function checkName(target: Pick<SshTarget, 'host' | 'port' | 'user'>): Promise<void> {
  try {
    await lookup(target.host);
  } catch (error) {
    throw nameUnknown(`connect to ${nameOf(target)}`, target, error as NodeJS.ErrnoException);
  }
}

function nameUnknown(attempted: string, { host }: Pick<SshTarget, 'host'>, error: NodeJS.ErrnoException): SshFailure {
  const { code = error.message } = error;
  const unanswered = code === 'EAI_AGAIN';
  return new SshFailure(
    {
      code: 'host-unknown-name',
      attempted,
      reason: unanswered
        ? `The name ${host} has no address: no name server answered (${code}).`
        : `The name ${host} has no address (${code}).`,
      advice:
        "Check the spelling and this machine's network. An alias of your ssh config is not read here: use its HostName.",
    },
    error,
  );
}

function timedOut(attempted: string): SshFailure {
  return new SshFailure({
    code: 'timed-out',
    attempted,
    reason: `No answer within ${connectTimeout / 1000} seconds.`,
    advice:
      'Check that the host is up and that its firewall lets you in (on EC2: the security group has to allow this port ' +
      'from your address).',
  });
}
