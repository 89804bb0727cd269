// /proc/PID/net/packet (net/packet/af_packet.c packet_seq_show) through `grep -aH`:
//
//   /proc/9/net/packet:sk               RefCnt Type Proto  Iface R Rmem   User   Inode
//   /proc/9/net/packet:ffff8880b6a3c000 3      3    0003   2     1 0      0      24514
//                      │                │      │    │      │     │ │      │      └ inode
//                      │                │      │    │      │     │ │      └ uid
//                      │                │      │    │      │     │ └ bytes waiting to be read
//                      │                │      │    │      │     └ 1: it receives
//                      │                │      │    │      └ ifindex in this network namespace; 0: all; -1: it is gone
//                      │                │      │    └ EtherType in hex; 0003: all (ETH_P_ALL)
//                      │                │      └ 3 raw, 2 dgram, 10 packet (obsolete)
//                      └ address in the kernel, hidden from most
import type { Evidence } from '../model/evidence.ts';
import type { PacketSocket } from '../model/socket.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export interface PacketSocketLine extends Pick<PacketSocket, 'type' | 'etherType' | 'inode' | 'uid'> {
  /** Whose /proc/PID/net it was; `undefined` for /proc/net. */
  readonly pid: number | undefined;
  /** 0: every link of the network namespace; -1: one that was removed. */
  readonly ifindex: number;
  readonly evidence: Evidence;
}

export function parsePacketSockets(source: Source): Parsed<PacketSocketLine> {
  const text = source.output;
  const facts: PacketSocketLine[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(text, (start, end, line) => {
    const content = text.slice(start, end);
    const path = pathPattern.exec(content);
    if (!path) return;
    const row = content.slice(path[0].length);
    if (row.startsWith('sk ')) return;
    const fields = rowPattern.exec(row.trimEnd());
    const type = fields && types[Number(fields[1])];
    if (!fields || !type) {
      unparsable.push(unparsableAt(source, line, content));
      return;
    }
    facts.push({
      pid: path[1] === undefined ? undefined : Number(path[1]),
      type,
      etherType: fields[2] ?? '',
      ifindex: Number(fields[3]),
      uid: Number(fields[4]),
      inode: Number(fields[5]),
      evidence: evidenceAt(source, line),
    });
  });
  return { facts, unparsable };
}

const pathPattern = /^\/proc\/(?:(\d+)\/(?:task\/\d+\/)?)?(?:self\/)?net\/packet:/;
const rowPattern = /^\S+ +\d+ +(\d{1,2}) +([0-9a-f]{4}) +(-1|\d{1,10}) +\d +\d+ +(\d{1,10}) +(\d{1,15})$/;
const types: Readonly<Record<number, PacketSocket['type']>> = { 2: 'dgram', 3: 'raw', 10: 'packet' };
