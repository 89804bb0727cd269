// A relation between two entities, with how sure it is and why.
import type { Certainty, Evidence } from './evidence.ts';
import type { EntityId } from './id.ts';

/** Read `from` kind `to`. */
export type RelationKind =
  /** link – link; symmetric, given once with the smaller id first. `to` may be undiscovered. */
  | 'veth-peer'
  /** port – its bridge, bond or vrf, in the same network namespace. */
  | 'master'
  /** port – Open vSwitch bridge (its local port's device). */
  | 'switch-port'
  /** Open vSwitch bridge – another, joined by patch ports; symmetric, given once with the smaller id first. */
  | 'patch'
  /** vlan, macvlan, vxlan … – the device below. */
  | 'lower'
  /** vxlan, tunnel, WireGuard – the network namespace its packets leave in, where that is another than its own. */
  | 'underlay'
  /** SR-IOV virtual function – the NIC it is a part of. */
  | 'vf-of'
  /** tap or tun link – process that serves it. */
  | 'served-by'
  /** tap server – link through which its traffic leaves (default route of the network namespace it runs in). */
  | 'leaves-through'
  /** RootlessKit's child network namespace – the parent's. */
  | 'rootlesskit-parent-netns'
  /** RootlessKit's child process – its parent process; slirp4netns – the RootlessKit parent it works for. */
  | 'rootlesskit-child-of'
  | 'works-for'
  /** forward – process that listens where it ends. */
  | 'reaches'
  /** namespace – owning user namespace; user or pid namespace – its parent. */
  | 'owner'
  | 'parent'
  /** container – its init process; container – shim or conmon. */
  | 'init'
  | 'monitored-by'
  /** container – container inside which it runs, its engine being one of that one's processes. */
  | 'inside'
  /** container – the bridge of a network its engine put it in. */
  | 'attached-to'
  /** forward – process that forwards; forward – socket; forward – container. */
  | 'forwarded-by'
  | 'listens-on'
  | 'forwards-to'
  /** socket – socket at the other end of its connection; symmetric, given once with the smaller id first. */
  | 'connected-to'
  /** mount namespace – process that answers at one of its nameservers. */
  | 'resolved-by';

export interface Relation {
  /** `kind from to`, unique. */
  readonly id: string;
  readonly kind: RelationKind;
  readonly from: EntityId;
  readonly to: EntityId;
  readonly certainty: Certainty;
  /** Name of the rule that found it, e.g. `veth.reciprocal`; shared/explain has its sentence. */
  readonly rule: string;
  readonly evidence: readonly Evidence[];
}
