// A socket of one network namespace, from /proc/PID/net/{tcp,tcp6,udp,udp6} and /proc/PID/fd.
import type { Evidence } from './evidence.ts';
import type { NamespaceId, ProcessId, SocketId } from './id.ts';

export interface Endpoint {
  /** As people write it: `127.0.0.1`, `::1`, `0.0.0.0`. */
  readonly address: string;
  readonly port: number;
}

export interface Socket {
  readonly id: SocketId;
  /** `undefined`: read through /proc/PID/net of a process whose namespaces are closed to us. */
  readonly netns: NamespaceId | undefined;
  readonly protocol: 'tcp' | 'tcp6' | 'udp' | 'udp6';
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** LISTEN, ESTABLISHED …; `UNCONN` for an unconnected UDP socket (ss's word). */
  readonly state: string;
  readonly inode: number;
  readonly uid: number;
  /** Processes that hold it open, where /proc/PID/fd could be read. */
  readonly processIds: readonly ProcessId[];
  readonly evidence: readonly Evidence[];
}
