// A network of many network namespaces as it is wanted: what random-plan.ts invents and build.ts makes real. What the
// kernel decides (inodes, PIDs, indexes nobody asked for) is not in it, but in the truth that building it returns.
import type { Person } from './bare-host.ts';

/**
 * What keeps a network namespace alive: a `process` in it; a `mount` under /run/netns, as `ip netns add` makes;
 * a mount `elsewhere`, in another mount namespace; an `fd` that some process holds open.
 */
export type Keeping = 'process' | 'mount' | 'elsewhere' | 'fd';

/** Name of the host's own network namespace in plans and truths. */
export const hostNetns = 'host';

export interface NetnsPlan {
  /** Only ours: the kernel knows no names. */
  readonly name: string;
  /** root: the initial user namespace; others: one user namespace of that user's. */
  readonly owner: Person;
  readonly keptBy: readonly Keeping[];
}

export interface DevicePlan {
  readonly netns: string;
  readonly name: string;
  /** Asked for; else the kernel chooses. */
  readonly ifindex?: number;
  readonly up: boolean;
  /** Name of a bridge in the same network namespace. */
  readonly master?: string;
}

/** Made in `bornIn` where that differs, and moved (`ip link set … netns`): the kernel may then change its index. */
export interface EndPlan extends DevicePlan {
  readonly bornIn: string;
}

export interface TapPlan extends DevicePlan {
  readonly mode: 'tap' | 'tun';
  /** Where the process is that serves it; `nobody`: it persists without one. */
  readonly holder: 'nobody' | 'inside' | 'host';
}

export interface Plan {
  readonly netns: readonly NetnsPlan[];
  readonly bridges: readonly DevicePlan[];
  readonly veths: readonly (readonly [EndPlan, EndPlan])[];
  readonly taps: readonly TapPlan[];
}
