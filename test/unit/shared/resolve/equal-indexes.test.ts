// A real host where matching by index alone goes wrong: two users' networks with all names and indexes equal.
import { describe, expect, it } from 'vitest';
import type { NamespaceId } from '../../../../shared/model/id.ts';
import { hostFixture } from '../../../helpers/host-fixture.ts';

const { model } = hostFixture('equal-indexes');

const netns = (name: string): NamespaceId => {
  const found = model.namespaces.find((one) => one.name === `netns ${name}`);
  if (!found) throw new Error(`no ${name}`);
  return found.id;
};
const link = (name: string, ifindex: number) => `link:${netns(name)}/${ifindex}`;

describe('equal indexes', () => {
  const users = ['alice', 'bob'].flatMap((user) => [1, 2].map((n) => [link(user, 4 + n), link(`${user}-${n}`, 2)]));
  const truth = new Map(users.flatMap(([a = '', b = '']) => [[a, b] as const, [b, a] as const]));
  const peers = model.relations.filter((one) => one.kind === 'veth-peer' && truth.has(one.from));

  it('never joins one user’s network to the other’s', () => {
    expect(peers.length).toBeGreaterThan(0);
    for (const one of peers) if (one.certainty !== 'ambiguous') expect(one.to).toBe(truth.get(one.from));
  });

  it('has the true peer of each end among its answers', () => {
    for (const [a, b] of truth)
      expect(peers.some((one) => [one.from, one.to].sort().join() === [a, b].sort().join())).toBe(true);
  });

  it('is sure of pairs inside one namespace', () => {
    for (const user of ['alice', 'bob']) {
      const pair = model.relations.find((one) => one.kind === 'veth-peer' && one.from === link(user, 10));
      expect(pair).toMatchObject({ to: link(user, 9), certainty: 'certain', rule: 'veth.same-netns' });
    }
  });

  it('asks for what would decide', () => {
    const open = model.findings.filter((one) => one.rule === 'veth.ambiguous-peer');
    expect(open.length).toBeGreaterThan(0);
    expect(open[0]?.advice).toContain('lsns -t net -n -r -o NS,NETNSID');
  });
});
