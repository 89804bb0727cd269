// /proc/PID/net/unix (proc_pid_net(5), net/unix/af_unix.c unix_seq_show) through `grep -aH`:
//
//   /proc/9/net/unix:Num       RefCount Protocol Flags    Type St Inode Path
//   /proc/9/net/unix:ffff8880a2f1d400: 00000002 00000000 00010000 0001 01 20511 /run/dbus/system_bus_socket
//                    │                 │        │        │        │    │  │     └ as it was bound; @ for each NUL
//                    │                 │        │        │        │    │  └ inode
//                    │                 │        │        │        │    └ socket->state: 1 unconnected … 3 connected
//                    │                 │        │        │        └ 1 stream, 2 dgram, 5 seqpacket
//                    │                 │        │        └ 00010000: it listens (__SO_ACCEPTCON)
//                    └ address in the kernel, hidden from most
//
// An abstract name begins with NUL, so with @. A name may hold a newline, which the kernel does not escape: what follows
// it reads like a line of its own, made up by whoever bound the name. Two lines that give one inode different names are
// therefore both not believed. Sockets without a name are left out: they tell nothing but that they are.
import type { Evidence } from '../model/evidence.ts';
import type { UnixSocket } from '../model/socket.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export interface UnixSocketLine extends Pick<UnixSocket, 'type' | 'state' | 'name' | 'inode'> {
  /** Whose /proc/PID/net it was; `undefined` for /proc/net. */
  readonly pid: number | undefined;
  readonly evidence: Evidence;
}

export function parseUnixSockets(source: Source): Parsed<UnixSocketLine> {
  const text = source.output;
  const byInode = new Map<string, UnixSocketLine | undefined>();
  const unparsable: Unparsable[] = [];
  forEachLine(text, (start, end, line) => {
    const content = text.slice(start, end);
    const path = pathPattern.exec(content);
    if (!path) return;
    const row = content.slice(path[0].length);
    if (row.startsWith('Num ')) return;
    const fields = rowPattern.exec(row);
    const type = fields && types[parseInt(fields[2] ?? '', 16)];
    const state = fields && stateName(fields[1] ?? '', parseInt(fields[3] ?? '', 16));
    if (!fields || !type || !state) {
      unparsable.push(unparsableAt(source, line, content));
      return;
    }
    const name = fields[5];
    if (name === undefined || name === '') return;
    const key = `${path[1] ?? ''} ${fields[4]}`;
    const before = byInode.get(key);
    if (before ? before.name === name : byInode.has(key)) return;
    if (before) unparsable.push(unparsableAt(source, line, content));
    const pid = path[1] === undefined ? undefined : Number(path[1]);
    const found = { pid, type, state, name, inode: Number(fields[4]), evidence: evidenceAt(source, line) };
    byInode.set(key, before ? undefined : found);
  });
  return { facts: [...byInode.values()].filter((one) => one !== undefined), unparsable };
}

const pathPattern = /^\/proc\/(?:(\d+)\/(?:task\/\d+\/)?)?(?:self\/)?net\/unix:/;
const rowPattern = /^\S+: [0-9A-F]+ [0-9A-F]+ ([0-9A-F]{8}) ([0-9A-F]{4}) ([0-9A-F]{2}) +(\d{1,15})(?: (.*))?$/;
const types: Readonly<Record<number, UnixSocket['type']>> = { 1: 'stream', 2: 'dgram', 5: 'seqpacket' };

/** include/uapi/linux/net.h socket_state; connecting and disconnecting last no time with unix sockets. */
function stateName(flags: string, state: number): UnixSocket['state'] | undefined {
  if ((parseInt(flags, 16) & 0x10000) !== 0) return 'LISTEN';
  return state === 3 ? 'ESTAB' : state <= 4 ? 'UNCONN' : undefined;
}
