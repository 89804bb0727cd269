// Ports that an engine says it publishes, where nothing else shows how: no process that forwards, no rule of a firewall.
// That the engine means to is its own word; that somebody listens there is said only where a socket was seen.
import type { Container } from '../../model/container.ts';
import type { ContainerPort } from '../../model/engine.ts';
import type { Forward } from '../../model/forward.ts';
import type { NamespaceId, ProcessId } from '../../model/id.ts';
import { byHolders, isListening, isWildcard } from '../../model/listening.ts';
import type { ProcessRole } from '../../model/process.ts';
import type { Relation } from '../../model/relation.ts';
import type { Endpoint, Socket } from '../../model/socket.ts';
import type { Known, Pass } from '../known.ts';
import { relation, uniqueEvidence } from '../relation.ts';
import { answered, reaches } from './forward.ts';
import { listenersAt, type Listeners } from './listener.ts';
import { sameAddress } from './listening.ts';

export const engineForwards: Pass = {
  name: 'engine forwards',
  run: (known) => {
    const found = known.containers.flatMap((container) =>
      (container.ports ?? []).flatMap((port) => forwardOf(container, port, known)),
    );
    return {
      forwards: found.map(({ forward }) => forward),
      relations: found.flatMap(({ relations }) => relations),
    };
  },
};

function forwardOf(
  container: Container,
  port: ContainerPort,
  known: Known,
): readonly { readonly forward: Forward; readonly relations: readonly Relation[] }[] {
  const { protocol, hostIp, hostPort, containerPort } = port;
  if (protocol === 'sctp') return [];
  const netns = whereItListens(container, known);
  const how = { certainty: 'inferred' as const, rule: 'forward.engine-says' as const, evidence: port.evidence };
  const same = known.forwards.filter((one) => one.protocol === protocol && one.listen.port === hostPort);
  const shown =
    same.find((one) => isOf(one, container, hostIp, watchedFrom(container, known))) ??
    same.find((one) => isAt(one, hostIp, netns));
  if (shown?.container !== undefined) return [];
  if (shown) {
    // Somebody was seen to forward, and not to whom.
    const evidence = uniqueEvidence([...shown.evidence, ...port.evidence]);
    return [
      {
        forward: { ...shown, container: container.id, evidence },
        relations: [relation('forwards-to', shown.id, container.id, how)],
      },
    ];
  }
  const listening = listener(known, { address: hostIp, port: hostPort, netns }, protocol, container);
  const by = listening?.forwarder?.role ?? container.engine;
  const id: Forward['id'] = `forward:${by}/${netns ?? 'unknown'}/${protocol}/${hostIp}:${hostPort}`;
  const forwarder = listening?.forwarder?.id;
  const address = container.attachments?.flatMap(({ addresses }) => addresses)[0] ?? '*';
  const socketEvidence = listening?.socket.evidence ?? [];
  const relations: Relation[] = [relation('forwards-to', id, container.id, how)];
  if (listening) {
    const held = forwarder !== undefined;
    relations.push(
      relation('listens-on', id, listening.socket.id, {
        certainty: held ? 'certain' : 'inferred',
        rule: held ? 'forward.socket-held-by-forwarder' : 'forward.socket-same-address',
        evidence: socketEvidence,
      }),
    );
  }
  if (forwarder) {
    relations.push(
      relation('forwarded-by', id, forwarder, { ...how, evidence: [...port.evidence, ...socketEvidence] }),
    );
  }
  const target = { address, port: containerPort, netns: netnsOf(container, known) };
  const answering = answeringAt(target, protocol, known);
  if (answering) relations.push(...reaches(id, answering));
  return [
    {
      forward: {
        id,
        by,
        protocol,
        listen: { address: hostIp, port: hostPort, netns },
        target,
        ...(forwarder === undefined ? {} : { forwarder }),
        ...(listening === undefined ? {} : { socket: listening.socket.id }),
        container: container.id,
        ...(answering === undefined ? {} : answered(answering)),
        certainty: how.certainty,
        rule: how.rule,
        evidence: uniqueEvidence([...port.evidence, ...socketEvidence]),
      },
      relations,
    },
  ];
}

