// Things beside each other, as many as fit, then the next row: chips at the bottom of a box, boxes without a line.
import type { Box } from './scene.ts';

interface Size {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** Rows from 0,0. The first of a row may be wider than `width`; everything in a row starts at its top. */
export function flow(
  items: readonly Size[],
  width: number,
  gap: { readonly x: number; readonly y: number },
): { readonly boxes: ReadonlyMap<string, Box>; readonly width: number; readonly height: number } {
  const boxes = new Map<string, Box>();
  let [x, y, rowHeight, widest] = [0, 0, 0, 0];
  for (const item of items) {
    if (x > 0 && x + item.width > width) {
      x = 0;
      y += rowHeight + gap.y;
      rowHeight = 0;
    }
    boxes.set(item.id, { x, y, width: item.width, height: item.height });
    x += item.width + gap.x;
    rowHeight = Math.max(rowHeight, item.height);
    widest = Math.max(widest, x - gap.x);
  }
  return { boxes, width: widest, height: y + rowHeight };
}
