// Nodes that were moved by hand: they go where they were put, what is inside goes along, boxes grow to hold their
// children, and everything else stays.
import type { Graph, GraphNode } from '../graph/graph.ts';
import { padding } from './dimensions.ts';
import { textSize } from './node-text.ts';
import type { Box, Point } from './scene.ts';

export function moveNodes(
  graph: Graph,
  boxes: ReadonlyMap<string, Box>,
  moved: ReadonlyMap<string, Point>,
): Map<string, Box> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const result = new Map<string, Box>();
  const offsets = new Map<string, Point>();
  const offsetOf = (node: GraphNode): Point => {
    const known = offsets.get(node.id);
    if (known) return known;
    const own = moved.get(node.id);
    const box = boxes.get(node.id);
    const parent = node.parent === undefined ? undefined : nodes.get(node.parent);
    const offset = own && box ? { x: own.x - box.x, y: own.y - box.y } : parent ? offsetOf(parent) : { x: 0, y: 0 };
    offsets.set(node.id, offset);
    return offset;
  };
  for (const node of graph.nodes) {
    const box = boxes.get(node.id);
    if (box === undefined) continue;
    const by = offsetOf(node);
    result.set(node.id, { ...box, x: box.x + by.x, y: box.y + by.y });
  }
  for (const node of innermostFirst(graph, nodes)) grow(node, nodes, result);
  return result;
}

function innermostFirst(graph: Graph, nodes: ReadonlyMap<string, GraphNode>): readonly GraphNode[] {
  const depthOf = (node: GraphNode): number => {
    const parent = node.parent === undefined ? undefined : nodes.get(node.parent);
    return parent ? depthOf(parent) + 1 : 0;
  };
  const depths = new Map(graph.nodes.map((node) => [node, depthOf(node)]));
  return [...graph.nodes].sort((a, b) => (depths.get(b) ?? 0) - (depths.get(a) ?? 0));
}

/** Makes the parent hold this child with its usual padding; a parent only ever grows. */
function grow(child: GraphNode, nodes: ReadonlyMap<string, GraphNode>, boxes: Map<string, Box>): void {
  const parent = child.parent === undefined ? undefined : nodes.get(child.parent);
  const inner = boxes.get(child.id);
  const outer = parent && boxes.get(parent.id);
  if (!parent || !inner || !outer) return;
  const pad = parent.kind === 'host' ? padding.frame : padding.box;
  const header = textSize(parent).height - pad.y;
  const holds =
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height;
  if (holds) return;
  const left = Math.min(outer.x, inner.x - pad.x);
  const top = Math.min(outer.y, inner.y - header - pad.y);
  const right = Math.max(outer.x + outer.width, inner.x + inner.width + pad.x);
  const bottom = Math.max(outer.y + outer.height, inner.y + inner.height + pad.x);
  boxes.set(parent.id, { x: left, y: top, width: right - left, height: bottom - top });
}
