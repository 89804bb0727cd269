// /proc/PID/net/ip_vs (net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_info_seq_show) through `grep -aH`, numbers in hex but weights
// and counts; the kernel prints it to everybody:
//
//   /proc/9/net/ip_vs:IP Virtual Server version 1.2.1 (size=4096)
//   /proc/9/net/ip_vs:Prot LocalAddress:Port Scheduler Flags
//   /proc/9/net/ip_vs:  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
//   /proc/9/net/ip_vs:TCP  0A600001:01BB rr persistent 10800 FFFFFFFF
//   /proc/9/net/ip_vs:  -> C0A80102:1917      Masq    1      0          0
//   /proc/9/net/ip_vs:UDP  [FD00:0000:0000:0000:0000:0000:0000:000A]:0035 rr
//   /proc/9/net/ip_vs:FWM  00000001 wlc
import type { RealServer, VirtualService } from '../model/virtual-service.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';
import { formatIpv6 } from './sockets.ts';

export interface VirtualServiceOf extends Omit<VirtualService, 'netns'> {
  /** Whose /proc/PID/net it was. */
  readonly pid: number;
}

type Draft = Omit<VirtualServiceOf, 'servers'> & { readonly servers: RealServer[] };

export function parseVirtualServices(source: Source): Parsed<VirtualServiceOf> {
  const facts: Draft[] = [];
  const bad: Unparsable[] = [];
  let open: Draft | undefined;
  const unparsable = forEachProcLine(source, (current) => {
    if (!current.isFile('net/ip_vs')) return;
    const { pid, line, content } = current;
    if (open?.pid !== pid) open = undefined;
    if (titles.test(content)) return;
    const server = serverLine.exec(content);
    const at = evidenceAt(source, line);
    if (!server) {
      const service = serviceOf(content);
      open = service && { pid, ...service, servers: [], evidence: at };
      if (open) facts.push(open);
      else bad.push(unparsableAt(source, line, content));
      return;
    }
    const end = endOf(server[1] ?? '');
    const forwarding = forwardings.find((one) => one === server[2]);
    if (open && end && forwarding) open.servers.push({ ...end, forwarding, weight: Number(server[3]), evidence: at });
    else bad.push(unparsableAt(source, line, content));
  });
  return { facts, unparsable: [...unparsable, ...bad] };
}

const titles = /^(IP Virtual Server version |Prot LocalAddress:Port|  -> RemoteAddress:Port)/;
const serviceLine = /^(TCP|UDP|SCTP) +(\S+) (\S+)/;
const markLine = /^FWM +([0-9A-F]{8}) (\S+)/;
const serverLine = /^ {2}-> (\S+) +(\w+) +(-?\d{1,10}) +\d+ +\d+ *$/;
const forwardings = ['Masq', 'Local', 'Tunnel', 'Route'] as const;

function serviceOf(content: string): Pick<VirtualService, 'of' | 'scheduler'> | undefined {
  const mark = markLine.exec(content);
  if (mark) return { of: { mark: parseInt(mark[1] ?? '', 16) }, scheduler: mark[2] ?? '' };
  const [, name, where = '', scheduler = ''] = serviceLine.exec(content) ?? [];
  const protocol = (['tcp', 'udp', 'sctp'] as const).find((one) => one.toUpperCase() === name);
  const end = endOf(where);
  return protocol && end && { of: { protocol, ...end }, scheduler };
}

/** `0A600001:01BB`, `[FD00:0000:…:000A]:0035` */
function endOf(text: string): { readonly address: string; readonly port: number } | undefined {
  const [, four, six, port = ''] = /^(?:([0-9A-F]{8})|\[([0-9A-Fa-f:]{39})\]):([0-9A-F]{4})$/.exec(text) ?? [];
  const digits = four ?? six?.replaceAll(':', '') ?? '';
  const bytes = (digits.match(/../g) ?? []).map((byte) => parseInt(byte, 16));
  if (bytes.length !== 4 && bytes.length !== 16) return undefined;
  return { address: four === undefined ? formatIpv6(bytes) : bytes.join('.'), port: parseInt(port, 16) };
}
