// What questions of their own say about links that `ip` had listed: forwarding entries, VLANs of ports, WireGuard's peers,
// the hardware behind an interface. A link is found by its name in the network namespace that was asked; what names none
// that was listed belongs to one that came or went, and is left out.
import type { NamespaceId } from '../model/id.ts';
import type { ForwardingEntry, Link, PortVlan } from '../model/link.ts';
import type { Frame } from '../model/transcript.ts';
import { parseForwarding, type DeviceEntry } from '../parse/net/bridge-fdb.ts';
import { parseBridgeVlans } from '../parse/net/bridge-vlan.ts';
import { parseHardware } from '../parse/net/hardware.ts';
import { causeOf } from '../parse/refusals.ts';
import { parseWireGuard } from '../parse/net/wireguard.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';

/** A switch may have learned hundreds of thousands; a person reads some. */
const mostEntries = 1000;

type Details = Partial<Pick<Link, 'forwarding' | 'vlans' | 'wireGuardPeers' | 'wireGuardPort' | 'hardware'>>;
type Answers = (section: string) => Iterable<readonly [NamespaceId, Frame]>;

export function withDetails(
  links: readonly Link[],
  frames: Frames,
  log: FindingLog,
  answers: Answers,
): readonly Link[] {
  const details = new Map<string, Details>();
  const add = (netns: NamespaceId, device: string, more: Details): void => {
    const key = `${netns} ${device}`;
    details.set(key, { ...details.get(key), ...more });
  };
  const own = new Set(links.map(({ netns, name, mac }) => `${netns} ${name} ${mac ?? ''}`));
  const isOwn = (netns: NamespaceId, { device, entry }: DeviceEntry): boolean =>
    isKept(entry) && own.has(`${netns} ${device} ${entry.mac}`);
  const forwarding = readForwarding(answers, log, add, isOwn);
  readVlans(answers, log, add);
  readWireGuard(answers, log, add);
  readHardware(frames, add);
  if (details.size === 0 && forwarding.size === 0) return links;
  return links.map((link) => {
    const more = details.get(`${link.netns} ${link.name}`);
    const hasTable = link.kind === 'vxlan' || link.portKind === 'bridge';
    const empty: Details = hasTable && forwarding.has(link.netns) ? { forwarding: [] } : {};
    if (!more) return empty.forwarding ? { ...link, ...empty } : link;
    const { hardware, ...rest } = more;
    // sysfs may be another network namespace's: an interface of the same name is then another device.
    const fits = hardware && (link.parentDevice === undefined || link.parentDevice === hardware.device);
    // netvsc's may be told to be tun (WSL 2): what is on a bus, with a driver, is no device of /dev/net/tun.
    const onBus = link.parentDevice !== undefined && hardware?.driver !== undefined;
    const isHardware = fits && (link.kind === 'physical' || (link.kind === 'tun' && onBus));
    return { ...link, ...empty, ...rest, ...(isHardware && { kind: 'physical', hardware }) };
  });
}

type Add = (netns: NamespaceId, device: string, more: Details) => void;

/** The network namespaces that were asked. That a bridge keeps what is for its own and its ports' addresses goes without saying. */
function readForwarding(
  answers: Answers,
  log: FindingLog,
  add: Add,
  isOwn: (netns: NamespaceId, entry: DeviceEntry) => boolean,
): ReadonlySet<NamespaceId> {
  const asked = new Set<NamespaceId>();
  for (const [netns, frame] of answers('fdb')) {
    if (frame.status === 0) asked.add(netns);
    const { facts, unparsable } = parseForwarding(frame);
    log.unparsable(unparsable, netns);
    const byDevice = new Map<string, ForwardingEntry[]>();
    for (const fact of facts) {
      const { device, entry } = fact;
      if (isOwn(netns, fact)) continue;
      const entries = byDevice.get(device);
      if (entries) entries.push(entry);
      else byDevice.set(device, [entry]);
    }
    for (const [device, entries] of byDevice) {
      if (entries.length > mostEntries) tooLarge(log, netns, frame);
      add(netns, device, { forwarding: entries.slice(0, mostEntries) });
    }
  }
  return asked;
}

const isKept = ({ state, destination }: ForwardingEntry): boolean => state === 'permanent' && destination === undefined;

function tooLarge(log: FindingLog, netns: NamespaceId, frame: Frame): void {
  const evidence = { frame: frame.index, section: frame.section };
  const values = { section: frame.section };
  log.add({
    rule: 'section.too-large',
    kind: 'too-large',
    cause: frame.section,
    subject: netns,
    values,
    evidence: [evidence],
  });
}

function readVlans(answers: Answers, log: FindingLog, add: Add): void {
  for (const [netns, frame] of answers('bridge-vlan')) {
    const { facts, unparsable } = parseBridgeVlans(frame);
    log.unparsable(unparsable, netns);
    const byDevice = new Map<string, PortVlan[]>();
    for (const { device, vlan } of facts) {
      const vlans = byDevice.get(device);
      if (vlans) vlans.push(vlan);
      else byDevice.set(device, [vlan]);
    }
    for (const [device, vlans] of byDevice) add(netns, device, { vlans });
  }
}

function readWireGuard(answers: Answers, log: FindingLog, add: Add): void {
  for (const [netns, frame] of answers('wireguard')) {
    const { facts, unparsable } = parseWireGuard(frame);
    log.unparsable(unparsable, netns);
    // What wg was refused of one interface it says on standard error, and goes on.
    const refused = frame.stderr === '' || frame.status !== 0 ? undefined : causeOf(frame.stderr);
    if (refused !== undefined) {
      const evidence = { frame: frame.index, section: frame.section };
      log.add({
        rule: `section.${refused}`,
        kind: refused,
        cause: frame.section,
        subject: netns,
        values: { section: frame.section },
        example: frame.stderr.split('\n')[0] ?? '',
        evidence: [evidence],
      });
    }
    for (const { device, listenPort, peers } of facts) {
      add(netns, device, {
        wireGuardPeers: peers,
        ...(listenPort !== undefined && { wireGuardPort: listenPort }),
      });
    }
  }
}

/** sysfs is read once, where the collector is: the network namespace that was asked without entering any. */
function readHardware(frames: Frames, add: Add): void {
  const own = frames.of('net').find((frame) => !frame.command.startsWith('nsenter '))?.key as NamespaceId | undefined;
  if (own === undefined) return;
  for (const frame of frames.of('hardware')) {
    for (const { device, hardware } of parseHardware(frame).facts) add(own, device, { hardware });
  }
}
