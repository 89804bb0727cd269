// A line while one of its ends is dragged: that end goes along, the piece at it stays straight up or across as it was.
// Where the line really goes is computed when the node is let go.
import type { Point } from '../../shared/layout/scene.ts';

export function pulled(route: readonly Point[], source: boolean, target: boolean, by: Point): readonly Point[] {
  if (source && target) return route.map((point) => add(point, by.x, by.y));
  if (target) return pulled([...route].reverse(), true, false, by).toReversed();
  const [first, second, ...rest] = route;
  if (!source || !first || !second) return route;
  const moved = add(first, by.x, by.y);
  if (rest.length === 0) return [moved, second];
  const upright = first.x === second.x;
  return [moved, upright ? add(second, by.x, 0) : add(second, 0, by.y), ...rest];
}

const add = (point: Point, x: number, y: number): Point => ({ x: point.x + x, y: point.y + y });
