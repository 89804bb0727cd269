// The time, for ages that grow while a person looks: it ticks once a minute and only while somebody reads it.
import { createSubscriber } from 'svelte/reactivity';

const tick = 60_000;

class Clock {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, tick);
    return () => clearInterval(timer);
  });

  /** Milliseconds since 1970, as Date.now(). */
  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

export const clock = new Clock();
