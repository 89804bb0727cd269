// Places one box with all that hangs off it: its inside, and to its right the boxes it leads to.
import type { GraphNode } from '../graph/graph.ts';
import { groupBy } from '../graph/grouping.ts';
import { contentOf, type BoxContent, type EastItem } from './box-content.ts';
import type { Cell } from './branch-grid.ts';
import { gaps, lanePitch, padding } from './dimensions.ts';
import { placeEast, type EastSide } from './east-side.ts';
import { flow } from './flow.ts';
import { put } from './placement.ts';
import type { Box } from './scene.ts';
import type { Structure } from './structure.ts';

/** Positions from the subtree's own top left corner. */
export interface Subtree {
  readonly box: GraphNode;
  readonly boxes: Map<string, Box>;
  readonly width: number;
  readonly height: number;
  /** Nothing hangs off it. */
  readonly isLeaf: boolean;
  /** What grows with the box when it is given more width. */
  readonly growing: readonly string[];
}

/** Widest row of quiet chips in a box that has nothing else. */
const quietWidth = 440;

/** `quiet`: how wide a box of nothing but quiet chips may be. */
export function placeTree(box: GraphNode, structure: Structure, columns: number, quiet = quietWidth): Subtree {
  const content = contentOf(box, structure);
  const header = structure.sizeOf(box);
  const top = header.height - padding.box.y + gaps.header;
  const partners = partnersOf(content, structure);

  const west = stackWest(content.west, top, () => undefined, structure.sizeOf);
  const east = placeEast(
    content.east,
    (item) => cellsOf(item, structure, columns),
    columns,
    top,
    (node) => middleOf(west.boxes.get(partners.get(node.id) ?? '')),
    structure.sizeOf,
  );
  // What sits opposite may have moved down meanwhile: the west side follows.
  const follow = stackWest(
    content.west,
    top,
    (node) => middleOf(east.boxes.get(partners.get(node.id) ?? '')),
    structure.sizeOf,
  );

  const between = west.width === 0 || east.width === 0 ? 0 : isEnd(content) ? gaps.leafHalves : gaps.halves;
  const inner = Math.max(header.width - padding.box.x * 2, west.width + between + east.width);
  // At the end of the way the right side fills the box; elsewhere it keeps to the right.
  const spare = inner - west.width - between - east.width;
  const eastX = padding.box.x + west.width + between + (isEnd(content) || west.width === 0 ? 0 : spare);
  const growing = isEnd(content) && west.width > 0 ? content.east.map((item) => item.node.id) : [];
  const empty = west.width + east.width === 0;
  const below = flow(
    content.below.map((node) => ({ id: node.id, ...structure.sizeOf(node) })),
    empty ? Math.max(header.width, quiet) - padding.box.x * 2 : inner,
    { x: gaps.chips, y: gaps.chips },
  );
  const bottom = Math.max(empty ? top : 0, east.bottom, follow.bottom);
  const quietTop = empty ? top : bottom + gaps.quiet;

  const boxes = new Map<string, Box>();
  put(boxes, follow.boxes, { x: padding.box.x, y: 0 });
  put(boxes, east.boxes, { x: eastX, y: 0 });
  put(boxes, below.boxes, { x: padding.box.x, y: quietTop });
  const isEmpty = empty && content.below.length === 0;
  const size = {
    width: Math.max(inner, below.width) + padding.box.x * 2,
    height: isEmpty
      ? header.height
      : (content.below.length > 0 ? quietTop + below.height : bottom) + padding.box.bottom,
  };
  boxes.set(box.id, { x: 0, y: 0, ...size });
  widen(boxes, growing, spare);
  return { ...hangOn(box, boxes, size, east), growing };
}

function hangOn(
  box: GraphNode,
  boxes: Map<string, Box>,
  size: { readonly width: number; readonly height: number },
  east: EastSide,
): Omit<Subtree, 'growing'> {
  const start = size.width + gaps.gutter + Math.min(east.lanes, gaps.mostLanes) * lanePitch(east.lanes);
  let { width, height } = size;
  for (const { subtree, at, stretched } of east.hanging) {
    put(boxes, subtree.boxes, { x: start + at.x, y: at.y });
    if (stretched) {
      put(boxes, new Map([[subtree.box.id, stretched]]), { x: start + at.x, y: at.y });
      widen(boxes, subtree.growing, stretched.width - subtree.width);
    }
    width = Math.max(width, start + at.x + Math.max(subtree.width, stretched?.width ?? 0));
    height = Math.max(height, at.y + Math.max(subtree.height, stretched?.height ?? 0));
  }
  height = Math.max(height, east.bandBottom);
  return { box, boxes, width, height, isLeaf: east.hanging.length === 0 };
}

