// A laid-out graph as SVG: the same on the command line, from the screen and in tests.
// Text is text. Names from hosts are escaped, never markup. The same graph and scene give the same bytes.
import type { Graph, GraphNode } from '../graph/graph.ts';
import { padding, stateDot, textStyles, type TextStyleName } from '../layout/dimensions.ts';
import { placeText, type TextRun } from '../layout/node-text.ts';
import { labelSize } from '../layout/route/labels.ts';
import type { Box, Point, Scene } from '../layout/scene.ts';
import { textWidth } from '../layout/text-width.ts';
import { legendOf, type LegendEntry } from './legend.ts';
import { edgeShape, nodeShape, nodeSign } from './svg-shapes.ts';
import { fontFamilies, nodeStyle, themes, type Theme, type ThemeName } from './theme.ts';
import { attributes, escapeXml } from './xml.ts';

export interface SvgOptions {
  readonly theme: ThemeName;
  readonly background: 'theme' | 'transparent';
  /** What it is of, when and as whom it was seen, above the picture. */
  readonly title: boolean;
  readonly legend: boolean;
}

const margin = 28;
const titleHeight = 66;
const sampleWidth = 34;

/** Pixels at zoom 1 are the SVG's units; width and height are the viewBox's, which is the scene with its margin. */
export function writeSvg(graph: Graph, scene: Scene, options: SvgOptions): string {
  const theme = themes[options.theme];
  const legend = options.legend ? placeLegend(legendOf(graph), scene.bounds) : undefined;
  const titleWidth = options.title
    ? Math.max(widthOf(graph.title, 'pictureTitle'), widthOf(graph.subtitle, 'pictureSubtitle'))
    : 0;
  const x = Math.floor(scene.bounds.x - margin);
  const y = Math.floor(scene.bounds.y - margin - (options.title ? titleHeight : 0));
  const width = Math.ceil(Math.max(scene.bounds.width, titleWidth, legend?.width ?? 0) + margin * 2);
  const bottom = scene.bounds.y + scene.bounds.height + margin + (legend ? legend.height + legendGap : 0);
  const height = Math.ceil(bottom - y);

  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg"${attributes({ width, height, viewBox: `${x} ${y} ${width} ${height}` })}>`,
    `<title>${escapeXml(graph.title)}</title>`,
    `<desc>${escapeXml(graph.subtitle)}</desc>`,
  ];
  if (options.background === 'theme')
    parts.push(`<rect${attributes({ x, y, width, height, fill: theme.background })}/>`);
  if (options.title) parts.push(titleBlock(graph, theme, scene.bounds.x, y + margin));
  parts.push(...boxesAndLines(graph, scene, theme));
  if (legend)
    parts.push(`<g data-id="legend">${legend.entries.map((entry) => legendEntry(theme, entry)).join('')}</g>`);
  parts.push('</svg>\n');
  return parts.join('\n');
}

/** Frame, boxes, lines, then what stands in the boxes: lines run over boxes and end at plates. */
function* boxesAndLines(graph: Graph, scene: Scene, theme: Theme): Generator<string> {
  const isFrame = (node: GraphNode): boolean => node.kind === 'host';
  const isBox = (node: GraphNode): boolean => node.kind === 'netns' || node.kind === 'unknown';
  const draw = (nodes: readonly GraphNode[]): string[] =>
    nodes.flatMap((node) => {
      const box = scene.boxes.get(node.id);
      return box === undefined ? [] : [drawNode(theme, node, box)];
    });
  yield* draw(graph.nodes.filter(isFrame));
  yield* draw(graph.nodes.filter(isBox));
  // Quiet lines first, so that what carries traffic lies on top where they cross.
  const order = ['works-for', 'lower', 'port', 'way-out', 'serves', 'veth', 'forward'];
  const edges = [...graph.edges].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  for (const edge of edges) {
    const route = scene.routes.get(edge.id);
    if (route === undefined || route.length < 2) continue;
    yield `<g${attributes({ 'data-id': edge.id, 'data-kind': edge.kind, 'data-certainty': edge.certainty })}>${edgeShape(theme, edge, route)}</g>`;
  }
  yield* draw(graph.nodes.filter((node) => !isFrame(node) && !isBox(node)));
  for (const edge of edges) {
    const at = scene.labels.get(edge.id);
    if (at !== undefined && edge.label !== undefined) yield edgeLabel(theme, edge.label, at);
  }
}

