// The parts of the canvas that compute: on the article's host as it is laid out.
import { expect, test } from 'vitest';
import type { Box, Point } from '../../../../shared/layout/scene.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { layoutGraph } from '../../../../shared/layout/layout.ts';
import { draggable, movedPositions, withDescendants } from '../../../../renderer/graph/drag.ts';
import { elementAt } from '../../../../renderer/graph/element-at.ts';
import { elementsOf } from '../../../../renderer/graph/elements.ts';
import { neighbourhood } from '../../../../renderer/graph/neighbourhood.ts';
import { pulled } from '../../../../renderer/graph/pulled.ts';
import { walk } from '../../../../renderer/graph/walk.ts';
import { articleModel } from '../../../helpers/article-model.ts';

const model = articleModel();
const graph = networkGraph(model);
const scene = layoutGraph(graph);
const container = 'net:[4026532280]';
const child = 'net:[4026532201]';
const idOf = (label: string): string => graph.nodes.find((node) => node.label === label)?.id ?? '';
const box = (id: string): Box => scene.boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
const middle = (id: string): Point => ({ x: box(id).x + box(id).width / 2, y: box(id).y + box(id).height / 2 });

test('every node is an element where the scene puts it, every line another', () => {
  const elements = elementsOf({ graph, scene });
  expect(elements).toHaveLength(graph.nodes.length + graph.edges.length);
  const eth0 = elements.find((one) => one.data.id === idOf('eth0'));
  expect(eth0).toMatchObject({ position: middle(idOf('eth0')), data: { width: box(idOf('eth0')).width } });
});

test('under a point lies the innermost node, on a box the line that runs over it, beside everything nothing', () => {
  expect(elementAt({ graph, scene }, middle(idOf('eth0')), 4)).toBe(idOf('eth0'));
  expect(elementAt({ graph, scene }, { x: box(container).x + 2, y: box(container).y + 2 }, 1)).toBe(container);
  const veth = graph.edges.find((edge) => edge.kind === 'veth');
  const [a, b] = scene.routes.get(veth?.id ?? '') ?? [];
  const between = { x: ((a?.x ?? 0) + (b?.x ?? 0)) / 2, y: ((a?.y ?? 0) + (b?.y ?? 0)) / 2 };
  expect(elementAt({ graph, scene }, between, 4)).toBe(veth?.id);
  expect(elementAt({ graph, scene }, { x: -5000, y: 0 }, 4)).toBeUndefined();
});

test('an interface lights its peer and the boxes of both, not its neighbours', () => {
  const lit = neighbourhood(graph, idOf('eth0'));
  expect(lit).toContain(idOf('vetha72457ab'));
  expect(lit).toContain(container);
  expect(lit).toContain(child);
  expect(lit).not.toContain(idOf('tap0'));
  expect(lit).not.toContain(idOf('ens5'));
});

test('a box lights what is in it and where that leads', () => {
  const lit = neighbourhood(graph, child);
  for (const label of ['tap0', 'nerdctl0', 'slirp4netns', 'eth0']) expect(lit).toContain(idOf(label));
  expect(lit).not.toContain(idOf('ens5'));
});

test('a published port lights the whole way', () => {
  const first = graph.edges.find((edge) => edge.kind === 'forward');
  const lit = neighbourhood(graph, first?.id ?? '');
  expect(graph.edges.filter((edge) => edge.kind === 'forward').every((edge) => lit.has(edge.id))).toBe(true);
});

test('arrows go along lines first, else to what lies there', () => {
  expect(walk(graph, scene, idOf('vetha72457ab'), 'right')).toBe(idOf('eth0'));
  expect(walk(graph, scene, idOf('eth0'), 'left')).toBe(idOf('vetha72457ab'));
  expect(walk(graph, scene, idOf('tap0'), 'left')).toBe(idOf('slirp4netns'));
  // What is outside has nothing to tell: it cannot be selected.
  const first = walk(graph, scene, undefined, 'right');
  expect(graph.nodes.find((node) => node.id === first)?.kind).toBe('netns');
});

test('boxes are taken by their header, plates anywhere, the frame nowhere', () => {
  const node = (id: string) => {
    const found = graph.nodes.find((one) => one.id === id);
    if (!found) throw new Error(`no node ${id}`);
    return found;
  };
  const { x, y, height } = box(container);
  expect(draggable(node(container), box(container), { x: x + 5, y: y + 5 })).toBe(true);
  expect(draggable(node(container), box(container), { x: x + 5, y: y + height - 2 })).toBe(false);
  expect(draggable(node(idOf('eth0')), box(idOf('eth0')), middle(idOf('eth0')))).toBe(true);
  expect(draggable(node('host'), box('host'), { x: box('host').x, y: box('host').y })).toBe(false);
});

test('a moved box takes along what is in it, also what had been moved before', () => {
  const eth0 = idOf('eth0');
  expect(withDescendants(graph, container)).toContain(eth0);
  const by = { x: 100, y: 40 };
  const first = movedPositions(graph, scene, new Map(), container, by);
  expect([...first.keys()]).toEqual([container]);
  const again = layoutGraph(graph, first);
  expect(again.boxes.get(eth0)).toMatchObject({ x: box(eth0).x + 100, y: box(eth0).y + 40 });
  const both = movedPositions(graph, scene, new Map([[eth0, { x: 0, y: 0 }]]), container, by);
  expect(both.get(eth0)).toEqual({ x: box(eth0).x + 100, y: box(eth0).y + 40 });
});

test('a line that is pulled at one end keeps its other end and its first piece straight', () => {
  const route = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 20 },
    { x: 30, y: 20 },
  ];
  const by = { x: 5, y: 7 };
  expect(pulled(route, true, false, by)).toEqual([
    { x: 5, y: 7 },
    { x: 10, y: 7 },
    { x: 10, y: 20 },
    { x: 30, y: 20 },
  ]);
  expect(pulled(route, false, true, by)).toEqual([
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 27 },
    { x: 35, y: 27 },
  ]);
  expect(pulled(route, true, true, by)[3]).toEqual({ x: 35, y: 27 });
  expect(pulled(route, false, false, by)).toBe(route);
});
