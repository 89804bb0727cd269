// What every way to a host has in common: ssh2, the system's OpenSSH, this machine.
import type { Writable } from 'node:stream';

/** How a command ended. `status` is undefined when a signal ended it or the connection broke. */
export interface CommandEnd {
  readonly status: number | undefined;
  /** Without the prefix SIG, e.g. `TERM`, where the other side says it. */
  readonly signal?: string;
}

/** One command that was started and may still run. */
export interface RunningCommand {
  /** The command's standard input. Whoever started the command writes to it and ends it. */
  readonly stdin: Writable;
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  /** Resolves when the command ended and rejects when the connection broke before that. */
  readonly finished: Promise<CommandEnd>;
}

/** A way to run commands on a host. */
export interface RemoteShell {
  /**
   * Starts `command`, which the login shell of the host interprets.
   * Aborting `signal` ends the command and its channel at once; both streams then end and `finished` settles.
   * Rejects when the command could not be started.
   */
  run(command: string, signal: AbortSignal): Promise<RunningCommand>;
  /** Ends the connection. Never rejects; calling it twice is allowed. */
  close(): Promise<void>;
}
