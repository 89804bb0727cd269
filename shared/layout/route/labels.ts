// Where an edge's label stands: on its longest piece, beside nothing that it would cover.
import type { GraphEdge } from '../../graph/graph.ts';
import { textStyles } from '../dimensions.ts';
import type { Point } from '../scene.ts';
import { textWidth } from '../text-width.ts';
import type { Ends, Obstacles } from './obstacles.ts';

/** Space around a label's text. */
export const labelPadding = { x: 5, y: 2 } as const;
const tries = [0.5, 0.35, 0.65, 0.2, 0.8];

/** Middles of the labels by edge id. */
export function placeLabels(
  plans: readonly { readonly edge: GraphEdge; readonly ends: Ends }[],
  routes: ReadonlyMap<string, readonly Point[]>,
  obstacles: Obstacles,
): ReadonlyMap<string, Point> {
  const labels = new Map<string, Point>();
  for (const { edge, ends } of plans) {
    const route = routes.get(edge.id);
    if (edge.label === undefined || route === undefined) continue;
    const size = labelSize(edge.label);
    let first: Point | undefined;
    for (const point of candidates(route)) {
      first ??= point;
      const box = { x: point.x - size.width / 2, y: point.y - size.height / 2, ...size };
      const taken = [...labels.values()].some(
        (other) => Math.abs(other.x - point.x) < size.width && Math.abs(other.y - point.y) < size.height,
      );
      if (taken || !obstacles.isFree(box, ends)) continue;
      first = point;
      break;
    }
    if (first) labels.set(edge.id, first);
  }
  return labels;
}

export function labelSize(label: string): { readonly width: number; readonly height: number } {
  const { font, size, leading } = textStyles.edgeLabel;
  return { width: textWidth(label, font, size) + labelPadding.x * 2, height: leading + labelPadding.y * 2 };
}

function* candidates(route: readonly Point[]): Generator<Point> {
  const pieces: { readonly a: Point; readonly b: Point; readonly length: number }[] = [];
  for (let i = 1; i < route.length; i++) {
    const [a, b] = [route[i - 1], route[i]];
    if (a && b) pieces.push({ a, b, length: Math.abs(a.x - b.x) + Math.abs(a.y - b.y) });
  }
  for (const { a, b } of pieces.sort((one, other) => other.length - one.length))
    for (const t of tries) yield { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}
