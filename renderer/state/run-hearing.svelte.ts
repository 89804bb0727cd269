// What one run on a host tells the window, a collection or a capture: its events in order, and what it asks meanwhile.
import type { Bridge, Prompt, PromptAnswer } from '../../shared/ipc/contract.ts';

/** Has something done if it is of this run. */
type Receive = (runId: string, apply: () => void) => void;

export class RunHearing {
  readonly #bridge: Bridge;
  #runId: string | undefined;
  #early: { readonly runId: string; readonly apply: () => void }[] = [];
  #stop: readonly (() => void)[] = [];
  #prompt = $state.raw<{ readonly id: string; readonly prompt: Prompt } | undefined>(undefined);

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Known since `isCalled`. */
  get runId(): string | undefined {
    return this.#runId;
  }
  get prompt(): { readonly id: string; readonly prompt: Prompt } | undefined {
    return this.#prompt;
  }

  /** From now on: a run that has no name yet. */
  begin(listen: (receive: Receive) => () => void): void {
    this.end();
    this.#runId = undefined;
    this.#early = [];
    const receive: Receive = (runId, apply) => {
      if (this.#runId === undefined) this.#early.push({ runId, apply });
      else if (runId === this.#runId) apply();
    };
    this.#stop = [
      listen(receive),
      this.#bridge.on('collect:prompt', ({ runId, promptId, prompt }) =>
        receive(runId, () => (this.#prompt = { id: promptId, prompt })),
      ),
    ];
  }

  /** Events may overtake the answer that names the run: those of this one happen now. */
  isCalled(runId: string): void {
    this.#runId = runId;
    const early = this.#early;
    this.#early = [];
    for (const one of early) if (one.runId === runId) one.apply();
  }

  async answer(answer: PromptAnswer): Promise<void> {
    const asked = this.#prompt;
    this.#prompt = undefined;
    if (asked) await this.#bridge.call('collect:answer', asked.id, answer);
  }

  /** What it asked is not to be answered any more. */
  forgetPrompt(): void {
    this.#prompt = undefined;
  }

  end(): void {
    this.#prompt = undefined;
    for (const stop of this.#stop) stop();
    this.#stop = [];
  }
}
