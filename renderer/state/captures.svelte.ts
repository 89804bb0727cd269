// The captures of this window: those that run, and those that ended and were not put away yet.
import type { Bridge, CaptureWish, Profile } from '../../shared/ipc/contract.ts';
import { Capturing } from './capturing.svelte.ts';

export class Captures {
  readonly #bridge: Bridge;
  #list = $state.raw<readonly Capturing[]>([]);

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** In the order in which they began, without those that are not to be seen yet or ended without a word. */
  get list(): readonly Capturing[] {
    return this.#list.filter(({ step }) => step !== 'choosing' && step !== 'cancelled');
  }
  /** The one that asks something; one question at a time. */
  get asking(): Capturing | undefined {
    return this.#list.find(({ prompt }) => prompt !== undefined);
  }

  /** False: the save dialog was dismissed, and nothing has begun. */
  async start(profile: Profile, wish: CaptureWish): Promise<boolean> {
    const capturing = new Capturing(this.#bridge, profile, wish);
    this.#list = [...this.#list, capturing];
    const began = await capturing.start();
    if (!began) this.dismiss(capturing);
    return began;
  }

  dismiss(capturing: Capturing): void {
    this.#list = this.#list.filter((one) => one !== capturing);
  }
}
