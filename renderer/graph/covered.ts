// What elements of a picture cover, in scene pixels.
import type { Box } from '../../shared/layout/scene.ts';
import type { Picture } from '../worker/protocol.ts';

/** Whether a node or a line of the picture reaches into an area. */
export function reaches({ graph, scene }: Picture, area: Box): boolean {
  const overlaps = (box: Box): boolean =>
    box.x < area.x + area.width &&
    area.x < box.x + box.width &&
    box.y < area.y + area.height &&
    area.y < box.y + box.height;
  for (const { id } of graph.nodes) {
    const box = scene.boxes.get(id);
    if (box && overlaps(box)) return true;
  }
  for (const route of scene.routes.values()) {
    for (const [index, to] of route.entries()) {
      const from = route[index - 1] ?? to;
      const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
      if (overlaps({ x, y, width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y) })) return true;
    }
  }
  return false;
}

/** A node's box; what a line and its ends cover. */
export function boxOf({ graph, scene }: Picture, element: string): Box | undefined {
  const box = scene.boxes.get(element);
  const edge = box ? undefined : graph.edges.find((one) => one.id === element);
  const ends = edge && [scene.boxes.get(edge.source), scene.boxes.get(edge.target)].filter((end) => end !== undefined);
  if (!ends || ends.length === 0) return box;
  const [x, y] = [Math.min(...ends.map((end) => end.x)), Math.min(...ends.map((end) => end.y))];
  const right = Math.max(...ends.map((end) => end.x + end.width));
  const bottom = Math.max(...ends.map((end) => end.y + end.height));
  return { x, y, width: right - x, height: bottom - y };
}
