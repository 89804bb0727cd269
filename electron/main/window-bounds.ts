// Where the window was left, and whether that place still exists.
import { z } from 'zod';

export const smallest = { width: 900, height: 600 };

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface WindowPlace {
  readonly bounds: Rectangle;
  readonly maximized: boolean;
}

export const windowPlaceSchema: z.ZodType<WindowPlace> = z.object({
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number().min(1), height: z.number().min(1) }),
  maximized: z.boolean(),
});

/**
 * Bounds for the window: as it was left when a good part of its title bar is on a screen that is there now, else only
 * as large as it was and centred (no x, no y), never larger than the screen.
 */
export function fitBounds(
  left: Rectangle | undefined,
  screens: readonly Rectangle[],
): Partial<Rectangle> & Pick<Rectangle, 'width' | 'height'> {
  const wanted = left ?? { width: 1600, height: 1000 };
  const [first] = screens;
  const width = Math.max(smallest.width, Math.min(wanted.width, first?.width ?? wanted.width));
  const height = Math.max(smallest.height, Math.min(wanted.height, first?.height ?? wanted.height));
  if (left === undefined) return { width, height };
  const titleBar = { x: left.x, y: left.y, width: left.width, height: 40 };
  const reachable = screens.some((screen) => overlap(screen, titleBar) >= 100 * 20);
  return reachable ? left : { width, height };
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
