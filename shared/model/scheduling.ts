// When and where the kernel lets a process run: sched(7), proc_pid_stat(5), cpuset(7). Of its first thread.
import type { Evidence } from './evidence.ts';

export interface Scheduling {
  /** `SCHED_OTHER`, `SCHED_FIFO` …; of one that is not known here its number. */
  readonly policy: string;
  /** As the kernel counts: 20 + nice where nothing is real-time, else -1 less the real-time priority; of SCHED_DEADLINE -101. */
  readonly priority: number;
  /** 1 to 99 of SCHED_FIFO and SCHED_RR, else 0. */
  readonly realtimePriority: number;
  /** -20 to 19; it counts for SCHED_OTHER and SCHED_BATCH. */
  readonly nice: number;
  readonly evidence: Evidence;
}

/** CPUs it may run on. */
export interface CpuAffinity {
  /** `0-3,8`: Cpus_allowed_list of /proc/PID/status. */
  readonly list: string;
  readonly evidence: Evidence;
}
