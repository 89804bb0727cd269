// One run against a host, from "connect" to a snapshot or a failure, as the window sees it.
import type {
  Bridge,
  CollectEvent,
  Failure,
  Profile,
  Prompt,
  PromptAnswer,
  SnapshotSummary,
} from '../../shared/ipc/contract.ts';

export interface SectionProgress {
  readonly section: string;
  readonly frames: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

export type Step = 'ready' | 'connecting' | 'authenticating' | 'running' | 'saved' | 'failed' | 'cancelled';

export class Collecting {
  readonly profile: Profile;
  readonly #bridge: Bridge;
  readonly #onSaved: (snapshot: SnapshotSummary, failure: Failure | undefined) => void;
  #runId: string | undefined;
  #early: { readonly runId: string; readonly apply: () => void }[] = [];
  #stop: (() => void)[] = [];

  #step = $state<Step>('ready');
  #sections = $state.raw<readonly SectionProgress[]>([]);
  #failure = $state.raw<Failure | undefined>(undefined);
  #prompt = $state.raw<{ readonly id: string; readonly prompt: Prompt } | undefined>(undefined);
  #startedAt = $state(0);

  constructor(
    bridge: Bridge,
    profile: Profile,
    onSaved: (snapshot: SnapshotSummary, failure: Failure | undefined) => void,
  ) {
    this.#bridge = bridge;
    this.profile = profile;
    this.#onSaved = onSaved;
  }

  get step(): Step {
    return this.#step;
  }
  get busy(): boolean {
    return this.#step === 'connecting' || this.#step === 'authenticating' || this.#step === 'running';
  }
  /** In the order in which they began. */
  get sections(): readonly SectionProgress[] {
    return this.#sections;
  }
  get failure(): Failure | undefined {
    return this.#failure;
  }
  get prompt(): { readonly id: string; readonly prompt: Prompt } | undefined {
    return this.#prompt;
  }
  /** This machine's clock in milliseconds. */
  get startedAt(): number {
    return this.#startedAt;
  }

  async start(): Promise<void> {
    if (this.busy) return;
    this.#reset('connecting');
    this.#stop = [
      this.#bridge.on('collect:event', ({ runId, event }) => this.#receive(runId, () => this.#apply(event))),
      this.#bridge.on('collect:prompt', ({ runId, promptId, prompt }) =>
        this.#receive(runId, () => (this.#prompt = { id: promptId, prompt })),
      ),
    ];
    const outcome = await this.#bridge.call('collect:start', this.profile.id);
    if (!outcome.ok) {
      this.#apply({ step: 'failed', failure: outcome.failure });
      return;
    }
    this.#runId = outcome.value.runId;
    if (!this.busy) {
      // Cancelled before the run had a name.
      void this.#bridge.call('collect:cancel', this.#runId);
      return;
    }
    // Events may overtake the answer that names the run.
    for (const { runId, apply } of this.#early) if (runId === this.#runId) apply();
    this.#early = [];
  }

  async cancel(): Promise<void> {
    if (!this.busy) return;
    const runId = this.#runId;
    this.#apply({ step: 'cancelled' });
    if (runId !== undefined) await this.#bridge.call('collect:cancel', runId);
  }

  async answer(answer: PromptAnswer): Promise<void> {
    const asked = this.#prompt;
    this.#prompt = undefined;
    if (asked) await this.#bridge.call('collect:answer', asked.id, answer);
  }

  /** Ends listening; a run that is still going is cancelled. */
  dispose(): void {
    if (this.busy) void this.cancel();
    this.#end();
  }

  #reset(step: Step): void {
    this.#end();
    this.#runId = undefined;
    this.#early = [];
    this.#step = step;
    this.#sections = [];
    this.#failure = undefined;
    this.#prompt = undefined;
    this.#startedAt = Date.now();
  }

  #receive(runId: string, apply: () => void): void {
    if (this.#runId === undefined) this.#early.push({ runId, apply });
    else if (runId === this.#runId) apply();
  }

  #apply(event: CollectEvent): void {
    switch (event.step) {
      case 'connecting':
      case 'authenticating':
        this.#step = event.step;
        return;
      case 'started':
        this.#step = 'running';
        return;
      case 'section':
        this.#step = 'running';
        this.#sections = withSection(this.#sections, event);
        return;
      case 'saved':
        this.#finish('saved');
        this.#onSaved(event.snapshot, event.failure);
        return;
      case 'failed':
        this.#failure = event.failure;
        this.#finish('failed');
        return;
      case 'cancelled':
        this.#finish('cancelled');
    }
  }

  #finish(step: Step): void {
    this.#step = step;
    this.#prompt = undefined;
    this.#end();
  }

  #end(): void {
    for (const stop of this.#stop) stop();
    this.#stop = [];
  }
}

function withSection(list: readonly SectionProgress[], now: SectionProgress): readonly SectionProgress[] {
  const { section, frames, bytes, milliseconds } = now;
  const progress = { section, frames, bytes, milliseconds };
  const known = list.some((one) => one.section === section);
  return known ? list.map((one) => (one.section === section ? progress : one)) : [...list, progress];
}
