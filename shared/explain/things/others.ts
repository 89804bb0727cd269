// The host, a relation, and what was not discovered.
import type { EntityId } from '../../model/id.ts';
import type { Relation } from '../../model/relation.ts';
import type { Explanation } from '../explanation.ts';
import { fact, groupsOf, optional, type Telling } from '../facts.ts';
import { fullName, nameOf } from '../names.ts';
import { ruleSentence } from '../rule-sentence.ts';
import { summarise } from '../summarise.ts';
import { whoAsked } from '../../model/host.ts';
import { namespaceKinds } from '../../model/id.ts';

type Described = Omit<Explanation, 'remarks'>;

export function explainHost({ look, texts }: Telling): Described {
  const { host } = look.model;
  const { labels } = texts;
  const at = host.evidence;
  return {
    id: 'host',
    title: host.hostname,
    what: texts.whats.host,
    sentence: `${texts.sentences.host(whoAsked(host))} ${summarise(look.model, texts)}`,
    groups: groupsOf(texts, {
      identity: [
        fact(labels.hostname, host.hostname, at, { monospace: true }),
        ...optional(labels.os, host.os, at),
        fact(labels.kernel, `${host.kernel} ${host.architecture}`, at, { monospace: true }),
        ...optional(labels.collected, host.collectedAt, at),
        fact(labels.asUser, `${whoAsked(host)} (${host.user.uid})`, at),
      ],
      tools: Object.entries(host.tools).map(([tool, version]) => fact(tool, version, at, { monospace: true })),
      namespaces: namespaceKinds.flatMap((kind) => {
        const initial = host.initialNamespaces[kind];
        return initial
          ? [
              fact(texts.kindNames[kind], initial.id, at, {
                monospace: true,
                entity: initial.id,
                certainty: initial.certainty,
                ...(initial.rule === undefined ? {} : { rule: initial.rule }),
              }),
            ]
          : [];
      }),
    }),
    tryIt: 'ip address show',
  };
}

export function explainRelation({ look, texts }: Telling, relation: Relation): Described {
  const { labels } = texts;
  const name = texts.relationNames[relation.kind];
  const end = (label: string, id: EntityId) =>
    fact(label, fullName(look, id, texts), relation.evidence, id.startsWith('undiscovered:') ? {} : { entity: id });
  const { certainty, rule } = relation;
  return {
    id: relation.id,
    title: `${nameOf(look, relation.from, texts)} – ${nameOf(look, relation.to, texts)}`,
    what: name,
    sentence: texts.sentences.relation(
      fullName(look, relation.from, texts),
      texts.relationVerbs[relation.kind],
      fullName(look, relation.to, texts),
    ),
    groups: groupsOf(texts, {
      identity: [
        fact(labels.kind, name, relation.evidence),
        fact(labels.certainty, certainty, relation.evidence, { certainty, hint: texts.terms[certainty] }),
        fact(labels.rule, ruleSentence(rule, texts), relation.evidence, { rule }),
      ],
      connected: [end(labels.from, relation.from), end(labels.to, relation.to)],
    }),
  };
}

/** What names it is all that is known of it. */
export function explainUndiscovered({ look, texts }: Telling, id: EntityId): Described | undefined {
  const naming = look.model.relations.filter((relation) => relation.to === id);
  if (naming.length === 0) return undefined;
  return {
    id,
    title: texts.whats.undiscovered,
    what: texts.whats.undiscovered,
    sentence: texts.sentences.undiscovered(),
    groups: groupsOf(texts, {
      connected: naming.map((by) =>
        fact(texts.relationNames[by.kind], fullName(look, by.from, texts), by.evidence, {
          entity: by.from,
          certainty: by.certainty,
          rule: by.rule,
        }),
      ),
    }),
  };
}
