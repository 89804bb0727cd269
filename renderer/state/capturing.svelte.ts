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

export type CaptureStep =
  'choosing' | 'connecting' | 'starting' | 'listening' | 'stopping' | 'saved' | 'failed' | 'cancelled';

export class Capturing {
  readonly profile: Profile;
  readonly wish: CaptureWish;
  readonly #bridge: Bridge;
  #captureId: string | undefined;
  #early: { readonly captureId: string; readonly apply: () => void }[] = [];
  #stopListening: (() => void)[] = [];

  #step = $state<CaptureStep>('choosing');
  #count = $state.raw<CaptureCount>({ packets: 0, bytes: 0 });
  #saved = $state.raw<Extract<CaptureEvent, { step: 'saved' }> | undefined>(undefined);
  #failure = $state.raw<Failure | undefined>(undefined);
  #prompt = $state.raw<{ readonly id: string; readonly prompt: Prompt } | undefined>(undefined);

  constructor(bridge: Bridge, profile: Profile, wish: CaptureWish) {
    this.#bridge = bridge;
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
    return this.#prompt;
  }

  /** Resolves once it has begun, or will not: false when the save dialog was dismissed. */
  async start(): Promise<boolean> {
    this.#stopListening = [
      this.#bridge.on('capture:event', ({ captureId, event }) => this.#receive(captureId, () => this.#apply(event))),
      this.#bridge.on('collect:prompt', ({ runId, promptId, prompt }) =>
        this.#receive(runId, () => (this.#prompt = { id: promptId, prompt })),
      ),
    ];
    const outcome = await this.#bridge.call('capture:start', this.profile.id, this.wish);
    if (outcome === null) {
      this.#finish('cancelled');
      return false;
    }
    if (!outcome.ok) {
      this.#apply({ step: 'failed', failure: outcome.failure });
      return true;
    }
    this.#captureId = outcome.value.captureId;
    this.#step = 'connecting';
    // Events may overtake the answer that names the capture.
    for (const { captureId, apply } of this.#early) if (captureId === this.#captureId) apply();
    this.#early = [];
    return true;
  }

  /** What was captured stays. */
  async stop(): Promise<void> {
    if (!this.busy || this.#captureId === undefined) return;
    this.#step = 'stopping';
    this.#prompt = undefined;
    await this.#bridge.call('capture:stop', this.#captureId);
  }

  async showFile(): Promise<void> {
    if (this.#captureId !== undefined) await this.#bridge.call('capture:show-file', this.#captureId);
  }

  async answer(answer: PromptAnswer): Promise<void> {
    const asked = this.#prompt;
    this.#prompt = undefined;
    if (asked) await this.#bridge.call('collect:answer', asked.id, answer);
  }

  #receive(captureId: string, apply: () => void): void {
    if (this.#captureId === undefined) this.#early.push({ captureId, apply });
    else if (captureId === this.#captureId) apply();
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
    this.#prompt = undefined;
    for (const stop of this.#stopListening) stop();
    this.#stopListening = [];
  }
}
