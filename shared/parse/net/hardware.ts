// Where the links in /sys/class/net/IFACE/device lead, by `ls -ld` (one line each, GNU and BusyBox alike):
//
//   lrwxrwxrwx 1 root root 0 Nov 24 03:42 /sys/class/net/ens1/device -> ../../../0000:3b:00.0
//   … /sys/class/net/ens1/device/driver -> ../../../../bus/pci/drivers/ixgbe
//   … /sys/class/net/ens1/device/virtfn0 -> ../0000:3b:02.0              a physical function's: each virtual function
//   … /sys/class/net/ens1v0/device/physfn -> ../0000:3b:00.0             a virtual function's: its physical function
//
// (Documentation/PCI/pci-iov-howto.rst.) sysfs shows the interfaces of the network namespace it was mounted in.
import type { Evidence } from '../../model/evidence.ts';
import type { LinkHardware } from '../../model/link.ts';
import { forEachLine } from '../lines.ts';
import { evidenceAt } from '../parsed.ts';
import type { Parsed, Source } from '../parsed.ts';

export interface DeviceHardware {
  readonly device: string;
  readonly hardware: LinkHardware;
}

interface Draft {
  driver?: string;
  device?: string;
  physicalFunction?: string;
  readonly virtualFunctions: { readonly index: number; readonly device: string }[];
  readonly evidence: Evidence[];
}

const linkPattern = /\s\/sys\/class\/net\/([^/\s]+)\/device(?:\/(driver|physfn|virtfn(\d+)))? -> (\S+)$/;

export function parseHardware(source: Source): Parsed<DeviceHardware> {
  const drafts = new Map<string, Draft>();
  forEachLine(source.output, (start, end, line) => {
    const found = linkPattern.exec(source.output.slice(start, end));
    // Other lines are of folders and of links that are not asked for.
    if (!found) return;
    const [, device = '', what, number, target = ''] = found;
    const name = target.slice(target.lastIndexOf('/') + 1);
    if (name === '') return;
    const draft = drafts.get(device) ?? { virtualFunctions: [], evidence: [] };
    drafts.set(device, draft);
    draft.evidence.push(evidenceAt(source, line));
    if (what === undefined) draft.device = name;
    else if (what === 'driver') draft.driver = name;
    else if (what === 'physfn') draft.physicalFunction = name;
    else draft.virtualFunctions.push({ index: Number(number), device: name });
  });
  const facts = [...drafts].map(([device, { virtualFunctions, ...rest }]): DeviceHardware => {
    const functions = virtualFunctions.toSorted((a, b) => a.index - b.index);
    return { device, hardware: { ...rest, ...(functions.length > 0 && { virtualFunctions: functions }) } };
  });
  return { facts, unparsable: [] };
}
