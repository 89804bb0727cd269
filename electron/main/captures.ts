// Captures that run: connect, tcpdump, a file that grows. Their events carry their id; each ends with exactly one of
// saved, failed, cancelled. Where their files are stays here.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { CaptureCount, CaptureEvent, CaptureWish, Events, Profile } from '../../shared/ipc/contract.ts';
import { capture } from '../capture/capture.ts';
import type { Captured } from '../capture/capture.ts';
import type { RemoteShell } from '../ssh/remote-shell.ts';
import { GrowingFile } from '../store/growing-file.ts';
import { toFailure } from './failures.ts';
import type { Prompts } from './prompts.ts';
import { askSecret, questionsOf } from './questions.ts';
import type { ConnectHow } from './runs.ts';

export interface CapturesParts {
  readonly connect: (profile: Profile, how: ConnectHow) => Promise<RemoteShell>;
  readonly prompts: Prompts;
  readonly send: (payload: Events['capture:event']) => void;
}

/** What people say to each other is in it: for its owner alone. */
const secret = 0o600;
/** Milliseconds between two counts that are told. */
const pause = 100;

export class Captures {
  readonly #parts: CapturesParts;
  readonly #running = new Map<string, AbortController>();
  readonly #work = new Set<Promise<unknown>>();
  /** Of all that were started, by id. */
  readonly #files = new Map<string, string>();

  constructor(parts: CapturesParts) {
    this.#parts = parts;
  }

  /** Starts and returns its id; the first event comes after this call has been answered. */
  start(profile: Profile, wish: CaptureWish, file: string): string {
    const captureId = randomUUID();
    const stop = new AbortController();
    this.#running.set(captureId, stop);
    this.#files.set(captureId, file);
    const work = new Promise((resolve) => setTimeout(resolve, 0)).then(() =>
      this.#run(captureId, profile, wish, file, stop.signal),
    );
    this.#work.add(work);
    void work.finally(() => {
      this.#work.delete(work);
      this.#running.delete(captureId);
    });
    return captureId;
  }

  /** What was captured stays. */
  stop(captureId: string): void {
    this.#running.get(captureId)?.abort();
  }

  /** Before the app ends: resolves when nothing is left on any host. */
  async stopAll(): Promise<void> {
    for (const stop of this.#running.values()) stop.abort();
    await Promise.allSettled(this.#work);
  }

  /** Path of its file. */
  fileOf(captureId: string): string | undefined {
    return this.#files.get(captureId);
  }

  /** Never rejects. */
  async #run(captureId: string, profile: Profile, wish: CaptureWish, file: string, signal: AbortSignal): Promise<void> {
    const counts = new Counts((count) => tell({ step: 'counted', ...count }));
    const tell = (event: CaptureEvent): void => this.#parts.send({ captureId, event });
    const output = new GrowingFile(file, secret);
    let last: CaptureEvent;
    try {
      const captured = await this.#capture(captureId, profile, wish, signal, { tell, counts, output });
      last = saved(path.basename(file), captured);
    } catch (error) {
      const failure = toFailure(error, `capture on ${profile.name}`);
      last = signal.aborted || failure.code === 'cancelled' ? { step: 'cancelled' } : { step: 'failed', failure };
    }
    counts.end();
    await output.close().catch(() => undefined);
    tell(last);
  }

  async #capture(
    captureId: string,
    profile: Profile,
    { target, filter, packets, seconds, bytes, snaplen, includeOwn, sudo }: CaptureWish,
    signal: AbortSignal,
    to: { readonly tell: (event: CaptureEvent) => void; readonly counts: Counts; readonly output: GrowingFile },
  ): Promise<Captured> {
    const { connect, prompts } = this.#parts;
    to.tell({ step: 'connecting' });
    const questions = questionsOf(prompts, captureId, signal);
    const shell = await connect(profile, { signal, questions, onAuthenticating: () => undefined });
    try {
      to.tell({ step: 'starting' });
      const limits = {
        ...(packets !== undefined && { packets }),
        ...(seconds !== undefined && { seconds }),
        ...(bytes !== undefined && { bytes }),
      };
      const request = { target, filter, limits, includeOwn, ...(snaplen !== undefined && { snaplen }) };
      const { user, host } = profile;
      return await capture(shell, request, {
        sudo,
        sudoPassword: ({ again }) =>
          askSecret(prompts, captureId, { kind: 'sudo-password', user, host, again }, signal),
        signal,
        write: (piece) => to.output.write(piece),
        onStarted: () => to.tell({ step: 'listening' }),
        onProgress: (count) => to.counts.count(count),
      });
    } finally {
      await shell.close();
    }
  }
}

function saved(file: string, { packets, bytes, ended, droppedByKernel, failure }: Captured): CaptureEvent {
  return {
    step: 'saved',
    file,
    packets,
    bytes,
    ended,
    ...(droppedByKernel !== undefined && { droppedByKernel }),
    ...(failure !== undefined && { failure: toFailure(failure, `capture into ${file}`) }),
  };
}

/** Some are left out; the last one before a pause is told. */
class Counts {
  readonly #tell: (count: CaptureCount) => void;
  #last = -Infinity;
  #later: NodeJS.Timeout | undefined;

  constructor(tell: (count: CaptureCount) => void) {
    this.#tell = tell;
  }

  count(count: CaptureCount): void {
    clearTimeout(this.#later);
    const wait = this.#last + pause - performance.now();
    if (wait <= 0) this.#now(count);
    else this.#later = setTimeout(() => this.#now(count), wait);
  }

  end(): void {
    clearTimeout(this.#later);
  }

  #now(count: CaptureCount): void {
    this.#last = performance.now();
    this.#tell(count);
  }
}
