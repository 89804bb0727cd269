// Colours and strokes of the picture, light and dark, as plain values: the SVG writer and the screen draw with the same.
// One accent colour, for what is published. Boxes differ by title and border first; their hues stay apart for eyes that
// do not tell red from green. Text on its ground has a contrast of at least 4.5 to 1 (checked by a test).
import type { EdgeKind, GraphEdge, GraphNode } from '../graph/graph.ts';

export type ThemeName = 'light' | 'dark';

export type NodeStyleName =
  | 'frame'
  | 'host'
  | 'rootlesskit-child'
  | 'container-netns'
  | 'netns'
  | 'unknown'
  | 'link'
  | 'nic'
  | 'link-down'
  | 'bridge'
  | 'bridge-down'
  | 'process'
  | 'wiring-process'
  | 'folded-processes'
  | 'container'
  | 'port'
  | 'internet';

export interface NodeStyle {
  readonly fill: string;
  readonly stroke: string;
  readonly strokeWidth: number;
  /** Lengths of dashes and gaps; absent: solid. */
  readonly dash?: readonly [number, number];
  /** The label, and the further lines. */
  readonly text: string;
  readonly mutedText: string;
}

export interface EdgeStyle {
  readonly stroke: string;
  readonly width: number;
  readonly dash?: readonly [number, number];
}

export interface Theme {
  readonly background: string;
  readonly text: string;
  readonly mutedText: string;
  readonly accent: string;
  /** Ground of what stands on a line. */
  readonly labelFill: string;
  readonly stateUp: string;
  readonly stateDown: string;
  readonly nodes: Readonly<Record<NodeStyleName, NodeStyle>>;
  readonly edges: Readonly<Record<EdgeKind, EdgeStyle>>;
}

/** Dashes that say how sure a line is, whatever its kind; `certain` keeps the kind's own. */
export const certaintyDash = { inferred: [6, 4], ambiguous: [1.5, 4.5] } as const;

export const arrowHead = { length: 8, width: 7.5 } as const;
/** Radius of a line's bends. */
export const bendRadius = 8;

interface Colours {
  readonly background: string;
  readonly frame: string;
  readonly frameLine: string;
  readonly ground: string;
  readonly line: string;
  readonly faintLine: string;
  readonly ink: string;
  readonly muted: string;
  readonly wire: string;
  readonly rail: string;
  readonly quiet: string;
  readonly accent: string;
  readonly accentGround: string;
  readonly accentText: string;
  readonly child: { readonly ground: string; readonly line: string };
  readonly container: { readonly ground: string; readonly line: string; readonly plate: string };
  readonly bar: string;
  readonly barText: string;
  readonly barMuted: string;
  readonly chip: string;
  readonly up: string;
  readonly down: string;
}

function themeOf(c: Colours): Theme {
  const on = (fill: string, stroke: string, strokeWidth: number): NodeStyle => ({
    fill,
    stroke,
    strokeWidth,
    text: c.ink,
    mutedText: c.muted,
  });
  return {
    background: c.background,
    text: c.ink,
    mutedText: c.muted,
    accent: c.accent,
    labelFill: c.ground,
    stateUp: c.up,
    stateDown: c.down,
    nodes: {
      frame: on(c.frame, c.frameLine, 1),
      host: on(c.ground, c.line, 1.5),
      'rootlesskit-child': on(c.child.ground, c.child.line, 1.5),
      'container-netns': on(c.container.ground, c.container.line, 1.5),
      netns: on(c.ground, c.line, 1.5),
      unknown: { ...on(c.frame, c.line, 1.25), dash: [5, 4] },
      link: on(c.ground, c.faintLine, 1.25),
      nic: on(c.ground, c.wire, 1.75),
      'link-down': { ...on(c.ground, c.faintLine, 1.25), dash: [4, 3], text: c.muted },
      bridge: { ...on(c.bar, c.bar, 1.25), text: c.barText, mutedText: c.barMuted },
      'bridge-down': { ...on(c.ground, c.line, 1.25), dash: [4, 3], text: c.muted },
      process: on(c.chip, c.chip, 1),
      'wiring-process': on(c.chip, c.line, 1.25),
      'folded-processes': { ...on('none', c.faintLine, 1), text: c.muted },
      container: on(c.container.plate, c.container.line, 1.5),
      port: { ...on(c.accentGround, c.accent, 1.5), text: c.accentText, mutedText: c.muted },
      internet: on(c.frame, c.line, 1.5),
    },
    edges: {
      veth: { stroke: c.wire, width: 2.5 },
      port: { stroke: c.rail, width: 1.4 },
      lower: { stroke: c.quiet, width: 1.25 },
      serves: { stroke: c.wire, width: 2, dash: [6, 4] },
      'works-for': { stroke: c.quiet, width: 1.1 },
      forward: { stroke: c.accent, width: 2 },
      'way-out': { stroke: c.wire, width: 2 },
    },
  };
}

