// A network link (interface), as `ip -d -j -s address show` describes it in one network namespace.
import type { Evidence } from './evidence.ts';
import type { LinkId, NamespaceId } from './id.ts';

export interface Address {
  readonly family: 'inet' | 'inet6';
  /** Without prefix length. */
  readonly local: string;
  readonly prefixLength: number;
  readonly scope: string;
  /** Point-to-point peer address. */
  readonly peer?: string;
  readonly broadcast?: string;
  readonly label?: string;
  readonly dynamic: boolean;
  /** Seconds; `undefined` is forever. */
  readonly validLifetime?: number;
  readonly preferredLifetime?: number;
}

/** What the link says of the other end, counted in its own network namespace (discovery.md L2, L3). */
export interface LowerReference {
  /** ifindex of the other end; may be missing on older iproute2. */
  readonly ifindex?: number;
  /** Name of the other end; only printed when it is in the same network namespace. */
  readonly name?: string;
  /** Id under which this network namespace knows the other's; absent: the same one. */
  readonly netnsid?: number;
  /** iproute2 prints a name under /run/netns instead of the id where one exists. */
  readonly netnsName?: string;
}

export interface LinkCounters {
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly rxErrors: number;
  readonly rxDropped: number;
  readonly txBytes: number;
  readonly txPackets: number;
  readonly txErrors: number;
  readonly txDropped: number;
}

export interface Link {
  readonly id: LinkId;
  readonly netns: NamespaceId;
  readonly ifindex: number;
  readonly name: string;
  /**
   * iproute2's info_kind (`veth`, `bridge`, `tun`, `vlan` …); `loopback` for lo;
   * `physical` for a device with no kind that is not loopback (discovery.md L9).
   */
  readonly kind: string;
  /** info_slave_kind: what it is a port of. */
  readonly portKind?: string;
  /** As iproute2 prints them: `UP`, `DOWN`, `UNKNOWN`, `LOWERLAYERDOWN` …; flags like `NO-CARRIER`. */
  readonly operState: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly mac?: string;
  readonly altNames: readonly string[];
  readonly addresses: readonly Address[];
  /** Name of the master in the same network namespace. */
  readonly masterName?: string;
  readonly lower?: LowerReference;
  /** linkinfo.info_data, as printed: only what its kind means by it. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly counters?: LinkCounters;
  readonly evidence: readonly Evidence[];
}
