// The outlines of nodes and lines as SVG elements. Shape says what a thing is before colour does.
import type { GraphEdge, GraphNode } from '../graph/graph.ts';
import { containerSign, padding, portPoint, radii, stateDot } from '../layout/dimensions.ts';
import type { TextRun } from '../layout/node-text.ts';
import type { Box, Point } from '../layout/scene.ts';
import { arrowHead, bendRadius, edgeStyle, nodeStyle, type NodeStyle, type Theme } from './theme.ts';
import { attributes, num } from './xml.ts';

const radiusOf: Readonly<Record<GraphNode['kind'], number>> = {
  host: radii.frame,
  netns: radii.box,
  unknown: radii.box,
  container: radii.container,
  link: radii.plate,
  bridge: radii.bar,
  process: radii.chip,
  port: radii.port,
  internet: 0,
};

export function nodeShape(theme: Theme, node: GraphNode, box: Box): string {
  const style = nodeStyle(theme, node);
  if (node.kind === 'port') return `<path d="${tagPath(box)}"${paint(style)}/>`;
  if (node.kind === 'internet') return `<path d="${cloudPath(box)}"${paint(style)}/>`;
  const { x, y, width, height } = box;
  const rx = Math.min(radiusOf[node.kind], height / 2);
  return `<rect${attributes({ x, y, width, height, rx })}${paint(style)}/>`;
}

const paint = (style: NodeStyle): string =>
  attributes({
    fill: style.fill,
    stroke: style.stroke,
    'stroke-width': style.strokeWidth,
    'stroke-dasharray': style.dash?.join(' '),
  });

/** What stands before the first word: a dot for an interface's state, a sign for a container. */
export function nodeSign(theme: Theme, node: GraphNode, box: Box, first: TextRun | undefined): string {
  if (first === undefined) return '';
  // Capitals are about 0.73 em high: the middle of the word is half of that above its baseline.
  const middle = first.y - 4.4;
  if (node.kind === 'link') {
    const cx = box.x + padding.plate.x + stateDot.radius;
    if (node.state === 'down')
      return `<circle${attributes({ cx, cy: middle, r: stateDot.radius - 0.6, fill: 'none', stroke: theme.stateDown, 'stroke-width': 1.4 })}/>`;
    const fill = node.state === 'up' ? theme.stateUp : theme.nodes.link.stroke;
    return `<circle${attributes({ cx, cy: middle, r: stateDot.radius, fill })}/>`;
  }
  if (node.kind === 'container') {
    const { size } = containerSign;
    const x = box.x + padding.container.x;
    const [top, bottom] = [middle - size * 0.36, middle + size * 0.36];
    const ribs = [0.28, 0.5, 0.72].map((t) => `M${num(x + size * t)} ${num(top + 2)}V${num(bottom - 2)}`).join('');
    const stroke = nodeStyle(theme, node).stroke;
    return (
      `<rect${attributes({ x, y: top, width: size, height: bottom - top, rx: 1.5, fill: 'none', stroke, 'stroke-width': 1.4 })}/>` +
      `<path d="${ribs}"${attributes({ stroke, 'stroke-width': 1.2, fill: 'none' })}/>`
    );
  }
  return '';
}

/** A tag whose point shows where things go. */
function tagPath({ x, y, width, height }: Box): string {
  const r = radii.port;
  const end = x + width - portPoint;
  return (
    `M${num(x + r)} ${num(y)}H${num(end)}L${num(x + width)} ${num(y + height / 2)}L${num(end)} ${num(y + height)}` +
    `H${num(x + r)}Q${num(x)} ${num(y + height)} ${num(x)} ${num(y + height - r)}V${num(y + r)}Q${num(x)} ${num(y)} ${num(x + r)} ${num(y)}Z`
  );
}

function cloudPath({ x, y, width, height }: Box): string {
  const at = (u: number, v: number): string => `${num(x + u * width)} ${num(y + v * height)}`;
  return (
    `M${at(0.2, 1)}C${at(-0.06, 1)} ${at(-0.06, 0.46)} ${at(0.17, 0.45)}` +
    `C${at(0.14, 0.02)} ${at(0.5, -0.14)} ${at(0.6, 0.18)}` +
    `C${at(0.76, 0.04)} ${at(0.92, 0.22)} ${at(0.86, 0.45)}` +
    `C${at(1.06, 0.5)} ${at(1.05, 1)} ${at(0.8, 1)}Z`
  );
}

/** The line, and its arrow head where it has one. */
export function edgeShape(theme: Theme, edge: GraphEdge, route: readonly Point[]): string {
  const style = edgeStyle(theme, edge);
  const end = edge.directed ? shortened(route, arrowHead.length - 1) : route;
  const line = `<path d="${bentPath(end)}"${attributes({
    fill: 'none',
    stroke: style.stroke,
    'stroke-width': style.width,
    'stroke-dasharray': style.dash?.join(' '),
    'stroke-linecap': edge.certainty === 'ambiguous' ? 'round' : undefined,
  })}/>`;
  return edge.directed ? line + arrow(route, style.stroke) : line;
}

/** Straight pieces with round bends. */
export function bentPath(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return '';
  let path = `M${num(first.x)} ${num(first.y)}`;
  for (let i = 1; i < points.length; i++) {
    const [before, corner, after] = [points[i - 1], points[i], points[i + 1]];
    if (!before || !corner) continue;
    if (!after) {
      path += `L${num(corner.x)} ${num(corner.y)}`;
      continue;
    }
    const radius = Math.min(bendRadius, distance(before, corner) / 2, distance(corner, after) / 2);
    const from = towards(corner, before, radius);
    const to = towards(corner, after, radius);
    path += `L${num(from.x)} ${num(from.y)}Q${num(corner.x)} ${num(corner.y)} ${num(to.x)} ${num(to.y)}`;
  }
  return path;
}

function arrow(route: readonly Point[], fill: string): string {
  const [before, tip] = [route.at(-2), route.at(-1)];
  if (!before || !tip) return '';
  const base = towards(tip, before, arrowHead.length);
  const length = distance(before, tip) || 1;
  const side = {
    x: ((tip.y - before.y) / length) * (arrowHead.width / 2),
    y: (-(tip.x - before.x) / length) * (arrowHead.width / 2),
  };
  const corners = [tip, { x: base.x + side.x, y: base.y + side.y }, { x: base.x - side.x, y: base.y - side.y }];
  return `<path d="M${corners.map(({ x, y }) => `${num(x)} ${num(y)}`).join('L')}Z"${attributes({ fill })}/>`;
}

function shortened(route: readonly Point[], by: number): readonly Point[] {
  const [before, tip] = [route.at(-2), route.at(-1)];
  if (!before || !tip) return route;
  return [...route.slice(0, -1), towards(tip, before, Math.min(by, distance(before, tip) / 2))];
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to);
  if (length === 0) return from;
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length };
}
