// The built-in way to a host: ssh2, so no program is needed and every system has it.
import ssh2 from 'ssh2';
import type { NextAuthHandler } from 'ssh2';
import { authenticate, prepareWays } from './authenticate.ts';
import type { PreparedWay } from './authenticate.ts';
import { compressions, keepCompressorsOpen } from './compression.ts';
import { explainConnection } from './connection-failure.ts';
import type { Stage } from './connection-failure.ts';
import { SshFailure, cancelled } from './failure.ts';
import { checkHostKey } from './host-key-check.ts';
import { hostKeyAlgorithms, hostKeyType } from './host-key.ts';
import { knownKeyTypes } from './known-hosts.ts';
import { readKnownHosts, rememberHostKey } from './known-hosts-files.ts';
import { Patience } from './patience.ts';
import type { RemoteShell } from './remote-shell.ts';
import { Ssh2Shell } from './ssh2-shell.ts';
import { nameOf } from './target.ts';
import type { KnownHostsFiles, SshQuestions, SshTarget } from './target.ts';
import { openTcp } from './tcp.ts';

export interface ConnectOptions {
  readonly questions: SshQuestions;
  readonly knownHosts: KnownHostsFiles;
  /** Ends connecting at once; questions that are open are forgotten. */
  readonly signal: AbortSignal;
  /** The host's key is accepted and it is about to be told who we are. */
  readonly onAuthenticating?: () => void;
}

/** Milliseconds the host may stay silent before it has let us in. */
const silence = 30_000;

/** Resolves with a way to run commands. Rejects with SshFailure and nothing else. */
export async function connect(target: SshTarget, options: ConnectOptions): Promise<RemoteShell> {
  try {
    const ways = await prepareWays(target.authentication);
    return await handshake(target, ways, options);
  } catch (error) {
    if (error instanceof SshFailure) throw error;
    throw explainConnection(target, 'connecting', error);
  }
}

async function handshake(
  target: SshTarget,
  ways: readonly PreparedWay[],
  { questions, knownHosts, signal, onAuthenticating }: ConnectOptions,
): Promise<RemoteShell> {
  const entries = await readKnownHosts(knownHosts);
  const socket = await openTcp(target, signal);
  const client = new ssh2.Client();
  let stage: Stage = 'connecting';
  let accepted: Buffer | undefined;
  let remember = false;

  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      patience.stop();
      signal.removeEventListener('abort', abort);
      // ssh2 says more than one thing when it falls; the first one was the reason.
      client.removeAllListeners().on('error', () => undefined);
      socket.destroy();
      reject(error instanceof SshFailure ? error : explainConnection(target, stage, error));
    };
    const abort = (): void => fail(cancelled(`connect to ${nameOf(target)}`));
    const patience = new Patience(silence, () => fail(new Error('silence')));
    const patient: SshQuestions = {
      unknownHostKey: (question) => patience.during(questions.unknownHostKey(question)),
      passphrase: (question) => patience.during(questions.passphrase(question)),
      password: (question) => patience.during(questions.password(question)),
    };
    const steps = authenticate(target, ways, patient);

    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) return abort();
    socket.on('data', () => patience.renew());
    client.on('error', fail);
    client.on('close', () => fail(new Error('closed')));
    client.once('handshake', () => {
      stage = 'authenticating';
      onAuthenticating?.();
      // Only now is it proven that the host has the key it showed.
      const file = knownHosts.append;
      if (remember && accepted !== undefined && file !== undefined)
        rememberHostKey(file, target.host, target.port, hostKeyType(accepted), accepted).catch(fail);
    });
    client.once('ready', () => {
      patience.stop();
      signal.removeEventListener('abort', abort);
      client.removeListener('error', fail).removeAllListeners('close');
      keepCompressorsOpen(client);
      client.on('handshake', () => keepCompressorsOpen(client));
      resolve(new Ssh2Shell(client, target));
    });
    client.connect({
      sock: socket,
      username: target.user,
      readyTimeout: 0,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 4,
      algorithms: {
        serverHostKey: hostKeyAlgorithms(knownKeyTypes(entries, target.host, target.port)),
        compress: [...compressions],
      },
      hostVerifier: (key: Buffer, verify: (valid: boolean) => void): void => {
        // Asked again whenever the keys are exchanged anew; it must stay the same host.
        if (accepted !== undefined) return verify(accepted.equals(key));
        checkHostKey(target, entries, key, patient).then((result) => {
          accepted = Buffer.from(key);
          remember = result.remember;
          verify(true);
        }, fail);
      },
      authHandler: (methods, partial, next: NextAuthHandler) => {
        steps.next({ canContinue: methods ?? [], partial: partial ?? false }).then(({ value }) => {
          if (value !== undefined) next(value);
        }, fail);
      },
    });
  });
}
