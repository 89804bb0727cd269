// What of the picture a traced path lights, and the number each hop's place gets.
import type { Graph } from '../../shared/graph/graph.ts';
import type { TracedPath } from '../../shared/trace/path.ts';

export interface TraceLight {
  /** Nodes and edges on the path, and the boxes around them. */
  readonly lit: ReadonlySet<string>;
  /** Node → number of the first hop that is at it. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** `elementOf`: what stands for an entity or a relation in the picture. */
export function lightOf(graph: Graph, path: TracedPath, elementOf: (id: string) => string | undefined): TraceLight {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const lit = new Set<string>();
  const numbers = new Map<string, number>();
  path.hops.forEach((hop, at) => {
    for (const id of hop.through) {
      const element = elementOf(id);
      if (element !== undefined) lit.add(element);
    }
    const own = elementOf(hop.entity);
    const node = own === undefined ? undefined : nodes.get(own);
    if (node && node.kind !== 'host' && !numbers.has(node.id)) numbers.set(node.id, at + 1);
  });
  for (const edge of graph.edges) {
    // A line lights its ends; between two ends that are lit, a port's and the way out do too: no hop names their relation.
    const isBetween = lit.has(edge.source) && lit.has(edge.target) && (edge.kind === 'port' || edge.kind === 'lower');
    const leaves = edge.kind === 'way-out' && path.end === 'leaves' && lit.has(edge.source);
    if (isBetween || leaves) lit.add(edge.id);
    if (lit.has(edge.id)) lit.add(edge.source).add(edge.target);
  }
  for (const id of [...lit]) {
    for (let parent = nodes.get(id)?.parent; parent !== undefined; parent = nodes.get(parent)?.parent) lit.add(parent);
  }
  return { lit, numbers };
}
