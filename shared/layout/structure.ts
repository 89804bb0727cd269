// How a graph hangs together, as the layout sees it: which boxes there are, what is in them, and which box leads to which.
// The host comes first; every other box hangs off the box through which it is reached: a tree, whatever the graph is.
import type { Graph, GraphEdge, GraphNode } from '../graph/graph.ts';
import { append } from '../graph/grouping.ts';
import { compareNatural } from '../graph/natural-order.ts';
import { textSize, type Size } from './node-text.ts';

/** A box that is reached from another, and the node in that one which leads there. */
export interface Branch {
  readonly box: GraphNode;
  /** In the box it hangs off; that box itself where it is folded. */
  readonly from: GraphNode;
  /** In `box`; `box` itself where it is folded. */
  readonly to: GraphNode;
}

export interface Structure {
  readonly frame: GraphNode | undefined;
  /** Boxes that no other leads to, the host's own first. */
  readonly roots: readonly GraphNode[];
  /** Boxes without a line to any other. */
  readonly alone: readonly GraphNode[];
  /** What lies beyond the frame. */
  readonly outside: readonly GraphNode[];
  readonly childrenOf: ReadonlyMap<string, readonly GraphNode[]>;
  readonly branchesOf: ReadonlyMap<string, readonly Branch[]>;
  /** The box in the frame that a node is, or is in. */
  readonly boxOf: ReadonlyMap<string, GraphNode>;
  readonly edgesOf: ReadonlyMap<string, readonly GraphEdge[]>;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Size of a node's own text, measured once; for boxes that is their header. */
  readonly sizeOf: (node: GraphNode) => Size;
}

/** Lines that say where a box belongs; arrows and memberships of another kind do not move anything. */
export const shaping: ReadonlySet<GraphEdge['kind']> = new Set(['veth', 'serves', 'lower']);
const certaintyRank = { certain: 0, inferred: 1, ambiguous: 2 } as const;

export const compareNodes = (a: GraphNode, b: GraphNode): number =>
  compareNatural(a.label, b.label) || compareNatural(a.id, b.id);

export function readStructure(graph: Graph): Structure {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const frame = graph.nodes.find((node) => node.kind === 'host');
  const childrenOf = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) if (node.parent !== undefined) append(childrenOf, node.parent, node);
  for (const children of childrenOf.values()) children.sort(compareNodes);

  const boxOf = new Map<string, GraphNode>();
  for (const node of graph.nodes) {
    let at: GraphNode = node;
    while (at.parent !== undefined && at.parent !== frame?.id) {
      const parent = nodes.get(at.parent);
      if (parent === undefined) break;
      at = parent;
    }
    if (at !== frame && at.kind !== 'internet') boxOf.set(node.id, at);
  }
  const edgesOf = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    append(edgesOf, edge.source, edge);
    append(edgesOf, edge.target, edge);
  }

  const boxes = [...new Set(boxOf.values())].sort(compareNodes);
  const { joins, doubtful } = joinsOf(graph, nodes, boxOf);
  const receives = receivers(graph, boxOf);
  // What is published comes first: its arrows then cross the fewest lines.
  const order = (a: Branch, b: Branch): number =>
    Number(receives.has(b.box)) - Number(receives.has(a.box)) || compareNodes(a.box, b.box);
  const branchesOf = new Map<string, Branch[]>();
  const roots: GraphNode[] = [];
  const reached = new Set<GraphNode>();
  const isAlone = (box: GraphNode): boolean => !joins.has(box.id) && !isHost(box);
  // Where nothing says host, the box that leads to most is taken for the middle of its part.
  const candidates = boxes
    .filter((box) => !isAlone(box))
    .sort(
      (a, b) =>
        Number(isHost(b)) - Number(isHost(a)) || (joins.get(b.id)?.length ?? 0) - (joins.get(a.id)?.length ?? 0),
    );
  for (const root of candidates) {
    if (reached.has(root)) continue;
    roots.push(root);
    reached.add(root);
    const found = [root];
    const follow = (box: GraphNode, lines: ReadonlyMap<string, readonly Branch[]>): void => {
      for (const join of lines.get(box.id) ?? []) {
        if (reached.has(join.box)) continue;
        reached.add(join.box);
        append(branchesOf, box.id, join);
        found.push(join.box);
      }
      branchesOf.get(box.id)?.sort(order);
    };
    for (let i = 0; i < found.length; i++) {
      const box = found[i];
      if (box) follow(box, joins);
      // What only a doubtful line joins to the host still belongs beside it.
      if (isHost(root) && i === found.length - 1) for (const one of [...found]) follow(one, doubtful);
    }
  }
  return {
    frame,
    roots,
    alone: boxes.filter(isAlone),
    outside: graph.nodes.filter((node) => node.kind === 'internet').sort(compareNodes),
    childrenOf,
    branchesOf,
    boxOf,
    edgesOf,
    nodes,
    sizeOf: measuredOnce(),
  };
}

function measuredOnce(): (node: GraphNode) => Size {
  const sizes = new Map<string, Size>();
  return (node) => {
    const known = sizes.get(node.id);
    if (known) return known;
    const size = textSize(node);
    sizes.set(node.id, size);
    return size;
  };
}

const isHost = (box: GraphNode): boolean => box.kind === 'netns' && box.tags.includes('host');

/** Boxes that an arrow from another box ends in. */
function receivers(graph: Graph, boxOf: ReadonlyMap<string, GraphNode>): ReadonlySet<GraphNode> {
  const found = new Set<GraphNode>();
  for (const edge of graph.edges) {
    const target = boxOf.get(edge.target);
    if (edge.kind === 'forward' && target !== undefined && target !== boxOf.get(edge.source)) found.add(target);
  }
  return found;
}

/**
 * For every box the lines that lead to others, the surest first. An ambiguous line says where a box belongs only if
 * nothing else does, and then only the first.
 */
function joinsOf(
  graph: Graph,
  nodes: ReadonlyMap<string, GraphNode>,
  boxOf: ReadonlyMap<string, GraphNode>,
): {
  readonly joins: ReadonlyMap<string, readonly Branch[]>;
  readonly doubtful: ReadonlyMap<string, readonly Branch[]>;
} {
  const joins = new Map<string, Branch[]>();
  const doubtful = new Map<string, Branch[]>();
  const edges = graph.edges
    .filter((edge) => shaping.has(edge.kind))
    .sort((a, b) => certaintyRank[a.certainty] - certaintyRank[b.certainty] || compareNatural(a.id, b.id));
  for (const edge of edges) {
    const [from, to] = [nodes.get(edge.source), nodes.get(edge.target)];
    const [here, there] = [boxOf.get(edge.source), boxOf.get(edge.target)];
    if (!from || !to || !here || !there || here === there) continue;
    const spare = edge.certainty === 'ambiguous' && joins.has(here.id) && joins.has(there.id);
    append(spare ? doubtful : joins, here.id, { box: there, from, to });
    append(spare ? doubtful : joins, there.id, { box: here, from: to, to: from });
  }
  return { joins, doubtful };
}
