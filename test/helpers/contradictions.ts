// What no model may say, whatever the host said: things that lead nowhere, and certain things that exclude each other.
import { ruleSentence } from '../../shared/explain/rule-sentence.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Relation, RelationKind } from '../../shared/model/relation.ts';

/** Of these a thing has one at most, or several that are all ambiguous. */
const single: readonly RelationKind[] = ['owner', 'parent', 'master', 'init', 'veth-peer'];

/** Sentences; none when all is well. */
export function contradictions(model: Model): readonly string[] {
  return [...doubles(model), ...danglingEnds(model), ...rivals(model.relations), ...cycles(model), ...wordless(model)];
}

function doubles(model: Model): readonly string[] {
  return Object.entries(model).flatMap(([name, list]: [string, unknown]) => {
    if (!Array.isArray(list)) return [];
    const ids = (list as readonly { readonly id?: string }[]).flatMap(({ id }) => (id === undefined ? [] : [id]));
    const seen = new Set<string>();
    return ids.filter((id) => seen.size === seen.add(id).size).map((id) => `two ${name} have the id ${id}`);
  });
}

function danglingEnds(model: Model): readonly string[] {
  const there = new Set<string>(
    [
      model.namespaces,
      model.processes,
      model.containers,
      model.links,
      model.sockets,
      model.forwards,
      model.routes,
    ].flatMap((list) => list.map(({ id }) => id)),
  );
  const gone = (id: string): boolean => !there.has(id) && !id.startsWith('undiscovered:');
  return [
    ...model.relations.flatMap(({ id, from, to }) => [from, to].filter(gone).map((end) => `${id} leads to ${end}`)),
    ...model.processes.flatMap(({ id, namespaces }) =>
      Object.values(namespaces)
        .filter(gone)
        .map((namespace) => `${id} is in ${namespace}`),
    ),
    ...model.forwards.flatMap(({ id, forwarder, socket, container, listen, target }) =>
      [forwarder, socket, container, listen.netns, target.netns]
        .filter((end) => end !== undefined && gone(end))
        .map((end) => `${id} leads to ${end}`),
    ),
    ...model.links.filter(({ netns }) => gone(netns)).map(({ id, netns }) => `${id} is in ${netns}`),
  ];
}

function rivals(relations: readonly Relation[]): readonly string[] {
  const said = new Map<string, Relation[]>();
  for (const relation of relations.filter(({ kind }) => single.includes(kind))) {
    const ends = relation.kind === 'veth-peer' ? [relation.from, relation.to] : [relation.from];
    for (const end of ends) {
      // A stub stands for several.
      if (end.startsWith('undiscovered:')) continue;
      const key = `${relation.kind} of ${end}`;
      said.set(key, [...(said.get(key) ?? []), relation]);
    }
  }
  return [...said]
    .filter(([, group]) => group.length > 1 && group.some(({ certainty }) => certainty !== 'ambiguous'))
    .map(([key, group]) => `${key}: ${group.map(({ to, certainty }) => `${certainty} ${to}`).join(', ')}`);
}

/** Nothing is its own parent, in however many steps. */
function cycles({ relations }: Model): readonly string[] {
  const parentOf = new Map(
    relations
      .filter(({ kind, certainty }) => kind === 'parent' && certainty !== 'ambiguous')
      .map(({ from, to }) => [from, to]),
  );
  return [...parentOf.keys()].flatMap((start) => {
    let at = parentOf.get(start);
    for (let steps = 0; at !== undefined && steps <= parentOf.size; steps += 1, at = parentOf.get(at))
      if (at === start) return [`${start} is above itself`];
    return [];
  });
}

function wordless(model: Model): readonly string[] {
  const rules = new Set([...model.relations, ...model.forwards].map(({ rule }) => rule));
  return [...rules]
    .filter((rule) => ruleSentence(rule) === '' || ruleSentence(rule) === rule)
    .map((rule) => `no words for ${rule}`);
}
