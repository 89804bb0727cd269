// What lights up with an element: the lines that end at it or in it, their other ends, and the boxes around all of these.
// A container is connected by the interfaces of its network namespace: those count as in it.
import type { Graph, GraphEdge, GraphNode } from '../../shared/graph/graph.ts';

/** Ids of nodes and edges, the element itself among them. The host's frame is always lit: it is what everything is in. */
export function neighbourhood(graph: Graph, element: string): ReadonlySet<string> {
  const parents = new Map(graph.nodes.map((node) => [node.id, node.parent]));
  const lit = new Set<string>([element]);
  const inside = new Set<string>([element]);
  // Nodes come in no order of depth: as long as something new is found, look again.
  for (let size = 0; size !== inside.size;) {
    size = inside.size;
    for (const node of graph.nodes) if (node.parent !== undefined && inside.has(node.parent)) inside.add(node.id);
  }
  const self = graph.nodes.find((node) => node.id === element);
  if (self?.kind === 'container') {
    for (const node of graph.nodes) if (node.parent === self.parent && isInterface(node)) inside.add(node.id);
  }
  for (const id of inside) lit.add(id);
  for (const edge of graph.edges) {
    if (edge.id !== element && !inside.has(edge.source) && !inside.has(edge.target)) continue;
    lit.add(edge.id).add(edge.source).add(edge.target);
    // A cable that ends in a bridge's port leads to the bridge.
    if (edge.kind === 'veth') {
      for (const port of graph.edges) {
        if (port.kind === 'port' && isAtPort(port, edge)) lit.add(port.id).add(port.source).add(port.target);
      }
    }
    // A line that is one of several with one meaning (a published port: to its forwarder and on) lights the others.
    if (edge.relation === undefined) continue;
    for (const other of graph.edges) {
      if (other.relation === edge.relation) lit.add(other.id).add(other.source).add(other.target);
    }
  }
  for (const id of [...lit]) {
    for (let parent = parents.get(id); parent !== undefined; parent = parents.get(parent)) lit.add(parent);
  }
  return lit;
}

const isAtPort = (port: GraphEdge, cable: GraphEdge): boolean =>
  [cable.source, cable.target].some((end) => end === port.source || end === port.target);

const isInterface = (node: GraphNode): boolean => node.kind === 'link' || node.kind === 'bridge';
