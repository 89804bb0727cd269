// A network link (interface), as `ip -d -j -s address show` describes it in one network namespace.
import type { BridgedNetwork } from './engine.ts';
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
  /** As iproute2 prints them, but for `dynamic`: `secondary`, `temporary`, `tentative`, `deprecated`, `noprefixroute` … */
  readonly flags?: readonly string[];
  /** Who set it: `kernel_lo`, `kernel_ll`, `kernel_ra` (iproute2 6.0, Linux 5.18). */
  readonly protocol?: string;
  /** Of the route to its prefix. */
  readonly metric?: number;
}

/** What the link says of the other end, counted in its own network namespace. */
export interface LowerReference {
  /** ifindex of the other end; may be missing on older iproute2. */
  readonly ifindex?: number;
  /** Name of the other end; only printed when it is in the same network namespace. */
  readonly name?: string;
  /** Id under which this network namespace knows the other's; absent: the same one. */
  readonly netnsid?: number;
  /** iproute2 prints a name under /run/netns instead of the id where one exists. */
  readonly netnsName?: string;
  /** The kernel says index 0: no device, but what it sends leaves in that network namespace. */
  readonly none?: true;
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
  /** Those that came out of step with the hardware or the cable; absent where there were none. */
  readonly rxOverruns?: number;
  readonly txCarrierErrors?: number;
  readonly collisions?: number;
  /** How often the cable came or went; printed by few versions. */
  readonly carrierChanges?: number;
}

/** SR-IOV: one virtual function as its physical function sees it (vfinfo_list). */
export interface VirtualFunction {
  readonly index: number;
  readonly mac?: string;
  readonly vlan?: number;
  readonly vlanProtocol?: string;
  readonly qos?: number;
  readonly spoofCheck?: boolean;
  readonly trust?: boolean;
  /** `auto`, `enable`, `disable`. */
  readonly linkState?: string;
  /** Mbit/s; absent: not limited. */
  readonly maxTxRate?: number;
  readonly minTxRate?: number;
}

/** A VLAN that a bridge lets pass at one of its ports, or at itself (bridge vlan show). */
export interface PortVlan {
  readonly from: number;
  /** Of a range; the same as `from` for one. */
  readonly to: number;
  /** Frames without a tag belong to it. */
  readonly pvid: boolean;
  readonly untagged: boolean;
  readonly evidence: readonly Evidence[];
}

/** One entry of a forwarding table: of a bridge, or a vxlan's own (bridge fdb show). */
export interface ForwardingEntry {
  readonly mac: string;
  readonly vlan?: number;
  /** vxlan: the tunnel's other end. */
  readonly destination?: string;
  readonly vni?: number;
  readonly port?: number;
  /** Link through which it is reached, in the same network namespace. */
  readonly via?: string;
  /** `permanent`: at a bridge's port, that the bridge keeps what is for it; `static`; absent: learned. */
  readonly state?: string;
  /** `extern_learn`, `offload`, `router` … */
  readonly flags: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** A peer of a WireGuard interface. Keys other than its public one are never asked for. */
export interface WireGuardPeer {
  /** The first characters of its public key: enough to tell peers apart. */
  readonly fingerprint: string;
  readonly endpoint?: string;
  readonly allowedIps: readonly string[];
  /** Seconds since 1970; absent: never. */
  readonly latestHandshake?: number;
  readonly receivedBytes?: number;
  readonly sentBytes?: number;
  /** Seconds. */
  readonly keepalive?: number;
  readonly evidence: readonly Evidence[];
}

/** What the device file system says of the hardware behind an interface. */
export interface LinkHardware {
  readonly driver?: string;
  /** Its address on its bus: `0000:3b:02.0`. */
  readonly device?: string;
  /** SR-IOV: bus address of the physical function it belongs to. */
  readonly physicalFunction?: string;
  /** SR-IOV: bus addresses of its virtual functions, by their number. */
  readonly virtualFunctions?: readonly { readonly index: number; readonly device: string }[];
  readonly evidence: readonly Evidence[];
}

export interface Link {
  readonly id: LinkId;
  readonly netns: NamespaceId;
  readonly ifindex: number;
  readonly name: string;
  /**
   * iproute2's info_kind (`veth`, `bridge`, `tun`, `vlan` …); `loopback` for lo;
   * `physical` for a device with no kind that is not loopback;
   * `unknown` where the host's tools do not tell it (BusyBox's ip, or none).
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
  /** linkinfo.info_slave_data, as printed: what it is as a port of its master. */
  readonly portData?: Readonly<Record<string, unknown>>;
  readonly counters?: LinkCounters;
  /** ip link set … alias: what somebody wrote down about it. */
  readonly alias?: string;
  /** Interface group, unless `default`. */
  readonly group?: string;
  readonly qdisc?: string;
  readonly txQueueLength?: number;
  readonly minMtu?: number;
  readonly maxMtu?: number;
  /** The one it was made with, where it was changed since. */
  readonly permanentMac?: string;
  /** How many asked it for packets that are not its own: a bridge, a capture … */
  readonly promiscuity?: number;
  /** How an XDP program is attached: `xdp`, `xdpgeneric`, `xdpoffload`. */
  readonly xdp?: string;
  /** `pci`, `virtio`, `vmbus` … and the device's address there (iproute2 5.14, Linux 5.14). */
  readonly parentBus?: string;
  readonly parentDevice?: string;
  /** Port of a NIC or switch: `p0`, `pf0vf1`; equal ids are the same port, the same switch. */
  readonly physPortName?: string;
  readonly physPortId?: string;
  readonly physSwitchId?: string;
  readonly virtualFunctions?: readonly VirtualFunction[];
  /** VLANs of a bridge with vlan_filtering, at its ports. */
  readonly vlans?: readonly PortVlan[];
  /** Unicast and flooding entries; absent: not asked. */
  readonly forwarding?: readonly ForwardingEntry[];
  /** Absent: not asked. */
  readonly wireGuardPeers?: readonly WireGuardPeer[];
  /** UDP port that WireGuard listens on. */
  readonly wireGuardPort?: number;
  readonly hardware?: LinkHardware;
  /** The networks of container engines that it is the bridge of: one, unless they contradict each other. */
  readonly engineNetworks?: readonly BridgedNetwork[];
  readonly evidence: readonly Evidence[];
}
