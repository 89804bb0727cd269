// What /proc/PID/net tells of the network namespaces that no link of /proc/PID/ns leads to: names, counters, IPv6 addresses
// and routes of their links, an index where one stands beside a name. No kinds and no other ends, so that nothing is
// connected by it. Sockets come with those of the others (socket-table.ts).
import type { ClosedNetnsId, LinkId, NamespaceId, RouteId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { ProcNet } from '../model/namespace.ts';
import type { Route } from '../model/route.ts';
import { parseDeviceFiles } from '../parse/net/device-files.ts';
import { parseLocalAddresses, parseRouteFiles } from '../parse/net/route-files.ts';
import type { RouteLine } from '../parse/net/route-files.ts';
import { filesAtLineLimit } from '../parse/line-limit.ts';
import type { ClosedNetns } from './closed-processes.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import { linkOfDevice } from './network-words.ts';
import type { ProcessRow } from './process-table.ts';

export interface ClosedNetworks {
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  readonly procNet: ReadonlyMap<NamespaceId, ProcNet>;
}

export function readClosedNetworks(
  frames: Frames,
  log: FindingLog,
  rows: ReadonlyMap<number, ProcessRow>,
  closed: readonly ClosedNetns[],
  byteOrder: 'little' | 'big',
): ClosedNetworks {
  const ids = new Set<NamespaceId | undefined>(closed.map(({ id }) => id));
  const netnsOf = (pid: number | undefined): ClosedNetnsId | undefined => {
    const netns = pid === undefined ? undefined : rows.get(pid)?.namespaces.net;
    return ids.has(netns) ? (netns as ClosedNetnsId) : undefined;
  };
  const links: Link[] = [];
  const read = new Set<NamespaceId>();
  const routes: Route[] = [];
  const addresses = new Map<NamespaceId, ProcNet['localAddresses'][number][]>();
  for (const frame of frames.of('closed-net')) {
    const { devices, unparsable } = parseDeviceFiles(frame);
    log.unparsable(unparsable);
    const byName = new Map<string, LinkId>();
    for (const [pid, list] of devices) {
      const netns = netnsOf(pid);
      if (netns === undefined) continue;
      read.add(netns);
      for (const device of list) {
        const link = linkOfDevice(netns, device);
        if (link) {
          links.push(link);
          byName.set(`${netns} ${device.name}`, link.id);
        } else {
          const evidence = device.evidence.slice(0, 1);
          log.add({
            rule: 'closed-net.index-not-told',
            kind: 'not-permitted',
            subject: netns,
            example: device.name,
            evidence,
          });
        }
      }
    }
    const told = parseRouteFiles(frame, byteOrder);
    log.unparsable(told.unparsable);
    routes.push(
      ...withIds(
        told.facts.flatMap((line) => {
          const netns = netnsOf(line.pid);
          return netns === undefined ? [] : [{ netns, line, link: byName.get(`${netns} ${line.device}`) }];
        }),
      ),
    );
    for (const { path, lines, evidence } of filesAtLineLimit(frame, frame.command)) {
      const subject = netnsOf(Number(/^\/proc\/(\d+)\//.exec(path)?.[1])) ?? 'host';
      log.add({
        rule: 'closed-net.cut',
        kind: 'too-large',
        subject,
        values: { lines },
        example: path,
        evidence: [evidence],
      });
    }
  }
  for (const { id, evidence } of closed.filter(({ id: one }) => !read.has(one)))
    log.add({ rule: 'closed-net.not-read', kind: 'too-large', subject: id, evidence: [evidence] });
  for (const frame of frames.of('closed-addresses')) {
    const { facts, unparsable } = parseLocalAddresses(frame);
    log.unparsable(unparsable);
    for (const { pid, address, evidence } of facts) {
      const netns = netnsOf(pid);
      if (netns === undefined) continue;
      const known = addresses.get(netns);
      if (known) known.push({ address, evidence });
      else addresses.set(netns, [{ address, evidence }]);
    }
  }
  return {
    links,
    routes,
    procNet: new Map(closed.map(({ id, devInode }) => [id, { devInode, localAddresses: addresses.get(id) ?? [] }])),
  };
}

interface Placed {
  readonly netns: NamespaceId;
  readonly line: RouteLine;
  readonly link: LinkId | undefined;
}

/** ipv6_route may have the same line twice: for two tables. */
function withIds(lines: readonly Placed[]): readonly Route[] {
  const seen = new Map<string, number>();
  return lines.map(({ netns, line: { pid: _, evidence, ...told }, link }) => {
    const { family, table, type, destination, gateway, device, metric } = told;
    const parts = [family, table, type, destination, gateway ?? '-', device ?? '-', metric ?? '-'];
    const id = `route:${netns} ${parts.join(' ')}`;
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return {
      id: (count > 1 ? `${id} #${count}` : id) as RouteId,
      netns,
      ...told,
      ...(link !== undefined && { link }),
      evidence: [evidence],
    };
  });
}
