// The network view of a model: which namespaces, interfaces, processes and containers are shown, and what connects them.
// Boxes first, then what is in them, then lines between what is there: the order of the calls is the order of need.
import type { Model } from '../model/model.ts';
import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { compareNatural } from './natural-order.ts';
import { addBoxes } from './network/boxes.ts';
import { connections } from './network/connections.ts';
import { addContainers } from './network/containers.ts';
import { addForwards } from './network/forwards.ts';
import { addLinks } from './network/links.ts';
import { addProcesses } from './network/processes.ts';
import { look, type NetworkViewOptions, type Picture } from './network/sight.ts';
import { addUnknown } from './network/unknown.ts';
import { addWayOut } from './network/way-out.ts';

/** Nodes and edges come sorted by id, so that the same model in any order gives the same graph. */
export function networkGraph(model: Model, options: NetworkViewOptions = {}): Graph {
  const sight = look(model, options);
  const picture: Picture = { nodes: [], nodeOf: new Map() };
  addBoxes(sight, picture);
  addLinks(sight, picture);
  addContainers(sight, picture);
  addProcesses(sight, picture);
  const wayOut = addWayOut(sight, picture);
  addUnknown(sight, picture);
  const forwards = addForwards(sight, picture);
  return {
    title: `Network namespaces of ${model.host.hostname}`,
    subtitle: subtitleOf(model),
    nodes: picture.nodes.sort(byId),
    edges: withoutDoubles([...connections(sight, picture), ...forwards, ...wayOut]).sort(byId),
  };
}

const byId = (a: GraphNode | GraphEdge, b: GraphNode | GraphEdge): number => compareNatural(a.id, b.id);

/** What is folded may join the same two nodes many times: one line is enough. The doubtful one gives way. */
function withoutDoubles(edges: readonly GraphEdge[]): GraphEdge[] {
  const certaintyRank = { certain: 0, inferred: 1, ambiguous: 2 };
  const kept = new Map<string, GraphEdge>();
  const sorted = [...edges].sort((a, b) => certaintyRank[a.certainty] - certaintyRank[b.certainty] || byId(a, b));
  for (const edge of sorted) {
    const key = [edge.kind, edge.source, edge.target].join('\n');
    if (!kept.has(key)) kept.set(key, edge);
  }
  return [...kept.values()];
}

function subtitleOf(model: Model): string {
  const { collectedAt, user, privileges, complete } = model.host;
  const when = collectedAt === undefined ? undefined : `${collectedAt.slice(0, 10)} ${collectedAt.slice(11, 16)} UTC`;
  const how = user.uid === 0 ? '' : privileges.includes('root') ? ', with sudo' : ', without sudo';
  return [when, `as ${user.name}${how}`, ...(complete ? [] : ['incomplete: the connection broke'])]
    .filter((part) => part !== undefined)
    .join(' · ');
}
