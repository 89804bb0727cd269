// Whether a process's control group is frozen: cgroups(7). That is how engines pause a container.
import type { Evidence } from './evidence.ts';

/** `freezing`: asked for, and some of its processes run still (version 1 tells). */
export type FreezerState = 'frozen' | 'freezing' | 'thawed';

export interface Freezer {
  readonly state: FreezerState;
  /** What the group says, and that the process is in it. */
  readonly evidence: readonly Evidence[];
}
