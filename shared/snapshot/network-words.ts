// Network namespaces whose ip did not answer in JSON: told in words (iproute2 before 4.14, BusyBox), or by the files of
// /proc/PID/net alone, where there is no ip. Less is known of them, and that is said.
import { linkId, parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Route } from '../model/route.ts';
import type { Frame } from '../model/transcript.ts';
import { parseAddressText } from '../parse/net/address-text.ts';
import { parseDeviceFiles } from '../parse/net/device-files.ts';
import type { Device } from '../parse/net/device-files.ts';
import { parseRouteText } from '../parse/net/route-text.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import type { ProcessRow } from './process-table.ts';

export interface NetworkInWords {
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
}

/** `listed`: network namespaces whose links are known already. */
export function readNetworkInWords(
  frames: Frames,
  log: FindingLog,
  rows: ReadonlyMap<number, ProcessRow>,
  listed: ReadonlySet<NamespaceId>,
): NetworkInWords {
  const devicesOf = readDevices(frames, log, rows);
  const links: Link[] = [];
  const told = new Map<NamespaceId, Map<string, Link>>();
  for (const [netns, frame] of answered(frames.of('net-text'), listed)) {
    const detailed = / ip -d -s /.test(` ${frame.command}`);
    const devices = new Map((devicesOf.get(netns) ?? []).map((device) => [device.name, device]));
    const { links: read, unparsable } = parseAddressText(frame, netns, { detailed, names: new Set(devices.keys()) });
    log.unparsable(unparsable, netns);
    if (read.length === 0) continue;
    const counted = read.map((link) => withCounters(link, devices.get(link.name)));
    links.push(...counted);
    told.set(netns, new Map(counted.map((link) => [link.name, link])));
    less(log, netns, detailed ? 'net.no-json' : 'net.kinds-not-told', { frame: frame.index, section: frame.section });
  }
  for (const [netns, devices] of devicesOf) {
    if (listed.has(netns) || told.has(netns)) continue;
    for (const device of devices) {
      const link = linkOfDevice(netns, device);
      if (link) links.push(link);
      less(log, netns, link ? 'net.names-only' : 'net.index-not-told', device.evidence[0], device.name);
    }
  }
  const routes: Route[] = [];
  for (const [netns, frame] of answered(frames.of('route-text'), listed)) {
    const { facts, unparsable } = parseRouteText(frame, netns, (name) => told.get(netns)?.get(name)?.id);
    log.unparsable(unparsable, netns);
    routes.push(...facts);
  }
  return { links, routes };
}

type Less = 'net.no-json' | 'net.kinds-not-told' | 'net.names-only' | 'net.index-not-told';

function less(
  log: FindingLog,
  netns: NamespaceId,
  rule: Less,
  at: Link['evidence'][number] | undefined,
  name?: string,
): void {
  log.add({
    rule,
    kind: 'not-supported',
    subject: netns,
    ...(name !== undefined && { example: name }),
    evidence: at ? [at] : [],
  });
}

function answered(frames: readonly Frame[], listed: ReadonlySet<NamespaceId>): ReadonlyMap<NamespaceId, Frame> {
  const last = new Map<NamespaceId, Frame>();
  for (const frame of frames.toSorted((a, b) => a.index - b.index)) {
    const netns = parseNamespaceId(frame.key);
    if (netns?.kind === 'net' && frame.output.trim() !== '' && !listed.has(netns.id)) last.set(netns.id, frame);
  }
  return last;
}

function readDevices(
  frames: Frames,
  log: FindingLog,
  rows: ReadonlyMap<number, ProcessRow>,
): ReadonlyMap<NamespaceId, readonly Device[]> {
  const found = new Map<NamespaceId, readonly Device[]>();
  for (const frame of frames.of('net-files')) {
    const { devices, unparsable } = parseDeviceFiles(frame);
    log.unparsable(unparsable);
    for (const [pid, list] of devices) {
      const inside = parseNamespaceId(frame.key);
      const netns =
        pid === undefined ? (inside?.kind === 'net' ? inside.id : undefined) : rows.get(pid)?.namespaces.net;
      if (netns !== undefined && !found.has(netns)) found.set(netns, list);
    }
  }
  return found;
}

const withCounters = (link: Link, device: Device | undefined): Link =>
  link.counters !== undefined || device?.counters === undefined
    ? link
    : { ...link, counters: device.counters, evidence: [...link.evidence, ...device.evidence.slice(0, 1)] };

/** Undefined where no file tells its index. */
export function linkOfDevice(
  netns: NamespaceId,
  { name, ifindex, counters, addresses, evidence }: Device,
): Link | undefined {
  if (ifindex === undefined) return undefined;
  return {
    id: linkId(netns, ifindex),
    netns,
    ifindex,
    name,
    // net/core/dev.c gives this name to the loopback device alone, and its index is 1 in every network namespace.
    kind: name === 'lo' && ifindex === 1 ? 'loopback' : 'unknown',
    operState: 'UNKNOWN',
    flags: [],
    mtu: 0,
    altNames: [],
    addresses,
    data: {},
    ...(counters && { counters }),
    evidence,
  };
}
