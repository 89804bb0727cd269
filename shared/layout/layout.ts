// Positions for a graph: our own layout. Two levels, linear in size, sorted by name and id, so that the same graph in any
// order gives the same picture, and a refresh moves nothing that did not change its neighbours.
//
// Left to right: what is outside, the host with its NIC at the edge, the boxes it leads to, those they lead to. A rootless
// host comes out in RootlessKit's own three columns; many boxes on one bridge come out as a grid beside it.
import type { Graph, GraphNode } from '../graph/graph.ts';
import { bestColumns } from './columns.ts';
import { gaps, padding, pleasantAspect } from './dimensions.ts';
import { flow } from './flow.ts';
import { moveNodes } from './moved.ts';
import { around, put } from './placement.ts';
import { routeEdges } from './route-edges.ts';
import type { Box, Point, Scene } from './scene.ts';
import { readStructure, type Structure } from './structure.ts';
import { placeTree, type Subtree } from './tree-placement.ts';

/** `moved`: top left corners of nodes that were moved by hand; what is inside a moved box moves with it. */
export function layoutGraph(graph: Graph, moved: ReadonlyMap<string, Point> = new Map()): Scene {
  const structure = readStructure(graph);
  const boxes = new Map<string, Box>();
  const inside = placeInside(structure);
  const { frame } = structure;
  if (frame === undefined) {
    put(boxes, inside.boxes, { x: 0, y: 0 });
  } else {
    const header = structure.sizeOf(frame);
    const top = header.height - padding.frame.y + gaps.frameHeader;
    put(boxes, inside.boxes, { x: padding.frame.x, y: top });
    boxes.set(frame.id, {
      x: 0,
      y: 0,
      width: Math.max(header.width, inside.width + padding.frame.x * 2),
      height: top + inside.height + padding.frame.x,
    });
  }
  placeOutside(structure, boxes);
  const placed = moved.size === 0 ? boxes : moveNodes(graph, boxes, moved);
  const { routes, labels } = routeEdges(graph, placed);
  return { boxes: placed, routes, labels, bounds: boundsOf(placed, routes) };
}

interface Part {
  readonly boxes: Map<string, Box>;
  readonly width: number;
  readonly height: number;
}

/** The host's tree; under its box what could not be placed; below it all other trees, then boxes without a line. */
function placeInside(structure: Structure): Part {
  const columns = bestColumns(structure);
  const boxes = new Map<string, Box>();
  let [width, height] = [0, 0];
  let hostTree: Subtree | undefined;
  const others: Subtree[] = [];
  for (const root of structure.roots) {
    const tree = placeTree(root, structure, columns);
    if (hostTree !== undefined) {
      others.push(tree);
      continue;
    }
    hostTree = tree;
    put(boxes, tree.boxes, { x: 0, y: 0 });
    ({ width, height } = tree);
  }
  const hostBox = hostTree?.boxes.get(hostTree.box.id);
  const alone = structure.alone.map((box) => placeTree(box, structure, columns, hostBox?.width));
  const rest: Subtree[] = [];
  let free = hostBox === undefined ? 0 : hostBox.height + gaps.rows;
  for (const tree of alone.sort((a, b) => closedFirst(a.box) - closedFirst(b.box))) {
    // Under the host's own box there is room where what hangs off it is taller.
    const fits =
      hostBox !== undefined && tree.width <= hostBox.width && free + tree.height <= Math.max(height, gaps.tall);
    if (!fits) {
      rest.push(tree);
      continue;
    }
    put(boxes, tree.boxes, { x: 0, y: free });
    if (tree.box.tags.includes('closed'))
      boxes.set(tree.box.id, { x: 0, y: free, width: hostBox.width, height: tree.height });
    free += tree.height + gaps.rows;
    height = Math.max(height, free - gaps.rows);
  }
  for (const parts of [others, rest]) {
    if (parts.length === 0) continue;
    const top = height === 0 ? 0 : height + gaps.trees;
    const shelf = placeShelf(parts, width);
    put(boxes, shelf.boxes, { x: 0, y: top });
    width = Math.max(width, shelf.width);
    height = top + shelf.height;
  }
  return { boxes, width, height };
}

/** Beside each other in rows, as wide as what is above them or as pleasant for their number. */
function placeShelf(trees: readonly Subtree[], width: number): Part {
  const area = trees.reduce((sum, tree) => sum + (tree.width + gaps.rows) * (tree.height + gaps.rows), 0);
  const shelf = flow(
    trees.map((tree) => ({ id: tree.box.id, width: tree.width, height: tree.height })),
    Math.max(width, Math.sqrt(area * pleasantAspect)),
    { x: gaps.trees, y: gaps.trees },
  );
  const boxes = new Map<string, Box>();
  for (const tree of trees) {
    const at = shelf.boxes.get(tree.box.id);
    if (at) put(boxes, tree.boxes, at);
  }
  return { boxes, width: shelf.width, height: shelf.height };
}

const closedFirst = (box: GraphNode): number => (box.tags.includes('closed') ? 0 : 1);

/** Left of the frame, level with the first thing that leads out. */
function placeOutside(structure: Structure, boxes: Map<string, Box>): void {
  const all = around(boxes.values()) ?? { x: 0, y: 0, width: 0, height: 0 };
  let lowest = -Infinity;
  for (const node of structure.outside) {
    const size = structure.sizeOf(node);
    const levels = (structure.edgesOf.get(node.id) ?? [])
      .map((edge) => boxes.get(edge.source === node.id ? edge.target : edge.source))
      .filter((box) => box !== undefined)
      .map((box) => box.y + box.height / 2);
    const middle = levels.length === 0 ? all.y + all.height / 2 : Math.min(...levels);
    const y = Math.max(lowest, middle - size.height / 2);
    boxes.set(node.id, { x: all.x - gaps.outside - size.width, y, ...size });
    lowest = y + size.height + gaps.rows;
  }
}

function boundsOf(boxes: ReadonlyMap<string, Box>, routes: ReadonlyMap<string, readonly Point[]>): Box {
  let { x: left, y: top, width, height } = around(boxes.values()) ?? { x: 0, y: 0, width: 0, height: 0 };
  let [right, bottom] = [left + width, top + height];
  for (const route of routes.values())
    for (const { x, y } of route) {
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
  width = right - left;
  height = bottom - top;
  return { x: left, y: top, width, height };
}
