// Parts of the picture have positions of their own and are moved as a whole to where they belong.
import type { Box, Point } from './scene.ts';

/** Moves `part` by `by` into `boxes`. */
export function put(boxes: Map<string, Box>, part: ReadonlyMap<string, Box>, by: Point): void {
  for (const [id, box] of part)
    boxes.set(id, { x: box.x + by.x, y: box.y + by.y, width: box.width, height: box.height });
}

/** The smallest box around others; nothing for nothing. */
export function around(boxes: Iterable<Box>): Box | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  return left === Infinity ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}
