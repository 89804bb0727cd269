// Which tap or tun device a process serves, by what it holds open.
//
// fdinfo's `iff:` tells the name of the device a descriptor is attached to, not its network namespace (that takes an
// ioctl, TUNGETDEVNETNS), and every rootless user has a `tap0`. `nsenter -t PID -N FD`, by root, tells where the
// descriptor was opened (SIOCGSKNS): there its device was made or found (tun_set_iff), and there it still is unless
// somebody moved it: seen on Linux 6.18, the answer stays the same then. So:
//   - the device of that name in the network namespace the descriptor was opened in: certain when everything was seen,
//     it has to have a server, nobody else holds one of that name that was opened there, and no device of that name
//     elsewhere lacks a server; else inferred. (Two that were moved to each other's place and took each other's name
//     would be taken for one another.)
//   - opened where nobody could look: the device is in there, none that was seen is it;
//   - the only device of that name, when everything was seen, it has to have a server and one process holds it: certain;
//   - not told where it was opened, and a device of that name where the process is (OpenVPN, QEMU): inferred, unless
//     elsewhere one of that name has to have a server, and this holder may be it;
//   - else the one that is left: inferred; or each of them: ambiguous.
import type { TunHolder } from '../../model/entities.ts';
import type { Certainty } from '../../model/evidence.ts';
import type { EntityId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import type { Relation } from '../../model/relation.ts';
import { isFullySeen } from '../fully-seen.ts';
import { isListed, onlyOne, type Known } from '../known.ts';
import { relation } from '../relation.ts';
import type { LinkingRule } from '../rules.ts';

export const isTun = (link: Link): boolean => link.kind === 'tun';

/** `served`: devices whose server is known otherwise. */
export function heldDevices(
  holders: readonly TunHolder[],
  served: ReadonlySet<EntityId>,
  known: Known,
): readonly Relation[] {
  const everything = isFullySeen(known);
  return holders.flatMap((holder) => ofHolder(holder, served, known, everything));
}

function ofHolder(
  holder: TunHolder,
  served: ReadonlySet<EntityId>,
  known: Known,
  everything: boolean,
): readonly Relation[] {
  const { entities, index } = known;
  const process = index.process.get(holder.process);
  const { interfaceName, netns: opened } = holder;
  if (!process || interfaceName === undefined) return [];
  const serves = (device: Link, certainty: Certainty, rule: LinkingRule): Relation =>
    relation('served-by', device.id, process.id, {
      certainty,
      rule,
      evidence: [...holder.evidence, ...device.evidence],
    });
  const devices = entities.links.filter((link) => isTun(link) && link.name === interfaceName && mayHaveServer(link));
  const rivals = entities.tunHolders.filter(
    (other) => other.interfaceName === interfaceName && other.process !== holder.process,
  );
  const home = opened ?? process.namespaces.net;
  const here = onlyOne(devices.filter((device) => device.netns === home));
  if (opened !== undefined && !here && !isListed(index, opened)) return [];
  const hasHolderAtHome = (device: Link): boolean =>
    rivals.some((other) => (other.netns ?? index.process.get(other.process)?.namespaces.net) === device.netns);
  const explained = (device: Link): boolean => served.has(device.id) || hasHolderAtHome(device);
  const unexplained = devices.some((device) => device !== here && mustHaveServer(device) && !explained(device));
  if (opened !== undefined && here && !unexplained) {
    const alone = rivals.every((other) => other.netns !== undefined && other.netns !== opened);
    const certain = everything && alone && mustHaveServer(here);
    return [serves(here, certain ? 'certain' : 'inferred', 'tap.descriptor-netns')];
  }
  const [first] = devices;
  if (devices.length === 1 && first && everything && rivals.length === 0 && mustHaveServer(first)) {
    return [serves(first, 'certain', 'tap.only-one-of-its-name')];
  }
  if (here && !unexplained) return [serves(here, 'inferred', 'tap.holder-same-netns')];
  if (devices.length === 1 && first) return [serves(first, 'inferred', 'tap.only-seen-of-its-name')];
  return devices.map((device) => serves(device, 'ambiguous', 'tap.several-of-its-name'));
}

/** The carrier is on for as long as somebody holds the device open (drivers/net/tun.c, tun_attach and tun_detach). */
export const mayHaveServer = ({ flags }: Link): boolean => !flags.includes('UP') || flags.includes('LOWER_UP');

/** One that does not persist is gone when nobody holds it open any more. */
const mustHaveServer = (link: Link): boolean => link.data['persist'] === false || link.flags.includes('LOWER_UP');
