// Places one box with all that hangs off it: its inside, and to its right the boxes it leads to.
import type { GraphNode } from '../graph/graph.ts';
import { groupBy } from '../graph/grouping.ts';
import { contentOf, type BoxContent, type EastItem } from './box-content.ts';
import type { Cell } from './branch-grid.ts';
import { gaps, lanePitch, padding } from './dimensions.ts';
import { placeEast, type EastSide } from './east-side.ts';
import { flow } from './flow.ts';
import type { Size } from './node-text.ts';
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

  // What a line joins to the other side first: the other side need not go down to where it would be by name.
  const joined = [...content.west].sort((a, b) => linkRank(a, partners) - linkRank(b, partners));
  const west = stackWest(joined, top, () => undefined, structure.sizeOf, []);
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
    joined,
    top,
    (node) => middleOf(east.boxes.get(partners.get(node.id) ?? '')),
    structure.sizeOf,
    content.east
      .filter(({ node }) => leavesFrame(node, structure))
      .map(({ node }) => middleOf(east.boxes.get(node.id))),
  );

  const between = west.width === 0 || east.width === 0 ? 0 : isEnd(content) ? gaps.leafHalves : gaps.halves;
  const inner = Math.max(header.width - padding.box.x * 2, west.width + between + east.width);
  // At the end of the way the right side fills the box; elsewhere it keeps to the right.
  const spare = inner - west.width - between - east.width;
  const eastX = padding.box.x + west.width + between + (isEnd(content) || west.width === 0 ? 0 : spare);
  const growing = isEnd(content) && west.width > 0 ? content.east.map((item) => item.node.id) : [];
  const empty = west.width + east.width === 0;
  const rowWidth = empty ? Math.max(header.width, quiet) - padding.box.x * 2 : inner;
  const idle = flow(ofOneWidth(content.idle, structure.sizeOf), rowWidth, { x: gaps.plates, y: gaps.plates });
  const below = flow(
    content.below.map((node) => ({ id: node.id, ...structure.sizeOf(node) })),
    rowWidth,
    { x: gaps.chips, y: gaps.chips },
  );
  const wired = Math.max(empty ? top : 0, east.bottom, follow.bottom);
  const idleTop = empty ? top : wired + gaps.quiet;
  const bottom = idle.height > 0 ? idleTop + idle.height : wired;
  const quietTop = empty && idle.height === 0 ? top : bottom + gaps.quiet;

  const boxes = new Map<string, Box>();
  put(boxes, follow.boxes, { x: padding.box.x, y: 0 });
  put(boxes, east.boxes, { x: eastX, y: 0 });
  put(boxes, idle.boxes, { x: padding.box.x, y: idleTop });
  put(boxes, below.boxes, { x: padding.box.x, y: quietTop });
  const isEmpty = empty && content.below.length + content.idle.length === 0;
  const size = {
    width: Math.max(inner, idle.width, below.width) + padding.box.x * 2,
    height: isEmpty
      ? header.height
      : (content.below.length > 0 ? quietTop + below.height : bottom) + padding.box.bottom,
  };
  boxes.set(box.id, { x: 0, y: 0, ...size });
  widen(boxes, growing, spare);
  return { ...hangOn(box, boxes, size, east), growing };
}

/** So that what stands below each other in rows stands in columns too. */
function ofOneWidth(nodes: readonly GraphNode[], sizeOf: Structure['sizeOf']): (Size & { readonly id: string })[] {
  const width = Math.max(0, ...nodes.map((node) => sizeOf(node).width));
  return nodes.map((node) => ({ id: node.id, width, height: sizeOf(node).height }));
}

function linkRank(node: GraphNode, partners: ReadonlyMap<string, string>): number {
  return node.kind !== 'link' ? 0 : partners.has(node.id) ? 1 : 2;
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

/** Its way out crosses the west side, where nothing may stand on it. */
const leavesFrame = (node: GraphNode, structure: Structure): boolean =>
  (structure.edgesOf.get(node.id) ?? []).some(({ target }) => structure.nodes.get(target)?.kind === 'internet');

const middleOf = (box: Box | undefined): number | undefined => box && box.y + box.height / 2;

/** For each node on one side the first on the other that a line joins it to. */
function partnersOf(content: BoxContent, structure: Structure): ReadonlyMap<string, string> {
  const eastIds = new Set(content.east.map((item) => item.node.id));
  const pairs: (readonly [string, string])[] = [];
  for (const west of content.west)
    for (const edge of structure.edgesOf.get(west.id) ?? []) {
      const other = edge.source === west.id ? edge.target : edge.source;
      const node = structure.nodes.get(other);
      if (node && eastIds.has(other) && !leavesFrame(node, structure)) pairs.push([west.id, other]);
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

/**
 * One under the other, all of one width: those with a level there or below, the others in what room is left, in order.
 * `lines`: heights at which a line comes through.
 */
function stackWest(
  nodes: readonly GraphNode[],
  top: number,
  level: (node: GraphNode) => number | undefined,
  sizeOf: Structure['sizeOf'],
  lines: readonly (number | undefined)[],
): { readonly boxes: ReadonlyMap<string, Box>; readonly width: number; readonly bottom: number } {
  const width = Math.max(0, ...nodes.map((node) => sizeOf(node).width));
  const levelled = [
    ...nodes.map((node) => ({ node, height: sizeOf(node).height, middle: level(node) })),
    ...lines.map((middle) => ({ node: undefined, height: 0, middle })),
  ]
    .filter((one): one is typeof one & { middle: number } => one.middle !== undefined)
    .sort((a, b) => a.middle - a.height / 2 - (b.middle - b.height / 2));
  const taken: Box[] = [];
  const boxes = new Map<string, Box>();
  let cursor = top;
  for (const { node, height, middle } of levelled) {
    const box = { x: 0, y: Math.max(cursor, middle - height / 2), width, height };
    taken.push(box);
    if (node) boxes.set(node.id, box);
    cursor = box.y + height + gaps.plates;
  }
  let free = top;
  for (const node of nodes) {
    if (boxes.has(node.id)) continue;
    const { height } = sizeOf(node);
    while (taken[0] !== undefined && free + height + gaps.plates > taken[0].y) {
      free = taken[0].y + taken[0].height + gaps.plates;
      taken.shift();
    }
    boxes.set(node.id, { x: 0, y: free, width, height });
    free += height + gaps.plates;
  }
  const bottom = Math.max(top, ...[...boxes.values()].map((box) => box.y + box.height));
  return { boxes, width, bottom };
}
