// What engines say of containers that were recognised without them, merged by the runtime's full id. A container that no
// process shows is none here: it has ended since, or it runs where we do not see, and that is a finding.
import type { Container } from '../../model/container.ts';
import type {
  BridgedNetwork,
  ContainerNetwork,
  ContainerPort,
  EngineAnswer,
  EngineContainer,
  EngineNetwork,
} from '../../model/engine.ts';
import type { Certainty, Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { EntityId, LinkId, NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import type { Relation } from '../../model/relation.ts';
import { grouped, type Known, type Pass } from '../known.ts';
import { answersFor, isRoots } from './answer-speaker.ts';
import { networksOfBridges } from './engine-networks.ts';
import { composeFromLabels } from './labels.ts';
import { compareText, finding, relation, uniqueEvidence } from '../relation.ts';

/** The most telling first: where two differ, the earlier one is believed. */
const order = ['docker', 'podman', 'nerdctl', 'containerd', 'cni'];

interface Told {
  readonly answer: EngineAnswer;
  readonly said: EngineContainer;
}

export const engineAnswers: Pass = {
  name: 'engine answers',
  run: (known) => {
    const answers = [...known.entities.engineAnswers].sort(
      (a, b) =>
        order.indexOf(a.engine) - order.indexOf(b.engine) ||
        Number(b.complete) - Number(a.complete) ||
        compareText(a.question, b.question),
    );
    if (answers.length === 0) return {};
    const told = grouped(
      answers.flatMap((answer) => answer.containers.map((said): Told => ({ answer, said }))),
      ({ said }) => said.runtimeId,
    );
    const around = surroundings(answers, known);
    const found = known.containers.flatMap((container) => {
      const words = wordsAbout(container, told, known);
      return words.length > 0 ? [merged(container, words, around)] : [];
    });
    return {
      containers: found.map(({ container }) => container),
      relations: found.flatMap(({ relations }) => relations),
      findings: answers.flatMap((answer) => notSeen(answer, known)),
    };
  },
};

/** What those say who may speak of it; of one whose id says whose it is, too (parts.ts), root speaks by another id. */
function wordsAbout(
  { runtimeId, init, monitor }: Container,
  told: ReadonlyMap<string, readonly Told[]>,
  known: Known,
): readonly Told[] {
  const process = known.index.process.get(init ?? monitor ?? 'process:0');
  const short = runtimeId.split('/').at(-1) ?? '';
  const words = [
    ...(told.get(runtimeId) ?? []),
    ...(short === runtimeId ? [] : (told.get(short) ?? []).filter(({ answer }) => !isRoots(answer, known))),
  ];
  return process ? words.filter(({ answer }) => answersFor(answer, process, known)) : words;
}

function merged(
  container: Container,
  words: readonly Told[],
  around: Around,
): { readonly container: Container; readonly relations: readonly Relation[] } {
  const first = <K extends keyof EngineContainer>(key: K): EngineContainer[K] | undefined =>
    words.find(({ said }) => said[key] !== undefined)?.said[key];
  const labels = { ...container.labels, ...first('labels') };
  // Kubernetes' own words for a container are better than the name its engine made of them.
  const name = isKubernetes(labels) ? undefined : first('name');
  const image = container.image ?? first('image');
  const imageId = first('imageId');
  const ports = first('ports');
  const placed = attachmentsOf(container, words, around);
  return {
    container: {
      ...container,
      engine: engineOf(container.engine, words),
      ...(name === undefined ? {} : { name }),
      ...(image === undefined ? {} : { image }),
      ...(imageId === undefined ? {} : { imageId }),
      networks: [...new Set([...container.networks, ...placed.map(({ place }) => place.network)])],
      labels,
      ...(placed.length === 0 ? {} : { attachments: placed.map(({ place }) => place) }),
      ...(ports === undefined ? {} : { ports: ports.filter(isFirst) }),
      ...composeFromLabels(labels),
      toldBy: words.map(({ answer, said }) => ({
        engine: answer.engine,
        question: answer.question,
        evidence: said.evidence,
      })),
      evidence: uniqueEvidence([...container.evidence, ...words.flatMap(({ said }) => said.evidence)]),
    },
    relations: placed.flatMap(({ place, way }) =>
      way === undefined
        ? []
        : [
            relation('attached-to', container.id, way.bridge.id, {
              certainty: way.certainty,
              rule: 'container.engine-network',
              evidence: [...place.evidence, ...way.evidence],
            }),
          ],
    ),
  };
}

const isKubernetes = (labels: Container['labels']): boolean =>
  Object.keys(labels).some((key) => key.startsWith('io.kubernetes.'));

/** A runtime's record tells the runtime; who runs it is the engine's to say. */
function engineOf(engine: string, words: readonly Told[]): string {
  if (!['runc', 'crun', 'unknown'].includes(engine)) return engine;
  const speaker = words.map(({ answer }) => answer.engine).find((one) => one !== 'cni');
  return speaker === 'nerdctl' ? 'containerd' : (speaker ?? engine);
}

const isFirst = (port: ContainerPort, at: number, ports: readonly ContainerPort[]): boolean =>
  ports.findIndex(
    (one) =>
      one.protocol === port.protocol &&
      one.hostIp === port.hostIp &&
      one.hostPort === port.hostPort &&
      one.containerPort === port.containerPort,
  ) === at;

interface Around {
  readonly known: Known;
  /** By the engine's id: names of networks are only unique with one engine of one user. */
  readonly networks: ReadonlyMap<string, readonly EngineNetwork[]>;
  readonly networksOf: ReadonlyMap<LinkId, readonly BridgedNetwork[]>;
  readonly pairOf: ReadonlyMap<EntityId, Relation>;
  readonly masterOf: ReadonlyMap<EntityId, Relation>;
}

function surroundings(answers: readonly EngineAnswer[], known: Known): Around {
  const pairs = known.relations.filter((one) => one.kind === 'veth-peer' && one.certainty !== 'ambiguous');
  return {
    known,
    networks: grouped(
      answers.flatMap((answer) => answer.networks.filter(({ id }) => id !== undefined)),
      ({ id = '' }) => id,
    ),
    networksOf: networksOfBridges(known),
    pairOf: new Map(pairs.flatMap((pair) => [[pair.from, pair] as const, [pair.to, pair] as const])),
    masterOf: new Map(known.relations.flatMap((one) => (one.kind === 'master' ? [[one.from, one] as const] : []))),
  };
}

interface Placed {
  readonly place: ContainerNetwork;
  readonly way: Way | undefined;
}

/** Of each network once: what several say of it together, and what the engine says of the network itself. */
function attachmentsOf(container: Container, words: readonly Told[], around: Around): readonly Placed[] {
  const netns = container.init && around.known.index.process.get(container.init)?.namespaces.net;
  const said = words.flatMap((told) => told.said.networks);
  return [...grouped(said, (place) => place.network)].map(([network, places]) => {
    const first = <K extends keyof ContainerNetwork>(key: K) => places.find((one) => one[key] !== undefined)?.[key];
    const all = (key: 'addresses' | 'gateways') => [...new Set(places.flatMap((place) => place[key]))];
    const networkId = first('networkId');
    const described = (networkId === undefined ? undefined : around.networks.get(networkId)) ?? [];
    const bridge = first('bridge') ?? described.find((one) => one.bridge !== undefined)?.bridge;
    const driver = described.find((one) => one.driver !== undefined)?.driver;
    const [mac, interfaceName] = [first('mac'), first('interfaceName')];
    const place: ContainerNetwork = {
      network,
      ...(networkId === undefined ? {} : { networkId }),
      addresses: all('addresses'),
      ...(mac === undefined ? {} : { mac }),
      ...(interfaceName === undefined ? {} : { interfaceName }),
      ...(driver === undefined ? {} : { driver }),
      subnets: [...new Set(described.flatMap((one) => one.subnets))],
      gateways: [...new Set([...all('gateways'), ...described.flatMap((one) => one.gateways)])],
      ...(bridge === undefined ? {} : { bridge }),
      evidence: uniqueEvidence([...places, ...described].flatMap((one) => one.evidence)),
    };
    const way = netns === undefined ? undefined : wayToBridge(place, netns, around);
    return {
      place: way === undefined ? place : { ...withConfiguration(place, way.network), bridgeLink: way.bridge.id },
      way,
    };
  });
}

/** What the engine's configuration of that network adds: network plugins tell of a container no more than its address. */
function withConfiguration(place: ContainerNetwork, network: BridgedNetwork | undefined): ContainerNetwork {
  if (!network) return place;
  const { driver = place.driver, bridge = place.bridge, subnets, gateways } = network;
  return {
    ...place,
    ...(driver === undefined ? {} : { driver }),
    ...(bridge === undefined ? {} : { bridge }),
    subnets: [...new Set([...place.subnets, ...subnets])],
    gateways: [...new Set([...place.gateways, ...gateways])],
    evidence: uniqueEvidence([...place.evidence, ...network.evidence]),
  };
}

interface Way {
  readonly bridge: Link;
  /** The network of nerdctl's that the bridge is of. */
  readonly network?: BridgedNetwork;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
}

/**
 * From the container's interface that has the address the engine gave, over its peer, to the bridge that is a port of;
 * it counts when it is the bridge the engine names, or has the gateway's address the engine gave, or is that of nerdctl's
 * network of this name.
 */
function wayToBridge(
  place: ContainerNetwork,
  netns: NamespaceId,
  { known, networksOf, pairOf, masterOf }: Around,
): Way | undefined {
  const link = known.index.linksOf
    .get(netns)
    ?.find((one) => one.addresses.some((address) => place.addresses.includes(address.local)));
  if (!link) return undefined;
  const pair = pairOf.get(link.id);
  const peer = pair && (pair.from === link.id ? pair.to : pair.from);
  const master = peer && masterOf.get(peer);
  const bridge = master && known.index.link.get(master.to as LinkId);
  if (!bridge) return undefined;
  const network = networksOf
    .get(bridge.id)
    ?.find((one) => one.engine === 'nerdctl' && one.name === place.network && one.certainty === 'certain');
  const fits =
    place.bridge === undefined
      ? network !== undefined || bridge.addresses.some((address) => place.gateways.includes(address.local))
      : bridge.name === place.bridge;
  if (!fits) return undefined;
  return {
    bridge,
    ...(network && { network }),
    certainty: pair.certainty === 'certain' ? master.certainty : 'inferred',
    evidence: [...link.evidence, ...pair.evidence, ...master.evidence, ...(network?.evidence ?? [])],
  };
}

/** Only where the engine was asked for all that run; files also keep those that have ended. */
function notSeen(answer: EngineAnswer, { containers, entities }: Known): readonly Finding[] {
  if (!answer.complete) return [];
  const seen = new Set(containers.map((container) => container.runtimeId));
  const missing = answer.containers.filter((one) => one.running && !seen.has(one.runtimeId));
  if (missing.length === 0) return [];
  const names = missing.map((one) => one.name ?? one.runtimeId.slice(0, 12));
  const listed = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
  return [
    {
      ...finding('undiscovered', 'engine.container-not-seen', ['host'], {
        message: `${answer.engine} says that ${listed} ${missing.length === 1 ? 'runs' : 'run'}, and no process was seen that is in ${missing.length === 1 ? 'it' : 'them'}.`,
        advice: 'Collect with sudo, or again: containers come and go.',
        values: {
          engine: answer.engine,
          question: answer.question,
          names: listed,
          count: missing.length,
          user: entities.host.user.name,
        },
        evidence: missing.flatMap((one) => one.evidence),
      }),
      id: `engine.container-not-seen ${answer.question}`,
    },
  ];
}
