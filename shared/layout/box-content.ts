// What goes where inside one box: the side that looks towards the host's edge (west), the side that looks towards the
// boxes it leads to (east), and the quiet rest below.
import type { GraphNode } from '../graph/graph.ts';
import { append, groupBy } from '../graph/grouping.ts';
import { compareNodes, shaping, type Branch, type Structure } from './structure.ts';

/** Something on the east side, with the boxes it leads to. */
export interface EastItem {
  readonly node: GraphNode;
  readonly branches: readonly Branch[];
  /** For a bridge: its ports here, in the order of the boxes they lead to; those that lead nowhere last. */
  readonly ports: readonly GraphNode[];
  /** The box itself, for what hangs off it as a whole: there is nothing to place. */
  readonly whole: boolean;
  /** An arrow leaves it for another box. */
  readonly sends: boolean;
}

export interface BoxContent {
  readonly west: readonly GraphNode[];
  readonly east: readonly EastItem[];
  /** Interfaces without a line, where there are many: in rows below, before the other quiet things. */
  readonly idle: readonly GraphNode[];
  readonly below: readonly GraphNode[];
}

/** So many interfaces without a line still stand among the others. */
const fewIdle = 4;

export function contentOf(box: GraphNode, structure: Structure): BoxContent {
  const children = structure.childrenOf.get(box.id) ?? [];
  const branches = structure.branchesOf.get(box.id) ?? [];
  if (branches.length === 0 && !isHost(box) && !children.some((child) => child.kind === 'bridge'))
    return endOfTheWay(box, children, structure);
  const inside = new Set(children.map((child) => child.id));
  const masterOf = mastersIn(box, structure);
  const portsOf = new Map<string, GraphNode[]>();
  for (const [port, master] of masterOf) {
    const node = structure.nodes.get(port);
    // The host's NIC stays at the edge, also as a port.
    if (node !== undefined && !isAtEdge(node)) append(portsOf, master, node);
  }
  const branchesFrom = groupBy(branches, (branch) => branch.from.id);

  const placed = new Set<string>();
  const east: EastItem[] = [];
  const add = (node: GraphNode, ports: readonly GraphNode[] = []): void => {
    placed.add(node.id);
    for (const port of ports) placed.add(port.id);
    const own = [node, ...ports].flatMap((one) => branchesFrom.get(one.id) ?? []);
    east.push({ node, ports, branches: own, whole: false, sends: sendsOut(node, structure, inside) });
  };

  const processes = children.filter((child) => child.kind === 'process');
  const leads = (node: GraphNode): boolean => branchesFrom.has(node.id);
  const reaches = (node: GraphNode): boolean => leadsElsewhere(node, branches, structure);
  const sends = (node: GraphNode): boolean => sendsOut(node, structure, inside);
  for (const process of wiredProcesses(processes, leads, sends, structure)) add(process);
  const bars = children.filter((child) => child.kind === 'bridge');
  const grouped = new Set([...portsOf.values()].flat().map((port) => port.id));
  const free = children.filter((child) => child.kind === 'link' && !grouped.has(child.id));
  for (const link of free) if (leads(link)) add(link);
  for (const link of free) if (!leads(link) && !isAtEdge(link) && reaches(link)) add(link);
  const withPorts = bars.map((bar) => ({ bar, ports: sortPorts(portsOf.get(bar.id) ?? [], branches) }));
  const isEmpty = ({ ports }: { ports: readonly GraphNode[] }): number => (ports.length === 0 ? 1 : 0);
  // A bar that is itself a port (a bond under a bridge) stands on its own.
  for (const { bar, ports } of withPorts.sort((a, b) => isEmpty(a) - isEmpty(b) || compareNodes(a.bar, b.bar)))
    if (!placed.has(bar.id))
      add(
        bar,
        ports.filter((port) => port.kind !== 'bridge' && !placed.has(port.id)),
      );

  const loose = branches.filter((branch) => !placed.has(branch.from.id));
  if (loose.length > 0) east.push({ node: box, ports: [], branches: loose, whole: true, sends: false });

  const rest = children.filter((child) => !placed.has(child.id));
  const atEdge = (node: GraphNode): boolean =>
    node.kind === 'port' ||
    node.kind === 'link' ||
    (node.kind === 'process' && !isHost(box) && worksElsewhere(node, structure, inside));
  return {
    ...westAndIdle(rest.filter(atEdge), structure),
    east,
    below: rest.filter((node) => !atEdge(node)).sort(quietOrder),
  };
}

