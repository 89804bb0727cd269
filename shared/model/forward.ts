// A published port: what is received at `listen` is handed on to `target`.
import type { Certainty, Evidence } from './evidence.ts';
import type { ContainerId, ForwardId, NamespaceId, ProcessId, SocketId } from './id.ts';
import type { Endpoint } from './socket.ts';

export interface Forward {
  readonly id: ForwardId;
  /** Who forwards: `rootlesskit` (its port driver), `docker-proxy`, `slirp4netns`, `pasta`, `nftables` … */
  readonly by: string;
  readonly protocol: 'tcp' | 'udp';
  readonly listen: Endpoint & { readonly netns: NamespaceId | undefined };
  readonly target: Endpoint & { readonly netns: NamespaceId | undefined };
  /** The process that forwards, and the socket it listens on, where seen. */
  readonly forwarder?: ProcessId;
  readonly socket?: SocketId;
  readonly container?: ContainerId;
  readonly certainty: Certainty;
  readonly rule: string;
  readonly evidence: readonly Evidence[];
}
