// The product's way from a transcript to a picture and to words, for a transcript that nobody can trust.
import { describeText } from '../../shared/explain/describe-text.ts';
import { explain } from '../../shared/explain/explain.ts';
import { networkGraph } from '../../shared/graph/network-view.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import { contradictions } from '../helpers/contradictions.ts';

/** Throws where the product does. */
export function examine(bytes: Uint8Array): void {
  const { model } = deriveModel(bytes);
  const wrong = contradictions(model);
  if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n'));
  const graph = networkGraph(model);
  const shown = new Set(graph.nodes.map(({ id }) => id));
  if (shown.size !== graph.nodes.length) throw new Error('two nodes of the picture have one id');
  for (const edge of graph.edges)
    if (!shown.has(edge.source) || !shown.has(edge.target)) throw new Error(`the line ${edge.id} leads nowhere`);
  for (const node of graph.nodes)
    if (node.parent !== undefined && !shown.has(node.parent))
      throw new Error(`${node.id} is in a box that is not there`);
  describeText(model);
  for (const list of [model.namespaces, model.processes, model.links, model.containers, model.forwards])
    for (const { id } of list.slice(0, 2)) explain(model, id);
}
