// Sockets of every network namespace, with the processes that hold them open.
import { linkId, parseNamespaceId, processId } from '../model/id.ts';
import type { NamespaceId, ProcessId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { PacketSocket, Socket, UnixSocket } from '../model/socket.ts';
import type { Frame } from '../model/transcript.ts';
import { parseBoundDevices, type BoundDevice } from '../parse/bound-devices.ts';
import type { FdLink } from '../parse/fd-links.ts';
import { filesAtLineLimit } from '../parse/line-limit.ts';
import { parsePacketSockets } from '../parse/packet-sockets.ts';
import type { Parsed } from '../parse/parsed.ts';
import { parseSockets } from '../parse/sockets.ts';
import type { SocketLine } from '../parse/sockets.ts';
import { parseUnixSockets } from '../parse/unix-sockets.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import type { ProcessTable } from './process-table.ts';

export interface SocketTable {
  readonly sockets: readonly Socket[];
  readonly unixSockets: readonly UnixSocket[];
  readonly packetSockets: readonly PacketSocket[];
}

export function readSockets(
  frames: Frames,
  log: FindingLog,
  { rows, translate }: ProcessTable,
  fds: readonly FdLink[],
  byteOrder: 'little' | 'big',
  links: readonly Link[],
): SocketTable {
  const holders = holdersOf(fds);
  const bound = boundDevices(frames, log);
  const sockets = new Map<string, Socket>();
  const unixSockets = new Map<string, UnixSocket>();
  const packetSockets = new Map<string, PacketSocket>();
  for (const frame of [...frames.of('socket'), ...frames.of('socket-in')]) {
    const inside = parseNamespaceId(frame.key);
    const whole = inside?.kind === 'net' ? inside.id : undefined;
    const netnsOf = (pid: number | undefined): NamespaceId | undefined =>
      pid === undefined ? whole : rows.get(pid)?.namespaces.net;
    const common = ({ inode, pid }: { readonly inode: number; readonly pid: number | undefined }) => ({
      netns: netnsOf(pid),
      inode,
      processIds: inode === 0 ? [] : (holders.get(inode) ?? []),
    });
    const read = <T>(parse: (frame: Frame) => Parsed<T>): readonly T[] => {
      const { facts, unparsable } = parse(frame);
      log.unparsable(unparsable);
      return facts;
    };
    reportCutTables(frame, log, netnsOf);
    for (const line of read((source) => parseSockets(source, byteOrder))) {
      const { protocol, local, remote, state, uid, evidence } = line;
      const id: Socket['id'] = `socket:${keyOf(line, netnsOf(line.pid))}`;
      add(sockets, {
        id,
        ...{ protocol, local, remote, state },
        ...common(line),
        uid: translate(frame, uid) ?? uid,
        evidence: [evidence],
        ...boundOf(line, bound.get(`${netnsOf(line.pid)} ${line.inode}`)),
      });
    }
    for (const line of read(parseUnixSockets)) {
      const { type, state, name, inode, evidence } = line;
      add(unixSockets, { id: `socket:unix/${inode}`, type, state, name, ...common(line), evidence: [evidence] });
    }
    for (const line of read(parsePacketSockets)) {
      const { type, etherType, ifindex, uid, inode, evidence } = line;
      const netns = netnsOf(line.pid);
      add(packetSockets, {
        id: `socket:packet/${inode}`,
        ...{ type, etherType },
        link: ifindex <= 0 || netns === undefined ? undefined : linkId(netns, ifindex),
        ...(ifindex < 0 && { linkGone: true }),
        ...common(line),
        uid: translate(frame, uid) ?? uid,
        evidence: [evidence],
      });
    }
  }
  return {
    sockets: withScopes([...sockets.values()], links),
    unixSockets: [...unixSockets.values()],
    packetSockets: [...packetSockets.values()],
  };
}

/** What ss told of sockets that listen, by network namespace and inode. */
function boundDevices(frames: Frames, log: FindingLog): ReadonlyMap<string, BoundDevice> {
  const bound = new Map<string, BoundDevice>();
  for (const frame of frames.of('ss')) {
    const netns = parseNamespaceId(frame.key);
    if (netns?.kind !== 'net') continue;
    const { facts, unparsable } = parseBoundDevices(frame);
    log.unparsable(unparsable, netns.id);
    for (const one of facts) bound.set(`${netns.id} ${one.inode}`, one);
  }
  return bound;
}

/** It was read at another moment: an inode may be another socket's by then. */
function boundOf(line: SocketLine, bound: BoundDevice | undefined): Partial<Socket> {
  if (!bound || bound.port !== line.local.port || !line.protocol.startsWith(bound.protocol)) return {};
  if (line.protocol.startsWith('udplite')) return {};
  return {
    device: bound.device,
    ...(line.protocol.endsWith('6') && bound.v6Only !== undefined && { v6Only: bound.v6Only }),
    evidence: [line.evidence, bound.evidence],
  };
}

/** A link-local address cannot be bound to without its device (inet6_bind), which is known where one alone has it. */
function withScopes(sockets: readonly Socket[], links: readonly Link[]): readonly Socket[] {
  const scoped = (socket: Socket) => socket.device === undefined && /^fe[89ab][0-9a-f]:/.test(socket.local.address);
  if (!sockets.some(scoped)) return sockets;
  return sockets.map((socket) => {
    if (!scoped(socket)) return socket;
    const having = links.filter(
      ({ netns, addresses }) => netns === socket.netns && addresses.some(({ local }) => local === socket.local.address),
    );
    const [link] = having;
    if (!link || having.length > 1) return socket;
    return { ...socket, device: link.name, evidence: [...socket.evidence, ...link.evidence] };
  });
}

/** The same socket may be read again through a process whose namespace is known. */
function add<T extends Socket | UnixSocket | PacketSocket>(sockets: Map<string, T>, socket: T): void {
  const known = sockets.get(socket.id);
  if (!known || (known.netns === undefined && socket.netns !== undefined)) sockets.set(socket.id, socket);
}

/** An inode is unique on the host. Connections without one are told apart by their ends, within their namespace. */
function keyOf({ protocol, inode, local, remote, pid }: SocketLine, netns: NamespaceId | undefined): string {
  if (inode !== 0) return `${protocol}/${inode}`;
  const ends = `${local.address}:${local.port}-${remote.address}:${remote.port}`;
  return `${protocol}/${netns ?? `of ${pid}`}/${ends}`;
}

/** The kernel lists TCP sockets that listen before all others, so that none of those is lost. */
function reportCutTables(
  frame: Frame,
  log: FindingLog,
  netnsOf: (pid: number | undefined) => NamespaceId | undefined,
): void {
  for (const { path, lines, evidence } of filesAtLineLimit(frame, frame.command)) {
    const pid = /^\/proc\/(\d+)\//.exec(path)?.[1];
    log.add({
      rule: 'sockets.cut',
      kind: 'too-large',
      cause: String(lines),
      subject: netnsOf(pid === undefined ? undefined : Number(pid)) ?? 'host',
      values: { lines },
      example: path,
      evidence: [evidence],
    });
  }
}

function holdersOf(fds: readonly FdLink[]): ReadonlyMap<number, readonly ProcessId[]> {
  const holders = new Map<number, Set<ProcessId>>();
  for (const link of fds) {
    if (link.to !== 'socket') continue;
    const pids = holders.get(link.inode);
    if (pids) pids.add(processId(link.pid));
    else holders.set(link.inode, new Set([processId(link.pid)]));
  }
  return new Map([...holders].map(([inode, processes]) => [inode, [...processes]]));
}
