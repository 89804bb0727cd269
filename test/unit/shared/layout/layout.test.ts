import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Graph, GraphNode } from '../../../../shared/graph/graph.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { layoutGraph } from '../../../../shared/layout/layout.ts';
import { placeText } from '../../../../shared/layout/node-text.ts';
import { textStyles } from '../../../../shared/layout/dimensions.ts';
import { textWidth } from '../../../../shared/layout/text-width.ts';
import type { Scene } from '../../../../shared/layout/scene.ts';
import { articleModel } from '../../../helpers/article-model.ts';
import { boxOf, crossedNodes, holds, onBorder, overlap, overlappingSiblings } from '../../../helpers/geometry.ts';
import { hostFixture } from '../../../helpers/host-fixture.ts';
import { pictures } from '../../../helpers/pictures.ts';
import { randomGraph } from '../../../helpers/random-graph.ts';
import { shuffle } from '../../../helpers/shuffle.ts';
import { bridgedNetnsModel, dockerModel } from '../../../helpers/synthetic-model.ts';

const middle = (scene: Scene, id: string): number => boxOf(scene, id).y + boxOf(scene, id).height / 2;

function expectSound(graph: Graph, scene: Scene): void {
  for (const node of graph.nodes) {
    const box = boxOf(scene, node.id);
    expect([box.x, box.y, box.width, box.height].every(Number.isFinite), node.id).toBe(true);
    if (node.parent !== undefined) expect(holds(boxOf(scene, node.parent), box), `${node.id} in its parent`).toBe(true);
    expect(holds(scene.bounds, box), `${node.id} in the bounds`).toBe(true);
  }
  expect(overlappingSiblings(graph, scene)).toEqual([]);
  for (const edge of graph.edges) {
    const route = scene.routes.get(edge.id) ?? [];
    expect(route.length, edge.id).toBeGreaterThanOrEqual(2);
    const [first, last] = [route[0], route.at(-1)];
    const ends = [edge.source, edge.target].map((id) => boxOf(scene, id));
    // A port's route is on a rail: it is drawn from either end.
    expect(first && ends[0] && onBorder(ends[0], first), `${edge.id} starts at its source`).toBe(true);
    expect(last && ends[1] && onBorder(ends[1], last), `${edge.id} ends at its target`).toBe(true);
    for (let i = 1; i < route.length; i++) {
      const [a, b] = [route[i - 1], route[i]];
      expect(a && b && (a.x === b.x || a.y === b.y), `${edge.id} has right angles`).toBe(true);
    }
    expect(scene.labels.has(edge.id)).toBe(edge.label !== undefined);
  }
}

describe('every picture', () => {
  for (const [name, make] of Object.entries(pictures)) {
    const graph = networkGraph(make());
    const scene = layoutGraph(graph);

    test(`${name}: children inside, siblings apart, lines from border to border`, () => expectSound(graph, scene));

    test(`${name}: the order of nodes and edges does not matter`, () => {
      const other = { ...graph, nodes: shuffle(graph.nodes, 3), edges: shuffle(graph.edges, 4) };
      const again = layoutGraph(other);
      expect(sorted(again.boxes)).toEqual(sorted(scene.boxes));
      expect(sorted(again.routes)).toEqual(sorted(scene.routes));
    });

    test(`${name}: no text is wider than its node`, () => {
      for (const node of graph.nodes) {
        const box = boxOf(scene, node.id);
        for (const run of placeText(node, box)) {
          const { font, size } = textStyles[run.style];
          const width = textWidth(run.text, font, size);
          const left = run.centered ? run.x - width / 2 : run.x;
          expect(left, `${node.id}: ${run.text}`).toBeGreaterThan(box.x);
          expect(left + width, `${node.id}: ${run.text}`).toBeLessThan(box.x + box.width);
          expect(run.y).toBeLessThan(box.y + box.height);
        }
      }
    });

    if (name !== 'odd things')
      test(`${name}: no line runs through what it does not belong to`, () => {
        for (const edge of graph.edges) {
          // Memberships run along their bar's own rail.
          if (edge.kind === 'port' || (edge.kind === 'veth' && graph.edges.length > 300)) continue;
          expect(crossedNodes(graph, scene, edge.id), edge.id).toEqual([]);
        }
      });
  }

  const sorted = <T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1));
});

