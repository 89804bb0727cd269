// Boxes that hang off one bar (or one plate), in rows and columns beside it, and its ports lined up with them.
// Ports are in the order of the boxes they lead to, so that no two lines of one bar have to cross.
import type { GraphNode } from '../graph/graph.ts';
import { gaps, lanePitch } from './dimensions.ts';
import type { Subtree } from './tree-placement.ts';

export interface Cell {
  readonly subtree: Subtree;
  /** Leads there. */
  readonly port: GraphNode;
  /** Height of what it leads to (its middle), from the subtree's top. */
  readonly anchor: number;
}

/** A row of the grid: one box that leads further, or several that do not. */
export interface GridRow {
  readonly cells: readonly Cell[];
  readonly height: number;
  /** Rows that its ports take beside it. */
  readonly portRows: number;
}

export interface BranchGrid {
  readonly rows: readonly GridRow[];
  readonly cellWidth: number;
  /** Columns of ports. */
  readonly strips: number;
  /** From one port's top to the next one's. */
  readonly portPitch: number;
}

/** At most `columns` boxes in a row; those that lead to others have a row to themselves and come first. */
export function gridOf(cells: readonly Cell[], columns: number, portHeight: number): BranchGrid {
  const deep = cells.filter((cell) => !cell.subtree.isLeaf);
  const leaves = cells.filter((cell) => cell.subtree.isLeaf);
  const leafHeight = Math.max(0, ...leaves.map((cell) => cell.subtree.height));
  const inRow = Math.max(1, Math.min(columns, leaves.length));
  // As many strips of ports as it takes to keep a row's ports beside the row.
  const roomFor = Math.max(1, Math.floor((leafHeight + gaps.rows) / (portHeight + gaps.ports)));
  const strips = Math.max(1, Math.ceil(inRow / roomFor));
  const portPitch = portHeight + gaps.ports + (strips - 1) * lanePitch(strips - 1);
  const rows: GridRow[] = deep.map((cell) => ({ cells: [cell], height: cell.subtree.height, portRows: 1 }));
  for (let i = 0; i < leaves.length; i += inRow) {
    const row = leaves.slice(i, i + inRow);
    rows.push({ cells: row, height: leafHeight, portRows: Math.ceil(row.length / strips) });
  }
  return { rows, cellWidth: Math.max(0, ...leaves.map((cell) => cell.subtree.width)), strips, portPitch };
}

/**
 * Row and column of the port of a row's nth box. The first box's port stands first, where its line goes straight on; lines
 * to further boxes run below, so their ports stand below: none has to cross another.
 */
export function portPlace(grid: BranchGrid, cell: number): { readonly row: number; readonly strip: number } {
  return { row: Math.floor(cell / grid.strips), strip: grid.strips - 1 - (cell % grid.strips) };
}

/** Room below a row for the lines to its second and further boxes. */
export const lanesBelow = (row: GridRow): number => (row.cells.length - 1) * lanePitch(row.cells.length - 1);
