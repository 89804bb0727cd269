// The graph as a tree: boxes, what is in them, and under each thing what it is connected to.
import type { Graph, GraphEdge, GraphNode } from '../../shared/graph/graph.ts';
import { text } from '../i18n/text.svelte.ts';

export interface OutlineBranch {
  /** The node's id; for a connection the edge's id with the end it is seen from. */
  readonly key: string;
  /** Node or edge to select. */
  readonly element: string;
  /** Absent for a connection. */
  readonly node?: GraphNode;
  readonly label: string;
  readonly children: readonly OutlineBranch[];
}

export function outlineOf(graph: Graph): readonly OutlineBranch[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const inside = new Map<string | undefined, GraphNode[]>();
  for (const node of graph.nodes) {
    const parent = node.parent !== undefined && nodes.has(node.parent) ? node.parent : undefined;
    inside.set(parent, [...(inside.get(parent) ?? []), node]);
  }
  const edges = new Map<string, OutlineBranch[]>();
  for (const edge of graph.edges) {
    for (const [here, there, phrase] of [
      [edge.source, edge.target, phrases(edge).from],
      [edge.target, edge.source, phrases(edge).to],
    ] as const) {
      const label = text.network.connection(phrase, describe(nodes, there), edge.certainty);
      const branch = { key: `${edge.id} @${here}`, element: edge.id, label, children: [] };
      edges.set(here, [...(edges.get(here) ?? []), branch]);
    }
  }
  const branch = (node: GraphNode): OutlineBranch => ({
    key: node.id,
    element: node.id,
    node,
    label: node.label,
    children: [...(edges.get(node.id) ?? []), ...(inside.get(node.id) ?? []).map(branch)],
  });
  return (inside.get(undefined) ?? []).map(branch);
}

/**
 * Two kinds of line stand for two relations each: a NIC leads outside without going through anything, and RootlessKit's
 * child hangs on its parent but does not work for it.
 */
function phrases(edge: GraphEdge): { readonly from: string; readonly to: string } {
  if (edge.id.startsWith('way-out ')) return text.network.leadsOutside;
  return edge.id.startsWith('rootlesskit-child-of ') ? text.network.rootlesskitChild : text.network.edges[edge.kind];
}

/** `eth0 in nginx-d8e2d`: a name alone does not say which. */
function describe(nodes: ReadonlyMap<string, GraphNode>, id: string): string {
  const node = nodes.get(id);
  const box = node?.parent === undefined ? undefined : nodes.get(node.parent);
  if (!node) return id;
  return box && box.kind !== 'host' ? text.network.labelIn(node.label, box.label) : node.label;
}
