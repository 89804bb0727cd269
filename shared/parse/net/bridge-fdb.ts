// The answer of `bridge -d -j -s fdb show` (iproute2 bridge/fdb.c, print_fdb), one array:
//
//   {"mac":"02:…","ifname":"v0","vlan":20,"used":3,"updated":3,"flags":[],"master":"br0","state":"static"}
//   {"mac":"00:00:00:00:00:00","ifname":"vx0","dst":"10.0.0.2","viaIf":"eth0","flags":["self"],"state":"permanent"}
//
// `self`: the device's own table (a vxlan's, a NIC's filter), otherwise the bridge's, which `master` names. What is permanent
// and leads nowhere is the bridge's own (BR_FDB_LOCAL), or at `self` a group's or a filter's: noise, and left out. No state, or an
// empty one: learned.
import type { ForwardingEntry } from '../../model/link.ts';
import { numberOf, readJson, textOf, textsOf } from '../json-values.ts';
import { unparsableAt } from '../parsed.ts';
import type { Parsed, Source } from '../parsed.ts';

/** An entry, and the device it stands at. */
export interface DeviceEntry {
  readonly device: string;
  readonly entry: ForwardingEntry;
}

type Draft = { -readonly [K in keyof ForwardingEntry]: ForwardingEntry[K] };

export function parseForwarding(source: Source): Parsed<DeviceEntry> {
  const { values, unparsable: broken } = readJson(source);
  const unparsable = [...broken];
  const facts: DeviceEntry[] = [];
  for (const { elements } of values) {
    for (const { object, evidence } of elements) {
      const mac = textOf(object, 'mac');
      const device = textOf(object, 'ifname');
      if (mac === undefined || device === undefined) {
        if (Object.keys(object).length > 0) {
          unparsable.push(unparsableAt(source, evidence.line ?? 1, JSON.stringify(object)));
        }
        continue;
      }
      const destination = textOf(object, 'dst');
      const state = textOf(object, 'state');
      if (state === 'permanent' && destination === undefined && textOf(object, 'master') === undefined) continue;
      const entry: Draft = {
        mac,
        flags: textsOf(object, 'flags').filter((flag) => flag !== 'self' && flag !== 'master'),
        evidence: [evidence],
      };
      const vlan = numberOf(object, 'vlan');
      const vni = numberOf(object, 'vni');
      const port = numberOf(object, 'port');
      const via = textOf(object, 'viaIf') ?? textOf(object, 'via');
      if (vlan !== undefined) entry.vlan = vlan;
      if (destination !== undefined) entry.destination = destination;
      if (vni !== undefined) entry.vni = vni;
      if (port !== undefined) entry.port = port;
      if (via !== undefined) entry.via = via;
      if (state !== undefined && state !== '') entry.state = state;
      facts.push({ device, entry });
    }
  }
  return { facts, unparsable };
}
