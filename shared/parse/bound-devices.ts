// `ss -tulne` inside one network namespace (misc/ss.c of iproute2, inet_show_sock): to which device what listens is bound
// (SO_BINDTODEVICE, or the scope of a link-local address).
//
//   Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
//   udp   UNCONN 0      0          0.0.0.0%v1:67        0.0.0.0:*    ino:4125606 sk:1012 cgroup:/ <->
//   udp   UNCONN 0      0         0.0.0.0%if5:99        0.0.0.0:*    uid:33 ino:4125613 sk:1013 cgroup:/ <->
//   tcp   LISTEN 0      5                *%v1:92              *:*    ino:4125610 sk:1018 cgroup:/ v6only:0 <->
//   tcp   LISTEN 0      5             [::]%lo:91           [::]:*    ino:4125609 sk:1019 cgroup:/ v6only:1 <->
//
// No link has a name with `%` or `:` in it (dev_valid_name, dev_alloc_name). `if5` is what was bound to index 5, which no link
// has any more. A control group may be called anything but with a newline, so that what counts stands before it (`ino:`) or
// at the very end (`v6only:`, Linux 4.6). TCP and UDP over IPv6 have the same `Netid`.
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export interface BoundDevice {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly inode: number;
  /** Its name; `''`: it is bound to none. */
  readonly device: string;
  /** Of a socket of IPv6: takes nothing of IPv4; absent where it is not told. */
  readonly v6Only?: boolean;
  readonly evidence: Evidence;
}

export function parseBoundDevices(source: Source): Parsed<BoundDevice> {
  const facts: BoundDevice[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const content = source.output.slice(start, end);
    const match = linePattern.exec(content);
    if (!match) {
      if (content.trim() !== '' && !/^Netid +State /.test(content)) {
        unparsable.push(unparsableAt(source, line, content));
      }
      return;
    }
    const [, protocol, device = '', port, inode] = match;
    const v6Only = / v6only:([01])(?: +[<-]-[>-])? *$/.exec(content)?.[1];
    facts.push({
      protocol: protocol as BoundDevice['protocol'],
      port: Number(port),
      inode: Number(inode),
      device,
      ...(v6Only !== undefined && { v6Only: v6Only === '1' }),
      evidence: evidenceAt(source, line),
    });
  });
  return { facts, unparsable };
}

// Netid, State, Recv-Q, Send-Q, local, peer, then `timer:(…)` and `uid:…` where there are any, before `ino:`.
const linePattern =
  /^(tcp|udp) +[A-Z0-9-]+ +\d+ +\d+ +[^ %]+?(?:%([^ %:]+))?:(\d+) +[^ ]+:(?:\*|\d+) +(?:(?:timer:\([^ ]*\)|uid:\d+) +)*ino:(\d+) /;
