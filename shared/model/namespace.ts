// A namespace of any of the eight kinds, who is in it and what keeps it alive.
import type { Certainty, Evidence } from './evidence.ts';
import type { NamespaceId, NamespaceKind, ProcessId } from './id.ts';

/** One line of /proc/PID/uid_map: `length` ids from `inside` on are `outside` on in the reader's user namespace. */
export interface IdMapRange {
  readonly inside: number;
  readonly outside: number;
  readonly length: number;
}

/** What keeps a namespace alive. Processes in it are in `Namespace.processIds`; these are the others. */
export type Keeper =
  | { readonly by: 'thread'; readonly process: ProcessId; readonly tid: number; readonly evidence: readonly Evidence[] }
  | { readonly by: 'for-children'; readonly process: ProcessId; readonly evidence: readonly Evidence[] }
  | {
      readonly by: 'mount';
      /** Mount point as the processes of `mountNamespace` see it. */
      readonly path: string;
      readonly mountNamespace: NamespaceId | undefined;
      /** Another mount lies over it: the mount keeps the namespace, its path leads elsewhere. */
      readonly covered?: true;
      /** A path that opens it from the collector's own mount namespace, e.g. /proc/122351/root/run/…/netns. Absent: none does. */
      readonly reachableAs?: string;
      readonly evidence: readonly Evidence[];
    }
  | {
      readonly by: 'fd';
      readonly process: ProcessId;
      /** Where it is open in a thread alone, or its main thread has ended. */
      readonly tid?: number;
      readonly fd: number;
      readonly evidence: readonly Evidence[];
    }
  /** A socket that was made in it; its process need not be in it. */
  | { readonly by: 'socket'; readonly process: ProcessId; readonly fd: number; readonly evidence: readonly Evidence[] }
  /** A tun or tap descriptor that was opened in it; its process need not be in it, nor the device any more. */
  | { readonly by: 'tun'; readonly process: ProcessId; readonly fd: number; readonly evidence: readonly Evidence[] }
  /** Another namespace, which it is the parent or the owner of: the kernel lets none of those go before. */
  | {
      readonly by: 'namespace';
      readonly namespace: NamespaceId;
      readonly as: 'parent' | 'owner';
      readonly evidence: readonly Evidence[];
    }
  /** lsns lists it, though no process is in it and none of the above was seen. */
  | { readonly by: 'lsns'; readonly evidence: readonly Evidence[] };

/**
 * What a namespace is to a person. `host`: the initial one, or the one assumed to be;
 * `rootlesskit-child`: RootlessKit's child; `container`: a container's own;
 * `process`: made by some other program (a browser's sandbox, a systemd unit); `bare`: no process, no known use.
 */
export type NamespaceRole = 'host' | 'rootlesskit-child' | 'container' | 'process' | 'bare';

/** What /proc/PID/net of a process that is closed to us says of its network namespace. */
export interface ProcNet {
  /** Number of /proc/PID/net/dev, the same for all processes in it and for no others. */
  readonly devInode: number;
  /** IPv4 addresses of its own, in order; no file says on which link each is. */
  readonly localAddresses: readonly { readonly address: string; readonly evidence: Evidence }[];
}

export interface Namespace {
  readonly id: NamespaceId;
  readonly kind: NamespaceKind;
  /** nsfs inode; absent where it is closed to us, for a network namespace that is known by /proc/PID/net alone. */
  readonly inode?: number;
  readonly procNet?: ProcNet;
  /**
   * Tells it from another one that the kernel gives the same inode later; the same text in two snapshots is the same
   * namespace, or the one that plays its part: `initial/net`, `container/<runtime id>/net`,
   * `<boot id>/net/<inode>/<PID>@<start in clock ticks>` of the oldest process in it, or what keeps it.
   */
  readonly identity: string;
  readonly role: NamespaceRole;
  /** `host`, `RootlessKit child · ec2-user · detached`, `nginx-d8e2d`, `ns of chrome[4211]`. */
  readonly name: string;
  readonly processIds: readonly ProcessId[];
  /** Topmost processes in it, the representative one first. */
  readonly leaderIds: readonly ProcessId[];
  readonly keptBy: readonly Keeper[];
  /** Owning user namespace, where known. */
  readonly owner?: NamespaceId;
  /** Parent, for user and pid namespaces, where known. */
  readonly parent?: NamespaceId;
  /** For user namespaces: uid of the creator in the reader's user namespace. */
  readonly ownerUid?: number;
  /** How that is known. */
  readonly ownerUidBy?: {
    readonly certainty: Certainty;
    readonly rule: string;
    readonly evidence: readonly Evidence[];
  };
  readonly uidMap?: readonly IdMapRange[];
  readonly gidMap?: readonly IdMapRange[];
  /** For UTS namespaces: the name its processes are told, where it could be asked for. */
  readonly hostname?: string;
  readonly evidence: readonly Evidence[];
}
