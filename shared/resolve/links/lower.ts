// Devices on top of others: vlan, macvlan, ipvlan, vxlan, tunnels … and the device below each (discovery.md L6).
// In the same network namespace it is named; in another, netns id and index name it, and the id has to be known: an
// index alone says nothing.
import type { Finding } from '../../model/finding.ts';
import type { Link } from '../../model/link.ts';
import type { Relation } from '../../model/relation.ts';
import type { Known, NetnsIdMeaning, Pass } from '../known.ts';
import { finding, relation } from '../relation.ts';
import { pairedKinds } from './ends.ts';
import { inSameNetns, referenceOf, type Reference } from './reference.ts';
import { undiscoveredNetns } from './unpaired.ts';

export const lowerLinks: Pass = {
  name: 'lower links',
  run: (known) => {
    const relations: Relation[] = [];
    const findings: Finding[] = [];
    for (const link of known.entities.links) {
      if (pairedKinds.has(link.kind)) continue;
      const reference = lowerReference(link);
      if (!reference) continue;
      const found = reference.where === 'same' ? below(link, reference, known) : belowElsewhere(link, reference, known);
      relations.push(...found.relations);
      findings.push(...(found.findings ?? []));
    }
    return { relations, findings };
  },
};

interface Found {
  readonly relations: readonly Relation[];
  readonly findings?: readonly Finding[];
}

/** vxlan and the tunnels say it in their own data (`link`) where IFLA_LINK is not set. */
function lowerReference(link: Link): Reference | undefined {
  const reference = referenceOf(link);
  if (reference) return reference;
  const name = link.data['link'];
  return typeof name === 'string' ? { where: 'same', name } : undefined;
}

function below(link: Link, reference: Extract<Reference, { where: 'same' }>, known: Known): Found {
  const lower = inSameNetns(reference, known.index.linksOf.get(link.netns) ?? []);
  if (lower === link) return { relations: [] };
  if (!lower) return { relations: [], findings: [notSeen(link)] };
  const evidence = [...link.evidence, ...lower.evidence];
  return { relations: [relation('lower', link.id, lower.id, { certainty: 'certain', rule: 'lower.name', evidence })] };
}

function belowElsewhere(link: Link, reference: Extract<Reference, { where: 'other' }>, known: Known): Found {
  const meaning = known.netnsIds.find((id) => id.observer === link.netns && id.netnsid === reference.netnsid);
  if (meaning) return belowIn(meaning, link, reference.ifindex, known);
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

function belowIn(meaning: NetnsIdMeaning, link: Link, ifindex: number, known: Known): Found {
  const lower = known.index.linksOf.get(meaning.netns)?.find((other) => other.ifindex === ifindex);
  if (!lower) return undiscovered(link, meaning.netnsid);
  const certain = meaning.certainty === 'certain';
  return {
    relations: [
      relation('lower', link.id, lower.id, {
        certainty: meaning.certainty,
        rule: certain ? 'lower.netns-id' : 'lower.inferred-netns-id',
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
