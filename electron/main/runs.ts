// A run: connect, collect, save. Its events and prompts carry its id; it ends with exactly one of saved, failed, cancelled.
import { randomUUID } from 'node:crypto';
import type { SectionProgress } from '../../shared/collect/frame-counter.ts';
import type { CollectEvent, Events, Profile, SnapshotSummary } from '../../shared/ipc/contract.ts';
import type { Collected } from '../collect/collect.ts';
import type { RemoteShell } from '../ssh/remote-shell.ts';
import type { SshQuestions } from '../ssh/target.ts';
import { toFailure } from './failures.ts';
import type { Prompts } from './prompts.ts';
import { askSecret, questionsOf } from './questions.ts';

/** What a run is made of; the real ones are in run-steps.ts. */
export interface RunSteps {
  readonly connect: (profile: Profile, how: ConnectHow) => Promise<RemoteShell>;
  readonly collect: (shell: RemoteShell, profile: Profile, how: CollectHow) => Promise<Collected>;
  readonly save: (profile: Profile, collected: Collected) => Promise<SnapshotSummary>;
}
export interface ConnectHow {
  readonly questions: SshQuestions;
  readonly signal: AbortSignal;
  readonly onAuthenticating: () => void;
}
export interface CollectHow {
  readonly signal: AbortSignal;
  readonly onStarted: () => void;
  readonly onProgress: (progress: SectionProgress) => void;
  readonly sudoPassword: (question: { readonly again: boolean }) => Promise<string | undefined>;
}

export class Runs {
  readonly #steps: RunSteps;
  readonly #prompts: Prompts;
  readonly #send: (payload: Events['collect:event']) => void;
  readonly #running = new Map<string, AbortController>();
  /** Work that is going on, or winding down after it was cancelled. */
  readonly #work = new Set<Promise<unknown>>();

  constructor(steps: RunSteps, prompts: Prompts, send: (payload: Events['collect:event']) => void) {
    this.#steps = steps;
    this.#prompts = prompts;
    this.#send = send;
  }

  /** Starts and returns its id; the first event comes after this call has been answered. */
  start(profile: Profile): string {
    const runId = randomUUID();
    const stop = new AbortController();
    this.#running.set(runId, stop);
    setTimeout(() => void this.#run(runId, profile, stop.signal), 0);
    return runId;
  }

  cancel(runId: string): void {
    this.#running.get(runId)?.abort();
  }

  /** Before the app ends: resolves when nothing is left on any host. */
  async cancelAll(): Promise<void> {
    for (const stop of this.#running.values()) stop.abort();
    await Promise.allSettled(this.#work);
  }

  async #run(runId: string, profile: Profile, signal: AbortSignal): Promise<void> {
    let over = false;
    const tell = (event: CollectEvent): void => {
      if (!over) this.#send({ runId, event });
    };
    const work = this.#collect(runId, profile, signal, tell);
    this.#work.add(work);
    void work.catch(() => undefined).then(() => this.#work.delete(work));
    let last: CollectEvent;
    try {
      last = await cancellable(work, signal);
    } catch (error) {
      const failure = toFailure(error, `collect from ${profile.name}`);
      last = signal.aborted || failure.code === 'cancelled' ? { step: 'cancelled' } : { step: 'failed', failure };
    }
    this.#running.delete(runId);
    tell(last);
    over = true;
  }

  async #collect(
    runId: string,
    profile: Profile,
    signal: AbortSignal,
    tell: (event: CollectEvent) => void,
  ): Promise<CollectEvent> {
    tell({ step: 'connecting', host: profile.host });
    const shell = await this.#steps.connect(profile, {
      signal,
      questions: questionsOf(this.#prompts, runId, signal),
      onAuthenticating: () => tell({ step: 'authenticating', user: profile.user }),
    });
    try {
      const { user, host } = profile;
      const collected = await this.#steps.collect(shell, profile, {
        signal,
        onStarted: () => tell({ step: 'started' }),
        onProgress: (progress) => tell({ step: 'section', ...progress }),
        sudoPassword: ({ again }) =>
          askSecret(this.#prompts, runId, { kind: 'sudo-password', user, host, again }, signal),
      });
      signal.throwIfAborted();
      return saved(profile, collected, await this.#steps.save(profile, collected));
    } finally {
      await shell.close();
    }
  }
}

function saved(profile: Profile, { complete, reason }: Collected, snapshot: SnapshotSummary): CollectEvent {
  if (complete) return { step: 'saved', snapshot };
  const failure = {
    code: 'not-whole',
    attempted: `collect from ${profile.name}`,
    reason: reason ?? 'The host stopped answering.',
    advice: 'What had arrived is in the snapshot. Collect again for the rest.',
  };
  return { step: 'saved', snapshot, failure };
}

/** Cancel is answered at once; what still winds down does so behind it. */
async function cancellable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error('cancelled'));
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}
