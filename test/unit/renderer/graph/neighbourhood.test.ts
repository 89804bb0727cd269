import { expect, test } from 'vitest';
import { neighbourhood } from '../../../../renderer/graph/neighbourhood.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { articleModel } from '../../../helpers/article-model.ts';

const graph = networkGraph(articleModel(), { hideLoopback: true });
const node = (label: string, inBox?: string) => {
  const box = (id: string | undefined) => graph.nodes.find((one) => one.id === id)?.label;
  const found = graph.nodes.find((one) => one.label === label && (inBox === undefined || box(one.parent) === inBox));
  if (!found) throw new Error(`no ${label}`);
  return found;
};
const container = graph.nodes.find((one) => one.kind === 'container');
const litWith = (id: string) => {
  const lit = neighbourhood(graph, id);
  return graph.nodes.filter((one) => lit.has(one.id)).map((one) => one.label);
};

test('a container lights its interface, the other end of its cable, the bridge and its published port', () => {
  const lit = litWith(container?.id ?? '');
  expect(lit).toEqual(
    expect.arrayContaining(['eth0', 'vetha72457ab', 'nerdctl0', '127.0.0.1:8080 → :80', 'rootlesskit']),
  );
  expect(lit).not.toContain('slirp4netns');
  expect(lit).not.toContain('buildkit0');
});

test('an interface lights its cable up to the bridge, not what else is in its box', () => {
  const lit = litWith(node('eth0').id);
  expect(lit).toEqual(expect.arrayContaining(['eth0', 'vetha72457ab', 'nerdctl0']));
  expect(lit).not.toContain(container?.label);
});

test('a box lights its content and what its links reach', () => {
  const lit = litWith(node('RootlessKit child · ec2-user · detached').id);
  expect(lit).toEqual(expect.arrayContaining(['tap0', 'nerdctl0', 'buildkit0', 'slirp4netns', 'eth0']));
  expect(lit).not.toContain('ens5');
});
