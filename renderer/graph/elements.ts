// A picture as Cytoscape's elements. Boxes are plain nodes as large as our layout says, not compounds: a compound takes its
// size from its children, and ours comes from the scene, the same on the screen and in every export.
import type { ElementDefinition } from 'cytoscape';
import type { GraphNode } from '../../shared/graph/graph.ts';
import type { Picture } from '../worker/protocol.ts';

/** Outermost first; what lies deeper is hit first. */
export function depths(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const found = new Map<string, number>();
  const depth = (node: GraphNode): number => {
    const cached = found.get(node.id);
    if (cached !== undefined) return cached;
    const parent = node.parent === undefined ? undefined : known.get(node.parent);
    const own = parent ? depth(parent) + 1 : 0;
    found.set(node.id, own);
    return own;
  };
  for (const node of nodes) depth(node);
  return found;
}

export function elementsOf({ graph, scene }: Picture): readonly ElementDefinition[] {
  const depth = depths(graph.nodes);
  const elements: ElementDefinition[] = [];
  for (const node of graph.nodes) {
    const box = scene.boxes.get(node.id);
    if (!box) continue;
    elements.push({
      group: 'nodes',
      data: { id: node.id, width: box.width, height: box.height, depth: (depth.get(node.id) ?? 0) * 10 },
      position: { x: box.x + box.width / 2, y: box.y + box.height / 2 },
      classes: node.kind,
    });
  }
  for (const edge of graph.edges) {
    if (!scene.boxes.has(edge.source) || !scene.boxes.has(edge.target)) continue;
    elements.push({
      group: 'edges',
      data: { id: edge.id, source: edge.source, target: edge.target },
      classes: edge.kind,
    });
  }
  return elements;
}
