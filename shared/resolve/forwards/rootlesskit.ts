// Ports that RootlessKit publishes. Its parent process listens in the parent's network namespace and hands on to the
// child's (builtin port driver); from there it goes one of two ways:
//   - childIP in the API: straight to that address, which is a container's;
//   - no childIP: to the same port of the child's network namespace itself, where nerdctl's CNI portmap rewrites it to
//     the container. The rewriting rule is in the firewall in there; where that is closed to us nerdctl's label
//     `nerdctl/ports` says the same.
// Where the API did not answer: the sockets the parent listens on, with that label.
import type { RootlessKitState, UnresolvedProcess } from '../../model/entities.ts';
import type { Container } from '../../model/container.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { ForwardStep } from '../../model/forward.ts';
import type { NamespaceId } from '../../model/id.ts';
import { isListening, isLoopbackAddress, isWildcard } from '../../model/listening.ts';
import type { Endpoint } from '../../model/socket.ts';
import { portsFromLabels, type PublishedPort } from '../containers/labels.ts';
import type { Known, Pass } from '../known.ts';
import { finding } from '../relation.ts';
import { childNetnsOf } from '../rootlesskit/child-netns.ts';
import { forwardTo, type Found } from './forward.ts';
import { sameAddress } from './listening.ts';
import { placeOf, reachableFrom, type Reached } from './reach.ts';
import { leastSure, waysFrom, type Way } from './way.ts';

type ToldPort = NonNullable<RootlessKitState['ports']>[number];

export const rootlessKitForwards: Pass = {
  name: 'rootlesskit forwards',
  run: (known) => {
    const found = known.rootlessKits.flatMap((kit) => {
      const parent = known.index.process.get(kit.parent);
      if (!parent) return [];
      const side: ChildSide = { known, kit, parent, childNetns: childNetnsOf(kit, known.index)?.netns };
      const all = kit.ports ? kit.ports.map((port) => fromApi(port, side)) : fromSockets(side);
      return all.map((one) => ({ ...one, findings: containerNotFound(one, side.childNetns) }));
    });
    return {
      forwards: found.map(({ forward }) => forward),
      relations: found.flatMap(({ relations }) => relations),
      findings: found.flatMap(({ findings }) => findings),
    };
  },
};

interface ChildSide {
  readonly known: Known;
  readonly kit: RootlessKitState;
  readonly parent: UnresolvedProcess;
  readonly childNetns: NamespaceId | undefined;
}

function fromApi(port: ToldPort, side: ChildSide): Found {
  const { known, parent, childNetns } = side;
  // RootlessKit also knows tcp4, tcp6, udp4, udp6.
  const protocol = port.protocol.startsWith('udp') ? 'udp' : 'tcp';
  const listen = {
    address: port.parentIp === '' ? '0.0.0.0' : port.parentIp,
    port: port.parentPort,
    netns: parent.namespaces.net,
  };
  const told = { by: 'rootlesskit', protocol, listen, forwarder: parent, evidence: port.evidence } as const;
  if (!isWildcard(port.childIp) && !isLoopbackAddress(port.childIp)) {
    const place =
      childNetns === undefined ? undefined : placeOf(port.childIp, port.childPort, protocol, childNetns, known);
    const one = place?.reached;
    return forwardTo(known, {
      ...told,
      target: { address: port.childIp, port: port.childPort, netns: place?.netns },
      candidates: place?.candidates ?? [],
      certainty: 'certain',
      rule: 'forward.rootlesskit-api',
      ...(one === undefined
        ? {}
        : {
            container: {
              reached: one,
              certainty: one.certainty,
              rule: 'forward.address-in-reachable-container' as const,
            },
          }),
    });
  }
  const way = childNetns === undefined ? undefined : wayInside(side, childNetns, protocol, port);
  if (way) {
    const first: ForwardStep = {
      by: 'rootlesskit',
      process: parent.id,
      netns: listen.netns,
      from: { address: listen.address, port: listen.port },
      to: { ...inside(port), netns: childNetns },
      certainty: 'certain',
      rule: 'forward.rootlesskit-api',
      evidence: port.evidence,
    };
    const steps = [first, ...way.steps];
    const certainty = leastSure(steps.map((step) => step.certainty));
    return forwardTo(known, {
      ...told,
      target: way.end,
      candidates: way.candidates,
      certainty,
      rule: 'forward.rootlesskit-api-dnat',
      evidence: steps.flatMap((step) => step.evidence),
      steps,
      ...(way.reached === undefined
        ? {}
        : {
            container: {
              reached: way.reached,
              certainty: leastSure([certainty, way.reached.certainty]),
              rule: 'forward.address-in-reachable-container' as const,
            },
          }),
    });
  }
  const behind = publishedBy(side, protocol, { address: listen.address, port: port.childPort });
  if (!behind) {
    return forwardTo(known, {
      ...told,
      target: { ...inside(port), netns: childNetns },
      certainty: 'certain',
      rule: 'forward.rootlesskit-api',
    });
  }
  return forwardTo(known, {
    ...told,
    ...targetOf(behind),
    rule: 'forward.rootlesskit-api-portmap',
    evidence: [...port.evidence, ...labelEvidence(behind.reached.container)],
  });
}

