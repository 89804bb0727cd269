// What the lines and signs of a picture mean: only those that occur in it.
import type { EdgeKind, Graph, GraphEdge } from '../graph/graph.ts';

export interface LegendEntry {
  /** Drawn as a sample: a line of this kind and certainty, or an interface's state. */
  readonly sample: Pick<GraphEdge, 'kind' | 'certainty' | 'directed'> | { readonly state: 'up' | 'down' };
  readonly text: string;
}

const kinds: readonly (readonly [EdgeKind, string])[] = [
  ['veth', 'veth pair'],
  ['port', 'port of a bridge'],
  ['serves', 'tap and the process that serves it'],
  ['forward', 'published port'],
  ['way-out', 'way out'],
  ['lower', 'device below'],
  ['works-for', 'works for'],
];

export function legendOf(graph: Graph): readonly LegendEntry[] {
  const entries: LegendEntry[] = [];
  for (const [kind, text] of kinds) {
    const edges = graph.edges.filter((edge) => edge.kind === kind);
    if (edges.length === 0) continue;
    const directed = edges.some((edge) => edge.directed);
    entries.push({ sample: { kind, certainty: 'certain', directed }, text });
  }
  const inferred = graph.edges.find((edge) => edge.certainty === 'inferred');
  if (inferred)
    entries.push({
      // Of no kind that has dashes of its own.
      sample: { kind: 'works-for', certainty: 'inferred', directed: false },
      text: 'dashed: inferred by a rule',
    });
  const ambiguous = graph.edges.find((edge) => edge.certainty === 'ambiguous');
  if (ambiguous)
    entries.push({
      sample: { kind: ambiguous.kind, certainty: 'ambiguous', directed: false },
      text: 'dotted: one of several candidates',
    });
  const links = graph.nodes.filter((node) => node.kind === 'link' || node.kind === 'bridge');
  if (links.some((node) => node.kind === 'link' && node.state === 'up'))
    entries.push({ sample: { state: 'up' }, text: 'up' });
  if (links.some((node) => node.state === 'down')) entries.push({ sample: { state: 'down' }, text: 'down' });
  return entries;
}
