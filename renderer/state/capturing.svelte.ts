// One capture, from the save dialog to a file or a failure, as the window sees it.
import type {
  Bridge,
  CaptureCount,
  CaptureEvent,
  CaptureWish,
  Failure,
  Profile,
  Prompt,
  PromptAnswer,
} from '../../shared/ipc/contract.ts';
import { RunHearing } from './run-hearing.svelte.ts';

export type CaptureStep =
  'choosing' | 'connecting' | 'starting' | 'listening' | 'stopping' | 'saved' | 'failed' | 'cancelled';

export class Capturing {
  readonly profile: Profile;
  readonly wish: CaptureWish;
  readonly #bridge: Bridge;
  readonly #hearing: RunHearing;

  #step = $state<CaptureStep>('choosing');
  #count = $state.raw<CaptureCount>({ packets: 0, bytes: 0 });
  #saved = $state.raw<Extract<CaptureEvent, { step: 'saved' }> | undefined>(undefined);
  #failure = $state.raw<Failure | undefined>(undefined);

  constructor(bridge: Bridge, profile: Profile, wish: CaptureWish) {
    this.#bridge = bridge;
    this.#hearing = new RunHearing(bridge);
    this.profile = profile;
    this.wish = wish;
  }

  get step(): CaptureStep {
    return this.#step;
  }
  get busy(): boolean {
    return !['saved', 'failed', 'cancelled'].includes(this.#step);
  }
  get count(): CaptureCount {
    return this.#count;
  }
  /** Once it has ended with a file. */
  get saved(): Extract<CaptureEvent, { step: 'saved' }> | undefined {
    return this.#saved;
  }
  /** Why there is no file, or why it broke off. */
  get failure(): Failure | undefined {
    return this.#failure;
  }
  get prompt(): { readonly id: string; readonly prompt: Prompt } | undefined {
    return this.#hearing.prompt;
  }

  /** Resolves once it has begun, or will not: false when the save dialog was dismissed. */
  async start(): Promise<boolean> {
    this.#hearing.begin((receive) =>
      this.#bridge.on('capture:event', ({ captureId, event }) => receive(captureId, () => this.#apply(event))),
    );
    const outcome = await this.#bridge.call('capture:start', this.profile.id, this.wish);
    if (outcome === null) {
      this.#finish('cancelled');
      return false;
    }
    if (!outcome.ok) {
      this.#apply({ step: 'failed', failure: outcome.failure });
      return true;
    }
    this.#step = 'connecting';
    this.#hearing.isCalled(outcome.value.captureId);
    return true;
  }

  /** What was captured stays. */
  async stop(): Promise<void> {
    const { runId } = this.#hearing;
    if (!this.busy || runId === undefined) return;
    this.#step = 'stopping';
    this.#hearing.forgetPrompt();
    await this.#bridge.call('capture:stop', runId);
  }

  async showFile(): Promise<void> {
    const { runId } = this.#hearing;
    if (runId !== undefined) await this.#bridge.call('capture:show-file', runId);
  }

  answer(answer: PromptAnswer): Promise<void> {
    return this.#hearing.answer(answer);
  }

  #apply(event: CaptureEvent): void {
    switch (event.step) {
      case 'connecting':
      case 'starting':
      case 'listening':
        // Who stops it hears no more of how it begins.
        if (this.#step !== 'stopping') this.#step = event.step;
        return;
      case 'counted':
        this.#count = { packets: event.packets, bytes: event.bytes };
        return;
      case 'saved':
        this.#saved = event;
        this.#count = { packets: event.packets, bytes: event.bytes };
        this.#failure = event.failure;
        this.#finish('saved');
        return;
      case 'failed':
        this.#failure = event.failure;
        this.#finish('failed');
        return;
      case 'cancelled':
        this.#finish('cancelled');
    }
  }

  #finish(step: CaptureStep): void {
    this.#step = step;
    this.#hearing.end();
  }
}
