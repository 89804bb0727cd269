// What the rest of the window may ask of the picture on the screen. The canvas puts itself in and takes itself out.
import type { Box } from '../../shared/layout/scene.ts';

export interface Viewport {
  zoomBy(factor: number): void;
  /** Everything, or one element and what is in it. */
  fit(element?: string): void;
  /** Whether anything of the picture stands in this area of the page. */
  covers(area: Box): boolean;
  /** Brings an element into sight without changing more than needed. */
  reveal(element: string): void;
}