export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: themeOf({
    background: '#ffffff',
    frame: '#f5f6f9',
    frameLine: '#d3d8e2',
    ground: '#ffffff',
    line: '#97a2b5',
    faintLine: '#c4ccd9',
    ink: '#1b2333',
    muted: '#566074',
    wire: '#38445a',
    rail: '#66728a',
    quiet: '#8a95a8',
    accent: '#2f5fe0',
    accentGround: '#ecf1fe',
    accentText: '#1f46b8',
    child: { ground: '#faf9fe', line: '#8b7cc9' },
    container: { ground: '#f6fbfa', line: '#4c9c93', plate: '#e3f3f0' },
    bar: '#3c4860',
    barText: '#ffffff',
    barMuted: '#d5dcea',
    chip: '#edf0f5',
    up: '#2a8f6d',
    down: '#a04a2c',
  }),
  dark: themeOf({
    background: '#0e1218',
    frame: '#141a22',
    frameLine: '#2a3340',
    ground: '#1a212b',
    line: '#5d6a7e',
    faintLine: '#3c4757',
    ink: '#e7ebf2',
    muted: '#9aa6b8',
    wire: '#a9b5c8',
    rail: '#7f8ca2',
    quiet: '#6d7a8f',
    accent: '#7ea4ff',
    accentGround: '#1c2844',
    accentText: '#b4caff',
    child: { ground: '#1d1d2e', line: '#8f80d4' },
    container: { ground: '#152327', line: '#4aa399', plate: '#1d3a3a' },
    bar: '#c3cddd',
    barText: '#10161f',
    barMuted: '#3a4556',
    chip: '#26303d',
    up: '#52c39b',
    down: '#e08a68',
  }),
};

export function nodeStyleName(node: GraphNode): NodeStyleName {
  switch (node.kind) {
    case 'host':
      return 'frame';
    case 'netns':
      if (node.tags.includes('host')) return 'host';
      if (node.tags.includes('rootlesskit-child')) return 'rootlesskit-child';
      if (node.tags.includes('container')) return 'container-netns';
      return node.tags.includes('proc-net') ? 'unknown' : 'netns';
    case 'unknown':
      return 'unknown';
    case 'link':
      if (node.state === 'down') return 'link-down';
      return node.tags.includes('nic') || node.tags.includes('way-out') ? 'nic' : 'link';
    case 'bridge':
      return node.state === 'down' ? 'bridge-down' : 'bridge';
    case 'process':
      if (node.tags.includes('fold')) return 'folded-processes';
      return node.tags.length > 0 ? 'wiring-process' : 'process';
    case 'container':
      return 'container';
    case 'port':
      return 'port';
    case 'internet':
      return 'internet';
  }
}

export const nodeStyle = (theme: Theme, node: GraphNode): NodeStyle => theme.nodes[nodeStyleName(node)];

/** The kind's stroke, with the dashes of its certainty. */
export function edgeStyle(theme: Theme, edge: Pick<GraphEdge, 'kind' | 'certainty'>): EdgeStyle {
  const style = theme.edges[edge.kind];
  return edge.certainty === 'certain' ? style : { ...style, dash: certaintyDash[edge.certainty] };
}

export const fontFamilies = {
  sans: "Inter, 'Helvetica Neue', Arial, sans-serif",
  mono: "'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
} as const;
