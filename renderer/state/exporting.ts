// What an exported picture is, before it is made: how large, and what it tells to whoever sees it.
import type { Graph } from '../../shared/graph/graph.ts';
import type { Model } from '../../shared/model/model.ts';

/** Chromium's limits for one canvas, in pixels: beyond these an image is blank. */
export const largestSide = 65_535;
export const largestArea = 268_435_456;

/** Width and height of an SVG of ours, in scene pixels: both stand in its first tag. */
export function svgSize(svg: string): { readonly width: number; readonly height: number } {
  const tag = svg.slice(0, svg.indexOf('>', svg.indexOf('<svg')));
  const read = (name: string): number => Number(new RegExp(` ${name}="([\\d.]+)`).exec(tag)?.[1] ?? 0);
  return { width: read('width'), height: read('height') };
}

export interface Revealed {
  readonly addresses: number;
  readonly processes: number;
  readonly containers: number;
  readonly ports: number;
}

/** Counted in the graph as it is drawn: what is folded or hidden is not in the picture and gives nothing away. */
export function revealed(graph: Graph, model: Model): Revealed {
  const addresses = new Set(model.links.flatMap((link) => link.addresses.map((address) => address.local)));
  const shown = new Set<string>();
  for (const node of graph.nodes) {
    for (const line of node.lines) {
      for (const word of line.split(/[\s/]+/)) if (addresses.has(word)) shown.add(word);
    }
  }
  const count = (kind: Graph['nodes'][number]['kind']): number =>
    graph.nodes.filter((node) => node.kind === kind).length;
  return {
    addresses: shown.size,
    processes: count('process'),
    containers: count('container'),
    ports: count('port'),
  };
}