function drawNode(theme: Theme, node: GraphNode, box: Box): string {
  const style = nodeStyle(theme, node);
  const runs = placeText(node, box);
  const texts = runs.map((run) => text(run, isName(run.style) ? style.text : style.mutedText)).join('');
  const title = [node.label, ...node.lines].join('\n');
  return (
    `<g${attributes({ 'data-id': node.id, 'data-kind': node.kind })}><title>${title.split('\n').map(escapeXml).join('\n')}</title>` +
    `${nodeShape(theme, node, box)}${nodeSign(theme, node, box, runs[0])}${texts}</g>`
  );
}

const isName = (style: TextStyleName): boolean => style.endsWith('Name') || style.endsWith('Title');

function text(run: TextRun, fill: string): string {
  const { font, size } = textStyles[run.style];
  const [family, weight] = font.split(' ') as ['sans' | 'mono', string];
  const shape = attributes({
    x: run.x,
    y: run.y,
    'font-family': fontFamilies[family],
    'font-size': size,
    'font-weight': weight === '400' ? undefined : weight,
    'text-anchor': run.centered ? 'middle' : undefined,
    fill,
  });
  return `<text${shape}>${escapeXml(run.text)}</text>`;
}

function edgeLabel(theme: Theme, label: string, at: Point): string {
  const { width, height } = labelSize(label);
  const { size } = textStyles.edgeLabel;
  const box = { x: at.x - width / 2, y: at.y - height / 2, width, height, rx: height / 2 };
  const run: TextRun = { text: label, style: 'edgeLabel', x: at.x, y: at.y + size * 0.36, centered: true };
  return `<rect${attributes({ ...box, fill: theme.labelFill, stroke: theme.edges.veth.stroke, 'stroke-width': 1 })}/>${text(run, theme.text)}`;
}

function titleBlock(graph: Graph, theme: Theme, x: number, y: number): string {
  return (
    text({ text: graph.title, style: 'pictureTitle', x, y: y + 15 }, theme.text) +
    text({ text: graph.subtitle, style: 'pictureSubtitle', x, y: y + 37 }, theme.mutedText)
  );
}

const widthOf = (words: string, style: TextStyleName): number =>
  textWidth(words, textStyles[style].font, textStyles[style].size);

interface PlacedEntry {
  readonly entry: LegendEntry;
  readonly x: number;
  readonly y: number;
  readonly sampleWidth: number;
}

const legendGap = 6;

/** Entries in rows below the picture, as wide as it at most, but never narrower than the widest entry. */
function placeLegend(
  entries: readonly LegendEntry[],
  bounds: Box,
): { readonly entries: readonly PlacedEntry[]; readonly width: number; readonly height: number } | undefined {
  if (entries.length === 0) return undefined;
  const row = textStyles.caption.leading + 8;
  let [x, y, widest] = [0, 0, 0];
  const placed: PlacedEntry[] = [];
  const top = bounds.y + bounds.height + margin - 4;
  for (const entry of entries) {
    const sample = 'state' in entry.sample ? stateDot.radius * 2 : sampleWidth;
    const width = sample + 8 + widthOf(entry.text, 'caption');
    if (x > 0 && x + width > Math.max(bounds.width, 420)) {
      x = 0;
      y += row;
    }
    placed.push({ entry, x: bounds.x + x, y: top + y + row / 2, sampleWidth: sample });
    widest = Math.max(widest, x + width);
    x += width + 26;
  }
  return { entries: placed, width: widest, height: y + row };
}

function legendEntry(theme: Theme, { entry, x, y, sampleWidth: width }: PlacedEntry): string {
  const caption = text(
    { text: entry.text, style: 'caption', x: x + width + 8, y: y + textStyles.caption.size * 0.36 },
    theme.mutedText,
  );
  if ('state' in entry.sample) {
    const node: GraphNode = { id: '', kind: 'link', label: '', lines: [], tags: [], state: entry.sample.state };
    const box = { x: x - padding.plate.x, y: y - 10, width: 0, height: 20 };
    return nodeSign(theme, node, box, { text: '', style: 'plateName', x, y: y + 4.4 }) + caption;
  }
  const line = edgeShape(theme, { id: '', source: '', target: '', ...entry.sample }, [
    { x, y },
    { x: x + width, y },
  ]);
  return line + caption;
}
