// Arrow keys: from the selected node along a line in that direction; where there is none, to the nearest node there.
import type { Graph } from '../../shared/graph/graph.ts';
import type { Box, Point, Scene } from '../../shared/layout/scene.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

const vectors: Readonly<Record<Direction, Point>> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

export function arrowDirection(key: string): Direction | undefined {
  const direction = key.startsWith('Arrow') ? key.slice('Arrow'.length).toLowerCase() : '';
  return direction in vectors ? (direction as Direction) : undefined;
}

/** The node to go to; without a node to start from the first one of the host at the upper left; `undefined` at the end of the world. */
export function walk(graph: Graph, scene: Scene, from: string | undefined, direction: Direction): string | undefined {
  const small = graph.nodes.filter((node) => node.kind !== 'host' && scene.boxes.has(node.id));
  const start = from === undefined ? undefined : scene.boxes.get(from);
  if (from === undefined || !start) {
    return nearest(
      small.filter((node) => node.kind !== 'internet').map((node) => node.id),
      scene,
      (box) => box.x + box.y,
    );
  }
  const along = graph.edges
    .filter((edge) => edge.source === from || edge.target === from)
    .map((edge) => (edge.source === from ? edge.target : edge.source));
  const vector = vectors[direction];
  const cost = (box: Box): number => costTowards(middle(start), middle(box), vector);
  const byLine = nearest(along, scene, cost);
  if (byLine !== undefined) return byLine;
  const parent = graph.nodes.find((node) => node.id === from)?.parent;
  const around = ancestors(graph, from);
  const others = small.filter((node) => node.id !== from && !around.has(node.id) && node.parent !== from);
  const siblings = others.filter((node) => node.parent === parent);
  return (
    nearest(
      siblings.map((node) => node.id),
      scene,
      cost,
    ) ??
    nearest(
      others.map((node) => node.id),
      scene,
      cost,
    )
  );
}

function nearest(ids: readonly string[], scene: Scene, cost: (box: Box) => number): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const id of ids) {
    const box = scene.boxes.get(id);
    const own = box ? cost(box) : Infinity;
    if (own < least) [best, least] = [id, own];
  }
  return best;
}

/** Infinite unless it lies more in that direction than beside it; being beside costs double. */
function costTowards(from: Point, to: Point, vector: Point): number {
  const forward = (to.x - from.x) * vector.x + (to.y - from.y) * vector.y;
  const aside = Math.abs((to.x - from.x) * vector.y) + Math.abs((to.y - from.y) * vector.x);
  return forward > 1 && aside <= forward * 2.5 ? forward + aside * 2 : Infinity;
}

const middle = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

function ancestors(graph: Graph, id: string): ReadonlySet<string> {
  const parents = new Map(graph.nodes.map((node) => [node.id, node.parent]));
  const found = new Set<string>();
  for (let parent = parents.get(id); parent !== undefined; parent = parents.get(parent)) found.add(parent);
  return found;
}
