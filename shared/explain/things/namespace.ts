// A namespace of any kind.
import type { IdMapRange, Namespace } from '../../model/namespace.ts';
import { namespacesIn } from '../../model/process.ts';
import { isDefaultRoute } from '../../model/route.ts';
import type { Explanation, Fact } from '../explanation.ts';
import { fact, groupsOf, limited, related, type Telling } from '../facts.ts';
import { processName } from '../names.ts';
import { mayHoldClosed } from '../nobody.ts';
import { inNetns, waysIn } from '../try-it.ts';
import { firewallFacts } from './firewall.ts';
import { keeperFact } from './keeper.ts';
import { addressText } from './link.ts';
import { mountsOf } from './mounts.ts';
import { hostnameOf, namesIn } from './names.ts';
import { forwardingIn } from './netconf.ts';
import { portsInto } from './ports.ts';
import { holders, listening, talking } from './sockets.ts';

type Described = Omit<Explanation, 'remarks'>;

export function explainNamespace(telling: Telling, namespace: Namespace): Described {
  const { look, texts } = telling;
  const { labels, terms } = texts;
  const what = texts.kindNames[namespace.kind];
  const at = namespace.evidence;
  const detached = namespace.keptBy.some((keeper) => keeper.by === 'mount') && namespace.role === 'rootlesskit-child';
  const tryIt = commandFor(telling, namespace);
  const sentence =
    detached && namespace.kind === 'net'
      ? texts.sentences.detached()
      : namespace.role === 'bare' && mayHoldClosed(look.model, namespace)
        ? texts.sentences.nobodySeen(what)
        : texts.sentences.namespace[namespace.role](what, namespace.name);
  return {
    id: namespace.id,
    title: namespace.name,
    what,
    sentence: namespace.procNet ? texts.sentences.toldByProcNet(sentence) : sentence,
    groups: groupsOf(texts, {
      identity: [
        fact(labels.kind, what, at, { hint: terms[what] }),
        ...numbers(telling, namespace),
        roleFact(telling, namespace),
        ...opensAs(telling, namespace),
      ],
      state: namespace.kind === 'net' ? forwardingIn(telling, namespace.id) : [],
      addresses: addresses(telling, namespace),
      connected: connections(telling, namespace),
      used: users(telling, namespace),
      owned: [
        ...look
          .from(namespace.id, 'owner')
          .map((by) => ({ ...related(telling, labels.owner, by, by.to, terms['owner']), evidence: by.evidence })),
        ...look.from(namespace.id, 'parent').map((by) => related(telling, labels.parent, by, by.to, terms['parent'])),
        ...creator(telling, namespace),
        ...idMap(telling, labels.uidMap, namespace.uidMap, namespace),
        ...idMap(telling, labels.gidMap, namespace.gidMap, namespace),
      ],
      ports:
        namespace.kind === 'net'
          ? [
              ...portsInto(
                telling,
                (forward) => forward.listen.netns === namespace.id || forward.target.netns === namespace.id,
              ),
              ...listening(telling, telling.look.socketsOf(namespace.id), holders),
            ]
          : [],
      lookUps: [
        ...(namespace.kind === 'uts' ? hostnameOf(telling, namespace.id) : []),
        ...(namespace.kind === 'mnt' ? namesIn(telling, namespace.id) : []),
      ],
      mounts: namespace.kind === 'mnt' ? mountsOf(telling, namespace.id) : [],
      talks: namespace.kind === 'net' ? talking(telling, telling.look.socketsOf(namespace.id), holders) : [],
      firewall: namespace.kind === 'net' ? firewallFacts(telling, namespace.id) : [],
    }),
    ...(tryIt === undefined ? {} : { tryIt }),
  };
}

/** Its own, or that of the file which tells it from others where its own is closed to us. */
function numbers({ texts }: Telling, { inode, procNet, evidence }: Namespace): readonly Fact[] {
  const { labels, terms, values } = texts;
  const how = { monospace: true, hint: terms['inode'] };
  if (inode !== undefined) return [fact(labels.inode, String(inode), evidence, how)];
  const dev =
    procNet && fact(labels.devInode, String(procNet.devInode), evidence, { ...how, hint: terms['/proc/PID/net'] });
  return [fact(labels.inode, values.closed, evidence), ...(dev ? [dev] : [])];
}

/** The host's own say how that is known: where PID 1 is closed it is assumed. */
function roleFact({ look, texts }: Telling, namespace: Namespace): Fact {
  const { id, kind, role, evidence } = namespace;
  const initial = look.model.host.initialNamespaces[kind];
  const unseen = role === 'bare' && mayHoldClosed(look.model, namespace);
  const name = unseen ? texts.values.noProcessSeen : texts.roleNames[role];
  if (initial?.id !== id || initial.rule === undefined) return fact(texts.labels.role, name, evidence);
  const { certainty, rule } = initial;
  const value = certainty === 'certain' ? name : texts.values.assumed(name);
  return fact(texts.labels.role, value, evidence, { certainty, rule });
}

