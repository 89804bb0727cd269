// How names are found, as facts of a mount namespace, or of a process or container in it.
import type { NamespaceId } from '../../model/id.ts';
import type { NameResolution, Nameserver } from '../../model/name-resolution.ts';
import type { Relation } from '../../model/relation.ts';
import type { Fact } from '../explanation.ts';
import { fact, limited, optional, type Telling } from '../facts.ts';
import { nameOf } from '../names.ts';

export function namesIn(telling: Telling, mountNamespace: NamespaceId | undefined): readonly Fact[] {
  const { look, texts } = telling;
  const names = mountNamespace && look.nameResolution.get(mountNamespace);
  if (!names) return [];
  const { labels, values } = texts;
  return [
    ...names.nameservers.flatMap((one) => nameserver(telling, names, one)),
    ...names.upstream.map(({ address, evidence }) => fact(labels.askedByStub, address, evidence, { monospace: true })),
    ...optional(labels.searches, names.search.join(' '), names.evidence.slice(0, 1), { monospace: true }),
    ...optional(labels.resolverOptions, names.options.join(' '), names.evidence.slice(0, 1), { monospace: true }),
    ...limited(
      texts,
      names.hosts.map(({ address, names: all, evidence }) =>
        fact(labels.hostsEntry, `${address} ${all.join(' ')}`, evidence, { monospace: true }),
      ),
      12,
    ),
    ...optional(labels.lookedUpIn, names.lookUp?.join(' '), names.evidence.slice(-1), { monospace: true }),
    ...names.files.flatMap(({ path, leadsTo, mountedFrom, evidence }) => [
      ...(leadsTo === undefined ? [] : [fact(path, values.leadsTo(leadsTo), evidence, { monospace: true })]),
      ...(mountedFrom === undefined
        ? []
        : [
            fact(path, values.mountedFrom(mountedFrom), evidence.slice(-1), {
              monospace: true,
              hint: texts.terms['mounted file'],
            }),
          ]),
    ]),
  ];
}

/** With the process that answers there, where it is on this host: a fact for each, where it depends on who asks. */
function nameserver({ look, texts }: Telling, names: NameResolution, one: Nameserver): readonly Fact[] {
  const { address, evidence } = one;
  const by = look.from(names.mountNamespace, 'resolved-by').filter((each) => answersAt(each, one));
  if (by.length === 0) return [fact(texts.labels.nameserver, address, evidence, { monospace: true })];
  return by.map((each) =>
    fact(texts.labels.nameserver, `${address} · ${nameOf(look, each.to, texts)}`, each.evidence, {
      monospace: true,
      entity: each.to,
      certainty: each.certainty,
      rule: each.rule,
    }),
  );
}

/** The relation begins with the nameserver's own line. */
const answersAt = (by: Relation, { evidence }: Nameserver): boolean =>
  by.evidence.some((one) => evidence.some(({ frame, line }) => one.frame === frame && one.line === line));

/** In a line: `10.0.2.3, 10.0.2.4 (search example.net)`. */
export function namesInALine({ look, texts }: Telling, mountNamespace: NamespaceId | undefined): string | undefined {
  const names = mountNamespace && look.nameResolution.get(mountNamespace);
  if (!names || names.nameservers.length === 0) return undefined;
  const by = look.from(names.mountNamespace, 'resolved-by');
  const servers = names.nameservers.map((one) => {
    const who = by.filter((each) => answersAt(each, one)).map(({ to }) => nameOf(look, to, texts));
    return who.length > 0 ? `${one.address} (${who.join(texts.overview.or)})` : one.address;
  });
  const search = names.search.length > 0 ? ` ${texts.overview.searching(names.search.join(' '))}` : '';
  return servers.join(', ') + search;
}

/** What the processes of a UTS namespace are told the host is called. */
export function hostnameOf({ look, texts }: Telling, uts: NamespaceId | undefined): readonly Fact[] {
  const namespace = uts && look.namespaces.get(uts);
  return namespace
    ? optional(texts.labels.hostname, namespace.hostname, namespace.evidence.slice(-1), { monospace: true })
    : [];
}
