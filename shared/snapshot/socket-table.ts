// Sockets of every network namespace, with the processes that hold them open.
import type { TunHolder } from '../model/entities.ts';
import { parseNamespaceId, processId } from '../model/id.ts';
import type { NamespaceId, ProcessId } from '../model/id.ts';
import type { Socket } from '../model/socket.ts';
import type { FdLink } from '../parse/fd-links.ts';
import { parseFdinfo } from '../parse/fdinfo.ts';
import { parseSockets } from '../parse/sockets.ts';
import type { SocketLine } from '../parse/sockets.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import type { ProcessTable } from './process-table.ts';

export function readSockets(
  frames: Frames,
  log: FindingLog,
  { rows, translate }: ProcessTable,
  fds: readonly FdLink[],
  byteOrder: 'little' | 'big',
): readonly Socket[] {
  const holders = holdersOf(fds);
  const sockets = new Map<string, Socket>();
  for (const section of ['socket', 'socket-in']) {
    for (const frame of frames.of(section)) {
      const { facts, unparsable } = parseSockets(frame, byteOrder);
      log.unparsable(unparsable);
      const inside = parseNamespaceId(frame.key);
      for (const line of facts) {
        const netns =
          line.pid === undefined
            ? inside?.kind === 'net'
              ? inside.id
              : undefined
            : rows.get(line.pid)?.namespaces.net;
        const id: Socket['id'] = `socket:${keyOf(line, netns)}`;
        const known = sockets.get(id);
        // The same socket may be read again through a process whose namespace is known.
        if (known && (known.netns !== undefined || netns === undefined)) continue;
        sockets.set(id, {
          id,
          netns,
          protocol: line.protocol,
          local: line.local,
          remote: line.remote,
          state: line.state,
          inode: line.inode,
          uid: translate(frame, line.uid) ?? line.uid,
          processIds: line.inode === 0 ? [] : (holders.get(line.inode) ?? []),
          evidence: [line.evidence],
        });
      }
    }
  }
  return [...sockets.values()];
}

/** An inode is unique on the host. Connections without one are told apart by their ends, within their namespace. */
function keyOf({ protocol, inode, local, remote, pid }: SocketLine, netns: NamespaceId | undefined): string {
  if (inode !== 0) return `${protocol}/${inode}`;
  const ends = `${local.address}:${local.port}-${remote.address}:${remote.port}`;
  return `${protocol}/${netns ?? `of ${pid}`}/${ends}`;
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

/** Processes that hold /dev/net/tun, with the device each descriptor is attached to. */
export function readTunHolders(frames: Frames, log: FindingLog, fds: readonly FdLink[]): readonly TunHolder[] {
  const holders = new Map<string, TunHolder>();
  for (const link of fds) {
    if (link.to !== 'tun') continue;
    const { pid, fd, evidence } = link;
    const key = `${pid}/${fd}`;
    if (!holders.has(key)) {
      holders.set(key, { process: processId(pid), fd, interfaceName: undefined, evidence: [evidence] });
    }
  }
  for (const frame of frames.of('fdinfo')) {
    const { facts, unparsable } = parseFdinfo(frame);
    log.unparsable(unparsable);
    for (const { pid, fd, interfaceName, evidence } of facts) {
      const key = `${pid}/${fd}`;
      const known = holders.get(key);
      if (known?.interfaceName !== undefined) continue;
      const seenBefore = known?.evidence ?? [];
      holders.set(key, { process: processId(pid), fd, interfaceName, evidence: [...seenBefore, evidence] });
    }
  }
  return [...holders.values()];
}
