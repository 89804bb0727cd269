// A container.
import type { Container } from '../../model/container.ts';
import type { Freezer } from '../../model/freezer.ts';
import { namespaceKinds, type EntityId } from '../../model/id.ts';
import type { Explanation, Fact } from '../explanation.ts';
import { fact, groupsOf, limited, optional, related, type Telling } from '../facts.ts';
import { netnsOfContainer, peersOf } from '../look-up.ts';
import { processName } from '../names.ts';
import { inNetns } from '../try-it.ts';
import { addressText } from './link.ts';
import { hostnameOf, namesIn } from './names.ts';
import { portsInto } from './ports.ts';
import { namespacesOf } from './process.ts';
import { heldSockets, listening, talking } from './sockets.ts';

type Described = Omit<Explanation, 'remarks'>;

export function explainContainer(telling: Telling, container: Container): Described {
  const { look, texts } = telling;
  const { labels, values } = texts;
  const at = container.evidence;
  const init = container.init && look.processes.get(container.init);
  const monitor = container.monitor && look.processes.get(container.monitor);
  const netns = netnsOfContainer(look, container);
  const links =
    netns && netns.role !== 'host' ? (look.linksOf.get(netns.id) ?? []).filter((l) => l.kind !== 'loopback') : [];
  const tryIt = inNetns(look, netns, 'ip address show');
  return {
    id: container.id,
    title: container.name,
    what: container.kind === undefined ? texts.whats.container : texts.containerKinds[container.kind],
    sentence: texts.sentences.container(container.engine, monitor?.user ?? init?.user ?? values.unknown),
    groups: groupsOf(texts, {
      identity: [
        fact(labels.name, container.name, at, { monospace: true }),
        fact(labels.id, container.runtimeId, at, { monospace: true }),
        fact(
          labels.engine,
          container.engineNamespace ? `${container.engine} (${container.engineNamespace})` : container.engine,
          at,
        ),
        ...optional(labels.image, container.image, at, { monospace: true }),
        ...optional(labels.imageId, container.imageId, at, { monospace: true }),
        ...optional(labels.networks, container.networks.join(', '), at),
        ...pod(telling, container),
        ...optional(labels.project, container.project, at),
        ...optional(labels.service, container.service, at),
        ...look.from(container.id, 'inside').map((by) => related(telling, labels.inside, by, by.to)),
        ...(container.toldBy ?? []).map(({ engine, question, evidence }) =>
          fact(labels.saidBy, `${engine} (${question})`, evidence),
        ),
      ],
      state: paused(telling, container, init ? init.freezer : undefined),
      addresses: links.flatMap((link) =>
        link.addresses.map((address) =>
          fact(link.name, addressText(telling, address), link.evidence, {
            monospace: true,
            entity: link.id,
            members: ['ifname', 'addr_info'],
          }),
        ),
      ),
      connected: [
        ...links.flatMap((link) => cable(telling, link.id)),
        ...(container.attachments ?? []).map((place) =>
          fact(labels.ofNetwork, values.network(place), place.evidence, optionalEntity(place.bridgeLink)),
        ),
        ...look
          .from(container.id, 'attached-to')
          .map((by) => related(telling, labels.attachedTo, by, by.to, texts.terms['master'])),
      ],
      used: [
        ...look.from(container.id, 'init').map((by) => related(telling, labels.init, by, by.to)),
        ...look.from(container.id, 'monitored-by').map((by) => related(telling, labels.monitor, by, by.to)),
        ...limited(
          texts,
          container.processIds
            .filter((id) => id !== container.init)
            .flatMap((id) => look.processes.get(id) ?? [])
            .map((process) => fact(labels.process, processName(process), process.evidence, { entity: process.id })),
          12,
        ),
        ...look.to(container.id, 'inside').map((by) => related(telling, labels.runsInside, by, by.from)),
      ],
      ports: [
        ...portsInto(telling, (forward) => forward.container === container.id),
        ...listening(telling, heldSockets(look, container.processIds)),
        ...portsSaid(telling, container),
      ],
      talks: talking(telling, heldSockets(look, container.processIds)),
      lookUps: init ? [...hostnameOf(telling, init.namespaces.uts), ...namesIn(telling, init.namespaces.mnt)] : [],
      namespaces: init ? ownAndShared(telling, container, namespacesOf(telling, init)) : [],
    }),
    ...(tryIt === undefined ? {} : { tryIt }),
  };
}

/** Whether it is frozen, by what its first process is in. */
function paused({ texts }: Telling, { freezer }: Container, by: Freezer | undefined): readonly Fact[] {
  if (freezer === undefined || freezer === 'thawed') return [];
  const value = freezer === 'frozen' ? texts.values.paused : texts.values.freezer[freezer];
  return [fact(texts.labels.operState, value, by?.evidence ?? [], { hint: texts.terms['freezer'] })];
}

/** The pod, and who else is in it. */
function pod({ look, texts }: Telling, { id, pod: its, evidence }: Container): readonly Fact[] {
  if (!its) return [];
  const { labels } = texts;
  return [
    fact(
      labels.pod,
      its.namespace === undefined ? (its.name ?? its.id) : `${its.namespace}/${its.name ?? its.id}`,
      evidence,
    ),
    ...(its.name === undefined ? [] : [fact(labels.podId, its.id, evidence, { monospace: true })]),
    ...optional(labels.qos, its.qos, evidence),
    ...look.model.containers
      .filter((other) => other.id !== id && other.pod?.id === its.id)
      .map((other) => fact(labels.inSamePod, other.name, other.evidence, { entity: other.id })),
  ];
}

const optionalEntity = (entity: EntityId | undefined) => (entity === undefined ? {} : { entity });

/** Ports by the engine's word that no forward shows: of a protocol that is not followed. */
function portsSaid({ look, texts }: Telling, container: Container): readonly Fact[] {
  const shown = look.model.forwards.filter((forward) => forward.container === container.id);
  return (container.ports ?? [])
    .filter(
      (port) => !shown.some(({ protocol, listen }) => protocol === port.protocol && listen.port === port.hostPort),
    )
    .map((port) =>
      fact(
        texts.labels.publishes,
        `${port.hostIp}:${port.hostPort}/${port.protocol} → :${port.containerPort}`,
        port.evidence,
        { monospace: true, hint: texts.terms['published port'] },
      ),
    );
}

/** From an interface of the container to its peer, and on to the bridge the peer is a port of. */
function cable(telling: Telling, link: `link:${string}`): readonly Fact[] {
  const { look, texts } = telling;
  const id = look.links.get(link)?.id;
  if (!id) return [];
  return peersOf(look, id).flatMap(({ peer, by }) => [
    related(telling, texts.labels.peer, by, peer, texts.terms['peer']),
    ...look
      .from(peer, 'master')
      .map((master) => related(telling, texts.labels.peerMaster, master, master.to, texts.terms['master'])),
  ]);
}

/** Its own ones said so, instead of by its own name. */
function ownAndShared({ look, texts }: Telling, container: Container, facts: readonly Fact[]): readonly Fact[] {
  return facts.map((one, i) => {
    const kind = namespaceKinds[i];
    const namespace = one.entity === undefined ? undefined : look.namespaces.get(one.entity);
    const own = kind !== undefined && namespace?.role === 'container' && namespace.name === container.name;
    return own ? { ...one, value: `${namespace.id} · ${texts.values.own}` } : one;
  });
}
