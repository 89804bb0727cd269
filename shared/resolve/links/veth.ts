// veth pairs (and netkit, vxcan): which two links are the ends of one cable.
//
// A pair is `certain` when the kernel's identifiers force it:
//   - veth.netns-id: one end's netns id is known (observed, or learned from a pair that is certain), so that (netns,
//     ifindex) names the other end, and the other end names this one;
//   - veth.netns-name: one end names the file under /run/netns that its peer's network namespace is mounted over;
//   - veth.same-netns: the other end is in the same network namespace, and both name each other;
//   - veth.reciprocal: everything that could hold the other end was seen (fully-seen.ts), both network namespaces were asked
//     for their netns ids, and each is the only one whose indexes and netns ids fit the other.
// Where something may be hidden, or the ids were not asked for, the last is only `inferred` (veth.reciprocal-among-seen): equal
// indexes meet by chance as soon as two users run rootless containers. Several that fit are `ambiguous`, one relation each. Never by index alone.
import type { Certainty, Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import type { Relation } from '../../model/relation.ts';
import { grouped } from '../known.ts';
import type { Known, NetnsIdMeaning, Pass } from '../known.ts';
import { relation } from '../relation.ts';
import type { LinkingRule } from '../rules.ts';
import { isFullySeen, isLookedBehind } from '../fully-seen.ts';
import { candidatesOf, couldBePeers, endOf, pairedKinds, type End } from './ends.ts';
import { observedNetnsIds, type NetnsIds } from './netns-ids.ts';
import { namedNetns } from './netns-meaning.ts';
import { idKey, inSameNetns, referenceOf } from './reference.ts';
import { ambiguousPeer, idsNotAsked, peerNotTold, undiscoveredPeer } from './unpaired.ts';

interface Pair {
  readonly a: End;
  readonly b: End;
  readonly certainty: Certainty;
  readonly rule: LinkingRule;
  readonly evidence: readonly Evidence[];
}

export const vethPeers: Pass = {
  name: 'veth peers',
  run: (known) => {
    const { ids, findings } = observedNetnsIds(known.entities.netnsIds);
    const named = namedNetns(known);
    const ends = known.entities.links.flatMap((link) => endOf(link, (name) => named.get(name)?.netns) ?? []);
    const pairs: Pair[] = [];
    const paired = new Set<End>();
    const take = (found: readonly Pair[]): boolean => {
      for (const pair of found) {
        pairs.push(pair);
        paired.add(pair.a).add(pair.b);
        learnFrom(pair, ids);
      }
      return found.length > 0;
    };
    const unpaired = () => ends.filter((end) => !paired.has(end));
    const asked = new Set(known.entities.netnsIds.map(({ observer }) => observer));
    const idsAsked = (end: End): boolean => asked.has(end.netns);
    const fullySeen = isFullySeen(known) && isLookedBehind(known);
    const forced = (): readonly Pair[] =>
      mutual(candidatesOf(unpaired(), ids), 'certain', 'veth.reciprocal').filter(
        ({ a, b }) => idsAsked(a) && idsAsked(b),
      );

    let changed = true;
    while (changed) {
      changed = take(byNetnsId(unpaired(), ids));
      if (!changed && fullySeen) changed = take(forced());
    }
    // From here on nothing learned strikes out a candidate: an inference does not build on an inference.
    const candidates = candidatesOf(unpaired(), ids);
    const likely = mutual(candidates, 'inferred', 'veth.reciprocal-among-seen');
    take(likely);
    const left = unpaired();
    const ambiguous = left.flatMap((end) => ambiguousPeer(end, candidates.get(end) ?? []) ?? []);
    const undiscovered = left
      .filter((end) => candidates.get(end)?.length === 0)
      .map((end) => undiscoveredPeer(end, certainMeaning(end, ids), known));
    const sameNetns = pairsInSameNetns(known);
    return {
      netnsIds: ids.all(),
      relations: unique([
        ...pairs.map((pair) => peers(pair.a.link, pair.b.link, pair)),
        ...sameNetns.relations,
        ...ambiguous.flatMap((found) => found.relations),
        ...undiscovered.map((found) => found.relation),
      ]),
      findings: [
        ...findings,
        ...sameNetns.findings,
        ...ambiguous.map((found) => found.finding),
        ...undiscovered.map((found) => found.finding),
        ...idsNotAsked(
          likely.flatMap(({ a, b }) => [a, b].filter((end) => !idsAsked(end))),
          known,
        ),
      ],
    };
  },
};

/** Ends whose netns id is known: (netns, ifindex) names the peer, which has to name this end. */
function byNetnsId(ends: readonly End[], ids: NetnsIds): readonly Pair[] {
  const at = new Map(ends.map((end) => [end.link.id as string, end]));
  const pairs: Pair[] = [];
  const taken = new Set<End>();
  for (const a of ends) {
    const meaning = a.netnsid === undefined ? undefined : ids.meaningOf(a.netns, a.netnsid);
    const netns = a.otherNetns ?? meaning?.netns;
    const b = netns && at.get(`link:${netns}/${a.otherIfindex}`);
    if (!b || taken.has(a) || taken.has(b) || !couldBePeers(a, b, ids)) continue;
    taken.add(a).add(b);
    const rule = a.otherNetns === undefined ? 'veth.netns-id' : 'veth.netns-name';
    pairs.push({ a, b, certainty: 'certain', rule, evidence: evidenceOf(a, b, meaning) });
  }
  return pairs;
}

function certainMeaning({ netns, netnsid }: End, ids: NetnsIds): NetnsIdMeaning | undefined {
  const meaning = netnsid === undefined ? undefined : ids.meaningOf(netns, netnsid);
  return meaning?.certainty === 'certain' ? meaning : undefined;
}

/** Ends that have one candidate each: each other. Pairs by which one id means two network namespaces are none of them sure. */
function mutual(
  candidates: ReadonlyMap<End, readonly End[]>,
  certainty: Certainty,
  rule: LinkingRule,
): readonly Pair[] {
  const only = (end: End): End | undefined => {
    const others = candidates.get(end) ?? [];
    return others.length === 1 ? others[0] : undefined;
  };
  const pairs = [...candidates.keys()].flatMap((a): readonly Pair[] => {
    const b = only(a);
    // Each pair once; both directions have to agree.
    if (!b || only(b) !== a || a.link.id > b.link.id) return [];
    return [{ a, b, certainty, rule, evidence: evidenceOf(a, b) }];
  });
  const meant = grouped(pairs.flatMap(meanings), ({ id }) => id);
  const isOne = ({ id }: Meaning): boolean => new Set(meant.get(id)?.map(({ netns }) => netns)).size === 1;
  return pairs.filter((pair) => meanings(pair).every(isOne));
}

interface Meaning {
  readonly id: string;
  readonly netns: NamespaceId;
}

/** What a pair says of each side's id for the other. */
const meanings = ({ a, b }: Pair): readonly Meaning[] => [...meaningIn(a, b), ...meaningIn(b, a)];
const meaningIn = ({ netns, netnsid }: End, other: End): readonly Meaning[] =>
  netnsid === undefined ? [] : [{ id: idKey(netns, netnsid), netns: other.netns }];

/** A pair tells what each side's id for the other means: two facts for every other link with these ids. */
function learnFrom({ a, b, certainty, evidence }: Pair, ids: NetnsIds): void {
  if (a.netnsid !== undefined) ids.learn(a.netns, a.netnsid, b.netns, certainty, evidence);
  if (b.netnsid !== undefined) ids.learn(b.netns, b.netnsid, a.netns, certainty, evidence);
}

const evidenceOf = (a: End, b: End, meaning?: NetnsIdMeaning): readonly Evidence[] => [
  ...a.link.evidence,
  ...b.link.evidence,
  ...(meaning?.evidence ?? []),
];

/** Symmetric: given once, with the smaller id first. */
function peers(a: Link, b: Link, how: Parameters<typeof relation>[3]): Relation {
  return a.id < b.id ? relation('veth-peer', a.id, b.id, how) : relation('veth-peer', b.id, a.id, how);
}

/** Both ends in one network namespace: then the kernel gives no netns id, and iproute2 the other's name. */
function pairsInSameNetns(known: Known): {
  readonly relations: readonly Relation[];
  readonly findings: readonly Finding[];
} {
  const relations: Relation[] = [];
  const findings: Finding[] = [];
  const peerOf = (link: Link): Link | undefined => {
    const reference = referenceOf(link);
    if (reference?.where !== 'same') return undefined;
    return inSameNetns(reference, known.index.linksOf.get(link.netns) ?? []);
  };
  for (const link of known.entities.links) {
    if (!pairedKinds.has(link.kind) || referenceOf(link)?.where === 'other') continue;
    const peer = peerOf(link);
    if (peer && peer !== link && peer.kind === link.kind && peerOf(peer) === link) {
      const evidence = [...link.evidence, ...peer.evidence];
      relations.push(peers(link, peer, { certainty: 'certain', rule: 'veth.same-netns', evidence }));
    } else {
      findings.push(peerNotTold(link));
    }
  }
  return { relations, findings };
}

function unique(relations: readonly Relation[]): readonly Relation[] {
  return [...new Map(relations.map((one) => [one.id, one])).values()];
}
