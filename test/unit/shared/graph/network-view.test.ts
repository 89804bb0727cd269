import { describe, expect, test } from 'vitest';
import type { Graph, GraphEdge, GraphNode } from '../../../../shared/graph/graph.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import type { Model } from '../../../../shared/model/model.ts';
import { articleModel } from '../../../helpers/article-model.ts';
import { address, ModelBuilder } from '../../../helpers/model-builder.ts';
import { pictures } from '../../../helpers/pictures.ts';
import { shuffle } from '../../../helpers/shuffle.ts';
import { bridgedNetnsModel, dockerModel, emptyHostModel, oddModel } from '../../../helpers/synthetic-model.ts';

const node = (graph: Graph, id: string): GraphNode => {
  const found = graph.nodes.find((one) => one.id === id);
  if (!found) throw new Error(`no node ${id}`);
  return found;
};
const labelled = (graph: Graph, label: string): readonly GraphNode[] =>
  graph.nodes.filter((one) => one.label === label);
const between = (graph: Graph, source: string, target: string): readonly GraphEdge[] =>
  graph.edges.filter((edge) => edge.source === source && edge.target === target);

const host = 'net:[4026531840]';
const child = 'net:[4026532201]';
const nginx = 'net:[4026532280]';
const container = 'container:d8e2d622b3d7a1c04b52a9f03e0c7712b4a3f5d6e7c8990a1b2c3d4e5f607182';

describe("the article's host", () => {
  const graph = networkGraph(articleModel());

  test("is RootlessKit's own figure: parent, child, containers", () => {
    expect(node(graph, host)).toMatchObject({ label: 'host', column: 'parent', parent: 'host' });
    expect(node(graph, host).lines).toEqual(['net:[4026531840] · RootlessKit parent']);
    expect(node(graph, child)).toMatchObject({ label: 'RootlessKit child · ec2-user · detached', column: 'child' });
    expect(node(graph, child).lines).toEqual(['net:[4026532201]', '/run/user/1000/containerd-rootless/netns']);
    expect(node(graph, nginx)).toMatchObject({ label: 'nginx-d8e2d', column: 'containers' });
  });

  test('shows the interfaces with their addresses and the ENI, and no loopback', () => {
    expect(node(graph, `link:${host}/2`)).toMatchObject({
      kind: 'link',
      label: 'ens5',
      lines: ['172.31.40.91/20', 'eni-0f67ca2c1917ee11c'],
      state: 'up',
    });
    expect(node(graph, `link:${child}/5`)).toMatchObject({ kind: 'bridge', label: 'nerdctl0', lines: ['10.4.0.1/24'] });
    expect(node(graph, `link:${child}/3`)).toMatchObject({ label: 'buildkit0', state: 'down' });
    expect(labelled(graph, 'lo')).toEqual([]);
    expect(labelled(networkGraph(articleModel(), { hideLoopback: false }), 'lo')).toHaveLength(3);
  });

  test('connects eth0 to its veth, the veth to nerdctl0, and tap0 to slirp4netns', () => {
    const [veth, eth0] = [`link:${child}/10`, `link:${nginx}/2`];
    expect(between(graph, veth, eth0)).toMatchObject([{ kind: 'veth', certainty: 'certain', directed: false }]);
    expect(between(graph, veth, `link:${child}/5`)).toMatchObject([{ kind: 'port' }]);
    expect(between(graph, 'process:122373', `link:${child}/2`)).toMatchObject([
      { kind: 'serves', certainty: 'inferred' },
    ]);
  });

  test('the way out goes from slirp4netns over ens5 to the outside', () => {
    expect(between(graph, 'process:122373', `link:${host}/2`)).toMatchObject([{ kind: 'way-out', directed: true }]);
    expect(between(graph, `link:${host}/2`, 'internet')).toMatchObject([{ kind: 'way-out', certainty: 'certain' }]);
    expect(node(graph, 'internet').lines).toEqual(['via 172.31.32.1']);
  });

  test('the published port leads to rootlesskit and on to the container', () => {
    const port = 'forward:tcp/127.0.0.1:8080/10.4.0.9:80';
    expect(node(graph, port)).toMatchObject({ kind: 'port', parent: host, label: '127.0.0.1:8080 → :80' });
    expect(between(graph, port, 'process:122327')).toMatchObject([{ kind: 'forward', directed: true, relation: port }]);
    expect(between(graph, 'process:122327', container)).toMatchObject([{ kind: 'forward', relation: port }]);
  });

  test('names who matters, counts the rest, and leaves the collector out', () => {
    const inHost = graph.nodes.filter((one) => one.parent === host && one.kind === 'process');
    expect(inHost.map((one) => one.label).sort()).toEqual(
      ['3 other processes', 'containerd', 'containerd-shim', 'rootlesskit', 'slirp4netns'].sort(),
    );
    expect(node(graph, 'process:122351')).toMatchObject({ label: 'rootlesskit child', parent: child });
    const all = networkGraph(articleModel(), { processes: 'all' });
    expect(labelled(all, 'bash')).toHaveLength(1);
    expect(labelled(all, 'sh')).toEqual([]);
  });

  test('the container says what it runs, since its box has its name', () => {
    expect(node(graph, container)).toMatchObject({ kind: 'container', label: 'nginx:latest', parent: nginx });
    expect(node(graph, container).lines).toEqual(['PID 126799 · 3 processes']);
  });

  test('processes whose namespaces are closed are counted by user, outside the host', () => {
    expect(node(graph, 'unknown:processes')).toMatchObject({ kind: 'unknown', parent: 'host' });
    expect(node(graph, 'unknown:user/root')).toMatchObject({ count: 6, parent: 'unknown:processes' });
  });

  test('says when and as whom', () => {
    expect(graph.subtitle).toBe('2024-12-10 14:40 UTC · as ec2-user, without sudo');
  });

  test('a folded box keeps its lines to others and shows counts', () => {
    const folded = networkGraph(articleModel(), { folded: new Set([nginx]) });
    expect(folded.nodes.filter((one) => one.parent === nginx)).toEqual([]);
    expect(node(folded, nginx).lines).toEqual([nginx, '1 interface · 3 processes']);
    expect(between(folded, `link:${child}/10`, nginx)).toMatchObject([{ kind: 'veth' }]);
    expect(between(folded, 'process:122327', nginx)).toMatchObject([{ kind: 'forward' }]);
  });

  test('an unfolded chip shows its processes', () => {
    const id = `fold:${host}/others`;
    const open = networkGraph(articleModel(), { unfolded: new Set([id]) });
    expect(open.nodes.some((one) => one.id === id)).toBe(false);
    expect(labelled(open, 'sshd')).toHaveLength(1);
  });
});

