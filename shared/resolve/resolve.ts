// Entities in, model out: an ordered table of passes, each adding what it can tell from what is known before it.
// Nothing is guessed: what cannot be decided is a relation for each candidate, or a finding.
import type { Entities } from '../model/entities.ts';
import type { ContainerId, EntityId, ProcessId } from '../model/id.ts';
import { modelFormatVersion, type Model } from '../model/model.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Process } from '../model/process.ts';
import type { Relation } from '../model/relation.ts';
import { completenessOf, type Counted } from './completeness.ts';
import { containers } from './containers/containers.ts';
import { engineAnswers } from './containers/engine-answers.ts';
import { withNetworks } from './containers/engine-networks.ts';
import { frozenContainers } from './containers/frozen.ts';
import { dockerProxyForwards } from './forwards/docker-proxy.ts';
import { firewallForwards } from './forwards/firewall.ts';
import { virtualServiceForwards } from './forwards/ipvs.ts';
import { nobodyListens } from './forwards/nobody.ts';
import { withOutgoing } from './forwards/outgoing.ts';
import { engineForwards } from './forwards/engine-says.ts';
import { rootlessKitForwards } from './forwards/rootlesskit.ts';
import { gaps } from './gaps.ts';
import { indexOf, type Discovered, type Known, type Pass } from './known.ts';
import { leavesThrough } from './links/leaves-through.ts';
import { lowerLinks } from './links/lower.ts';
import { masters } from './links/master.ts';
import { switchPorts, withLinks } from './links/open-vswitch.ts';
import { tapServers } from './links/tap.ts';
import { underlays } from './links/underlay.ts';
import { vethPeers } from './links/veth.ts';
import { virtualFunctions } from './links/virtual-functions.ts';
import { creatorOf } from './namespaces/creator.ts';
import { identityOf } from './namespaces/identity.ts';
import { namespaceNames } from './namespaces/names.ts';
import { nameservers } from './names/nameservers.ts';
import { owners } from './namespaces/owner.ts';
import { parents } from './namespaces/parent.ts';
import { collectorProcesses } from './processes/collector.ts';
import { numbersOf } from './processes/pid-translation.ts';
import { programRoles } from './processes/programs.ts';
import { compareText } from './relation.ts';
import { rootlessKitClaims } from './rootlesskit/claims.ts';
import { rootlessKitFindings } from './rootlesskit/findings.ts';
import { rootlessKits } from './rootlesskit/rootlesskit.ts';
import { connections } from './sockets/connections.ts';
import { sandboxes } from './sandboxes/sandboxes.ts';
import { inOrder } from './sorted.ts';

/** Each may rely on those above it. */
export const passes: readonly Pass[] = [
  collectorProcesses,
  rootlessKitClaims,
  programRoles,
  containers,
  sandboxes,
  vethPeers,
  masters,
  switchPorts,
  engineAnswers,
  frozenContainers,
  lowerLinks,
  underlays,
  virtualFunctions,
  tapServers,
  leavesThrough,
  rootlessKits,
  owners,
  parents,
  namespaceNames,
  rootlessKitForwards,
  dockerProxyForwards,
  firewallForwards,
  virtualServiceForwards,
  engineForwards,
  nobodyListens,
  connections,
  nameservers,
  rootlessKitFindings,
  gaps,
];

/** Pure. The order of the entities does not matter: the model's lists have one of their own (sorted.ts). */
export function resolveModel(unordered: Entities): Model {
  const entities = inOrder(unordered);
  let known: Known = {
    entities,
    index: indexOf(entities),
    rootlessKits: [],
    roles: new Map(),
    containers: [],
    sandboxes: [],
    netnsIds: [],
    relations: [],
    forwards: [],
    namespaces: new Map(),
    findings: [],
  };
  for (const pass of passes) known = { ...known, ...added(known, pass.run(known)) };
  const model = modelOf(known);
  return { ...model, completeness: completenessOf(model, entities.netnsNotEntered) };
}

function added(known: Discovered, found: Partial<Discovered>): Discovered {
  return {
    rootlessKits: joined(known.rootlessKits, found.rootlessKits),
    roles: found.roles ? withRoles(known.roles, found.roles) : known.roles,
    containers: found.containers ? byTheirIds(known.containers, found.containers) : known.containers,
    sandboxes: joined(known.sandboxes, found.sandboxes),
    netnsIds: joined(known.netnsIds, found.netnsIds),
    relations: joined(known.relations, found.relations),
    forwards: found.forwards ? byTheirIds(known.forwards, found.forwards) : known.forwards,
    namespaces: found.namespaces ? new Map([...known.namespaces, ...found.namespaces]) : known.namespaces,
    findings: joined(known.findings, found.findings),
  };
}

