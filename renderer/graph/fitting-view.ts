// Where the view has to stand so that a box of the scene fills it.
import type { Box, Point } from '../../shared/layout/scene.ts';

/** Beyond these nothing can be read or nothing else can be seen. */
export const zoomRange = { minZoom: 0.02, maxZoom: 4 };
/** Pixels between the picture and the edge of the canvas. */
const margin = 16;
/** A small picture is not blown up further than this. */
const largestWhole = 1.25;

export interface View {
  readonly zoom: number;
  /** Pixels of the canvas at which the scene's origin stands. */
  readonly pan: Point;
}

type Size = Pick<Box, 'width' | 'height'>;

/** The middle of `box` in the middle of a canvas of `size` pixels, as large as it fits but never larger than `largest`. */
export function fittingView(box: Box, size: Size, largest = largestWhole): View {
  const fitting = Math.min((size.width - margin * 2) / box.width, (size.height - margin * 2) / box.height);
  const zoom = Math.max(Math.min(fitting, largest), zoomRange.minZoom);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  return { zoom, pan: { x: size.width / 2 - x * zoom, y: size.height / 2 - y * zoom } };
}
