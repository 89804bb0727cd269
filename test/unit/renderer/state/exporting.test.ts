import { expect, test } from 'vitest';
import { writeSvg } from '../../../../shared/export/svg.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { layoutGraph } from '../../../../shared/layout/layout.ts';
import { revealed, svgSize } from '../../../../renderer/state/exporting.ts';
import { outlineOf } from '../../../../renderer/state/outline.ts';
import type { OutlineBranch } from '../../../../renderer/state/outline.ts';
import { articleModel } from '../../../helpers/article-model.ts';

const model = articleModel();
const graph = networkGraph(model);
const scene = layoutGraph(graph);

test('the size of an SVG of ours is what its view box says', () => {
  const svg = writeSvg(graph, scene, { theme: 'light', background: 'theme', title: true, legend: true });
  const { width, height } = svgSize(svg);
  expect(svg).toContain(`${width} ${height}"`);
  expect(width).toBeGreaterThan(scene.bounds.width);
  expect(height).toBeGreaterThan(scene.bounds.height);
});

test('what a picture reveals is what it shows', () => {
  const shows = revealed(graph, model);
  expect(shows.containers).toBe(model.containers.length);
  expect(shows.ports).toBe(1);
  expect(shows.addresses).toBeGreaterThanOrEqual(4);
  const folded = networkGraph(model, { folded: new Set(['net:[4026532280]']) });
  expect(revealed(folded, model).containers).toBe(model.containers.length - 1);
});

test('the list has every node and every line of the picture, lines at both ends', () => {
  const flat = (branches: readonly OutlineBranch[]): OutlineBranch[] =>
    branches.flatMap((one) => [one, ...flat(one.children)]);
  const all = flat(outlineOf(graph));
  expect(
    all
      .filter((one) => one.node)
      .map((one) => one.element)
      .sort(),
  ).toEqual(graph.nodes.map(({ id }) => id).sort());
  expect(all.filter((one) => !one.node)).toHaveLength(graph.edges.length * 2);
  expect(new Set(all.map((one) => one.key)).size).toBe(all.length);
  expect(all.map((one) => one.label)).toContain('served by slirp4netns in host (inferred)');
});
