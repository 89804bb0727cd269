// Lines between placed nodes: horizontal and vertical pieces, short, around what is in the way, beside each other where
// they would meet. Needs nothing but the graph and where its nodes are, so that it works for nodes moved by hand too.
import type { Graph, GraphEdge, GraphNode } from '../graph/graph.ts';
import { append } from '../graph/grouping.ts';
import { gaps } from './dimensions.ts';
import { placeLabels } from './route/labels.ts';
import { spreadLanes, type Line } from './route/lanes.ts';
import { Obstacles, type Ends } from './route/obstacles.ts';
import { shapes } from './route/shapes.ts';
import type { Box, Point, Scene } from './scene.ts';

interface Plan {
  readonly edge: GraphEdge;
  readonly source: Box;
  readonly target: Box;
  readonly ends: Ends;
  readonly targetNode: GraphNode;
  /** Lines that leave one node together, or arrive together. */
  readonly bundle: string;
  leavesAt: number;
  arrivesAt: number;
}

/** Edges whose ends have no place get no route. `only`: routes for these edges alone, as after a node was moved. */
export function routeEdges(
  graph: Graph,
  boxes: ReadonlyMap<string, Box>,
  only?: ReadonlySet<string>,
): Pick<Scene, 'routes' | 'labels'> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const boxOf = outermostBoxes(graph, nodes);
  const obstacles = new Obstacles(graph.nodes, boxes, boxOf);
  const plans: Plan[] = [];
  for (const edge of graph.edges) {
    if (only !== undefined && !only.has(edge.id)) continue;
    const plan = planOf(edge, nodes, boxes, boxOf);
    if (plan) plans.push(plan);
  }
  spreadEnds(plans.filter((plan) => !isRail(plan)));

  const routes = new Map<string, readonly Point[]>();
  const lines: Line[] = [];
  for (const plan of plans) {
    if (isRail(plan)) routes.set(plan.edge.id, railOf(plan));
    else lines.push({ id: plan.edge.id, bundle: plan.bundle, points: bestShape(plan, boxes, obstacles) });
  }
  spreadLanes(lines);
  for (const line of lines) routes.set(line.id, simplify(line.points));
  const labelled = plans.filter((plan) => plan.edge.label !== undefined);
  return { routes, labels: placeLabels(labelled, routes, obstacles) };
}

/** For every node the box in the frame that it is in; itself where it is in none. */
function outermostBoxes(graph: Graph, nodes: ReadonlyMap<string, GraphNode>): ReadonlyMap<string, string> {
  const boxOf = new Map<string, string>();
  for (const node of graph.nodes) {
    let at = node;
    for (;;) {
      const parent = at.parent === undefined ? undefined : nodes.get(at.parent);
      if (parent === undefined || parent.kind === 'host') break;
      at = parent;
    }
    boxOf.set(node.id, at.id);
  }
  return boxOf;
}

function planOf(
  edge: GraphEdge,
  nodes: ReadonlyMap<string, GraphNode>,
  boxes: ReadonlyMap<string, Box>,
  boxOf: ReadonlyMap<string, string>,
): Plan | undefined {
  const [source, target] = [boxes.get(edge.source), boxes.get(edge.target)];
  const targetNode = nodes.get(edge.target);
  if (!source || !target || !targetNode || edge.source === edge.target) return undefined;
  const sourceBox = boxOf.get(edge.source) ?? edge.source;
  const targetBox = boxOf.get(edge.target) ?? edge.target;
  return {
    edge,
    source,
    target,
    targetNode,
    ends: { source: edge.source, target: edge.target, sourceBox, targetBox },
    bundle: bundleOf(edge, targetNode),
    leavesAt: source.y + source.height / 2,
    arrivesAt: target.y + target.height / 2,
  };
}

/** Arrows to one forwarder arrive as one, and leave it as one; so do the ways out through one NIC. */
function bundleOf(edge: GraphEdge, target: GraphNode): string {
  if (edge.kind === 'forward') return target.kind === 'process' ? `to ${edge.target}` : `from ${edge.source}`;
  if (edge.kind === 'way-out') return `out ${edge.target}`;
  return edge.id;
}

