// How relations and findings are made, so that their ids and their evidence follow one rule.
import type { Certainty, Evidence } from '../model/evidence.ts';
import type { Finding, FindingKind } from '../model/finding.ts';
import type { EntityId } from '../model/id.ts';
import type { Relation, RelationKind } from '../model/relation.ts';
import type { FindingRule, LinkingRule } from './rules.ts';

export function relation(
  kind: RelationKind,
  from: EntityId,
  to: EntityId,
  how: { readonly certainty: Certainty; readonly rule: LinkingRule; readonly evidence: readonly Evidence[] },
): Relation {
  return {
    id: `${kind} ${from} ${to}`,
    kind,
    from,
    to,
    certainty: how.certainty,
    rule: how.rule,
    evidence: uniqueEvidence(how.evidence),
  };
}

/** Each place once, in the order given. Lists are short: comparing is cheaper than keys. */
export function uniqueEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  if (evidence.length < 2) return evidence;
  return evidence.filter((one, i) => {
    for (let before = 0; before < i; before += 1) {
      const other = evidence[before];
      if (other === one || (other !== undefined && samePlace(other, one))) return false;
    }
    return true;
  });
}

const samePlace = (a: Evidence, b: Evidence): boolean =>
  a.frame === b.frame && a.line === b.line && a.columns?.[0] === b.columns?.[0] && a.columns?.[1] === b.columns?.[1];

export function finding(
  kind: FindingKind,
  rule: FindingRule,
  subjects: readonly EntityId[],
  said: {
    readonly message: string;
    readonly advice?: string;
    readonly values?: Readonly<Record<string, string | number>>;
    readonly evidence: readonly Evidence[];
  },
): Finding {
  return {
    id: `${rule} ${subjects[0] ?? 'host'}`,
    kind,
    rule,
    subjects,
    message: said.message,
    ...(said.advice === undefined ? {} : { advice: said.advice }),
    values: said.values ?? {},
    evidence: uniqueEvidence(said.evidence),
  };
}

/** By code unit, not by locale: the same on every machine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
