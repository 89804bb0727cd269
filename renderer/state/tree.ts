// A tree as the rows that are visible, and where the arrow keys go in it (WAI-ARIA tree pattern).

export interface Row<T> {
  readonly key: string;
  readonly item: T;
  /** From 1. */
  readonly level: number;
  readonly hasChildren: boolean;
  readonly open: boolean;
  readonly parent: string | undefined;
  /** Position among its siblings, from 1, and how many there are. */
  readonly position: number;
  readonly siblings: number;
}

interface Branch<T> {
  readonly key: string;
  readonly children: readonly T[];
}

/** Rows from top to bottom; what is below a key in `closed` is left out. */
export function visibleRows<T extends Branch<T>>(
  branches: readonly T[],
  closed: ReadonlySet<string>,
  level = 1,
  parent: string | undefined = undefined,
): readonly Row<T>[] {
  return branches.flatMap((item, index) => {
    const hasChildren = item.children.length > 0;
    const open = hasChildren && !closed.has(item.key);
    const row = {
      key: item.key,
      item,
      level,
      hasChildren,
      open,
      parent,
      position: index + 1,
      siblings: branches.length,
    };
    return open ? [row, ...visibleRows(item.children, closed, level + 1, item.key)] : [row];
  });
}

export type TreeStep = { readonly focus: string } | { readonly open: string } | { readonly close: string } | undefined;

/** What a key does in a row: go to another, open or close this one, or nothing. */
export function treeStep<T>(rows: readonly Row<T>[], key: string | undefined, pressed: string): TreeStep {
  const at = rows.findIndex((row) => row.key === key);
  const row = rows[at];
  const go = (to: Row<T> | undefined): TreeStep => to && { focus: to.key };
  switch (pressed) {
    case 'ArrowDown':
      return go(rows[at + 1]);
    case 'ArrowUp':
      return go(rows[Math.max(0, at - 1)]);
    case 'Home':
      return go(rows[0]);
    case 'End':
      return go(rows.at(-1));
    case 'ArrowRight':
      if (!row?.hasChildren) return undefined;
      return row.open ? go(rows[at + 1]) : { open: row.key };
    case 'ArrowLeft':
      if (row?.open) return { close: row.key };
      return row?.parent === undefined ? undefined : { focus: row.parent };
    default:
      return undefined;
  }
}
