// What the picture says of pods, of machines, and of containers in containers.
import { expect, test } from 'vitest';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { ModelBuilder } from '../../../helpers/model-builder.ts';

const pod = { id: '005f082b-5fd9-4650-8ef4-473e63bc2d13', name: 'coredns-vl955', namespace: 'kube-system' };

test('in its pod’s box a container is called without the pod, and the one that pauses by its program', () => {
  const build = new ModelBuilder({ hostname: 'h' });
  const net = build.namespace('net', 4026532280, 'container', 'pod kube-system/coredns-vl955');
  const pause = build.process(100, 'pause', [net]);
  const coredns = build.process(101, 'coredns', [net]);
  build.container('a', 'pod coredns-vl955', { pod, kind: 'pod-sandbox', init: pause, processIds: [pause] });
  build.container('b', 'coredns-vl955/coredns', { pod, init: coredns, processIds: [coredns] });
  const labels = networkGraph(build.build())
    .nodes.filter((one) => one.kind === 'container')
    .map((one) => [one.label, one.parent]);
  const inPod = networkGraph(build.build()).nodes.filter((one) =>
    one.groups?.includes('pod kube-system/coredns-vl955'),
  );
  expect(inPod.map((one) => one.kind)).toEqual(['container', 'container', 'netns']);
  expect(labels).toEqual([
    ['pause', net],
    ['coredns', net],
  ]);
});

test('a machine says its engine, and what runs inside another says so', () => {
  const build = new ModelBuilder({ hostname: 'h' });
  const net = build.namespace('net', 4026532280, 'container', 'c1');
  const inner = build.namespace('net', 4026532290, 'container', 'c1 inner');
  const init = build.process(100, 'systemd', [net]);
  const web = build.process(101, 'nginx', [inner]);
  const outer = build.container('c1', 'c1', { engine: 'incus', kind: 'machine', init, processIds: [init] });
  build.container('c1/web', 'web', { parent: outer, init: web, processIds: [web] });
  const lines = networkGraph(build.build())
    .nodes.filter((one) => one.kind === 'container')
    .map((one) => [one.label, one.lines]);
  expect(lines).toEqual([
    ['systemd', ['incus', 'PID 100']],
    ['web', ['PID 101', 'inside c1']],
  ]);
});

test('a Compose project is said of its containers, and of a box only where all in it are of the project', () => {
  const build = new ModelBuilder({ hostname: 'h' });
  const net = build.namespace('net', 4026532280, 'container', 'shop-web-1');
  const mixed = build.namespace('net', 4026532290, 'container', 'a + b');
  const add = (pid: number, at: typeof net, name: string, project?: string) => {
    const init = build.process(pid, name, [at]);
    build.container(name, name, { init, processIds: [init], ...(project === undefined ? {} : { project }) });
  };
  add(100, net, 'shop-web-1', 'shop');
  add(101, mixed, 'a', 'shop');
  add(102, mixed, 'b');
  const { nodes } = networkGraph(build.build());
  expect(nodes.filter((one) => one.groups?.includes('project shop')).map((one) => one.id)).toEqual([
    'container:a',
    'container:shop-web-1',
    net,
  ]);
});
