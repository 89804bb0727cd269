// What /proc/PID/net (or /proc/net inside) says of devices, without any tool: names, counters, IPv6 addresses, and an index
// wherever one stands beside a name. For hosts whose ip is missing, or tells less.
//
//   /proc/9/net/dev:  eth0: 1296 16 0 0 0 0 0 0 648 8 0 0 0 0 0 0         net/core/net-procfs.c, dev_seq_printf_stats
//   /proc/9/net/if_inet6:fe80000000000000…0001 0f 40 20 80     eth0       net/ipv6/addrconf.c: address, index, prefix length,
//                                                                         scope, flags (all hexadecimal), name
//   /proc/9/net/igmp:15	eth0      :     1      V3                         net/ipv4/igmp.c: devices that are up
//   /proc/9/net/igmp6:15   eth0            ff0200…0001     1 …            net/ipv6/mcast.c: devices with IPv6
//   /proc/9/net/dev_mcast:15   eth0            1     0     01005e000001   net/core/net-procfs.c
//
// No IPv4 address stands beside a name in any of them, no kind, no other end. iproute2 tells all of it.
import type { Address, LinkCounters } from '../../model/link.ts';
import type { Evidence } from '../../model/evidence.ts';
import { evidenceAt, unparsableAt } from '../parsed.ts';
import type { Source, Unparsable } from '../parsed.ts';
import { formatIpv6 } from '../sockets.ts';

export interface Device {
  readonly name: string;
  /** Stands in none of the files for a device that is down and has no IPv6. */
  readonly ifindex: number | undefined;
  readonly counters: LinkCounters | undefined;
  readonly addresses: readonly Address[];
  readonly evidence: readonly Evidence[];
}

export interface DeviceFiles {
  /** By PID of the path; `undefined`: asked inside. */
  readonly devices: ReadonlyMap<number | undefined, readonly Device[]>;
  readonly unparsable: readonly Unparsable[];
}

type Draft = { -readonly [K in keyof Device]: Device[K] };

export function parseDeviceFiles(source: Source): DeviceFiles {
  const found = new Map<number | undefined, Map<string, Draft>>();
  const unparsable: Unparsable[] = [];
  source.output.split('\n').forEach((line, at) => {
    const match = /^\/proc\/(?:(\d+)\/(?:task\/\d+\/)?)?net\/(dev|if_inet6|igmp6?|dev_mcast):(.*)$/.exec(line);
    if (!match && isRoute.test(line)) return;
    if (!match) {
      if (line !== '') unparsable.push(unparsableAt(source, at + 1, line));
      return;
    }
    const [, pid, file = '', text = ''] = match;
    const fact = readers[file]?.(text);
    if (fact === 'nothing') return;
    if (!fact) return void unparsable.push(unparsableAt(source, at + 1, line));
    const of = pid === undefined ? undefined : Number(pid);
    const devices = found.get(of) ?? new Map<string, Draft>();
    found.set(of, devices);
    const device = devices.get(fact.name) ?? { ...none, name: fact.name };
    devices.set(fact.name, device);
    device.ifindex ??= fact.ifindex;
    device.counters ??= fact.counters;
    if (fact.address) device.addresses = [...device.addresses, fact.address];
    if (fact.counters ?? fact.address) device.evidence = [...device.evidence, evidenceAt(source, at + 1)];
  });
  return { devices: new Map([...found].map(([of, devices]) => [of, [...devices.values()]])), unparsable };
}

/** In the same answer; read by route-files.ts. */
const isRoute = /^\/proc\/\d+\/(?:task\/\d+\/)?net\/(?:ipv6_)?route:/;

const none = { ifindex: undefined, counters: undefined, addresses: [], evidence: [] };

interface Fact {
  readonly name: string;
  readonly ifindex?: number;
  readonly counters?: LinkCounters;
  readonly address?: Address;
}

const readers: Readonly<Record<string, (text: string) => Fact | 'nothing' | undefined>> = {
  dev: (text) => {
    if (/^(Inter-| face )/.test(text)) return 'nothing';
    // A name has no colon and no blank in it.
    const match = /^ *([^\s:]+): *([\d ]+)$/.exec(text);
    const n = (match?.[2] ?? '').trim().split(/ +/).map(Number);
    if (match?.[1] === undefined || n.length < 16) return undefined;
    const counter = (at: number): number => n[at] ?? 0;
    return {
      name: match[1],
      counters: {
        rxBytes: counter(0),
        rxPackets: counter(1),
        rxErrors: counter(2),
        rxDropped: counter(3),
        txBytes: counter(8),
        txPackets: counter(9),
        txErrors: counter(10),
        txDropped: counter(11),
      },
    };
  },
  if_inet6: (text) => {
    const match = /^([0-9a-f]{32}) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) [0-9a-f]+ +(\S+)$/.exec(text);
    if (!match) return undefined;
    const [, address = '', index = '', length = '', scope = '', name = ''] = match;
    return {
      name,
      ifindex: parseInt(index, 16),
      address: {
        family: 'inet6',
        local: formatIpv6([...address.matchAll(/../g)].map(([byte]) => parseInt(byte, 16))),
        prefixLength: parseInt(length, 16),
        scope: scopes[parseInt(scope, 16)] ?? 'global',
        dynamic: false,
      },
    };
  },
  igmp: (text) => {
    if (/^Idx|^\t/.test(text)) return 'nothing';
    const match = /^(\d+)\t([^\s:]+) *:/.exec(text);
    return match?.[2] === undefined ? undefined : { name: match[2], ifindex: Number(match[1]) };
  },
  igmp6: (text) => indexed(text),
  dev_mcast: (text) => indexed(text),
};

function indexed(text: string): Fact | undefined {
  const match = /^(\d+) +(\S+) /.exec(text);
  return match?.[2] === undefined ? undefined : { name: match[2], ifindex: Number(match[1]) };
}

/** include/net/ipv6.h, IPV6_ADDR_LOOPBACK, _LINKLOCAL, _SITELOCAL; 0 is global. */
const scopes: Readonly<Record<number, string>> = { 0x10: 'host', 0x20: 'link', 0x40: 'site' };