function addresses(telling: Telling, { id, procNet }: Namespace): readonly Fact[] {
  const { look, texts } = telling;
  const local = (procNet?.localAddresses ?? []).map(({ address, evidence }) =>
    fact(texts.labels.localAddress, address, [evidence], { monospace: true }),
  );
  return limited(texts, [
    ...(look.linksOf.get(id) ?? []).map((link) => {
      const all = link.addresses.map((address) => addressText(telling, address)).join(', ');
      return fact(link.name, all === '' ? link.operState : all, link.evidence, { monospace: true, entity: link.id });
    }),
    ...local,
  ]);
}

/** Where a network namespace's cables go, what of it is served by a process, and its default route. */
function connections(telling: Telling, namespace: Namespace): readonly Fact[] {
  if (namespace.kind !== 'net') return [];
  const { look, texts } = telling;
  const { labels } = texts;
  const facts: Fact[] = [];
  facts.push(
    ...look.from(namespace.id, 'rootlesskit-parent-netns').map((by) => related(telling, labels.parentNetns, by, by.to)),
    ...look.to(namespace.id, 'rootlesskit-parent-netns').map((by) => related(telling, labels.child, by, by.from)),
  );
  for (const link of look.linksOf.get(namespace.id) ?? []) {
    for (const by of look.from(link.id, 'veth-peer')) facts.push(related(telling, link.name, by, by.to));
    for (const by of look.to(link.id, 'veth-peer')) facts.push(related(telling, link.name, by, by.from));
    for (const by of look.from(link.id, 'served-by')) facts.push(related(telling, link.name, by, by.to));
  }
  const routes = look.model.routes
    .filter((route) => route.netns === namespace.id && isDefaultRoute(route))
    .map((route) =>
      fact(
        labels.defaultRoute,
        route.gateway ? texts.values.via(route.gateway, route.device ?? '') : texts.values.on(route.device ?? ''),
        route.evidence,
        {
          monospace: true,
          ...(route.link === undefined ? {} : { entity: route.link }),
          hint: texts.terms['default route'],
        },
      ),
    );
  return [...limited(texts, facts), ...routes];
}

/** Containers, leaders, how many processes, and what else keeps it alive. */
function users(telling: Telling, namespace: Namespace): readonly Fact[] {
  const { look, texts } = telling;
  const { labels, terms, values } = texts;
  const containers = look.model.containers.filter(
    (one) => one.init !== undefined && look.processes.get(one.init)?.namespaces[namespace.kind] === namespace.id,
  );
  const leaders = namespace.leaderIds
    .flatMap((id) => look.processes.get(id) ?? [])
    .filter((process) => !process.roles.includes('collector'));
  return [
    ...limited(
      texts,
      containers.map((one) => fact(labels.container, one.name, one.evidence, { entity: one.id })),
    ),
    ...limited(
      texts,
      leaders.map((one) =>
        fact(labels.leader, processName(one), one.evidence, { entity: one.id, hint: terms['leader'] }),
      ),
      8,
    ),
    mayHoldClosed(look.model, namespace)
      ? fact(labels.processes, texts.overview.noProcessSeen, namespace.evidence)
      : fact(labels.processes, values.allProcesses(namespace.processIds.length), namespace.evidence),
    ...limited(
      texts,
      namespace.keptBy.map((keeper) => keeperFact(telling, keeper)),
      12,
    ),
  ];
}

/** Who made a user namespace: by name where a process of that user was seen. */
function creator({ look, texts }: Telling, { ownerUid, ownerUidBy, evidence }: Namespace): readonly Fact[] {
  if (ownerUid === undefined) return [];
  const user = look.model.processes.find(({ uid }) => uid === ownerUid)?.user;
  return [
    fact(
      texts.labels.madeBy,
      user === undefined ? `uid ${ownerUid}` : `${user} (${ownerUid})`,
      ownerUidBy?.evidence ?? evidence,
      {
        ...(ownerUidBy && { certainty: ownerUidBy.certainty, rule: ownerUidBy.rule }),
        hint: texts.terms['owner'],
      },
    ),
  ];
}

function opensAs({ texts }: Telling, namespace: Namespace): readonly Fact[] {
  return waysIn(namespace).map(({ path, keeper }) =>
    fact(texts.labels.opensAs, path, keeper.evidence, { monospace: true, hint: texts.terms['bind mount'] }),
  );
}

function idMap(
  { texts }: Telling,
  label: string,
  map: readonly IdMapRange[] | undefined,
  { evidence }: Namespace,
): readonly Fact[] {
  return (map ?? []).map(({ inside, outside, length }) =>
    fact(label, texts.values.mapRange(inside, outside, length), evidence, {
      monospace: true,
      hint: texts.terms['uid map'],
    }),
  );
}

function commandFor({ look }: Telling, namespace: Namespace): string | undefined {
  if (namespace.kind === 'net') return inNetns(look, namespace, 'ip -d address show');
  const leader = namespace.leaderIds.map((id) => look.processes.get(id)).find((one) => one !== undefined);
  if (leader) return `ls -l /proc/${namespacesIn(leader)}/ns/${namespace.kind}`;
  return `lsns -t ${namespace.kind}`;
}
