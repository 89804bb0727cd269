// /proc/PID/net/{tcp,udp,udplite,raw,icmp} and the same with a 6 (proc_pid_net(5), net/ipv4/tcp_ipv4.c tcp4_seq_show,
// udp.c, raw.c, ping.c; net/ipv6/datagram.c) through `grep -aH`:
//
//   /proc/9/net/tcp:  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode …
//   /proc/9/net/tcp:   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 123 1 …
//
// An address is one (tcp, udp …) or four (tcp6, udp6 …) 32-bit words, each printed with %08X from memory in network order:
// on a little-endian host its bytes stand in reverse. The port is printed as the number it is; a raw socket has its IP
// protocol there, a ping socket its identifier. TIME_WAIT and half-open connections have inode 0. The path is
// /proc/net/tcp where it was read inside a network namespace without a process.
//
// unix and packet come in the same answer and have parsers of their own.
import type { Evidence } from '../model/evidence.ts';
import type { Endpoint, Socket } from '../model/socket.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export interface SocketLine extends Pick<Socket, 'protocol' | 'local' | 'remote' | 'state' | 'inode' | 'uid'> {
  /** Whose /proc/PID/net it was; `undefined` for /proc/net. */
  readonly pid: number | undefined;
  readonly evidence: Evidence;
}

export function parseSockets(source: Source, byteOrder: 'little' | 'big' = 'little'): Parsed<SocketLine> {
  const text = source.output;
  const facts: SocketLine[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(text, (start, end, line) => {
    if (start === end) return;
    const content = text.slice(start, end);
    if (othersPattern.test(content)) return;
    const path = pathPattern.exec(content);
    const fields = path ? content.slice(path[0].length).trim().split(/ +/, 10) : [];
    if (fields[0] === 'sl') return;
    const protocol = path?.[2] as Socket['protocol'] | undefined;
    const local = readEndpoint(fields[1], byteOrder);
    const remote = readEndpoint(fields[2], byteOrder);
    const state = protocol && stateName(protocol, fields[3]);
    const uid = Number(fields[7]);
    const inode = Number(fields[9]);
    if (!path || !protocol || !local || !remote || !state || !Number.isInteger(uid) || !Number.isInteger(inode)) {
      unparsable.push(unparsableAt(source, line, content));
      return;
    }
    const pid = path[1] === undefined ? undefined : Number(path[1]);
    facts.push({ pid, protocol, local, remote, state, uid, inode, evidence: evidenceAt(source, line) });
  });
  return { facts, unparsable };
}

const pathPattern = /^\/proc\/(?:(\d+)\/(?:task\/\d+\/)?)?(?:self\/)?net\/((?:tcp|udp|udplite|raw|icmp)6?):/;
const othersPattern = /^\/proc\/(?:\d+\/(?:task\/\d+\/)?)?(?:self\/)?net\/(?:unix|packet):/;

/** include/net/tcp_states.h, from 1. */
const states = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
] as const;

function stateName(protocol: Socket['protocol'], hex: string | undefined): string | undefined {
  const state = hex === undefined ? undefined : states[parseInt(hex, 16) - 1];
  // The others know two: connected, and TCP_CLOSE for all that are not.
  return state === 'CLOSE' && !protocol.startsWith('tcp') ? 'UNCONN' : state;
}

const endpointPattern = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/;

function readEndpoint(text: string | undefined, byteOrder: 'little' | 'big'): Endpoint | undefined {
  const match = text === undefined ? null : endpointPattern.exec(text);
  if (!match) return undefined;
  const hex = match[1] ?? '';
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let at = 0; at < 8; at += 2) {
      const from = byteOrder === 'little' ? word + 6 - at : word + at;
      bytes.push(parseInt(hex.slice(from, from + 2), 16));
    }
  }
  return {
    address: bytes.length === 4 ? bytes.join('.') : formatIpv6(bytes),
    port: parseInt(match[2] ?? '', 16),
  };
}

/** RFC 5952; IPv4-mapped addresses with their last 32 bits in dots, as iproute2 prints them. */
export function formatIpv6(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0));
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return `::ffff:${bytes.slice(12).join('.')}`;
  // The first of the longest runs of two or more zero groups is left out.
  let from = -1;
  let longest = 1;
  for (let at = 0; at < 8; at += 1) {
    let end = at;
    while (end < 8 && groups[end] === 0) end += 1;
    if (end - at > longest) {
      from = at;
      longest = end - at;
    }
  }
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  return from === -1 ? hex(groups) : `${hex(groups.slice(0, from))}::${hex(groups.slice(from + longest))}`;
}
