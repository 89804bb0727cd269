// The answer of `bridge -d -j vlan show` (iproute2 bridge/vlan.c, print_vlan):
//
//   [{"ifname":"e3","vlans":[{"vlan":1,"flags":["PVID","Egress Untagged"]},{"vlan":20,"vlanEnd":29}]}]
//   {"e3":[{"vlan":1,"flags":["PVID","Egress Untagged"]}],"br0":[…]}          before 4.20
import type { Evidence } from '../../model/evidence.ts';
import type { PortVlan } from '../../model/link.ts';
import { isObject, numberOf, objectsOf, readJson, textOf, textsOf } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';
import { unparsableAt } from '../parsed.ts';
import type { Parsed, Source } from '../parsed.ts';

/** A VLAN and the device it is let pass at. */
export interface DeviceVlan {
  readonly device: string;
  readonly vlan: PortVlan;
}

export function parseBridgeVlans(source: Source): Parsed<DeviceVlan> {
  const { values, unparsable: broken } = readJson(source);
  const unparsable = [...broken];
  const facts: DeviceVlan[] = [];
  for (const { elements } of values) {
    for (const { object, evidence } of elements) {
      const before = facts.length;
      for (const [device, vlans] of portsOf(object)) {
        for (const vlan of vlans) facts.push(...readVlan(device, vlan, evidence));
      }
      if (facts.length === before && !saysNone(object)) {
        unparsable.push(unparsableAt(source, evidence.line ?? 1, JSON.stringify(object)));
      }
    }
  }
  return { facts, unparsable };
}

function portsOf(object: JsonObject): readonly (readonly [device: string, vlans: readonly JsonObject[]])[] {
  const device = textOf(object, 'ifname');
  if (device !== undefined) return [[device, objectsOf(object, 'vlans')]];
  return Object.keys(object).map((key) => [key, objectsOf(object, key)]);
}

function readVlan(device: string, object: JsonObject, evidence: Evidence): readonly DeviceVlan[] {
  const from = numberOf(object, 'vlan');
  if (from === undefined) return [];
  const flags = textsOf(object, 'flags');
  const vlan: PortVlan = {
    from,
    to: numberOf(object, 'vlanEnd') ?? from,
    pvid: flags.includes('PVID'),
    untagged: flags.includes('Egress Untagged'),
    evidence: [evidence],
  };
  return [{ device, vlan }];
}

/** A port may be in no VLAN at all. */
const saysNone = (object: JsonObject): boolean =>
  Object.values(object).every((value) => typeof value === 'string' || (Array.isArray(value) && !value.some(isObject)));
