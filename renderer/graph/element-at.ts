// What lies under a point: the innermost node, but a line where it runs over a box.
import type { Box, Point } from '../../shared/layout/scene.ts';
import type { Picture } from '../worker/protocol.ts';

/** `reach`: how far beside a line still counts, in scene pixels. */
export function elementAt({ graph, scene }: Picture, at: Point, reach: number): string | undefined {
  const hits = graph.nodes
    .map((node) => ({ node, box: scene.boxes.get(node.id) }))
    .filter(({ box }) => box !== undefined && contains(box, at))
    .sort((a, b) => area(a.box) - area(b.box));
  const node = hits[0]?.node;
  if (node && node.kind !== 'host' && node.kind !== 'netns' && node.kind !== 'unknown') return node.id;
  const edge = graph.edges.find((one) => near(scene.routes.get(one.id) ?? [], at, reach));
  return edge?.id ?? node?.id;
}

const contains = ({ x, y, width, height }: Box, at: Point): boolean =>
  at.x >= x && at.y >= y && at.x <= x + width && at.y <= y + height;

const area = (box: Box | undefined): number => (box ? box.width * box.height : Infinity);

function near(route: readonly Point[], at: Point, reach: number): boolean {
  return route.some((to, index) => {
    const from = route[index - 1];
    return from !== undefined && distance(from, to, at) <= reach;
  });
}

/** From a point to a piece of a line. */
function distance(from: Point, to: Point, at: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const squared = dx * dx + dy * dy;
  const t = squared === 0 ? 0 : Math.max(0, Math.min(1, ((at.x - from.x) * dx + (at.y - from.y) * dy) / squared));
  return Math.hypot(at.x - from.x - t * dx, at.y - from.y - t * dy);
}
