// What is where in a scene, for assertions.
import type { Graph } from '../../shared/graph/graph.ts';
import type { Box, Point, Scene } from '../../shared/layout/scene.ts';

export const boxOf = (scene: Scene, id: string): Box => {
  const box = scene.boxes.get(id);
  if (!box) throw new Error(`${id} has no place`);
  return box;
};

export const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

export const holds = (outer: Box, inner: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width + 1e-6 &&
  inner.y + inner.height <= outer.y + outer.height + 1e-6;

export function onBorder(box: Box, { x, y }: Point): boolean {
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6;
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const within = x >= box.x - 1e-6 && x <= right + 1e-6 && y >= box.y - 1e-6 && y <= bottom + 1e-6;
  return within && (near(x, box.x) || near(x, right) || near(y, box.y) || near(y, bottom));
}

/** Names of pairs of siblings that lie on each other. */
export function overlappingSiblings(graph: Graph, scene: Scene): readonly string[] {
  const byParent = new Map<string, string[]>();
  for (const node of graph.nodes)
    byParent.set(node.parent ?? '', [...(byParent.get(node.parent ?? '') ?? []), node.id]);
  const found: string[] = [];
  for (const siblings of byParent.values()) {
    const boxes = siblings.map((id) => ({ id, box: boxOf(scene, id) })).sort((a, b) => a.box.y - b.box.y);
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) {
        if (b.box.y >= a.box.y + a.box.height) break;
        if (overlap(a.box, b.box)) found.push(`${a.id} and ${b.id}`);
      }
    });
  }
  return found;
}

/** Ids of nodes that a line runs through, other than its ends and the boxes around them. */
export function crossedNodes(graph: Graph, scene: Scene, edgeId: string): readonly string[] {
  const edge = graph.edges.find((one) => one.id === edgeId);
  const route = scene.routes.get(edgeId) ?? [];
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const spared = new Set<string>();
  for (const end of [edge?.source, edge?.target])
    for (let at = end === undefined ? undefined : nodes.get(end); at; at = nodes.get(at.parent ?? ''))
      spared.add(at.id);
  const crossed = new Set<string>();
  for (let i = 1; i < route.length; i++) {
    const [a, b] = [route[i - 1], route[i]];
    if (!a || !b) continue;
    const piece = {
      x: Math.min(a.x, b.x),
      y: Math.min(a.y, b.y),
      width: Math.abs(a.x - b.x),
      height: Math.abs(a.y - b.y),
    };
    for (const [id, box] of scene.boxes) if (!spared.has(id) && overlap(piece, box)) crossed.add(id);
  }
  return [...crossed];
}
