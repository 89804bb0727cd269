// How facts are put together: what every explanation shares.
import type { Evidence } from '../model/evidence.ts';
import type { EntityId } from '../model/id.ts';
import type { Relation } from '../model/relation.ts';
import type { Fact, FactGroup } from './explanation.ts';
import type { LookUp } from './look-up.ts';
import { membersBehind } from './members.ts';
import { fullName } from './names.ts';
import type { Texts } from './en/english.ts';

/** What an explanation is made with. */
export interface Telling {
  readonly look: LookUp;
  readonly texts: Texts;
}

type Rest = Partial<Omit<Fact, 'label' | 'value' | 'evidence' | 'hint'>> & { readonly hint?: string | undefined };

export function fact(label: string, value: string, evidence: readonly Evidence[], rest: Rest = {}): Fact {
  const { hint, ...more } = rest;
  return { label, value, ...more, ...(hint === undefined ? {} : { hint }), evidence };
}

/** Nothing where there is nothing to say. */
export function optional(
  label: string,
  value: string | number | undefined,
  evidence: readonly Evidence[],
  rest: Rest = {},
): readonly Fact[] {
  return value === undefined || value === '' ? [] : [fact(label, String(value), evidence, rest)];
}

/** The other end of a relation, with how sure it is and by which rule. */
export function related(
  { look, texts }: Telling,
  label: string,
  relation: Relation,
  other: EntityId,
  hint?: string,
): Fact {
  const exists = !other.startsWith('undiscovered:');
  const members = membersBehind(relation.rule);
  return fact(label, fullName(look, other, texts), relation.evidence, {
    ...(exists ? { entity: other } : {}),
    monospace: other.startsWith('link:'),
    certainty: relation.certainty,
    rule: relation.rule,
    ...(members === undefined ? {} : { members }),
    hint,
  });
}

/** Groups in the inspector's order, those with facts. */
export function groupsOf(
  texts: Texts,
  facts: Partial<Record<keyof Texts['groups'], readonly Fact[]>>,
): readonly FactGroup[] {
  const order: readonly (keyof Texts['groups'])[] = [
    'identity',
    'state',
    'addresses',
    'connected',
    'details',
    'port',
    'hardware',
    'peers',
    'forwarding',
    'way',
    'ports',
    'talks',
    'lookUps',
    'mounts',
    'namespaces',
    'rights',
    'used',
    'firewall',
    'owned',
    'tools',
  ];
  return order.flatMap((group) => {
    const list = facts[group] ?? [];
    return list.length === 0 ? [] : [{ title: texts.groups[group], facts: list }];
  });
}

/** At most `limit`, and one fact that says how many more there are. */
export function limited(texts: Texts, facts: readonly Fact[], limit = 30): readonly Fact[] {
  const [first] = facts;
  if (!first || facts.length <= limit) return facts;
  return [...facts.slice(0, limit), fact(first.label, texts.values.more(facts.length - limit), [])];
}