test('a bridge that leads somewhere itself stays clear of its ports', () => {
  const node = (id: string, kind: GraphNode['kind'], parent?: string): GraphNode => ({
    ...{ id, kind, label: id, lines: [], tags: id === 'netns' ? ['host'] : [] },
    ...(parent === undefined ? {} : { parent }),
  });
  const graph: Graph = {
    ...{ title: 't', subtitle: 's' },
    nodes: [
      node('host', 'host'),
      ...['netns', 'other', 'third'].map((id) => node(id, 'netns', 'host')),
      node('br0', 'bridge', 'netns'),
      ...['veth0', 'veth1', 'veth2'].map((id) => node(id, 'link', 'netns')),
      node('eth0', 'link', 'third'),
    ],
    edges: [
      ...['veth0', 'veth1', 'veth2'].map((id) => ({
        id: `port ${id}`,
        kind: 'port' as const,
        source: id,
        target: 'br0',
      })),
      { id: 'a', kind: 'veth' as const, source: 'br0', target: 'other' },
      { id: 'b', kind: 'veth' as const, source: 'veth1', target: 'eth0' },
    ].map((edge) => ({ ...edge, certainty: 'certain' as const, directed: false })),
  };
  expectSound(graph, layoutGraph(graph));
});

describe('a host with an interface of every kind', () => {
  const graph = networkGraph(hostFixture('link-kinds').model);
  const scene = layoutGraph(graph);
  const inHost = (label: string): string => {
    const host = graph.nodes.find((node) => node.kind === 'netns' && node.label === 'host');
    const node = graph.nodes.find((one) => one.label === label && one.parent === host?.id);
    if (!node) throw new Error(`no ${label} in the host's box`);
    return node.id;
  };

  test('interfaces without a line stand in columns, below those with one', () => {
    const [left, right] = ['bareudp0', 'bat0'].map((label) => boxOf(scene, inHost(label)));
    expect(left?.y).toBe(right?.y);
    expect(left?.x).toBeLessThan(right?.x ?? 0);
    for (const label of ['xfrm7', 'team0']) {
      const box = boxOf(scene, inHost(label));
      expect(box.y + box.height).toBeLessThan(left?.y ?? 0);
    }
    expect(boxOf(scene, inHost('wg0')).x).toBe(left?.x);
  });

  test('a second line to the same box begins on its side too', () => {
    for (const label of ['nk0', 'vxcan0'])
      expect(boxOf(scene, inHost(label)).x).toBeGreaterThan(boxOf(scene, inHost('gre1')).x);
  });

  test('nothing stands on the way out', () => {
    for (const edge of graph.edges)
      if (edge.kind === 'way-out') expect(crossedNodes(graph, scene, edge.id), edge.id).toEqual([]);
  });
});

test('any graph at all comes out sound', () => {
  fc.assert(
    fc.property(randomGraph, (graph) => expectSound(graph, layoutGraph(graph))),
    { numRuns: 150 },
  );
}, 30_000);

