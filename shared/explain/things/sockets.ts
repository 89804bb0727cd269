// What listens and who talks to whom, as facts of a process, a container or a network namespace.
import type { EntityId, ProcessId } from '../../model/id.ts';
import type { Relation } from '../../model/relation.ts';
import type { PacketSocket, Socket, UnixSocket } from '../../model/socket.ts';
import type { Fact } from '../explanation.ts';
import { fact, limited, type Telling } from '../facts.ts';
import type { LookUp, SocketsOf } from '../look-up.ts';
import { endpointName, packetName, processName, socketName, unixName } from '../names.ts';

type AnySocket = Socket | UnixSocket | PacketSocket;

const shown = 12;

/** Of several processes; one that is shared by some of them once. */
export function heldSockets(look: LookUp, processes: readonly ProcessId[]): SocketsOf {
  const all = processes.map((id) => look.socketsOf(id));
  return {
    sockets: [...new Set(all.flatMap(({ sockets }) => sockets))],
    unixSockets: [...new Set(all.flatMap(({ unixSockets }) => unixSockets))],
    packetSockets: [...new Set(all.flatMap(({ packetSockets }) => packetSockets))],
  };
}

/** Says of a socket whose it is, where that is not said already. */
type Whose = (telling: Telling, socket: AnySocket) => string;
const unsaid: Whose = () => '';

export const holders: Whose = ({ look, texts }, { processIds, inode }) => {
  const names = processIds.flatMap((id) => look.processes.get(id) ?? []).map(processName);
  if (names.length === 0) return inode === 0 ? '' : ` · ${texts.values.holderUnseen}`;
  return ` · ${names[0]}${names.length > 1 ? `, ${texts.values.more(names.length - 1)}` : ''}`;
};

export function listening(telling: Telling, all: SocketsOf, whose: Whose = unsaid): readonly Fact[] {
  const { look, texts } = telling;
  const { labels, terms } = texts;
  const line = (label: string, name: string, socket: AnySocket, hint?: string) =>
    fact(label, name + whose(telling, socket), socket.evidence, { monospace: true, entity: socket.id, hint });
  const clients = new Map<string, number>();
  for (const { state, name } of all.unixSockets) {
    if (state === 'ESTAB') clients.set(name, (clients.get(name) ?? 0) + 1);
  }
  return [
    ...limited(
      texts,
      all.sockets
        .filter(({ state }) => state === 'LISTEN' || state === 'UNCONN')
        .map((socket) => line(labels.listen, socketName(socket, texts), socket)),
      shown,
    ),
    ...limited(
      texts,
      all.packetSockets.map((socket) => line(labels.seesPackets, packetName(look, socket, texts), socket)),
      shown,
    ),
    ...limited(
      texts,
      all.unixSockets
        .filter(({ state }) => state !== 'ESTAB')
        .map((socket) => {
          const count = clients.get(socket.name);
          const busy = count === undefined ? '' : ` · ${texts.values.clients(count)}`;
          return line(labels.listen, unixName(socket) + busy, socket, terms['unix socket']);
        }),
      shown,
    ),
  ];
}

/** Open connections, those that are alike in one line: to one service of one peer, or from one peer to one service. */
export function talking(telling: Telling, { sockets }: SocketsOf, whose: Whose = unsaid): readonly Fact[] {
  const { texts } = telling;
  const groups = new Map<string, { readonly first: Talk; readonly sockets: Socket[] }>();
  for (const socket of sockets) {
    if (!isOpen(socket)) continue;
    for (const talk of talksOf(telling, socket, whose)) {
      const key = `${talk.label} ${talk.text}`;
      const group = groups.get(key);
      if (group) group.sockets.push(socket);
      else groups.set(key, { first: talk, sockets: [socket] });
    }
  }
  const order = [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return limited(
    texts,
    order.map(([, { first, sockets: alike }]) => {
      const count = alike.length > 1 ? ` · ${texts.values.connections(alike.length)}` : '';
      const by = first.relation && { certainty: first.relation.certainty, rule: first.relation.rule };
      const evidence = first.relation?.evidence ?? alike.flatMap((socket) => socket.evidence).slice(0, shown);
      return fact(first.label, first.text + count, evidence, { monospace: true, entity: first.entity, ...by });
    }),
    shown,
  );
}

const isOpen = ({ state, remote, inode }: Socket): boolean =>
  state !== 'LISTEN' && state !== 'UNCONN' && inode !== 0 && remote.port !== 0;

interface Talk {
  readonly label: string;
  readonly text: string;
  readonly entity: EntityId;
  readonly relation: Relation | undefined;
}

function talksOf(telling: Telling, socket: Socket, whose: Whose): readonly Talk[] {
  const { look, texts } = telling;
  const { local, remote, protocol } = socket;
  const incoming = isServed(look, socket);
  const label = incoming ? texts.labels.connectedFrom : texts.labels.connectsTo;
  const where = incoming
    ? texts.values.at(remote.address, local.port, protocol)
    : `${endpointName(remote)} ${protocol}`;
  const own = whose(telling, socket);
  const known = otherEnds(look, socket);
  if (known.length === 0) return [{ label, text: where + own, entity: socket.id, relation: undefined }];
  return known.map(({ other, relation }) => {
    const peer = peerOf(telling, other);
    return { label, text: `${where} · ${peer.name}${own}`, entity: peer.entity, relation };
  });
}

/** Somebody listens on its own port, so that the other side began. */
const served = new WeakMap<LookUp, ReadonlySet<string>>();
export function isServed(look: LookUp, { netns, protocol, local }: Socket): boolean {
  const known = served.get(look) ?? new Set(look.model.sockets.flatMap(portOfListener));
  served.set(look, known);
  return known.has(portKey(netns, protocol, local.port));
}
const portKey = (netns: Socket['netns'], protocol: string, port: number) =>
  `${netns} ${protocol.replace('6', '')} ${port}`;
const portOfListener = ({ state, netns, protocol, local }: Socket) =>
  state === 'LISTEN' || state === 'UNCONN' ? [portKey(netns, protocol, local.port)] : [];

/** The sockets at the other end; several where it is ambiguous. */
export function otherEnds(
  look: LookUp,
  { id }: Socket,
): readonly { readonly other: Socket; readonly relation: Relation }[] {
  const ends = [
    ...look.from(id, 'connected-to').map((relation) => ({ id: relation.to, relation })),
    ...look.to(id, 'connected-to').map((relation) => ({ id: relation.from, relation })),
  ];
  return ends.flatMap(({ id: end, relation }) => {
    const other = look.sockets.get(end);
    return other ? [{ other, relation }] : [];
  });
}

/** Who holds a socket: its process and container; else its network namespace. */
export function peerOf({ look, texts }: Telling, socket: Socket): { readonly name: string; readonly entity: EntityId } {
  const process = socket.processIds.flatMap((id) => look.processes.get(id) ?? [])[0];
  const container = process?.container && look.containers.get(process.container);
  if (process && container) {
    return { name: texts.values.of(processName(process), container.name), entity: container.id };
  }
  if (process) return { name: processName(process), entity: process.id };
  const netns = socket.netns && look.namespaces.get(socket.netns);
  return netns ? { name: netns.name, entity: netns.id } : { name: socketName(socket, texts), entity: socket.id };
}
