// Moving by hand: what can be taken where, what goes along, and what is remembered of it.
import type { Graph, GraphNode } from '../../shared/graph/graph.ts';
import { textSize } from '../../shared/layout/node-text.ts';
import type { Box, Point, Scene } from '../../shared/layout/scene.ts';
import type { Moved } from '../state/moves.svelte.ts';

const isBox = (node: GraphNode): boolean => node.kind === 'netns' || node.kind === 'unknown';

/** A box is taken by its header, everything else anywhere; the host's frame stays. */
export function draggable(node: GraphNode, box: Box, at: Point): boolean {
  if (node.kind === 'host') return false;
  return !isBox(node) || at.y <= box.y + textSize(node).height;
}

export function withDescendants(graph: Graph, id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const node of graph.nodes) if (node.parent !== undefined && found.has(node.parent)) found.add(node.id);
  }
  return found;
}

/**
 * Where the moved nodes stand now. What is inside a moved box goes along by the layout; only what had been moved by hand
 * before has a place of its own, and that moves too.
 */
export function movedPositions(graph: Graph, scene: Scene, before: Moved, id: string, by: Point): Moved {
  const positions = new Map<string, Point>();
  for (const one of withDescendants(graph, id)) {
    const box = scene.boxes.get(one);
    if (box && (one === id || before.has(one))) positions.set(one, { x: box.x + by.x, y: box.y + by.y });
  }
  return positions;
}
