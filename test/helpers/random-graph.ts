// Graphs of any shape, also such as no host has: for what has to hold always.
import fc from 'fast-check';
import type { EdgeKind, Graph, GraphEdge, GraphNode } from '../../shared/graph/graph.ts';

const kinds = ['link', 'bridge', 'process', 'container', 'port'] as const;
const edgeKinds: readonly EdgeKind[] = ['veth', 'port', 'lower', 'serves', 'works-for', 'forward', 'way-out'];

const child = fc.record({
  kind: fc.constantFrom(...kinds),
  label: fc.oneof(fc.constantFrom('eth0', 'veth12ab', 'nginx', 'br0'), fc.string({ maxLength: 40 })),
  lines: fc.array(fc.constantFrom('10.4.0.9/24', '2001:db8:85a3:8d3:1319:8a2e:370:7348/64', 'PID 1'), { maxLength: 3 }),
});
const box = fc.record({
  kind: fc.constantFrom('netns' as const, 'netns' as const, 'unknown' as const),
  label: fc.string({ maxLength: 60 }),
  children: fc.array(child, { maxLength: 6 }),
});
const line = fc.record({
  kind: fc.constantFrom(...edgeKinds),
  from: fc.nat(),
  to: fc.nat(),
  certainty: fc.constantFrom('certain' as const, 'inferred' as const, 'ambiguous' as const),
});

export const randomGraph: fc.Arbitrary<Graph> = fc
  .record({
    boxes: fc.array(box, { maxLength: 8 }),
    lines: fc.array(line, { maxLength: 16 }),
    outside: fc.boolean(),
  })
  .map(({ boxes, lines, outside }) => {
    const nodes: GraphNode[] = [{ id: 'host', kind: 'host', label: 'h', lines: [], tags: [] }];
    boxes.forEach(({ kind, label, children }, b) => {
      const id = `box${b}`;
      nodes.push({ id, kind, parent: 'host', label, lines: [id], tags: b === 0 ? ['host'] : [] });
      children.forEach((one, c) => nodes.push({ ...one, id: `${id}/${c}`, parent: id, tags: [], state: 'up' }));
    });
    if (outside) nodes.push({ id: 'internet', kind: 'internet', label: 'outside', lines: [], tags: [] });
    const ends = nodes.filter((node) => node.kind !== 'host');
    const edges: GraphEdge[] = [];
    lines.forEach(({ kind, from, to, certainty }, i) => {
      const [source, target] = [ends[from % ends.length], ends[to % ends.length]];
      // Nobody is joined to what is inside it.
      if (!source || !target || source === target || source.parent === target.id || target.parent === source.id) return;
      const label = certainty === 'ambiguous' ? { label: '?' } : {};
      edges.push({
        id: `e${i}`,
        kind,
        source: source.id,
        target: target.id,
        ...label,
        certainty,
        directed: i % 2 === 0,
      });
    });
    return { title: 't', subtitle: 's', nodes, edges };
  });
