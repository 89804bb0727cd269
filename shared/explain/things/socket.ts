// A socket of any kind.
import type { PacketSocket, Socket, UnixSocket } from '../../model/socket.ts';
import type { Explanation, Fact } from '../explanation.ts';
import { fact, groupsOf, limited, related, type Telling } from '../facts.ts';
import { endpointName, nameOf, packetName, socketName, unixName } from '../names.ts';
import { otherEnds, peerOf } from './sockets.ts';

type Described = Omit<Explanation, 'remarks'>;

export function explainSocket(telling: Telling, socket: Socket): Described {
  const { texts } = telling;
  const { labels } = texts;
  const at = socket.evidence;
  return {
    id: socket.id,
    title: socketName(socket, texts),
    what: texts.whats.socket,
    sentence: texts.sentences.socket(socket.state),
    groups: groupsOf(texts, {
      identity: [
        fact(labels.address, endpointName(socket.local), at, { monospace: true }),
        ...(socket.remote.port === 0 ? [] : [fact(labels.to, endpointName(socket.remote), at, { monospace: true })]),
        fact(labels.operState, socket.state, at),
        ...netns(telling, socket),
      ],
      talks: otherEnds(telling.look, socket).flatMap(({ other, relation }) => [
        related(telling, labels.socket, relation, other.id),
        fact(labels.process, peerOf(telling, other).name, relation.evidence, { entity: peerOf(telling, other).entity }),
      ]),
      used: users(telling, socket),
      owned: [fact(labels.user, String(socket.uid), at)],
    }),
    tryIt: tryIt(socket),
  };
}

export function explainUnixSocket(telling: Telling, socket: UnixSocket): Described {
  const { texts } = telling;
  const { labels, terms } = texts;
  return {
    id: socket.id,
    title: unixName(socket),
    what: texts.whats.unixSocket,
    sentence: texts.sentences.unixSocket(),
    groups: groupsOf(texts, {
      identity: [
        fact(labels.name, socket.name, socket.evidence, { monospace: true, hint: terms['unix socket'] }),
        fact(labels.kind, socket.type, socket.evidence),
        fact(labels.operState, socket.state, socket.evidence),
        ...netns(telling, socket),
      ],
      used: users(telling, socket),
    }),
    tryIt: 'ss -xap',
  };
}

export function explainPacketSocket(telling: Telling, socket: PacketSocket): Described {
  const { look, texts } = telling;
  const { labels } = texts;
  const link = socket.link && look.links.get(socket.link);
  return {
    id: socket.id,
    title: packetName(look, socket, texts),
    what: texts.whats.packetSocket,
    sentence: texts.sentences.packetSocket(),
    groups: groupsOf(texts, {
      identity: [
        fact(labels.seesPackets, packetName(look, socket, texts), socket.evidence, link ? { entity: link.id } : {}),
        fact(labels.kind, socket.type, socket.evidence),
        ...netns(telling, socket),
      ],
      used: users(telling, socket),
      owned: [fact(labels.user, String(socket.uid), socket.evidence)],
    }),
    tryIt: 'ss -0ap',
  };
}

type AnySocket = Socket | UnixSocket | PacketSocket;

function netns({ look, texts }: Telling, socket: AnySocket): readonly Fact[] {
  if (socket.netns === undefined) return [fact(texts.labels.netns, texts.values.closed, socket.evidence)];
  return [
    fact(texts.labels.netns, nameOf(look, socket.netns, texts), socket.evidence, {
      ...(look.namespaces.has(socket.netns) ? { entity: socket.netns } : {}),
    }),
  ];
}

/** Every process that holds it; or why there is none. */
function users({ look, texts }: Telling, socket: AnySocket): readonly Fact[] {
  const { labels, values } = texts;
  if (socket.processIds.length === 0) {
    return [fact(labels.process, socket.inode === 0 ? values.noHolder : values.holderUnseen, socket.evidence)];
  }
  return limited(
    texts,
    socket.processIds.map((id) =>
      fact(labels.process, nameOf(look, id, texts), socket.evidence, look.processes.has(id) ? { entity: id } : {}),
    ),
  );
}

function tryIt({ protocol, local }: Socket): string {
  if (protocol.startsWith('tcp')) return `ss -tanp 'sport = :${local.port}'`;
  if (protocol === 'udp' || protocol === 'udp6') return `ss -uanp 'sport = :${local.port}'`;
  return protocol.startsWith('raw') ? 'ss -wanp' : `cat /proc/net/${protocol}`;
}
