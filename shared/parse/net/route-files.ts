// Routes and local addresses as /proc/PID/net tells them, to everybody and without a tool.
//
//   /proc/9/net/route:eth0	0000A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0        net/ipv4/fib_trie.c,
//                     name, destination, gateway, flags, references, uses, metric, mask, MTU …   fib_route_seq_show
//   /proc/9/net/ipv6_route:fe800000…00 40 00000000…00 00 00000000…00 00000100 00000001 00000000 00000001     eth0
//                     destination, length, source, length, next hop, metric, references, uses, flags, name
//                                                                               net/ipv6/route.c, rt6_info… ipv6_route_native
//   /proc/9/net/fib_trie-              |-- 10.9.0.2              net/ipv4/fib_trie.c, fib_trie_seq_show; by grep -B
//   /proc/9/net/fib_trie:                 /32 host LOCAL
//
// route has the IPv4 routes of table main, of several next hops only the first. ipv6_route has those of every table and
// does not say of which. No file says which device an IPv4 address is on. Words of memory are printed as in tcp (sockets.ts).
import type { Evidence } from '../../model/evidence.ts';
import { forEachLine } from '../lines.ts';
import { evidenceAt, unparsableAt } from '../parsed.ts';
import type { Parsed, Source, Unparsable } from '../parsed.ts';
import { formatIpv6 } from '../sockets.ts';

export interface RouteLine {
  readonly pid: number;
  readonly family: 'inet' | 'inet6';
  /** `unspec`: not told. */
  readonly table: 'main' | 'local' | 'unspec';
  /** `reject`: which of blackhole, unreachable and prohibit is not told; `unspec`: nor whether it is one of them. */
  readonly type: 'unicast' | 'multicast' | 'local' | 'anycast' | 'reject' | 'unspec';
  readonly destination: string;
  /** IPv6: only for what has a source in this prefix. */
  readonly from?: string;
  readonly gateway?: string;
  readonly device?: string;
  readonly metric?: number;
  readonly evidence: Evidence;
}

export interface LocalAddress {
  readonly pid: number;
  readonly address: string;
  readonly evidence: Evidence;
}

/** include/uapi/linux/route.h and ipv6_route.h. */
const gatewayFlag = 0x2;
const rejectFlag = 0x200;
const anycastFlag = 0x100000;
const localFlag = 0x80000000;

export function parseRouteFiles(source: Source, byteOrder: 'little' | 'big' = 'little'): Parsed<RouteLine> {
  const facts: RouteLine[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const match = /^\/proc\/(\d+)\/(?:task\/\d+\/)?net\/(route|ipv6_route):(.*)$/.exec(source.output.slice(start, end));
    if (!match) return;
    const [, pid, file, text = ''] = match;
    const route = file === 'route' ? readRoute(text, byteOrder) : readRoute6(text);
    if (route === 'nothing') return;
    if (route) facts.push({ ...route, pid: Number(pid), evidence: evidenceAt(source, line) });
    else unparsable.push(unparsableAt(source, line, text));
  });
  return { facts, unparsable };
}

type Told = Omit<RouteLine, 'pid' | 'evidence'> | 'nothing' | undefined;

function readRoute(text: string, byteOrder: 'little' | 'big'): Told {
  if (text.startsWith('Iface\t')) return 'nothing';
  const [device = '', destination, gateway, flags, , , metric, mask] = text.trimEnd().split('\t');
  const to = readIpv4(destination, byteOrder);
  const via = readIpv4(gateway, byteOrder);
  const length = prefixLengthOf(readIpv4(mask, byteOrder));
  const bits = hexOf(flags);
  if (device === '' || !to || !via || length === undefined || bits === undefined) return undefined;
  return {
    family: 'inet',
    table: 'main',
    type: (bits & rejectFlag) !== 0 ? 'reject' : device === '*' ? 'unspec' : 'unicast',
    destination: length === 0 ? 'default' : prefix(to.join('.'), length, 32),
    ...((bits & gatewayFlag) !== 0 && { gateway: via.join('.') }),
    ...(device !== '*' && { device }),
    ...(Number(metric) > 0 && { metric: Number(metric) }),
  };
}

