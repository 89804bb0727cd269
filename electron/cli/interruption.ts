// Ctrl+C and its relatives: the run is told to stop and winds down; a second one, later, does not wait for that.

export interface Interruption {
  readonly signal: AbortSignal;
  /** By which signal; undefined as long as nobody interrupts. */
  readonly by: () => NodeJS.Signals | undefined;
  readonly stop: () => void;
}

const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
const names = Object.keys(numbers) as readonly (keyof typeof numbers)[];

/** npm and the terminal may both pass on one Ctrl+C. Milliseconds. */
const sameOne = 500;

/** As shells count: 130 for Ctrl+C. */
export const statusOfSignal = (name: NodeJS.Signals): number => 128 + (numbers[name as keyof typeof numbers] ?? 0);

export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let by: NodeJS.Signals | undefined;
  let at = 0;
  const interrupt = (name: NodeJS.Signals): void => {
    if (by !== undefined && performance.now() - at > sameOne) process.exit(statusOfSignal(name));
    if (by !== undefined) return;
    by = name;
    at = performance.now();
    controller.abort();
  };
  for (const name of names) process.on(name, interrupt);
  return {
    signal: controller.signal,
    by: () => by,
    stop: () => {
      for (const name of names) process.off(name, interrupt);
    },
  };
}