describe('other hosts', () => {
  test('docker: proxies and shims are counted, each published port keeps its arrow', () => {
    const graph = networkGraph(dockerModel(12));
    const proxy = node(graph, `fold:${host}/docker-proxy`);
    expect(proxy).toMatchObject({ label: 'docker-proxy ×4', count: 4 });
    expect(graph.edges.filter((edge) => edge.kind === 'forward' && edge.target === proxy.id)).toHaveLength(4);
    expect(graph.edges.filter((edge) => edge.kind === 'forward' && edge.source === proxy.id)).toHaveLength(4);
  });

  test('a port on 0.0.0.0 and on :: is one port', () => {
    const build = new ModelBuilder({ hostname: 'h', initialNamespaces: { net: { id: host, certainty: 'certain' } } });
    const net = build.namespace('net', 4026531840, 'host', 'host');
    for (const any of ['0.0.0.0', '::'])
      build.forward({
        id: `forward:tcp/${any}:80/172.17.0.2:80`,
        by: 'docker-proxy',
        protocol: 'tcp',
        listen: { address: any, port: 80, netns: net },
        target: { address: '172.17.0.2', port: 80, netns: undefined },
        certainty: 'certain',
        rule: 'docker-proxy.argv',
      });
    const ports = networkGraph(build.build()).nodes.filter((one) => one.kind === 'port');
    expect(ports.map((one) => one.label)).toEqual(['*:80 → :80']);
  });

  test('ambiguous peers are all drawn, as ambiguous', () => {
    const edges = networkGraph(oddModel()).edges.filter((edge) => edge.certainty === 'ambiguous');
    expect(edges.map((edge) => [edge.kind, edge.label])).toEqual([
      ['veth', '?'],
      ['veth', '?'],
    ]);
  });

  test('an undiscovered end is a stub that says whose it is', () => {
    const graph = networkGraph(oddModel());
    const stub = node(graph, 'undiscovered:net:[4026531840]/nsid/9');
    expect(stub).toMatchObject({ kind: 'unknown', lines: ['other end of veth-lost'] });
    expect(graph.edges.some((edge) => edge.source === stub.id || edge.target === stub.id)).toBe(true);
  });

  test('a veth with the default route and no known end is the way out', () => {
    const build = new ModelBuilder({ hostname: 'h', initialNamespaces: { net: { id: host, certainty: 'certain' } } });
    const net = build.namespace('net', 4026531840, 'host', 'host');
    const eth0 = build.link(net, 2, 'eth0', 'veth', { addresses: [address('10.0.0.2/24')] });
    build.relate('veth-peer', eth0, 'undiscovered:x', 'veth.unknown-netnsid');
    build.defaultRoute(net, '10.0.0.1', 'eth0', eth0);
    const graph = networkGraph(build.build());
    expect(graph.edges.map((edge) => [edge.kind, edge.source, edge.target])).toEqual([['way-out', eth0, 'internet']]);
    expect(graph.nodes.filter((one) => one.kind === 'unknown')).toEqual([]);
  });

  test('a NIC without a default route gets no arrow', () => {
    const model = emptyHostModel();
    const graph = networkGraph({ ...model, routes: [] });
    expect(graph.edges).toEqual([]);
    expect(graph.nodes.some((one) => one.kind === 'internet')).toBe(false);
  });

  test('a bridge with the default route leads out by its NIC, by inference', () => {
    const build = new ModelBuilder({ hostname: 'h', initialNamespaces: { net: { id: host, certainty: 'certain' } } });
    const net = build.namespace('net', 4026531840, 'host', 'host');
    const nic = build.link(net, 2, 'eno1', 'physical', { masterName: 'br0' });
    const bridge = build.link(net, 3, 'br0', 'bridge');
    build.relate('master', nic, bridge, 'master.name');
    build.defaultRoute(net, '10.0.0.1', 'br0', bridge);
    const out = networkGraph(build.build()).edges.filter((edge) => edge.kind === 'way-out');
    expect(out).toMatchObject([{ source: nic, certainty: 'inferred' }]);
  });
});

