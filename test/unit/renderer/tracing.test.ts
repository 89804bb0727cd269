import { describe, expect, it } from 'vitest';
import { networkGraph } from '../../../shared/graph/network-view.ts';
import { tracePath } from '../../../shared/trace/trace.ts';
import { readStart, readTarget } from '../../../shared/trace/read-place.ts';
import { lightOf } from '../../../renderer/state/trace-light.ts';
import { matchingPlaces, placeNameOf, startPlaces, targetPlaces } from '../../../renderer/state/trace-places.ts';
import { trace as words } from '../../../renderer/i18n/en/trace.ts';
import { hostFixture } from '../../helpers/host-fixture.ts';

const { model } = hostFixture('reference-host-as-root');

describe('places to choose', () => {
  it('are what the fields read, all of them', () => {
    for (const { value } of startPlaces(model, words))
      expect(readStart(model, value), value).not.toHaveProperty('problem');
    for (const { value } of targetPlaces(model, words))
      expect(readTarget(model, value), value).not.toHaveProperty('problem');
  });
  it('have containers with their ports first, and published ports', () => {
    const values = targetPlaces(model, words).map(({ value }) => value);
    expect(values.slice(0, 3)).toEqual(['nginx-d8e2d:80', 'redis-3f1c9:6379', '127.0.0.1:8080']);
    expect(values).toContain('10.4.0.9');
    expect(new Set(values).size).toBe(values.length);
  });
  it('are found by any of their words, those that begin with what was typed first', () => {
    const found = matchingPlaces(targetPlaces(model, words), '10.4', 20).map(({ value }) => value);
    expect(found[0]).toMatch(/^10\.4/);
    expect(matchingPlaces(targetPlaces(model, words), 'no such thing', 20)).toEqual([]);
  });
  it('a thing of the picture is written as the fields take it', () => {
    for (const { id } of [...model.containers, ...model.links]) {
      const name = placeNameOf(model, id);
      expect(name === undefined ? undefined : readStart(model, name), id).not.toHaveProperty('problem');
    }
    expect(placeNameOf(model, 'undiscovered:x')).toBeUndefined();
  });
});

describe('the light of a traced path', () => {
  const graph = networkGraph(model, { hideLoopback: true });
  const byEntity = new Map(
    graph.nodes.flatMap(({ id, entity }) => (entity === undefined ? [] : [[entity as string, id] as const])),
  );
  const elementOf = (id: string) => byEntity.get(id) ?? graph.edges.find(({ relation }) => relation === id)?.id;
  const traced = tracePath(model, {
    from: readStart(model, 'redis-3f1c9') as never,
    to: { kind: 'internet' },
    port: 443,
  });
  const path = 'problem' in traced ? undefined : traced.paths[0];
  if (!path) throw new Error('not traced');
  const { lit, numbers } = lightOf(graph, path, elementOf);
  const labels = new Set(graph.nodes.filter(({ id }) => lit.has(id)).map(({ label }) => label));

  it('is on what the packet passes, the boxes around it and the lines between, and on nothing else', () => {
    for (const label of ['redis-3f1c9', 'nerdctl0', 'tap0', 'ens5', 'host']) expect(labels).toContain(label);
    expect(labels).not.toContain('nginx-d8e2d');
    expect(labels).not.toContain('buildkit0');
    const kinds = graph.edges.filter(({ id }) => lit.has(id)).map(({ kind }) => kind);
    for (const kind of ['veth', 'port', 'serves', 'way-out']) expect(kinds).toContain(kind);
    expect(kinds.filter((kind) => kind === 'veth')).toHaveLength(1);
  });
  it('numbers each place by the first hop there', () => {
    const nerdctl0 = graph.nodes.find(({ label }) => label === 'nerdctl0');
    expect(numbers.get(nerdctl0?.id ?? '')).toBe(5);
    for (const number of numbers.values()) expect(number).toBeLessThanOrEqual(path.hops.length);
  });
});
