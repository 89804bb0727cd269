// Random networks whose truth is known: whatever is hidden or observed, nothing certain is wrong.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entities, NetnsIdObservation } from '../../../../shared/model/entities.ts';
import { linkId, type LinkId } from '../../../../shared/model/id.ts';
import type { Link } from '../../../../shared/model/link.ts';
import type { Relation } from '../../../../shared/model/relation.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, aLink, anEntities, aProcess, at, net } from '../../../helpers/entities.ts';

interface World {
  readonly entities: Entities;
  /** Peer of every link that was seen; undefined: in a hidden namespace. */
  readonly peerOf: ReadonlyMap<LinkId, LinkId | undefined>;
  readonly hidden: boolean;
}

/** Few indexes for many links, so that equal ones meet by chance all the time. */
const worlds = fc
  .record({
    namespaces: fc.integer({ min: 2, max: 7 }),
    cables: fc.array(
      fc.record({
        a: fc.nat(6),
        b: fc.nat(6),
        // 0: the next free index of its namespace, as a kernel counts; else this one if it is free.
        aIndex: fc.nat(4),
        bIndex: fc.nat(4),
        sayIndex: fc.boolean(),
      }),
      { minLength: 1, maxLength: 10 },
    ),
    hidden: fc.oneof(fc.constant<readonly number[]>([]), fc.uniqueArray(fc.nat(6), { maxLength: 3 })),
    observed: fc.array(fc.boolean(), { maxLength: 20 }),
    firstIds: fc.array(fc.nat(2), { minLength: 7, maxLength: 7 }),
  })
  .map(toWorld);

