// A published port: what is received at `listen` is handed on to `target`.
import type { Certainty, Evidence } from './evidence.ts';
import type { Selection } from './firewall.ts';
import type { ContainerId, ForwardId, NamespaceId, ProcessId, SocketId } from './id.ts';
import type { Endpoint } from './socket.ts';

export interface Forward {
  readonly id: ForwardId;
  /** Who forwards: `rootlesskit` (its port driver), `docker-proxy`, `slirp4netns`, `pasta`, `nftables` … */
  readonly by: string;
  readonly protocol: 'tcp' | 'udp';
  readonly listen: Endpoint & { readonly netns: NamespaceId | undefined };
  /** Of a range of ports, forwarded one to one (where `target` has the same first port) or all to that of `target`, the last. */
  readonly lastPort?: number;
  /** Only what comes in by one of these interfaces, or by none of these; absent: whatever it comes in by. */
  readonly incoming?: Selection;
  readonly target: Endpoint & { readonly netns: NamespaceId | undefined };
  /** The process that forwards, and the socket it listens on, where seen. */
  readonly forwarder?: ProcessId;
  readonly socket?: SocketId;
  readonly container?: ContainerId;
  /** Each step of the way, where every one of them was seen. */
  readonly steps?: readonly ForwardStep[];
  /** The socket that listens where it ends, and who holds it; where several may be it, who holds any of them. */
  readonly targetSocket?: SocketId;
  readonly servers?: readonly ProcessId[];
  readonly certainty: Certainty;
  readonly rule: string;
  readonly evidence: readonly Evidence[];
}

/** One step of a forward: what arrives at `from` is sent on to `to`. */
export interface ForwardStep {
  /** `rootlesskit`, `docker-proxy`, `nftables`, `iptables` … */
  readonly by: string;
  readonly process?: ProcessId;
  /** Where it happens. */
  readonly netns: NamespaceId | undefined;
  readonly from: Endpoint;
  readonly to: Endpoint & { readonly netns: NamespaceId | undefined };
  /** The firewall's rules on the way, the one that rewrites last. */
  readonly rules?: readonly { readonly chain: string; readonly handle?: number; readonly text: string }[];
  /** Connections take turns: this is one of several ways. */
  readonly shared?: boolean;
  readonly certainty: Certainty;
  readonly rule: string;
  readonly evidence: readonly Evidence[];
}
