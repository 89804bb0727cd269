// RemoteShell over one ssh2 connection: one exec channel for each command.
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { signalCommand } from './channel-signal.ts';
import { SshFailure, cancelled } from './failure.ts';
import { LoginRefusal } from './login-refusal.ts';
import type { CommandEnd, RemoteShell, RunningCommand } from './remote-shell.ts';
import { nameOf } from './target.ts';
import type { SshTarget } from './target.ts';

export class Ssh2Shell implements RemoteShell {
  readonly #client: Client;
  readonly #target: SshTarget;
  /** Why the connection ended; commands that still run fail with it. */
  #lost: Error | undefined;
  #closed = false;

  constructor(client: Client, target: SshTarget) {
    this.#client = client;
    this.#target = target;
    client.on('error', (error) => (this.#lost ??= error));
    client.on('close', () => {
      this.#closed = true;
      this.#lost ??= new Error('the host closed the connection');
    });
  }

  async run(command: string, signal: AbortSignal): Promise<RunningCommand> {
    if (signal.aborted) throw cancelled(this.#attempted);
    return this.#exec(command, signal);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      const impatient = setTimeout(() => this.#client.destroy(), 1000);
      this.#client.once('close', () => {
        clearTimeout(impatient);
        resolve();
      });
      this.#client.end();
    });
  }

  get #attempted(): string {
    return `run a command as ${nameOf(this.#target)}`;
  }

  #exec(command: string, signal: AbortSignal): Promise<RunningCommand> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void =>
        reject(
          new SshFailure(
            {
              code: this.#lost === undefined ? 'shell-failed' : 'channel-lost',
              attempted: this.#attempted,
              reason: `The host did not start it (${error instanceof Error ? error.message : String(error)}).`,
              advice: 'Check that this user may run commands there: ssh USER@HOST true',
            },
            error,
          ),
        );
      try {
        // Followed from within the callback: a short command's exit may be told in the same packet as its start.
        this.#client.exec(command, (error, channel) =>
          error === undefined ? resolve(this.#follow(channel, signal)) : fail(error),
        );
      } catch (error) {
        fail(error);
      }
    });
  }

  #follow(channel: ClientChannel, signal: AbortSignal): RunningCommand {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const finished = this.#finish(channel, stdout, stderr, signal);
    // Whoever started the command looks at `finished` when the streams have ended; until then it is nobody's.
    finished.catch(() => undefined);
    return { stdin: channel, stdout: quiet(stdout), stderr: quiet(stderr), finished };
  }

  #finish(channel: ClientChannel, stdout: PassThrough, stderr: PassThrough, signal: AbortSignal): Promise<CommandEnd> {
    return new Promise((resolve, reject) => {
      let end: CommandEnd | undefined;
      const settle = (how: () => void): void => {
        signal.removeEventListener('abort', abort);
        this.#client.removeListener('close', lost);
        how();
      };
      const lost = (): void => {
        stdout.end();
        stderr.end();
        settle(() => reject(this.#connectionLost()));
      };
      const giveUp = (how: () => void): void => {
        // TERM first, for what does not notice that its streams are gone (sshd passes it on since OpenSSH 7.9).
        signalCommand(channel, 'TERM');
        channel.unpipe(stdout).resume();
        channel.stderr.unpipe(stderr).resume();
        channel.destroy();
        stdout.end();
        stderr.end();
        settle(how);
      };
      const abort = (): void => giveUp(() => resolve({ status: undefined }));
      const refusal = new LoginRefusal(this.#target, (failure) => giveUp(() => reject(failure)));

      signal.addEventListener('abort', abort, { once: true });
      this.#client.once('close', lost);
      channel.on('error', () => undefined);
      channel.stderr.on('error', () => undefined);
      channel.pipe(stdout);
      channel.stderr.pipe(stderr);
      // Behind the pipe, which would else write what was heard into a stream that was given up because of it.
      channel.on('data', (chunk: Buffer) => refusal.hear(chunk));
      channel.on('exit', (status: number | null, name?: string) => {
        end = status === null ? { status: undefined, signal: (name ?? '').replace(/^SIG/, '') } : { status };
      });
      channel.on('close', () => {
        // Without an exit status and on a broken connection, `lost` knows better.
        if (end === undefined && (this.#lost !== undefined || this.#closed)) return lost();
        setImmediate(() => {
          if (end === undefined && this.#closed) return lost();
          settle(() => resolve(end ?? { status: undefined }));
        });
      });
      if (signal.aborted) abort();
      else if (this.#closed) lost();
    });
  }

  #connectionLost(): SshFailure {
    return new SshFailure(
      {
        code: 'channel-lost',
        attempted: this.#attempted,
        reason: `The connection broke (${this.#lost?.message ?? 'no reason given'}).`,
        advice: 'What had arrived is kept. Check the network and try again.',
      },
      this.#lost,
    );
  }
}

/** A stream that was given up just ends: why is said by `finished`. */
async function* quiet(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch {
    // destroyed by us
  }
}