/** A port below its bar hangs on a rail that comes down from the bar. */
function isRail({ edge, source, target }: Plan): boolean {
  if (edge.kind !== 'port') return false;
  const rail = source.x - gaps.rail / 2;
  return rail > target.x && rail < target.x + target.width && source.y >= target.y + target.height;
}

/** From the port to the bar, as the relation is read. */
function railOf({ source, target }: Plan): readonly Point[] {
  const rail = source.x - gaps.rail / 2;
  const middle = source.y + source.height / 2;
  return [
    { x: source.x, y: middle },
    { x: rail, y: middle },
    { x: rail, y: target.y + target.height },
  ];
}

/** Several lines at one side of a plate leave it above each other, in the order of where they go. */
function spreadEnds(plans: readonly Plan[]): void {
  interface End {
    readonly plan: Plan;
    readonly isSource: boolean;
    readonly other: Box;
  }
  const sides = new Map<string, End[]>();
  for (const plan of plans) {
    const [source, target] = [plan.source, plan.target];
    const side =
      source.x + source.width <= target.x ? 'east' : target.x + target.width <= source.x ? 'west' : undefined;
    if (side === undefined) continue;
    append(sides, `${side} ${plan.edge.source}`, { plan, isSource: true, other: target });
    append(sides, `${side === 'east' ? 'west' : 'east'} ${plan.edge.target}`, { plan, isSource: false, other: source });
  }
  for (const ends of sides.values()) {
    // One slot for each bundle; arrows to the outside of the box keep above the others.
    const slots = new Map<string, number>();
    for (const { plan, other } of ends) {
      const wanted = plan.edge.kind === 'forward' ? -1e6 + other.y : other.y + other.height / 2;
      slots.set(plan.bundle, Math.min(slots.get(plan.bundle) ?? Infinity, wanted));
    }
    if (slots.size < 2) continue;
    const order = [...slots].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).map(([bundle]) => bundle);
    // An arrow beside one other line keeps the middle, so that it can go straight on.
    const arrow = ends.find(({ plan }) => plan.edge.kind === 'forward' && plan.bundle === order[0]);
    const middle = arrow !== undefined && order.length === 2 ? 0 : (order.length - 1) / 2;
    for (const { plan, isSource } of ends) {
      const own = isSource ? plan.source : plan.target;
      const pitch = Math.min(9, (own.height - 8) / order.length);
      const offset = (order.indexOf(plan.bundle) - middle) * pitch;
      if (isSource) plan.leavesAt += offset;
      else plan.arrivesAt += offset;
    }
  }
}

/** The first shape with nothing in its way; else the one with the least. */
function bestShape(plan: Plan, boxes: ReadonlyMap<string, Box>, obstacles: Obstacles): Point[] {
  const { source, target, ends, edge } = plan;
  // So small a step would look like a mistake.
  if (Math.abs(plan.leavesAt - plan.arrivesAt) <= 5) plan.leavesAt = plan.arrivesAt;
  const span = {
    source,
    target,
    sourceBox: boxes.get(ends.sourceBox) ?? source,
    targetBox: boxes.get(ends.targetBox) ?? target,
    sameBox: ends.sourceBox === ends.targetBox,
    leavesAt: plan.leavesAt,
    arrivesAt: plan.arrivesAt,
    dropAt: edge.directed && edge.kind === 'forward' ? target.x + target.width - 22 : undefined,
  };
  let best: readonly Point[] | undefined;
  let fewest = Infinity;
  for (const shape of shapes(span, (from, to) => obstacles.between(from, to, ends))) {
    const hits = obstacles.hits(shape, ends, fewest);
    if (hits < fewest) [best, fewest] = [shape, hits];
    if (fewest === 0) break;
  }
  return [...(best ?? [])];
}

/** Without points that lie on the way between their neighbours. */
function simplify(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const [before, last] = [kept.at(-2), kept.at(-1)];
    if (last && last.x === point.x && last.y === point.y) continue;
    if (before && last && ((before.x === last.x && last.x === point.x) || (before.y === last.y && last.y === point.y)))
      kept.pop();
    kept.push(point);
  }
  return kept;
}
