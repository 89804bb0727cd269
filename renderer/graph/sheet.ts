// A picture ready to be painted: every node and line as ink and words, in the order in which they lie over each other.
// Made once for a picture and a theme; a frame only paints from it.
import { edgeShape, nodeShape, nodeSign } from '../../shared/export/svg-shapes.ts';
import { edgeStyle, fontFamilies, nodeStyle } from '../../shared/export/theme.ts';
import type { Theme } from '../../shared/export/theme.ts';
import type { GraphEdge, GraphNode } from '../../shared/graph/graph.ts';
import { textStyles } from '../../shared/layout/dimensions.ts';
import { placeText } from '../../shared/layout/node-text.ts';
import { labelSize } from '../../shared/layout/route/labels.ts';
import type { Box, Point } from '../../shared/layout/scene.ts';
import type { Picture } from '../worker/protocol.ts';
import { inksOf } from './ink.ts';
import type { Ink } from './ink.ts';

export interface Word {
  readonly text: string;
  readonly font: string;
  readonly size: number;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  readonly centered: boolean;
}

export interface NodeSheet {
  readonly node: GraphNode;
  readonly box: Box;
  readonly inks: readonly Ink[];
  readonly words: readonly Word[];
  /** For boxes: title and counts, for when what is inside is too small to be seen. */
  readonly counts: string;
  readonly textColour: string;
  readonly mutedColour: string;
}

export interface EdgeSheet {
  readonly edge: GraphEdge;
  readonly route: readonly Point[];
  /** What the route covers. */
  readonly box: Box;
  readonly inks: readonly Ink[];
  readonly label: { readonly inks: readonly Ink[]; readonly word: Word } | undefined;
}

export interface Sheet {
  readonly frames: readonly NodeSheet[];
  readonly boxes: readonly NodeSheet[];
  readonly edges: readonly EdgeSheet[];
  /** What stands in the boxes, and outside the frame. */
  readonly small: readonly NodeSheet[];
  readonly outside: readonly NodeSheet[];
}

export const isBox = (node: GraphNode): boolean => node.kind === 'netns' || node.kind === 'unknown';

/** Quiet lines first, so that what carries traffic lies on top where they cross: the SVG writer's order. */
const order: readonly GraphEdge['kind'][] = ['works-for', 'lower', 'port', 'way-out', 'serves', 'veth', 'forward'];

export function sheetOf(
  { graph, scene }: Picture,
  theme: Theme,
  counts: (inside: readonly GraphNode[]) => string,
): Sheet {
  const inside = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    if (node.parent !== undefined) inside.set(node.parent, [...(inside.get(node.parent) ?? []), node]);
  }
  const nodes = graph.nodes.flatMap((node) => {
    const box = scene.boxes.get(node.id);
    return box ? [nodeSheet(node, box, theme, isBox(node) ? counts(inside.get(node.id) ?? []) : '')] : [];
  });
  const edges = [...graph.edges]
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .flatMap((edge) => {
      const route = scene.routes.get(edge.id);
      return route && route.length > 1 ? [edgeSheet(edge, route, scene.labels.get(edge.id), theme)] : [];
    });
  return {
    frames: nodes.filter(({ node }) => node.kind === 'host'),
    boxes: nodes.filter(({ node }) => isBox(node)),
    edges,
    small: nodes.filter(({ node }) => node.kind !== 'host' && !isBox(node) && node.parent !== undefined),
    outside: nodes.filter(({ node }) => node.kind !== 'host' && !isBox(node) && node.parent === undefined),
  };
}

function nodeSheet(node: GraphNode, box: Box, theme: Theme, counts: string): NodeSheet {
  const style = nodeStyle(theme, node);
  const runs = placeText(node, box);
  return {
    node,
    box,
    inks: inksOf(nodeShape(theme, node, box) + nodeSign(theme, node, box, runs[0])),
    words: runs.map((run) => {
      const name = run.style.endsWith('Name') || run.style.endsWith('Title');
      return word(run.text, run.style, run.x, run.y, name ? style.text : style.mutedText, run.centered ?? false);
    }),
    counts,
    textColour: style.text,
    mutedColour: style.mutedText,
  };
}

export function edgeSheet(edge: GraphEdge, route: readonly Point[], at: Point | undefined, theme: Theme): EdgeSheet {
  const xs = route.map(({ x }) => x);
  const ys = route.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return {
    edge,
    route,
    box: { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y },
    inks: inksOf(edgeShape(theme, edge, route)),
    label: at && edge.label !== undefined ? edgeLabel(edge.label, at, theme) : undefined,
  };
}

function edgeLabel(label: string, at: Point, theme: Theme): EdgeSheet['label'] {
  const { width, height } = labelSize(label);
  const path = new Path2D();
  path.roundRect(at.x - width / 2, at.y - height / 2, width, height, height / 2);
  const { size } = textStyles.edgeLabel;
  return {
    inks: [{ path, fill: theme.labelFill, stroke: theme.edges.veth.stroke, width: 1, dash: [], round: false }],
    word: word(label, 'edgeLabel', at.x, at.y + size * 0.36, theme.text, true),
  };
}

function word(
  text: string,
  style: keyof typeof textStyles,
  x: number,
  y: number,
  colour: string,
  centered: boolean,
): Word {
  const { font, size } = textStyles[style];
  const [family, weight] = font.split(' ') as ['sans' | 'mono', string];
  return { text, font: `${weight} ${size}px ${fontFamilies[family]}`, size, colour, x, y, centered };
}

/** The colour a line is drawn in, for its mark when it is selected. */
export const strokeOf = (theme: Theme, edge: GraphEdge): string => edgeStyle(theme, edge).stroke;
