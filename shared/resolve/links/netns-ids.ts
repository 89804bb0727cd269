// Which network namespace is meant by each netns id. Ids are counted in the namespace that observes: the same number
// in two observers has nothing to do with each other, one observer's id means ONE namespace, and two ids of one
// observer mean two (net/core/net_namespace.c: peernet2id gives one id for each pair of namespaces).
import type { NetnsIdObservation } from '../../model/entities.ts';
import type { Certainty, Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { NamespaceId } from '../../model/id.ts';
import { grouped, type NetnsIdMeaning } from '../known.ts';
import { finding } from '../relation.ts';
import { idKey } from './reference.ts';

/** What one observer calls others. */
interface CalledBy {
  readonly meanings: Map<number, NetnsIdMeaning>;
  /** `none`: it was seen to have no id for that one. */
  readonly idOf: Map<NamespaceId, number | 'none'>;
}

/** Grows while ends are paired; never takes back or contradicts what it holds. */
export class NetnsIds {
  private readonly of = new Map<NamespaceId, CalledBy>();

  meaningOf(observer: NamespaceId, netnsid: number): NetnsIdMeaning | undefined {
    return this.of.get(observer)?.meanings.get(netnsid);
  }

  /** False when what is known says otherwise: this id means another namespace, another id means this one, or none does. */
  mayMean(observer: NamespaceId, netnsid: number, netns: NamespaceId): boolean {
    if (observer === netns) return false;
    const known = this.of.get(observer);
    const id = known?.idOf.get(netns);
    return id === undefined ? known?.meanings.has(netnsid) !== true : id === netnsid;
  }

  learn(
    observer: NamespaceId,
    netnsid: number,
    netns: NamespaceId,
    certainty: Certainty,
    evidence: readonly Evidence[],
  ): void {
    if (this.meaningOf(observer, netnsid) || !this.mayMean(observer, netnsid, netns)) return;
    const known = this.about(observer);
    known.meanings.set(netnsid, { observer, netnsid, netns, certainty, evidence });
    known.idOf.set(netns, netnsid);
  }

  /**
   * The observer was seen to have no id for that namespace. Its links had been listed before that, which makes the kernel
   * give out the ids they show, and an id stays for as long as both namespaces do: none of these links leads there.
   */
  learnNone(observer: NamespaceId, netns: NamespaceId): void {
    this.about(observer).idOf.set(netns, 'none');
  }

  all(): readonly NetnsIdMeaning[] {
    return [...this.of.values()].flatMap(({ meanings }) => [...meanings.values()]);
  }

  private about(observer: NamespaceId): CalledBy {
    let known = this.of.get(observer);
    if (!known) this.of.set(observer, (known = { meanings: new Map(), idOf: new Map() }));
    return known;
  }
}

/** Starts from what was observed. Where two observations contradict each other, neither is believed. */
export function observedNetnsIds(observations: readonly NetnsIdObservation[]): {
  readonly ids: NetnsIds;
  readonly findings: readonly Finding[];
} {
  const ids = new NetnsIds();
  const valid = observations.filter((o) => o.observer !== o.netns);
  const given = valid.filter((o) => o.netnsid >= 0);
  const byId = grouped(given, (o) => idKey(o.observer, o.netnsid));
  const byPair = grouped(valid, (o) => `${o.observer}>${o.netns}`);
  const contradictory = new Set<NetnsIdObservation>();
  for (const group of byId.values())
    if (new Set(group.map((o) => o.netns)).size > 1) group.forEach((o) => contradictory.add(o));
  for (const group of byPair.values())
    if (new Set(group.map((o) => o.netnsid)).size > 1) group.forEach((o) => contradictory.add(o));
  for (const o of valid) {
    if (contradictory.has(o)) continue;
    if (o.netnsid < 0) ids.learnNone(o.observer, o.netns);
    else ids.learn(o.observer, o.netnsid, o.netns, 'certain', o.evidence);
  }
  const findings = [...grouped(contradictory, (o) => o.observer)].map(([observer, group]) =>
    finding('ambiguous', 'netnsid.contradiction', [observer], {
      message: `The answers about the netns ids of ${observer} contradict each other; they changed while they were asked and are not used.`,
      advice: 'Collect again.',
      values: { observer, count: group.length },
      evidence: group.flatMap((o) => o.evidence),
    }),
  );
  return { ids, findings };
}