function widen(boxes: Map<string, Box>, ids: readonly string[], by: number): void {
  for (const id of ids) {
    const box = boxes.get(id);
    if (box !== undefined) boxes.set(id, { ...box, width: box.width + by });
  }
}

function cellsOf(item: EastItem, structure: Structure, columns: number): readonly Cell[] {
  return item.branches.map((branch) => {
    const subtree = placeTree(branch.box, structure, columns);
    const target = subtree.boxes.get(branch.to.id);
    const header = structure.sizeOf(branch.box).height;
    return {
      subtree,
      port: branch.from,
      anchor: branch.to === branch.box ? header / 2 : (middleOf(target) ?? header / 2),
    };
  });
}

/** A box at the end of the way: interface on the left, what it is for on the right. */
const isEnd = (content: BoxContent): boolean =>
  content.east.every((item) => item.branches.length === 0 && item.node.kind !== 'bridge');

const middleOf = (box: Box | undefined): number | undefined => box && box.y + box.height / 2;

/** For each node on one side the first on the other that a line joins it to. */
function partnersOf(content: BoxContent, structure: Structure): ReadonlyMap<string, string> {
  const eastIds = new Set(content.east.map((item) => item.node.id));
  const pairs: (readonly [string, string])[] = [];
  for (const west of content.west)
    for (const edge of structure.edgesOf.get(west.id) ?? []) {
      const other = edge.source === west.id ? edge.target : edge.source;
      if (eastIds.has(other)) pairs.push([west.id, other]);
    }
  // A box with one interface and one thing in it: side by side.
  const [west, east] = [content.west[0], content.east[0]];
  if (pairs.length === 0 && content.west.length === 1 && content.east.length === 1 && west && east && isEnd(content))
    pairs.push([west.id, east.node.id]);
  const partners = new Map<string, string>();
  for (const [a, group] of groupBy(pairs, (pair) => pair[0])) partners.set(a, group[0]?.[1] ?? '');
  for (const [b, group] of groupBy(pairs, (pair) => pair[1])) {
    const first = group[0]?.[0];
    if (first === undefined) continue;
    partners.set(b, first);
    // Of several on the west side only the first is level with their common partner.
    for (const [other] of group.slice(1)) partners.delete(other);
  }
  return partners;
}

/** Tops that nodes would have if they all could have their level; the others stay after those before them. */
function naturalTops(
  nodes: readonly GraphNode[],
  top: number,
  level: (node: GraphNode) => number | undefined,
  sizeOf: Structure['sizeOf'],
): ReadonlyMap<GraphNode, number> {
  const tops = new Map<GraphNode, number>();
  let cursor = top;
  for (const node of nodes) {
    const { height } = sizeOf(node);
    const own = level(node);
    const at = own === undefined ? cursor : own - height / 2;
    tops.set(node, at);
    cursor = Math.max(cursor, at) + height + gaps.plates;
  }
  return tops;
}

/** One under the other, all of one width; each as high as it can be but not above its level. */
function stackWest(
  nodes: readonly GraphNode[],
  top: number,
  level: (node: GraphNode) => number | undefined,
  sizeOf: Structure['sizeOf'],
): { readonly boxes: ReadonlyMap<string, Box>; readonly width: number; readonly bottom: number } {
  const width = Math.max(0, ...nodes.map((node) => sizeOf(node).width));
  const boxes = new Map<string, Box>();
  let cursor = top;
  const wanted = naturalTops(nodes, top, level, sizeOf);
  for (const node of [...nodes].sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0))) {
    const { height } = sizeOf(node);
    const y = Math.max(cursor, (level(node) ?? -Infinity) - height / 2);
    boxes.set(node.id, { x: 0, y, width, height });
    cursor = y + height + gaps.plates;
  }
  return { boxes, width, bottom: cursor === top ? top : cursor - gaps.plates };
}
