// Questions that are open in the window, by id.
import { randomUUID } from 'node:crypto';
import type { Events, Prompt, PromptAnswer } from '../../shared/ipc/contract.ts';

export class Prompts {
  readonly #send: (payload: Events['collect:prompt']) => void;
  readonly #open = new Map<string, (answer: PromptAnswer) => void>();

  constructor(send: (payload: Events['collect:prompt']) => void) {
    this.#send = send;
  }

  /** Resolves with the answer; with a refusal when the run ends before there is one. */
  ask(runId: string, prompt: Prompt, signal: AbortSignal): Promise<PromptAnswer> {
    const promptId = randomUUID();
    return new Promise((resolve) => {
      const settle = (answer: PromptAnswer): void => {
        this.#open.delete(promptId);
        signal.removeEventListener('abort', refuse);
        resolve(answer);
      };
      const refuse = (): void => settle({ accept: false });
      if (signal.aborted) return refuse();
      signal.addEventListener('abort', refuse, { once: true });
      this.#open.set(promptId, settle);
      this.#send({ runId, promptId, prompt });
    });
  }

  /** An answer to a question that is no longer open is nobody's. */
  answer(promptId: string, answer: PromptAnswer): void {
    this.#open.get(promptId)?.(answer);
  }
}
