// What a process may do, as proc_pid_status(5) tells it. Capabilities count in the process's own user namespace.
import type { Evidence } from './evidence.ts';

/** Sets of capabilities(7), each a number in hexadecimal as the kernel prints it: bit N is capability N. */
export interface CapabilitySets {
  readonly inheritable?: string;
  readonly permitted?: string;
  readonly effective?: string;
  readonly bounding?: string;
  readonly ambient?: string;
}

export interface ProcessRights {
  /** Real, effective, saved, file system; in the reader's user namespace. */
  readonly uids?: readonly number[];
  readonly gids?: readonly number[];
  /** Supplementary groups. */
  readonly groups?: readonly number[];
  readonly capabilities: CapabilitySets;
  /** Not even a setuid program gives it more rights (PR_SET_NO_NEW_PRIVS). */
  readonly noNewPrivs?: boolean;
  readonly seccomp?: 'disabled' | 'strict' | 'filter';
  readonly seccompFilters?: number;
  /** /proc/PID/attr/current: AppArmor's profile or SELinux's context. */
  readonly securityLabel?: string;
  readonly evidence: readonly Evidence[];
}
