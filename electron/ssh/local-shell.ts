// RemoteShell for this machine: the same commands, without a connection.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { SshFailure, cancelled } from './failure.ts';
import type { CommandEnd, RemoteShell, RunningCommand } from './remote-shell.ts';

const attempted = 'run a command on this machine';

export class LocalShell implements RemoteShell {
  readonly #shell: string;
  readonly #running = new Set<() => void>();

  /** `shell`: what interprets the commands, called as `shell -c COMMAND`. */
  constructor(shell = 'sh') {
    this.#shell = shell;
  }

  async run(command: string, signal: AbortSignal): Promise<RunningCommand> {
    if (signal.aborted) throw cancelled(attempted);
    // Leader of a process group of its own, so that all it started can be ended with it.
    const child = spawn(this.#shell, ['-c', command], { detached: true, stdio: 'pipe' });
    // Commands that end before they have read everything are nothing special.
    child.stdin.on('error', () => undefined);
    const endGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      } catch {
        // has ended by itself
      }
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const finished = new Promise<CommandEnd>((resolve) => {
      child.once('close', (status: number | null, name: NodeJS.Signals | null) => {
        signal.removeEventListener('abort', endGroup);
        this.#running.delete(endGroup);
        resolve(
          name === null ? { status: status ?? undefined } : { status: undefined, signal: name.replace(/^SIG/, '') },
        );
      });
    });
    await once(child, 'spawn').catch((error: unknown) => {
      throw new SshFailure(
        {
          code: 'shell-failed',
          attempted,
          reason: `There is no ${this.#shell} here (${error instanceof Error ? error.message : String(error)}).`,
          advice: 'Only Linux machines have what nsatlas asks for.',
        },
        error,
      );
    });
    this.#running.add(endGroup);
    signal.addEventListener('abort', endGroup, { once: true });
    if (signal.aborted) endGroup();
    return { stdin: child.stdin, stdout: quiet(child.stdout), stderr: quiet(child.stderr), finished };
  }

  async close(): Promise<void> {
    for (const end of this.#running) end();
  }
}

/** A stream that was given up just ends. */
async function* quiet(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch {
    // destroyed by us
  }
}
