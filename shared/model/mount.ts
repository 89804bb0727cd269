// What is mounted where in one mount namespace: mount_namespaces(7), proc_pid_mountinfo(5).
import type { Evidence } from './evidence.ts';
import type { NamespaceId, ProcessId } from './id.ts';

/**
 * How mounts under it spread. `shared` and `master` are numbers of peer groups, the same in all mount namespaces: what is
 * mounted under one mount of a group appears under the others; one that has a master gets what that group gets, and gives
 * nothing back. Empty: private.
 */
export interface Propagation {
  readonly shared?: number;
  readonly master?: number;
  /** The nearest group above `master` that shows below the reader's root directory. */
  readonly propagateFrom?: number;
  readonly unbindable?: true;
}

export interface Mount {
  readonly mountId: number;
  /** The mount it is on; that of the topmost is not in the table. */
  readonly parentId: number;
  /** Where it is, seen from the root directory of the process it was read through. */
  readonly path: string;
  /** What of its file system shows there: `/`, a directory or a file (a bind mount), a namespace (nsfs). */
  readonly root: string;
  /** major:minor of the file system. */
  readonly device: string;
  /** `ext4`, `overlay`, `tmpfs`, `fuse.sshfs` … */
  readonly type: string;
  readonly source: string;
  /** Of this mount: `rw,nosuid,relatime`. */
  readonly options: string;
  /** Of the file system wherever it is mounted: `rw,size=64k`; cut where it is very long (overlay). */
  readonly superOptions: string;
  readonly propagation: Propagation;
  /** Another mount lies over it: the path does not lead to it. */
  readonly covered?: true;
  /** The host's own mount namespace has the same there: file system, root, options. */
  readonly asOnHost?: true;
  readonly evidence: Evidence;
}

export interface MountTable {
  /** Absent where it is closed to us: whose mounts these are is not. */
  readonly mountNamespace?: NamespaceId;
  readonly readThrough: ProcessId;
  /** How many mounts there are, and how many of them are as on the host. */
  readonly count: number;
  readonly countAsOnHost: number;
  /** In the host's order. Of very many some are left out: first those that are as on the host. */
  readonly mounts: readonly Mount[];
}
