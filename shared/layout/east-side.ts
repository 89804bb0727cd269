// The side of a box that looks towards the boxes it leads to: chips and bars with their ports, each level with what hangs
// off it. Distances only ever grow downwards, so one pass from top to bottom is enough.
import type { GraphNode } from '../graph/graph.ts';
import type { EastItem } from './box-content.ts';
import { gridOf, lanesBelow, portPlace, type BranchGrid, type Cell, type GridRow } from './branch-grid.ts';
import { gaps } from './dimensions.ts';
import type { Box, Point } from './scene.ts';
import type { Structure } from './structure.ts';
import type { Subtree } from './tree-placement.ts';

export interface EastSide {
  /** x from the side's left edge, y from the top of the box. */
  readonly boxes: Map<string, Box>;
  readonly width: number;
  /** Lower end of what is in the box. */
  readonly bottom: number;
  /** Lower end of what hangs off it, with the lines below. */
  readonly bandBottom: number;
  /** Boxes that hang off it: x from where they begin, y from the top of the box. */
  readonly hanging: readonly { readonly subtree: Subtree; readonly at: Point; readonly stretched?: Box }[];
  /** How many lines run side by side between the box and what hangs off it, at most. */
  readonly lanes: number;
}

interface Block {
  readonly item: EastItem;
  readonly grid: BranchGrid;
  readonly width: number;
  readonly portHeight: number;
}

/**
 * `top`: where the first thing may begin. `level`: the height (of its middle) that a node would like to have, because
 * what it belongs to on the other side is there.
 */
