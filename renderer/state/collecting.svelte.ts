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
import { RunHearing } from './run-hearing.svelte.ts';

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
  readonly #hearing: RunHearing;

  #step = $state<Step>('ready');
  #sections = $state.raw<readonly SectionProgress[]>([]);
  #failure = $state.raw<Failure | undefined>(undefined);
  #startedAt = $state(0);

  constructor(
    bridge: Bridge,
    profile: Profile,
    onSaved: (snapshot: SnapshotSummary, failure: Failure | undefined) => void,
  ) {
    this.#bridge = bridge;
    this.#hearing = new RunHearing(bridge);
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
    return this.#hearing.prompt;
  }
  /** This machine's clock in milliseconds. */
  get startedAt(): number {
    return this.#startedAt;
  }

  async start(): Promise<void> {
    if (this.busy) return;
    this.#reset('connecting');
    this.#hearing.begin((receive) =>
      this.#bridge.on('collect:event', ({ runId, event }) => receive(runId, () => this.#apply(event))),
    );
    const outcome = await this.#bridge.call('collect:start', this.profile.id);
    if (!outcome.ok) {
      this.#apply({ step: 'failed', failure: outcome.failure });
      return;
    }
    const { runId } = outcome.value;
    // Cancelled before the run had a name.
    if (!this.busy) void this.#bridge.call('collect:cancel', runId);
    else this.#hearing.isCalled(runId);
  }

  async cancel(): Promise<void> {
    if (!this.busy) return;
    const { runId } = this.#hearing;
    this.#apply({ step: 'cancelled' });
    if (runId !== undefined) await this.#bridge.call('collect:cancel', runId);
  }

  answer(answer: PromptAnswer): Promise<void> {
    return this.#hearing.answer(answer);
  }

  /** Ends listening; a run that is still going is cancelled. */
  dispose(): void {
    if (this.busy) void this.cancel();
    this.#hearing.end();
  }

  #reset(step: Step): void {
    this.#step = step;
    this.#sections = [];
    this.#failure = undefined;
    this.#startedAt = Date.now();
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
    this.#hearing.end();
  }
}

function withSection(list: readonly SectionProgress[], now: SectionProgress): readonly SectionProgress[] {
  const { section, frames, bytes, milliseconds } = now;
  const progress = { section, frames, bytes, milliseconds };
  const known = list.some((one) => one.section === section);
  return known ? list.map((one) => (one.section === section ? progress : one)) : [...list, progress];
}
