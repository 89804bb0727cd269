// Open vSwitch as its database describes it (ovs-vswitchd.conf.db(5)). Its bridges are no bridges of the kernel's, and
// with its userspace datapath the kernel knows nothing of who is a port of which.
import type { Evidence } from './evidence.ts';
import type { LinkId } from './id.ts';

export interface OvsInterface {
  readonly name: string;
  /** `system`, `internal`, `patch`, `vxlan`, `dpdk` … */
  readonly type: string;
  /** Number of the port in OpenFlow; absent: it has none yet. */
  readonly ofport?: number;
  /** Of the kernel's device behind it. */
  readonly ifindex?: number;
  /** Why it does not work, in Open vSwitch's words. */
  readonly error?: string;
  /** Of a patch: the name of its other end. */
  readonly peer?: string;
  /** Of a tunnel: where it leads, and its key. */
  readonly remoteIp?: string;
  readonly key?: string;
  /** The kernel's device, where name and index agree. */
  readonly link?: LinkId;
  readonly evidence: readonly Evidence[];
}

export interface OvsPort {
  readonly name: string;
  /** VLAN it is an access port of. */
  readonly tag?: number;
  /** VLANs it carries; none: all, unless it has a tag. */
  readonly trunks: readonly number[];
  readonly vlanMode?: string;
  readonly bondMode?: string;
  /** More than one: a bond. */
  readonly interfaces: readonly OvsInterface[];
  readonly evidence: readonly Evidence[];
}

export interface OvsBridge {
  /** `ovs-bridge:UUID` */
  readonly id: string;
  readonly name: string;
  /** `system` (the kernel's) or `netdev` (userspace). */
  readonly datapathType: string;
  readonly failMode?: string;
  readonly ports: readonly OvsPort[];
  /** The kernel's device of its local port. */
  readonly link?: LinkId;
  readonly evidence: readonly Evidence[];
}
