// Devices on top of others: vlan, macvlan, ipvlan, vxlan, tunnels … and the device below each.
// In the same network namespace it is named; in another, netns id and index name it, and the id has to be known: an
// index alone says nothing.
import type { Finding } from '../../model/finding.ts';
import type { Link } from '../../model/link.ts';
import type { Relation } from '../../model/relation.ts';
import { onlyOne, type Known, type Pass } from '../known.ts';
import { finding, relation } from '../relation.ts';
import { pairedKinds } from './ends.ts';
import { meanings, type Meaning } from './netns-meaning.ts';
import { readingOf } from './reading.ts';
import { inSameNetns, referenceOf, type Reference } from './reference.ts';
import { undiscoveredNetns } from './unpaired.ts';

export const lowerLinks: Pass = {
  name: 'lower links',
  run: (known) => {
    const relations: Relation[] = [];
    const findings: Finding[] = [];
    const meaningOf = meanings(known);
    for (const link of known.entities.links) {
      if (pairedKinds.has(link.kind)) continue;
      for (const reference of lowerReferences(link, known)) {
        const meaning = reference.where === 'other' ? meaningOf(link.netns, reference) : undefined;
        const found =
          reference.where === 'same' ? below(link, reference, known) : belowElsewhere(link, reference, meaning, known);
        relations.push(...found.relations);
        findings.push(...(found.findings ?? []));
      }
    }
    return { relations, findings };
  },
};

interface Found {
  readonly relations: readonly Relation[];
  readonly findings?: readonly Finding[];
}

/** The devices below that a link tells of, each as its kind means it (reading.ts). */
function lowerReferences(link: Link, known: Known): readonly Reference[] {
  const reading = readingOf(link);
  const told = referenceOf(link);
  switch (reading.by) {
    case 'nothing':
      return [];
    case 'data':
      return reading.members.flatMap((member) => namedInData(link, member, known) ?? []);
    case 'link-if-not-itself':
      if (told?.where === 'other' && told.ifindex === link.ifindex) return [];
      return told ? [told] : [];
    case 'link': {
      if (told) return [told];
      // Tunnels say it in their own data too, which is all that is left where IFLA_LINK is not printed.
      const named = link.lower === undefined ? namedInData(link, 'link', known) : undefined;
      return named ? [named] : [];
    }
  }
}

/**
 * The name was looked up, in the link's own network namespace, from an index that counts in the one it was made in. Where
 * the two differ, the name is only good for finding that index again.
 */
function namedInData(link: Link, member: string, known: Known): Reference | undefined {
  const name = link.data[member];
  if (typeof name !== 'string') return undefined;
  const { netnsid, netnsName } = link.lower ?? {};
  if (netnsid === undefined && netnsName === undefined) return { where: 'same', name };
  const innocent = onlyOne((known.index.linksOf.get(link.netns) ?? []).filter((other) => other.name === name));
  const madeUp = /^if(\d+)$/.exec(name)?.[1];
  const ifindex = innocent?.ifindex ?? (madeUp === undefined ? undefined : Number(madeUp));
  if (ifindex === undefined) return undefined;
  return {
    where: 'other',
    netnsid: netnsid !== undefined && netnsid >= 0 ? netnsid : undefined,
    ...(netnsName === undefined ? {} : { netnsName }),
    ifindex,
  };
}

function below(link: Link, reference: Extract<Reference, { where: 'same' }>, known: Known): Found {
  const lower = inSameNetns(reference, known.index.linksOf.get(link.netns) ?? []);
  if (lower === link) return { relations: [] };
  if (!lower) return { relations: [], findings: [notSeen(link)] };
  const evidence = [...link.evidence, ...lower.evidence];
  return { relations: [relation('lower', link.id, lower.id, { certainty: 'certain', rule: 'lower.name', evidence })] };
}

function belowElsewhere(
  link: Link,
  reference: Extract<Reference, { where: 'other' }>,
  meaning: Meaning | undefined,
  known: Known,
): Found {
  if (meaning) return belowIn(meaning, link, reference, known);
  const candidates = known.entities.links.filter(
    (other) =>
      other.netns !== link.netns && other.ifindex === reference.ifindex && mayBeBelow(link, other, reference, known),
  );
  if (candidates.length === 0) return undiscovered(link, reference.netnsid);
  return {
    relations: candidates.map((other) =>
      relation('lower', link.id, other.id, {
        certainty: 'ambiguous',
        rule: 'lower.index-only',
        evidence: [...link.evidence, ...other.evidence],
      }),
    ),
    findings: [
      finding('ambiguous', 'lower.ambiguous', [link.id], {
        message: `The device below ${link.name} has index ${reference.ifindex} in another network namespace, and it is not known in which.`,
        advice: `lsns -t net -n -r -o NS,NETNSID, run in ${link.netns}, tells.`,
        values: { name: link.name, netns: link.netns, ifindex: reference.ifindex, count: candidates.length },
        evidence: link.evidence,
      }),
    ],
  };
}

function belowIn(
  meaning: Meaning,
  link: Link,
  { ifindex, netnsid }: Extract<Reference, { where: 'other' }>,
  known: Known,
): Found {
  const lower = known.index.linksOf.get(meaning.netns)?.find((other) => other.ifindex === ifindex);
  if (!lower) return undiscovered(link, netnsid);
  const rule = meaning.by === 'name' ? 'lower.netns-name' : 'lower.netns-id';
  const certain = meaning.certainty === 'certain';
  return {
    relations: [
      relation('lower', link.id, lower.id, {
        certainty: meaning.certainty,
        rule: certain ? rule : 'lower.inferred-netns-id',
        evidence: [...link.evidence, ...lower.evidence, ...meaning.evidence],
      }),
    ],
  };
}

/** Not what its netns id cannot mean, not a loopback, and not another device of the same kind: those do not stack. */
function mayBeBelow(link: Link, other: Link, reference: Extract<Reference, { where: 'other' }>, known: Known): boolean {
  if (other.kind === 'loopback' || other.kind === link.kind) return false;
  return !known.netnsIds.some(
    (id) => id.observer === link.netns && id.netns === other.netns && id.netnsid !== reference.netnsid,
  );
}

function undiscovered(link: Link, netnsid: number | undefined): Found {
  return {
    relations: [
      relation('lower', link.id, undiscoveredNetns(link, netnsid), {
        certainty: 'certain',
        rule: 'lower.undiscovered',
        evidence: link.evidence,
      }),
    ],
    findings: [notSeen(link)],
  };
}

function notSeen(link: Link): Finding {
  return finding('undiscovered', 'lower.not-seen', [link.id], {
    message: `The device below ${link.name} was not seen.`,
    advice: 'It may be in a network namespace that is closed to us, or outside this host.',
    values: { name: link.name, netns: link.netns },
    evidence: link.evidence,
  });
}