function toWorld(plan: {
  namespaces: number;
  cables: { a: number; b: number; aIndex: number; bIndex: number; sayIndex: boolean }[];
  hidden: readonly number[];
  observed: boolean[];
  firstIds: number[];
}): World {
  const used = new Map<number, Set<number>>();
  const take = (netns: number, wish: number): number => {
    const taken = used.get(netns) ?? new Set([1]);
    used.set(netns, taken);
    let index = wish === 0 || taken.has(wish + 1) ? 2 : wish + 1;
    while (taken.has(index)) index += 1;
    taken.add(index);
    return index;
  };
  // As peernet2id_alloc: an id for each pair of namespaces, counted by the observer, given when it is first needed.
  const ids = new Map<string, number>();
  const next = new Map<number, number>();
  const idOf = (observer: number, other: number): number => {
    const key = `${observer}>${other}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = next.get(observer) ?? plan.firstIds[observer] ?? 0;
    next.set(observer, id + 1);
    ids.set(key, id);
    return id;
  };

  const links: Link[] = [];
  const truth = new Map<LinkId, LinkId>();
  for (const cable of plan.cables) {
    const [a, b] = [cable.a % plan.namespaces, cable.b % plan.namespaces];
    const aIndex = take(a, cable.aIndex);
    const bIndex = take(b, cable.bIndex);
    const end = (at: number, index: number, other: number, otherIndex: number): Link => {
      const lower =
        at === other
          ? { name: `v${otherIndex}` }
          : // Older kernels do not say an index that equals the own one.
            { netnsid: idOf(at, other), ...(index === otherIndex && !cable.sayIndex ? {} : { ifindex: otherIndex }) };
      return aLink(net(at), index, `v${index}`, { kind: 'veth', lower });
    };
    links.push(end(a, aIndex, b, bIndex), end(b, bIndex, a, aIndex));
    truth.set(linkId(net(a), aIndex), linkId(net(b), bIndex));
    truth.set(linkId(net(b), bIndex), linkId(net(a), aIndex));
  }

  const hidden = new Set(plan.hidden.filter((one) => one < plan.namespaces).map((one) => net(one)));
  const seen = links.filter((link) => !hidden.has(link.netns));
  const seenIds = new Set(seen.map((link) => link.id));
  const netnsIds = [...ids].flatMap(([key, netnsid], i): NetnsIdObservation[] => {
    const [observer = 0, netns = 0] = key.split('>').map(Number);
    if (!plan.observed[i] || hidden.has(net(observer))) return [];
    return [{ observer: net(observer), netnsid, netns: net(netns), evidence: [at('nsid', i + 1)] }];
  });
  const root = aHost({
    user: { name: 'root', uid: 0 },
    initialNamespaces: { pid: { id: 'pid:[4026531836]', certainty: 'certain' } },
  });
  const process = hidden.size > 0 ? aProcess(1) : aProcess(1, { namespaces: { net: 0, pid: 4026531836 } });
  const entities = anEntities({
    host: root,
    processes: [process],
    links: [aLink(net(0), 1, 'lo'), ...seen],
    netnsIds,
  });
  const peerOf = new Map(
    seen.map((link) => {
      const peer = truth.get(link.id);
      return [link.id, peer !== undefined && seenIds.has(peer) ? peer : undefined] as const;
    }),
  );
  return { entities, peerOf, hidden: hidden.size > 0 };
}

const peersIn = (entities: Entities): readonly Relation[] =>
  resolveModel(entities).relations.filter((one) => one.kind === 'veth-peer');
const betweenLinks = (one: Relation): boolean => one.to.startsWith('link:');
const runs = { numRuns: 400 };

describe('veth peers in random networks', () => {
  it('nothing certain is wrong', () => {
    fc.assert(
      fc.property(worlds, ({ entities, peerOf }) => {
        for (const one of peersIn(entities)) {
          if (one.certainty !== 'certain') continue;
          const truth = peerOf.get(one.from as LinkId);
          if (betweenLinks(one)) expect(truth).toBe(one.to);
          else expect(truth).toBeUndefined();
        }
      }),
      runs,
    );
  });

  it('what is inferred is wrong only where both true peers are hidden', () => {
    fc.assert(
      fc.property(worlds, ({ entities, peerOf }) => {
        for (const one of peersIn(entities)) {
          if (one.certainty !== 'inferred') continue;
          const [a, b] = [peerOf.get(one.from as LinkId), peerOf.get(one.to as LinkId)];
          if (a !== one.to) expect([a, b]).toEqual([undefined, undefined]);
        }
      }),
      runs,
    );
  });

  it('the true peer is always among the answers, and every end has one', () => {
    fc.assert(
      fc.property(worlds, ({ entities, peerOf }) => {
        const peers = peersIn(entities);
        for (const [link, truth] of peerOf) {
          const others = peers.flatMap((one) => (one.from === link ? [one.to] : one.to === link ? [one.from] : []));
          expect(others.length).toBeGreaterThan(0);
          if (truth !== undefined) expect(others).toContain(truth);
        }
      }),
      runs,
    );
  });

  it('an end has one peer, or several that are all ambiguous', () => {
    fc.assert(
      fc.property(worlds, ({ entities }) => {
        const of = new Map<string, Relation[]>();
        for (const one of peersIn(entities)) {
          expect(one.from < one.to).toBe(true);
          for (const end of [one.from, one.to]) of.set(end, [...(of.get(end) ?? []), one]);
        }
        for (const [end, relations] of of) {
          if (!end.startsWith('link:')) continue;
          if (relations.length > 1)
            expect(new Set(relations.map((one) => one.certainty))).toEqual(new Set(['ambiguous']));
        }
      }),
      runs,
    );
  });

  it('every id observed on one side makes all pairs certain', () => {
    fc.assert(
      fc.property(worlds, ({ entities, peerOf, hidden }) => {
        const observers = new Set(entities.netnsIds.map((one) => `${one.observer}/${one.netnsid}`));
        const needed = entities.links.filter((link) => link.lower?.netnsid !== undefined);
        const all = needed.every((link) => observers.has(`${link.netns}/${link.lower?.netnsid}`));
        fc.pre(all && !hidden);
        const certain = peersIn(entities).filter((one) => one.certainty === 'certain');
        expect(certain.length).toBe(peerOf.size / 2);
      }),
      { numRuns: 100 },
    );
  });

  it('the order of what came in does not matter', () => {
    fc.assert(
      fc.property(worlds, fc.infiniteStream(fc.nat()), ({ entities }, stream) => {
        const shuffled = <T>(values: readonly T[]): T[] =>
          values
            .map((value) => ({ value, key: stream.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ value }) => value);
        const other = {
          ...entities,
          links: shuffled(entities.links),
          netnsIds: shuffled(entities.netnsIds),
          namespaces: shuffled(entities.namespaces),
        };
        expect(resolveModel(other)).toEqual(resolveModel(entities));
      }),
      { numRuns: 200 },
    );
  });
});