/** A box that leads nowhere shows what it is for beside its interface. */
function endOfTheWay(box: GraphNode, children: readonly GraphNode[], structure: Structure): BoxContent {
  const inside = new Set(children.map((child) => child.id));
  const isFor = (child: GraphNode): boolean =>
    box.kind === 'netns' &&
    (child.kind === 'container' || (child.kind === 'process' && !worksElsewhere(child, structure, inside)));
  const east = children.filter(isFor).sort((a, b) => endRank(a) - endRank(b) || compareNodes(a, b));
  const rest = children.filter((child) => !isFor(child));
  const atEdge = (child: GraphNode): boolean =>
    child.kind !== 'container' && (child.kind !== 'process' || box.kind === 'netns');
  return {
    ...westAndIdle(rest.filter(atEdge), structure),
    east: east.map((node) => ({ node, branches: [], ports: [], whole: false, sends: false })),
    below: rest.filter((child) => !atEdge(child)).sort(quietOrder),
  };
}

function westAndIdle(nodes: readonly GraphNode[], structure: Structure): Pick<BoxContent, 'west' | 'idle'> {
  const sorted = [...nodes].sort((a, b) => westRank(a) - westRank(b) || compareNodes(a, b));
  const isIdle = (node: GraphNode): boolean =>
    node.kind === 'link' && !isAtEdge(node) && !structure.edgesOf.has(node.id);
  const idle = sorted.filter(isIdle);
  return idle.length > fewIdle ? { west: sorted.filter((node) => !isIdle(node)), idle } : { west: sorted, idle: [] };
}

/** A second and further line to a box that hangs off this one through another node. */
function leadsElsewhere(node: GraphNode, branches: readonly Branch[], structure: Structure): boolean {
  const hanging = new Set(branches.map(({ box }) => box));
  return (structure.edgesOf.get(node.id) ?? []).some((edge) => {
    const other = structure.boxOf.get(edge.source === node.id ? edge.target : edge.source);
    return shaping.has(edge.kind) && other !== undefined && hanging.has(other);
  });
}

const endRank = (node: GraphNode): number => (node.kind === 'container' ? 0 : 1);

const isHost = (box: GraphNode): boolean => box.tags.includes('host');

const westRank = (node: GraphNode): number =>
  node.kind === 'port' ? 0 : node.kind === 'process' ? 1 : isAtEdge(node) ? 2 : 3;

const isAtEdge = (node: GraphNode): boolean => node.tags.includes('nic') || node.tags.includes('way-out');

/** Containers first; those who count others last. */
function quietOrder(a: GraphNode, b: GraphNode): number {
  const rank = (node: GraphNode): number =>
    node.kind === 'container' ? 0 : node.tags.includes('others') ? 3 : node.count === undefined ? 1 : 2;
  return rank(a) - rank(b) || compareNodes(a, b);
}

function mastersIn(box: GraphNode, structure: Structure): ReadonlyMap<string, string> {
  const masters = new Map<string, string>();
  for (const child of structure.childrenOf.get(box.id) ?? [])
    for (const edge of structure.edgesOf.get(child.id) ?? [])
      if (edge.kind === 'port' && edge.source === child.id && !masters.has(child.id))
        masters.set(child.id, edge.target);
  return masters;
}

/** In the order of the boxes they lead to; those that lead nowhere last. */
function sortPorts(ports: readonly GraphNode[], branches: readonly Branch[]): readonly GraphNode[] {
  const position = new Map<string, number>();
  branches.forEach((branch, i) => {
    if (!position.has(branch.from.id)) position.set(branch.from.id, i);
  });
  const of = (port: GraphNode): number => position.get(port.id) ?? branches.length;
  return [...ports].sort((a, b) => of(a) - of(b) || compareNodes(a, b));
}

/** Processes that lead to a box, each with those it works with before it; before them all who only sends arrows. */
function wiredProcesses(
  processes: readonly GraphNode[],
  leads: (node: GraphNode) => boolean,
  sends: (node: GraphNode) => boolean,
  structure: Structure,
): readonly GraphNode[] {
  const partners = new Map<GraphNode, readonly GraphNode[]>();
  const taken = new Set<GraphNode>();
  for (const process of processes.filter(leads)) {
    const own = (structure.edgesOf.get(process.id) ?? [])
      .filter((edge) => edge.kind === 'works-for')
      .map((edge) => structure.nodes.get(edge.source === process.id ? edge.target : edge.source))
      .filter((other) => other !== undefined)
      .filter((other) => processes.includes(other) && !leads(other) && !taken.has(other));
    for (const other of own) taken.add(other);
    partners.set(process, own.sort(compareNodes));
  }
  return [
    ...processes.filter((process) => !leads(process) && !taken.has(process) && sends(process)),
    ...[...partners].flatMap(([process, own]) => [...own, process]),
  ];
}

/** It belongs to a process in another box, without leading there. */
const worksElsewhere = (node: GraphNode, structure: Structure, inside: ReadonlySet<string>): boolean =>
  (structure.edgesOf.get(node.id) ?? []).some(
    (edge) => edge.kind === 'works-for' && !(inside.has(edge.source) && inside.has(edge.target)),
  );

const sendsOut = (node: GraphNode, structure: Structure, inside: ReadonlySet<string>): boolean =>
  (structure.edgesOf.get(node.id) ?? []).some(
    (edge) => edge.kind === 'forward' && edge.source === node.id && !inside.has(edge.target),
  );
