// What the database of Open vSwitch says of a bridge, and of a device that is a port of one.
import type { Link } from '../../model/link.ts';
import type { OvsBridge, OvsInterface, OvsPort } from '../../model/open-vswitch.ts';
import type { Fact } from '../explanation.ts';
import { fact, limited, optional, type Telling } from '../facts.ts';

/** Of the device of a bridge: its datapath, and the ports that have no device of their own: patches, tunnels, broken ones. */
export function switchOf({ look, texts }: Telling, { id }: Link): readonly Fact[] {
  const { labels } = texts;
  const bridge = look.model.ovsBridges.find(({ link }) => link === id);
  if (!bridge) return [];
  const others = bridge.ports.flatMap((port) =>
    port.interfaces.filter(({ link }) => link === undefined).map((one) => ({ port, one })),
  );
  return [
    fact(labels.datapath, bridge.datapathType, bridge.evidence),
    ...optional(labels.failMode, bridge.failMode, bridge.evidence),
    ...limited(
      texts,
      others.map(({ port, one }) =>
        fact(labels.member, portText({ texts }, port, one), [...port.evidence, ...one.evidence], { monospace: true }),
      ),
      16,
    ),
  ];
}

/** Of a device that is a port: its VLANs, and the bond it is a part of. */
export function switchPortOf({ look, texts }: Telling, { id }: Link): readonly Fact[] {
  const { labels, values } = texts;
  const found = portWith(look.model.ovsBridges, id);
  if (!found) return [];
  const { port, one } = found;
  return [
    ...optional(labels.vlan, vlansOf(port), port.evidence),
    ...optional(labels.openFlowPort, one.ofport, one.evidence),
    ...(port.interfaces.length > 1
      ? [fact(labels.partOfBond, [port.name, port.bondMode].filter(Boolean).join(' '), port.evidence)]
      : []),
    ...optional(labels.switchType, one.type === 'system' ? undefined : values.ovsType(one.type), one.evidence),
  ];
}

function portWith(
  bridges: readonly OvsBridge[],
  link: Link['id'],
): { readonly port: OvsPort; readonly one: OvsInterface } | undefined {
  for (const { ports, link: own } of bridges) {
    if (own === link) continue;
    for (const port of ports) {
      const one = port.interfaces.find((candidate) => candidate.link === link);
      if (one) return { port, one };
    }
  }
  return undefined;
}

/** `patch-tun · patch to patch-int`, `vx1 · vxlan to 192.0.2.7, key 42`, `eth9 · could not open network device eth9`. */
function portText({ texts }: Pick<Telling, 'texts'>, port: OvsPort, one: OvsInterface): string {
  const { values } = texts;
  const leadsTo = one.peer ?? one.remoteIp;
  const kind = one.type === 'system' ? [] : [leadsTo === undefined ? one.type : values.ovsTo(one.type, leadsTo)];
  const key = one.key === undefined ? [] : [values.ovsKey(one.key)];
  const vlans = vlansOf(port);
  const said = [[...kind, ...key].join(', '), vlans === undefined ? '' : values.ovsVlan(vlans), one.error ?? ''];
  return [one.name, ...said.filter((text) => text !== '')].join(' · ');
}

function vlansOf({ tag, trunks, vlanMode }: OvsPort): string | undefined {
  const parts = [
    ...(tag === undefined ? [] : [String(tag)]),
    ...(trunks.length === 0 ? [] : [trunks.join(',')]),
    ...(vlanMode === undefined ? [] : [vlanMode]),
  ];
  return parts.length === 0 ? undefined : parts.join(' ');
}