describe('every host', () => {
  const inAnotherOrder = (model: Model, seed: number): Model => ({
    ...model,
    namespaces: shuffle(model.namespaces, seed),
    processes: shuffle(model.processes, seed + 1),
    links: shuffle(model.links, seed + 2),
    containers: shuffle(model.containers, seed + 3),
    relations: shuffle(model.relations, seed + 4),
    forwards: shuffle(model.forwards, seed + 5),
    routes: shuffle(model.routes, seed + 6),
  });

  for (const [name, make] of Object.entries(pictures)) {
    test(`${name}: edges have both ends, parents exist, ids are unique`, () => {
      const graph = networkGraph(make());
      const ids = new Set(graph.nodes.map((one) => one.id));
      expect(ids.size).toBe(graph.nodes.length);
      expect(new Set(graph.edges.map((edge) => edge.id)).size).toBe(graph.edges.length);
      for (const edge of graph.edges) expect([ids.has(edge.source), ids.has(edge.target)]).toEqual([true, true]);
      for (const one of graph.nodes) if (one.parent !== undefined) expect(ids.has(one.parent)).toBe(true);
    });

    test(`${name}: the order of the model does not matter`, () => {
      const model = make();
      expect(networkGraph(inAnotherOrder(model, 7))).toEqual(networkGraph(model));
    });
  }

  test('1,000 netns keep one box, one interface, one wire and one process each', () => {
    const graph = networkGraph(bridgedNetnsModel(1000));
    expect(graph.nodes.filter((one) => one.kind === 'netns')).toHaveLength(1001);
    expect(graph.edges.filter((edge) => edge.kind === 'veth')).toHaveLength(1000);
    expect(labelled(graph, 'sleep')).toHaveLength(1000);
  });
});