function readRoute6(text: string): Told {
  const fields = text.trim().split(/ +/);
  const [to = '', toLength = '', of = '', ofLength = '', via = '', metricText, , , flagsText, device = ''] = fields;
  const address = readIpv6(to);
  const source = readIpv6(of);
  const gateway = readIpv6(via);
  const flags = hexOf(flagsText);
  const metric = hexOf(metricText);
  if (fields.length !== 10 || !address || !source || !gateway || flags === undefined || metric === undefined)
    return undefined;
  if (![toLength, ofLength].every((one) => /^[0-9a-f]{2}$/.test(one))) return undefined;
  const [length, from] = [parseInt(toLength, 16), parseInt(ofLength, 16)];
  const has = (flag: number): boolean => Math.floor(flags / flag) % 2 === 1;
  // The entry at the root of every table, where no other fits.
  if (has(rejectFlag) && metric === 0xffffffff) return 'nothing';
  const type = has(localFlag)
    ? 'local'
    : has(anycastFlag)
      ? 'anycast'
      : has(rejectFlag)
        ? 'reject'
        : to.startsWith('ff')
          ? 'multicast'
          : 'unicast';
  return {
    family: 'inet6',
    table: type === 'local' || type === 'anycast' ? 'local' : 'unspec',
    type,
    destination: length === 0 ? 'default' : prefix(address, length, 128),
    ...(from > 0 && { from: prefix(source, from, 128) }),
    ...(has(gatewayFlag) && { gateway }),
    device,
    metric,
  };
}

/** iproute2 leaves the length of a whole address out. */
const prefix = (address: string, length: number, whole: number): string =>
  length === whole ? address : `${address}/${length}`;

const hexOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^[0-9a-fA-F]{1,8}$/.test(text) ? parseInt(text, 16) : undefined;

function readIpv4(text: string | undefined, byteOrder: 'little' | 'big'): readonly number[] | undefined {
  if (text === undefined || !/^[0-9A-F]{8}$/.test(text)) return undefined;
  const bytes = [0, 2, 4, 6].map((at) => parseInt(text.slice(at, at + 2), 16));
  return byteOrder === 'little' ? bytes.reverse() : bytes;
}

const readIpv6 = (text: string): string | undefined =>
  /^[0-9a-f]{32}$/.test(text) ? formatIpv6([...text.matchAll(/../g)].map(([byte]) => parseInt(byte, 16))) : undefined;

function prefixLengthOf(mask: readonly number[] | undefined): number | undefined {
  const bits = mask?.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits !== undefined && /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

/** Each once for each process; where rules were never changed, tables main and local are printed as one, twice. */
export function parseLocalAddresses(source: Source): Parsed<LocalAddress> {
  const facts: LocalAddress[] = [];
  const unparsable: Unparsable[] = [];
  const seen = new Set<string>();
  let leaf: LocalAddress | undefined;
  forEachLine(source.output, (start, end, line) => {
    const text = source.output.slice(start, end);
    if (text === '--') leaf = undefined;
    const match = /^\/proc\/(\d+)\/(?:task\/\d+\/)?net\/fib_trie[-:](.*)$/.exec(text);
    if (!match) {
      if (text !== '' && text !== '--') unparsable.push(unparsableAt(source, line, text));
      return;
    }
    const [, pid = '', rest = ''] = match;
    const address = /^ +\|-- ([\d.]+)$/.exec(rest)?.[1];
    if (address !== undefined) leaf = { pid: Number(pid), address, evidence: evidenceAt(source, line) };
    if (!/^ +\/32 host LOCAL$/.test(rest)) return;
    const key = `${pid} ${leaf?.address}`;
    if (leaf?.pid === Number(pid) && !seen.has(key)) facts.push(leaf);
    seen.add(key);
  });
  return { facts, unparsable };
}