/**
 * One port may be published on several addresses of the host, each on its own. Rules of a firewall publish it where the engine
 * is only: rootless podman has rules in a network namespace of its own too, which nobody outside comes to.
 */
const isOf = (
  { container, listen, forwarder }: Forward,
  { id }: Container,
  hostIp: string,
  engine: NamespaceId | undefined,
): boolean =>
  container === id &&
  (forwarder !== undefined || engine === undefined || listen.netns === engine) &&
  (isWildcard(listen.address) || isWildcard(hostIp) || listen.address === hostIp);

/** The network namespace of a process that is closed to us is not known. */
const isAt = ({ listen }: Forward, hostIp: string, netns: NamespaceId | undefined): boolean =>
  (listen.netns === undefined || listen.netns === netns) && sameAddress(listen.address, hostIp);

interface Listener {
  readonly socket: Socket;
  readonly forwarder?: { readonly id: ProcessId; readonly role: string };
}

/** Programs that hand connections on. */
const forwarders: readonly ProcessRole[] = [
  'rootlessport',
  'pasta',
  'slirp4netns',
  'docker-proxy',
  'rootlesskit-parent',
];

/**
 * Held by one of them, the socket is what the port is published by; held by conmon, podman only keeps it from others while
 * the firewall hands on. One that somebody else is known to hold is not it.
 */
function listener(
  known: Known,
  at: Endpoint & { readonly netns: NamespaceId | undefined },
  protocol: 'tcp' | 'udp',
  { monitor }: Container,
): Listener | undefined {
  if (at.netns === undefined) return undefined;
  const fitting = known.entities.sockets.filter(
    (socket) =>
      socket.netns === at.netns &&
      socket.local.port === at.port &&
      isListening(socket, protocol) &&
      sameAddress(socket.local.address, at.address),
  );
  for (const socket of fitting) {
    for (const id of socket.processIds) {
      const role = known.roles.get(id)?.find((one) => forwarders.includes(one));
      if (role) return { socket, forwarder: { id, role } };
    }
  }
  const open = fitting.filter(
    ({ processIds }) => processIds.length === 0 || (monitor !== undefined && processIds.includes(monitor)),
  );
  return open.length === 1 && open[0] ? { socket: open[0] } : undefined;
}

/** Who answers in the container: at the address the engine gave it, or at whichever it has (pasta, slirp4netns). */
function answeringAt(
  { netns, address, port }: Forward['target'],
  protocol: 'tcp' | 'udp',
  known: Known,
): Listeners | undefined {
  if (netns === undefined) return undefined;
  if (!isWildcard(address)) return listenersAt(known, { netns, address, port }, protocol, undefined);
  const links = known.index.linksOf.get(netns) ?? [];
  const own = links.flatMap((link) => link.addresses.map(({ local }) => local));
  const each = ['127.0.0.1', ...own].flatMap(
    (one) => listenersAt(known, { netns, address: one, port }, protocol, undefined) ?? [],
  );
  const sockets = byHolders(each.flatMap((one) => one.sockets));
  if (sockets.length === 0) return undefined;
  if (sockets.length > 1) return { sockets, certainty: 'ambiguous', rule: 'forward.several-listeners' };
  return { sockets, certainty: 'inferred', rule: each[0]?.rule ?? 'forward.listener' };
}

const netnsOf = (container: Container, known: Known): NamespaceId | undefined =>
  container.init && known.index.process.get(container.init)?.namespaces.net;

/** Where the engine is, which is where the one that watches the container is. */
const watchedFrom = ({ monitor }: Container, known: Known): NamespaceId | undefined =>
  monitor && known.index.process.get(monitor)?.namespaces.net;

const whereItListens = (container: Container, known: Known): NamespaceId | undefined =>
  watchedFrom(container, known) ?? known.entities.host.initialNamespaces.net?.id;