const joined = <T>(before: readonly T[], more: readonly T[] = []): readonly T[] =>
  more.length === 0 ? before : [...before, ...more];

/** Of one that is known already, the later pass knows more. */
const byTheirIds = <T extends { readonly id: string }>(before: readonly T[], found: readonly T[]): readonly T[] => [
  ...new Map([...before, ...found].map((one) => [one.id, one])).values(),
];

function withRoles(before: Discovered['roles'], found: Discovered['roles']): Discovered['roles'] {
  const roles = new Map(before);
  for (const [process, more] of found) roles.set(process, [...new Set([...(roles.get(process) ?? []), ...more])]);
  return roles;
}

/** One that is said twice of the same thing (two records of one RootlessKit) is said once. */
const eachOnce = <T extends { readonly id: string }>(said: readonly T[]): readonly T[] =>
  [...new Map(said.toReversed().map((one) => [one.id, one])).values()].toReversed();

/** One pass may only name candidates where another knows, an engine say, which of them it is. */
const surestFirst = (relations: readonly Relation[]): readonly Relation[] => [
  ...relations.filter(({ certainty }) => certainty !== 'ambiguous'),
  ...relations.filter(({ certainty }) => certainty === 'ambiguous'),
];

type Draft<T> = { -readonly [K in keyof T]: T[K] };

function modelOf(known: Known): Counted {
  const { entities } = known;
  const containerOf = new Map<ProcessId, ContainerId>(
    known.containers.flatMap((container) => container.processIds.map((process) => [process, container.id] as const)),
  );
  const ownerOf = new Map(known.relations.filter((r) => r.kind === 'owner').map((r) => [r.from, r.to]));
  const parentOf = new Map(known.relations.filter((r) => r.kind === 'parent').map((r) => [r.from as string, r]));
  // A process that a file or a command line names may have ended before it was seen, or never be shown to us.
  const there = new Set<string>(
    [
      entities.namespaces,
      entities.processes,
      entities.links,
      entities.sockets,
      known.containers,
      known.forwards,
    ].flatMap((things) => things.map(({ id }) => id)),
  );
  const isThere = (end: EntityId): boolean => there.has(end) || end.startsWith('undiscovered:');
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => compareText(a.id, b.id);
  return {
    formatVersion: modelFormatVersion,
    host: entities.host,
    namespaces: entities.namespaces.map((unresolved): Namespace => {
      // What lsns told of it is a relation by now, like what was inferred.
      const { relatedBy: _, ...namespace } = unresolved;
      const owner = ownerOf.get(namespace.id) as Namespace['id'] | undefined;
      const parent = parentOf.get(namespace.id)?.to as Namespace['id'] | undefined;
      const called = known.namespaces.get(namespace.id) ?? { role: 'bare', name: namespace.id };
      return {
        ...namespace,
        ...creatorOf(unresolved, known),
        ...called,
        identity: identityOf(unresolved, called.role, known),
        ...(owner === undefined ? {} : { owner }),
        ...(parent === undefined ? {} : { parent }),
      };
    }),
    processes: entities.processes.map((process): Process => {
      // Filled step by step, as drafts are: there may be thousands.
      const resolved: Draft<Process> = { ...process, roles: known.roles.get(process.id) ?? [] };
      const container = containerOf.get(process.id);
      const numbers = numbersOf(process, known, parentOf);
      if (numbers !== undefined) resolved.numbers = numbers;
      if (container !== undefined) resolved.container = container;
      return resolved;
    }),
    containers: eachOnce(known.containers).toSorted(byId),
    sandboxes: eachOnce(known.sandboxes).toSorted(byId),
    links: withNetworks(known),
    relations: eachOnce(surestFirst(known.relations.filter(({ from, to }) => isThere(from) && isThere(to)))).toSorted(
      byId,
    ),
    routes: entities.routes,
    rules: entities.rules,
    neighbours: entities.neighbours,
    nextHops: entities.nextHops,
    netconfs: entities.netconfs,
    sockets: entities.sockets,
    socketsSeenIn: entities.socketsSeenIn,
    unixSockets: entities.unixSockets,
    packetSockets: entities.packetSockets,
    nameResolution: entities.nameResolution,
    mountTables: entities.mountTables,
    forwards: eachOnce(known.forwards).toSorted(byId),
    firewalls: entities.firewalls.map((firewall) => withOutgoing(firewall, entities)),
    virtualServices: entities.virtualServices,
    ovsBridges: eachOnce(withLinks(known)),
    findings: eachOnce([...entities.findings, ...known.findings]),
  };
}