export function placeEast(
  items: readonly EastItem[],
  cellsOf: (item: EastItem) => readonly Cell[],
  columns: number,
  top: number,
  level: (node: GraphNode) => number | undefined,
  sizeOf: Structure['sizeOf'],
): EastSide {
  const blocks = items.map((item) => measure(item, cellsOf(item), columns, sizeOf));
  const chipWidth = Math.max(0, ...blocks.filter(({ item }) => !isBar(item.node)).map(({ width }) => width));
  const barWidth = Math.max(0, ...blocks.filter(({ item }) => isBar(item.node)).map(({ width }) => width));
  const width = Math.max(chipWidth, barWidth);
  const cellWidth = Math.max(0, ...blocks.map(({ grid }) => grid.cellWidth));
  const boxes = new Map<string, Box>();
  const hanging: EastSide['hanging'][number][] = [];
  let cursor = top;
  let bandBottom = -gaps.rows;
  /** Below the arrows that run off to the right above whatever hangs there. */
  let railBottom = 0;
  let bottom = top;

  for (const block of blocks) {
    const { item, grid } = block;
    const size = sizeOf(item.node);
    const bar = isBar(item.node);
    // All bars are of one width, and all chips.
    const ownWidth = bar ? barWidth : chipWidth;
    const nodeX = width - ownWidth;
    const portWidth = barWidth / grid.strips - gaps.rail;
    let nodeTop = Math.max(cursor, (level(item.node) ?? -Infinity) - size.height / 2);
    // Its arrow runs off between what hangs above and what hangs below.
    if (item.sends && item.branches.length === 0 && bandBottom > 0)
      nodeTop = Math.max(nodeTop, bandBottom + (gaps.rows - size.height) / 2);
    // Nothing of its own where the box itself is folded and things hang off it as a whole.
    let portCursor = bar ? nodeTop + size.height + gaps.barToPorts : nodeTop;
    let firstPort: number | undefined;
    // A bar that something hangs off directly, beside ports of its own: it keeps its place above them.
    if (bar && item.ports.length > 0 && item.branches.some(({ from }) => from === item.node))
      boxes.set(item.node.id, { x: nodeX, y: nodeTop, width: ownWidth, height: size.height });

    const placePorts = (row: GridRow, blockTop: number): void => {
      row.cells.forEach(({ port }, i) => {
        if (boxes.has(port.id)) return;
        const place = portPlace(grid, i);
        const y = blockTop + place.row * grid.portPitch;
        firstPort = Math.min(firstPort ?? y, y);
        if (port === item.node) {
          boxes.set(port.id, { x: nodeX, y, width: ownWidth, height: size.height });
          return;
        }
        const x = nodeX + (place.strip + 1) * gaps.rail + place.strip * portWidth;
        boxes.set(port.id, { x, y, width: portWidth, height: block.portHeight });
      });
    };
    for (const row of grid.rows) {
      const portHeight = bar ? block.portHeight : size.height;
      const lowest = Math.max(bandBottom + gaps.rows, railBottom);
      const only = row.cells.length === 1 ? row.cells[0] : undefined;
      const placed = item.whole || row.cells.every(({ port }) => boxes.has(port.id));
      let rowTop: number;
      if (only !== undefined) {
        const middle = placed ? -Infinity : portCursor + portHeight / 2;
        const center = Math.max(middle, lowest + only.anchor);
        rowTop = center - only.anchor;
        if (!placed) placePorts(row, center - portHeight / 2);
        portCursor = Math.max(portCursor, placed ? 0 : center + portHeight / 2 + gaps.ports);
      } else {
        // The first port is level with what it leads to.
        const firstTop = (row.cells[0]?.anchor ?? 0) - portHeight / 2;
        const blockTop = Math.max(placed ? -Infinity : portCursor, lowest + firstTop);
        rowTop = blockTop - firstTop;
        if (!placed) placePorts(row, blockTop);
        portCursor = Math.max(portCursor, placed ? 0 : blockTop + row.portRows * grid.portPitch);
      }
      row.cells.forEach(({ subtree }, i) => {
        const at = { x: i * (cellWidth + gaps.columns), y: rowTop };
        const own = subtree.boxes.get(subtree.box.id);
        hanging.push(
          subtree.isLeaf && own
            ? { subtree, at, stretched: { ...own, width: cellWidth, height: row.height } }
            : { subtree, at },
        );
      });
      bandBottom = rowTop + row.height + lanesBelow(row);
    }
    if (bar) {
      const leading = new Set(grid.rows.flatMap((row) => row.cells.map((cell) => cell.port.id)));
      const idle = item.ports.filter((port) => !leading.has(port.id));
      idle.forEach((port, i) => {
        const strip = i % grid.strips;
        const y = portCursor + Math.floor(i / grid.strips) * grid.portPitch;
        firstPort ??= y;
        const x = nodeX + (strip + 1) * gaps.rail + strip * portWidth;
        boxes.set(port.id, { x, y, width: portWidth, height: block.portHeight });
      });
      portCursor += Math.ceil(idle.length / grid.strips) * grid.portPitch;
      // The bar follows its first port down.
      if (firstPort !== undefined) nodeTop = firstPort - gaps.barToPorts - size.height;
    }
    if (!boxes.has(item.node.id) && !item.whole)
      boxes.set(item.node.id, { x: nodeX, y: nodeTop, width: ownWidth, height: size.height });
    const own = boxes.get(item.node.id);
    const ownBottom = own === undefined ? cursor : own.y + own.height;
    if (item.whole) continue;
    const end = Math.max(ownBottom, item.ports.length > 0 ? portCursor - gaps.ports : 0);
    if (item.sends && own !== undefined) railBottom = Math.max(railBottom, own.y + own.height / 2 + gaps.rows * 0.75);
    bottom = Math.max(bottom, end);
    cursor = end + (bar ? gaps.blocks : gaps.plates);
  }
  return {
    boxes,
    width,
    bottom,
    bandBottom: Math.max(bandBottom, 0),
    hanging,
    lanes: Math.max(0, ...blocks.flatMap(({ grid }) => grid.rows.map((row) => row.cells.length - 1))),
  };
}

const isBar = (node: GraphNode): boolean => node.kind === 'bridge';

function measure(item: EastItem, cells: readonly Cell[], columns: number, sizeOf: Structure['sizeOf']): Block {
  const sizes = item.ports.map(sizeOf);
  const portHeight = Math.max(0, ...sizes.map((size) => size.height));
  const own = item.whole ? 0 : sizeOf(item.node).width;
  const grid = gridOf(cells, columns, portHeight);
  if (item.ports.length === 0) return { item, grid, width: own, portHeight };
  const widest = Math.max(...sizes.map((size) => size.width));
  const width = Math.max(own, grid.strips * (gaps.rail + widest));
  return { item, grid, width, portHeight };
}