/** Where RootlessKit connects to in its child's network namespace (pkg/port/builtin/child: 127.0.0.1 unless told). */
const inside = (port: ToldPort): Endpoint => ({
  address: isWildcard(port.childIp) ? '127.0.0.1' : port.childIp,
  port: port.childPort,
});

/** How the firewall in there sends it on, where its rules are known and one way is left. */
function wayInside(
  { known, kit }: ChildSide,
  childNetns: NamespaceId,
  protocol: 'tcp' | 'udp',
  port: ToldPort,
): Way | undefined {
  // The builtin driver connects from inside; slirp4netns and pasta let a packet in by the tap device.
  const hook = kit.info?.portDriver === undefined || kit.info.portDriver === 'builtin' ? 'output' : 'prerouting';
  const ways = waysFrom({ netns: childNetns, hook, protocol, ...inside(port) }, known);
  return ways.length === 1 ? ways[0] : undefined;
}

function fromSockets(side: ChildSide): readonly Found[] {
  const { known, parent } = side;
  return known.entities.sockets
    .filter((socket) => socket.netns !== undefined && socket.netns === parent.namespaces.net)
    .filter((socket) => socket.processIds.includes(parent.id))
    .flatMap((socket) => {
      const protocol = socket.protocol === 'udp' || socket.protocol === 'udp6' ? 'udp' : 'tcp';
      if (!isListening(socket, protocol)) return [];
      const behind = publishedBy(side, protocol, socket.local);
      if (!behind) return [];
      return [
        forwardTo(known, {
          by: 'rootlesskit',
          protocol,
          listen: { ...socket.local, netns: socket.netns },
          forwarder: parent,
          ...targetOf(behind),
          rule: 'forward.rootlesskit-socket-and-annotation',
          evidence: [...socket.evidence, ...labelEvidence(behind.reached.container)],
        }),
      ];
    });
}

interface Published {
  readonly reached: Reached;
  readonly port: PublishedPort;
}

/** The container next to the child's network namespace whose label publishes this port; undefined where that is not one. */
function publishedBy(
  { known, childNetns }: ChildSide,
  protocol: 'tcp' | 'udp',
  listen: { readonly address: string; readonly port: number },
): Published | undefined {
  if (childNetns === undefined) return undefined;
  const all = reachableFrom(childNetns, known).flatMap((reached): readonly Published[] =>
    portsFromLabels(reached.container.labels)
      .filter((port) => port.protocol === protocol && port.hostPort === listen.port)
      .filter((port) => sameAddress(port.hostIp, listen.address))
      .map((port) => ({ reached, port })),
  );
  if (new Set(all.map(({ reached }) => reached.container.id)).size !== 1) return undefined;
  // portmap rewrites to the address the network gave: the container's own, not a link-local one.
  return (
    all.find(({ reached }) => !/^fe80:|^169\.254\./.test(reached.address) && !reached.address.includes(':')) ?? all[0]
  );
}

const targetOf = ({ reached, port }: Published) => ({
  target: { address: reached.address, port: port.containerPort, netns: reached.netns },
  certainty: 'inferred' as const,
  container: { reached, certainty: 'inferred' as const, rule: 'forward.published-port-annotation' as const },
});

/** Labels stand in the runtime's record. */
const labelEvidence = ({ evidence }: Container): readonly Evidence[] => {
  const record = evidence.filter(({ section }) => section === 'runtime-state');
  return record.length > 0 ? record : evidence;
};

/** `childNetns`: where RootlessKit connects from, so that what is in it and next to it can have the address. */
function containerNotFound({ forward, relations }: Found, childNetns: NamespaceId | undefined): readonly Finding[] {
  if (forward.container) return [];
  const listen = `${forward.listen.address}:${forward.listen.port}`;
  const target = `${forward.target.address}:${forward.target.port}`;
  const count = relations.filter(({ kind }) => kind === 'forwards-to').length;
  const about = { values: { listen, target, netns: childNetns ?? '', count }, evidence: forward.evidence };
  if (count > 0) {
    return [
      finding('ambiguous', 'forward.several-containers', [forward.id], {
        message: `${listen} is handed on to ${target}; ${count} containers in or next to ${childNetns ?? ''} have that address.`,
        ...about,
      }),
    ];
  }
  const where =
    childNetns === undefined
      ? 'the network namespace of RootlessKit’s child, where it leads, was not seen'
      : `no container in ${childNetns}, or next to it by a veth pair, was seen to have it`;
  return [
    finding('undiscovered', 'forward.container-not-found', [forward.id], {
      message: `${listen} is handed on to ${target}; ${where}.`,
      ...about,
    }),
  ];
}
