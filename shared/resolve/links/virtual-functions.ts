// SR-IOV: which interface is a virtual function of which NIC, wherever it was moved to. The NIC's folder in sysfs lists
// the bus addresses of its virtual functions (virtfn0 …), a virtual function's that of its NIC (physfn), and ip tells the bus
// address behind every interface (parentdev), in every network namespace. An address means one device on a host.
//
// ip older than 5.14 does not tell it: then sysfs's own name of the interface has to do, which is inferred, as it is known of
// the collector's network namespace only if that is the one sysfs was mounted in. A device with several ports (several
// interfaces at one address) leaves open which of them is meant: ambiguous.
import type { Link } from '../../model/link.ts';
import type { Relation } from '../../model/relation.ts';
import { grouped, type Pass } from '../known.ts';
import { relation } from '../relation.ts';

export const virtualFunctions: Pass = {
  name: 'virtual functions',
  run: (known) => {
    const placed = known.entities.links.filter((link) => addressOf(link) !== undefined);
    const at = grouped(placed, (link) => addressOf(link) ?? '');
    const found = new Map<string, Relation>();
    const relate = (functions: readonly Link[], nics: readonly Link[], said: Link): void => {
      for (const vf of functions) {
        for (const nic of nics) {
          if (vf === nic) continue;
          const byNetlink = vf.parentDevice !== undefined && nic.parentDevice !== undefined;
          const one = relation('vf-of', vf.id, nic.id, {
            certainty: nics.length > 1 ? 'ambiguous' : byNetlink ? 'certain' : 'inferred',
            rule: nics.length > 1 ? 'vf.several-ports' : byNetlink ? 'vf.bus-address' : 'vf.sysfs-name',
            evidence: [...vf.evidence, ...nic.evidence, ...(said.hardware?.evidence ?? [])],
          });
          if (!found.has(one.id)) found.set(one.id, one);
        }
      }
    };
    for (const link of known.entities.links) {
      const { hardware } = link;
      if (!hardware) continue;
      if (hardware.physicalFunction !== undefined) relate([link], at.get(hardware.physicalFunction) ?? [], link);
      for (const { device } of hardware.virtualFunctions ?? []) {
        relate(at.get(device) ?? [], at.get(addressOf(link) ?? '') ?? [], link);
      }
    }
    return { relations: [...found.values()] };
  },
};

const addressOf = (link: Link): string | undefined => link.parentDevice ?? link.hardware?.device;
