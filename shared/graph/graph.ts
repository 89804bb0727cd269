// The graph: a model, seen in one way, as plain nodes and edges. Not yet placed, not yet drawn.
import type { Certainty } from '../model/evidence.ts';
import type { EntityId } from '../model/id.ts';

export type NodeKind =
  /** Frame around everything of one host. */
  | 'host'
  /** Box of one network namespace. */
  | 'netns'
  /** Box for processes whose namespaces are closed to us, and for ends that were not discovered. */
  | 'unknown'
  /** Box of one container inside its network namespace. */
  | 'container'
  /** Plate of one interface: name, addresses, state. */
  | 'link'
  /** Bridge, bond or vrf: a bar with its ports along it. */
  | 'bridge'
  /** Chip of one process, or of several alike (`count`). */
  | 'process'
  /** A published port at the host's edge. */
  | 'port'
  /** What lies beyond the host's NIC. */
  | 'internet';

export interface GraphNode {
  /** Stable between refreshes; the entity's id where one entity is behind it. */
  readonly id: string;
  readonly kind: NodeKind;
  /** Id of the node it is drawn inside. */
  readonly parent?: string;
  /** What the inspector opens. */
  readonly entity?: EntityId;
  readonly label: string;
  /** Further lines: addresses, inode, PID. Drawn small, in monospace. */
  readonly lines: readonly string[];
  /** For boxes: where a rootless host puts it: `parent`, `child` or `containers`. */
  readonly column?: 'parent' | 'child' | 'containers';
  readonly state?: 'up' | 'down' | 'unknown';
  /** Role words for style and legend: `host`, `rootlesskit-child`, `slirp4netns`, `tap`, `nic`, `loopback` … */
  readonly tags: readonly string[];
  /** What it belongs to together with others: `pod kube-system/coredns-vl955`, `project shop`. For containers and their boxes. */
  readonly groups?: readonly string[];
  /** How many alike were folded into it. */
  readonly count?: number;
}

export type EdgeKind = 'veth' | 'port' | 'lower' | 'serves' | 'works-for' | 'forward' | 'way-out';

export interface GraphEdge {
  readonly id: string;
  readonly kind: EdgeKind;
  readonly source: string;
  readonly target: string;
  readonly label?: string;
  readonly certainty: Certainty;
  /** `Relation.id` or forward id behind it, for the inspector. */
  readonly relation?: string;
  /** Drawn with an arrow head at the target. */
  readonly directed: boolean;
}

export interface Graph {
  readonly title: string;
  readonly subtitle: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
