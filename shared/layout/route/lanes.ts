// Lines that would run on top of each other are set side by side. Those of one bundle (arrows from one forwarder) stay
// together: they are one thing until they part.
import { lanePitch } from '../dimensions.ts';
import type { Point } from '../scene.ts';

export interface Line {
  readonly id: string;
  /** Lines with the same bundle may share a lane. */
  readonly bundle: string;
  points: Point[];
}

/** A line that passes the plate beside its own turns away so close to where it starts. */
export const turnOut = 5;

interface Piece {
  readonly line: Line;
  /** Its first point's position in the line. */
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly rank: number;
}

/** Only pieces between two others can move: their neighbours grow or shrink with them. */
export function spreadLanes(lines: readonly Line[]): void {
  const columns = new Map<number, Piece[]>();
  const rows = new Map<number, Piece[]>();
  for (const line of lines)
    for (let index = 1; index + 2 < line.points.length; index++) {
      const [a, b] = [line.points[index], line.points[index + 1]];
      if (!a || !b) continue;
      if (a.x === b.x) collect(columns, Math.round(a.x), upright(line, index, a, b));
      else collect(rows, Math.round(a.y), level(line, index, a, b));
    }
  for (const pieces of columns.values())
    for (const cluster of clustersOf(pieces)) {
      const { lane, count } = assign(cluster);
      for (const piece of cluster) shift(piece, 'x', ((lane.get(piece) ?? 0) - (count - 1) / 2) * lanePitch(count));
    }
  for (const pieces of rows.values())
    for (const cluster of clustersOf(pieces)) {
      const { lane, count } = assign(cluster);
      for (const piece of cluster) shift(piece, 'y', away(piece) * (lane.get(piece) ?? 0) * lanePitch(count));
    }
}

/** Left to right: those that climb by the height they come from, then those that descend, the lowest first. */
function upright(line: Line, index: number, a: Point, b: Point): Piece {
  const before = line.points[index - 1] ?? a;
  const leftFirst = before.x <= a.x;
  const [left, right] = leftFirst ? [a.y, b.y] : [b.y, a.y];
  const rank = right < left ? left : 1e9 - left;
  return { line, index, from: Math.min(a.y, b.y), to: Math.max(a.y, b.y), rank };
}

/** Down for lines that run below a box and turn up to it, or pass below a plate; up for those above. */
function away({ line, index }: Piece): 1 | -1 {
  const [start, turn, past] = line.points;
  if (index === 2 && start && turn && past && Math.abs(turn.x - start.x) <= turnOut) return past.y > start.y ? 1 : -1;
  const [end, next] = [line.points[index + 1], line.points[index + 2]];
  return end && next && next.y < end.y ? 1 : -1;
}

/** Outwards: those that go furthest run outermost. */
function level(line: Line, index: number, a: Point, b: Point): Piece {
  return { line, index, from: Math.min(a.x, b.x), to: Math.max(a.x, b.x), rank: Math.max(a.x, b.x) };
}

function collect(groups: Map<number, Piece[]>, key: number, piece: Piece): void {
  const group = groups.get(key);
  if (group) group.push(piece);
  else groups.set(key, [piece]);
}

/** Pieces that touch, directly or through others. */
function clustersOf(pieces: readonly Piece[]): readonly Piece[][] {
  const sorted = [...pieces].sort((a, b) => a.from - b.from || (a.line.id < b.line.id ? -1 : 1));
  const clusters: Piece[][] = [];
  let end = -Infinity;
  for (const piece of sorted) {
    if (piece.from > end) clusters.push([]);
    clusters.at(-1)?.push(piece);
    end = Math.max(end, piece.to);
  }
  return clusters;
}

function assign(cluster: readonly Piece[]): { readonly lane: ReadonlyMap<Piece, number>; readonly count: number } {
  const sorted = [...cluster].sort((a, b) => a.rank - b.rank || (a.line.id < b.line.id ? -1 : 1));
  const lane = new Map<Piece, number>();
  const lanes: Piece[][] = [];
  for (const piece of sorted) {
    const fits = (other: Piece): boolean =>
      other.line.bundle === piece.line.bundle || other.to <= piece.from || other.from >= piece.to;
    let free = lanes.findIndex((others) => others.every(fits));
    if (free < 0) free = lanes.push([]) - 1;
    lanes[free]?.push(piece);
    lane.set(piece, free);
  }
  return { lane, count: lanes.length };
}

function shift(piece: Piece, axis: 'x' | 'y', by: number): void {
  const { line, index } = piece;
  for (const i of [index, index + 1]) {
    const point = line.points[i];
    if (point) line.points[i] = { ...point, [axis]: point[axis] + by };
  }
}