describe("the article's host", () => {
  const graph = networkGraph(articleModel({ moreContainers: 2 }));
  const scene = layoutGraph(graph);
  const [host, child] = ['net:[4026531840]', 'net:[4026532201]'];

  test('stands in three columns: parent, child, containers', () => {
    const columns = [host, child, 'net:[4026532280]'].map((id) => boxOf(scene, id));
    expect(columns[0]!.x + columns[0]!.width).toBeLessThan(columns[1]!.x);
    expect(columns[1]!.x + columns[1]!.width).toBeLessThan(columns[2]!.x);
    const containers = graph.nodes.filter((node) => node.column === 'containers').map((node) => boxOf(scene, node.id));
    expect(containers).toHaveLength(3);
    expect(new Set(containers.map((box) => box.x)).size).toBe(1);
  });

  test('what is joined is level: NIC, slirp4netns, tap0; veth and eth0; port and rootlesskit', () => {
    expect(middle(scene, `link:${host}/2`)).toBe(middle(scene, 'process:122373'));
    expect(middle(scene, 'process:122373')).toBe(middle(scene, `link:${child}/2`));
    expect(middle(scene, `link:${child}/10`)).toBe(middle(scene, 'link:net:[4026532280]/2'));
    expect(middle(scene, 'forward:tcp/127.0.0.1:8080/10.4.0.9:80')).toBe(middle(scene, 'process:122327'));
    for (const edge of graph.edges.filter((one) => one.kind === 'veth' || one.kind === 'serves'))
      expect(scene.routes.get(edge.id)).toHaveLength(2);
  });

  test('the outside is left of the frame, level with the NIC', () => {
    const outside = boxOf(scene, 'internet');
    expect(outside.x + outside.width).toBeLessThan(boxOf(scene, 'host').x);
    expect(middle(scene, 'internet')).toBe(middle(scene, `link:${host}/2`));
  });
});

describe('many boxes', () => {
  test('are as wide for their height as a screen', () => {
    for (const graph of [
      networkGraph(dockerModel(12)),
      networkGraph(bridgedNetnsModel(60)),
      networkGraph(bridgedNetnsModel(300)),
    ]) {
      const { bounds } = layoutGraph(graph);
      expect(bounds.width / bounds.height).toBeGreaterThan(1.1);
      expect(bounds.width / bounds.height).toBeLessThan(2.3);
    }
  });

  test('a box that goes leaves those before it where they were', () => {
    const before = networkGraph(dockerModel(12));
    const gone = before.nodes.filter((node) => node.kind === 'netns' && node.tags.includes('container')).at(-1)!;
    const nodes = before.nodes.filter((node) => node !== gone && node.parent !== gone.id);
    const ids = new Set(nodes.map((node) => node.id));
    const after = {
      ...before,
      nodes,
      edges: before.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
    };
    const [one, other] = [layoutGraph(before), layoutGraph(after)];
    const boxes = nodes.filter((node) => node.kind === 'netns' && node.tags.includes('container'));
    const same = boxes.filter(
      (node) => boxOf(one, node.id).x === boxOf(other, node.id).x && boxOf(one, node.id).y === boxOf(other, node.id).y,
    );
    expect(same.length).toBeGreaterThanOrEqual(boxes.length / 2);
  });

  test('wires of one bridge do not cross each other', () => {
    const graph = networkGraph(bridgedNetnsModel(12));
    const scene = layoutGraph(graph);
    const wires = graph.edges.filter((edge) => edge.kind === 'veth').map((edge) => scene.routes.get(edge.id) ?? []);
    let crossings = 0;
    wires.forEach((a, i) => {
      for (const b of wires.slice(i + 1)) crossings += crossingsOf(a, b);
    });
    expect(crossings).toBe(0);
  });
});

interface XY {
  readonly x: number;
  readonly y: number;
}
function crossingsOf(a: readonly XY[], b: readonly XY[]): number {
  let count = 0;
  const pieces = (line: readonly XY[]) => line.slice(1).map((end, i) => [line[i]!, end] as const);
  for (const [p, q] of pieces(a))
    for (const [r, s] of pieces(b)) {
      const one = {
        x: Math.min(p.x, q.x),
        y: Math.min(p.y, q.y),
        width: Math.abs(p.x - q.x),
        height: Math.abs(p.y - q.y),
      };
      const two = {
        x: Math.min(r.x, s.x),
        y: Math.min(r.y, s.y),
        width: Math.abs(r.x - s.x),
        height: Math.abs(r.y - s.y),
      };
      if (overlap(one, two)) count++;
    }
  return count;
}
