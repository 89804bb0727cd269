// The shapes a line may take, the simplest first. Each is tried against what lies in its way.
import type { Box, Point } from '../scene.ts';
import { turnOut } from './lanes.ts';

export interface Span {
  /** Plates at the two ends. */
  readonly source: Box;
  readonly target: Box;
  /** The outermost boxes they are in; the plates themselves where they are in none. */
  readonly sourceBox: Box;
  readonly targetBox: Box;
  readonly sameBox: boolean;
  /** Height at which it leaves and arrives at the plates' sides. */
  readonly leavesAt: number;
  readonly arrivesAt: number;
  /** It ends in an arrow and may come from above, at this x. */
  readonly dropAt: number | undefined;
}

/** From a border to the line that runs beside it. */
const beside = 16;
const aboveBox = 11;
const cutCorner = 7;
/** Between a plate and the line that passes it. */
const passing = 4.5;

type Between = (from: Point, to: Point) => readonly { readonly top: number; readonly bottom: number }[];

/** Pieces are horizontal or vertical; first and last point lie on the plates' borders. */
export function* shapes(span: Span, between: Between): Generator<readonly Point[]> {
  const { source, target } = span;
  if (right(source) + 8 <= target.x) yield* sideways(span, 1, between);
  else if (right(target) + 8 <= source.x) yield* sideways(span, -1, between);
  else yield* upright(span);
}

function* sideways(span: Span, direction: 1 | -1, between: Between): Generator<readonly Point[]> {
  const { source, target, sourceBox, targetBox, sameBox, leavesAt, arrivesAt, dropAt } = span;
  const out = direction > 0 ? right(source) : source.x;
  const end = direction > 0 ? target.x : right(target);
  const start: Point = { x: out, y: leavesAt };
  const arrival: Point = { x: end, y: arrivesAt };
  if (leavesAt === arrivesAt) yield [start, arrival];

  const outOfBox = (direction > 0 ? right(sourceBox) : sourceBox.x) + direction * beside;
  const intoBox = (direction > 0 ? targetBox.x : right(targetBox)) - direction * beside;
  const apart = !sameBox && (intoBox - outOfBox) * direction >= 0;
  const near = apart ? outOfBox : out + direction * Math.min(beside, Math.abs(end - out) / 2);
  const far = apart ? intoBox : end - direction * Math.min(beside, Math.abs(end - out) / 2);
  const middle = (near + far) / 2;
  if (leavesAt !== arrivesAt) {
    const bends = Math.abs(far - near) < 240 ? [middle, near, far] : [near, far];
    for (const x of bends) yield [start, { x, y: leavesAt }, { x, y: arrivesAt }, arrival];
  }
  const above = targetBox.y - aboveBox;
  const below = bottom(targetBox) + aboveBox;
  if (dropAt !== undefined) {
    // Straight on above the box it goes to, then down.
    if (leavesAt < targetBox.y - cutCorner) yield [start, { x: dropAt, y: leavesAt }, { x: dropAt, y: target.y }];
    yield [start, { x: near, y: leavesAt }, { x: near, y: above }, { x: dropAt, y: above }, { x: dropAt, y: target.y }];
    yield [start, { x: far, y: leavesAt }, { x: far, y: above }, { x: dropAt, y: above }, { x: dropAt, y: target.y }];
  }
  for (const lane of [below, above]) yield lanes(start, near, lane, far, arrival);

  // Something beside the plate is in the way: first out below it, or above it.
  for (const past of [bottom(source) + passing, source.y - passing]) {
    const turn = out + direction * turnOut;
    const detour: Point[] = [start, { x: turn, y: leavesAt }, { x: turn, y: past }];
    yield [...detour, { x: middle, y: past }, { x: middle, y: arrivesAt }, arrival];
    for (const lane of [below, above])
      yield [
        ...detour,
        { x: near, y: past },
        { x: near, y: lane },
        { x: far, y: lane },
        { x: far, y: arrivesAt },
        arrival,
      ];
    if (dropAt !== undefined)
      yield [
        ...detour,
        { x: near, y: past },
        { x: near, y: above },
        { x: dropAt, y: above },
        { x: dropAt, y: target.y },
      ];
  }
  // Around everything that stands between.
  const over = Math.min(sourceBox.y, targetBox.y) - aboveBox;
  const under = Math.max(bottom(sourceBox), bottom(targetBox)) + aboveBox;
  const blocked = [leavesAt, arrivesAt, above].flatMap((y) => between({ x: near, y }, { x: far, y }));
  const past = [...new Set(blocked.flatMap((one) => [one.top - aboveBox, one.bottom + aboveBox]))];
  past.sort((a, b) => Math.abs(a - leavesAt) - Math.abs(b - leavesAt) || a - b);
  for (const lane of [...past.slice(0, 6), over, under]) {
    if (dropAt !== undefined && lane < targetBox.y)
      yield [start, { x: near, y: leavesAt }, { x: near, y: lane }, { x: dropAt, y: lane }, { x: dropAt, y: target.y }];
    yield lanes(start, near, lane, far, arrival);
  }
}

const lanes = (start: Point, near: number, lane: number, far: number, arrival: Point): readonly Point[] => [
  start,
  { x: near, y: start.y },
  { x: near, y: lane },
  { x: far, y: lane },
  { x: far, y: arrival.y },
  arrival,
];

/** The plates stand above each other. */
function* upright(span: Span): Generator<readonly Point[]> {
  const { source, target } = span;
  const left = Math.max(source.x, target.x);
  const end = Math.min(right(source), right(target));
  const down = source.y < target.y;
  const from = down ? bottom(source) : source.y;
  const to = down ? target.y : bottom(target);
  if (end - left >= 8) {
    const x = left + Math.min(28, (end - left) / 2);
    yield [
      { x, y: from },
      { x, y: to },
    ];
    const other = end - Math.min(28, (end - left) / 2);
    yield [
      { x: other, y: from },
      { x: other, y: to },
    ];
  }
  const [sourceY, targetY] = [span.leavesAt, span.arrivesAt];
  const { sourceBox, targetBox } = span;
  const outside = span.sameBox
    ? [Math.min(source.x, target.x) - 10, Math.max(right(source), right(target)) + 10]
    : [Math.max(right(sourceBox), right(targetBox)) + beside, Math.min(sourceBox.x, targetBox.x) - beside];
  for (const x of outside) {
    const side = x < source.x ? [source.x, target.x] : [right(source), right(target)];
    yield [
      { x: side[0] ?? x, y: sourceY },
      { x, y: sourceY },
      { x, y: targetY },
      { x: side[1] ?? x, y: targetY },
    ];
  }
}

const right = (box: Box): number => box.x + box.width;
const bottom = (box: Box): number => box.y + box.height;
