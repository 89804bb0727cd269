// What the parts of the network view share: the options, the model by id, and what is known of the nodes made so far.
import type { Container } from '../../model/container.ts';
import type { EntityId, LinkId, NamespaceId, ProcessId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import type { Model } from '../../model/model.ts';
import type { Namespace } from '../../model/namespace.ts';
import type { Process } from '../../model/process.ts';
import type { Relation, RelationKind } from '../../model/relation.ts';
import type { GraphNode } from '../graph.ts';
import { groupBy } from '../grouping.ts';

export interface NetworkViewOptions {
  /** `lo` of every network namespace. Default true. */
  readonly hideLoopback?: boolean;
  /** `wiring`: those that matter for how things connect, the rest counted; `all`: every one. Default `wiring`. */
  readonly processes?: 'wiring' | 'all';
  /** Boxes shown as their title and counts. */
  readonly folded?: ReadonlySet<string>;
  /** Chips that count several processes (`GraphNode.count`), by node id: shown one by one. */
  readonly unfolded?: ReadonlySet<string>;
}

export interface Sight {
  readonly model: Model;
  readonly options: Required<NetworkViewOptions>;
  /** Network namespaces only. */
  readonly netns: ReadonlyMap<NamespaceId, Namespace>;
  readonly links: ReadonlyMap<LinkId, Link>;
  readonly processes: ReadonlyMap<ProcessId, Process>;
  readonly relations: ReadonlyMap<RelationKind, readonly Relation[]>;
  /** By the network namespace of the container's init process, else of any of its processes. */
  readonly containersIn: ReadonlyMap<NamespaceId, readonly Container[]>;
  readonly linksIn: ReadonlyMap<NamespaceId, readonly Link[]>;
  /** The host's own network namespace, where it is known. */
  readonly hostNetns: NamespaceId | undefined;
}

/** Nodes as they are made, and which node stands for an entity (a chip for several processes, a folded box for its links). */
export interface Picture {
  readonly nodes: GraphNode[];
  readonly nodeOf: Map<EntityId, string>;
}

export function look(model: Model, options: NetworkViewOptions): Sight {
  const netns = new Map(model.namespaces.filter((one) => one.kind === 'net').map((one) => [one.id, one]));
  const processes = new Map(model.processes.map((one) => [one.id, one]));
  return {
    model,
    options: {
      hideLoopback: options.hideLoopback ?? true,
      processes: options.processes ?? 'wiring',
      folded: options.folded ?? new Set(),
      unfolded: options.unfolded ?? new Set(),
    },
    netns,
    processes,
    links: new Map(model.links.map((one) => [one.id, one])),
    relations: groupBy(model.relations, (one) => one.kind),
    containersIn: groupBy(model.containers, (one) => netnsOfContainer(one, processes)),
    linksIn: groupBy(model.links, (one) => one.netns),
    hostNetns: model.host.initialNamespaces.net?.id ?? [...netns.values()].find((one) => one.role === 'host')?.id,
  };
}

function netnsOfContainer(container: Container, processes: ReadonlyMap<ProcessId, Process>): NamespaceId | undefined {
  const members = container.init === undefined ? container.processIds : [container.init, ...container.processIds];
  for (const member of members) {
    const netns = processes.get(member)?.namespaces.net;
    if (netns !== undefined) return netns;
  }
  return undefined;
}
