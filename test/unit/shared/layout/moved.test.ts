import { describe, expect, test } from 'vitest';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { layoutGraph } from '../../../../shared/layout/layout.ts';
import { routeEdges } from '../../../../shared/layout/route-edges.ts';
import { articleModel } from '../../../helpers/article-model.ts';
import { boxOf, holds, onBorder } from '../../../helpers/geometry.ts';

const graph = networkGraph(articleModel());
const scene = layoutGraph(graph);
const nginx = 'net:[4026532280]';
const eth0 = `link:${nginx}/2`;

describe('moved by hand', () => {
  test('a box takes what is in it along, its frame grows, everything else stays', () => {
    const from = boxOf(scene, nginx);
    const moved = layoutGraph(graph, new Map([[nginx, { x: from.x + 300, y: from.y + 700 }]]));
    expect(boxOf(moved, nginx)).toEqual({ ...from, x: from.x + 300, y: from.y + 700 });
    expect(boxOf(moved, eth0)).toEqual({
      ...boxOf(scene, eth0),
      x: boxOf(scene, eth0).x + 300,
      y: boxOf(scene, eth0).y + 700,
    });
    expect(holds(boxOf(moved, 'host'), boxOf(moved, nginx))).toBe(true);
    for (const node of graph.nodes)
      if (node.id !== 'host' && node.id !== nginx && node.parent !== nginx)
        expect(boxOf(moved, node.id)).toEqual(boxOf(scene, node.id));
  });

  test('a plate moved out of its box makes the box grow to hold it', () => {
    const at = boxOf(scene, eth0);
    const moved = layoutGraph(graph, new Map([[eth0, { x: at.x - 200, y: at.y + 90 }]]));
    expect(boxOf(moved, eth0)).toMatchObject({ x: at.x - 200, y: at.y + 90 });
    expect(holds(boxOf(moved, nginx), boxOf(moved, eth0))).toBe(true);
    expect(holds(boxOf(moved, 'host'), boxOf(moved, nginx))).toBe(true);
  });

  test('lines follow, and end at the moved plate', () => {
    const at = boxOf(scene, eth0);
    const moved = layoutGraph(graph, new Map([[nginx, { x: at.x - 900, y: at.y + 900 }]]));
    for (const edge of graph.edges) {
      const route = moved.routes.get(edge.id) ?? [];
      expect(onBorder(boxOf(moved, edge.source), route[0]!)).toBe(true);
      expect(onBorder(boxOf(moved, edge.target), route.at(-1)!)).toBe(true);
    }
  });

  test('routes can be asked for some edges alone', () => {
    const wire = graph.edges.find((edge) => edge.kind === 'veth')!;
    const { routes } = routeEdges(graph, scene.boxes, new Set([wire.id]));
    expect([...routes.keys()]).toEqual([wire.id]);
    expect(routes.get(wire.id)).toEqual(scene.routes.get(wire.id));
  });

  test('a node that is not there any more is forgotten', () => {
    expect(layoutGraph(graph, new Map([['gone', { x: 0, y: 0 }]])).boxes).toEqual(scene.boxes);
  });
});
