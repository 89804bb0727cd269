// A frame at a bridge (br_handle_frame_finish in net/bridge/br_input.c): to the port its forwarding table names, up to the
// bridge itself, or out at every port.
import type { ForwardingEntry, Link } from '../model/link.ts';
import type { Relation } from '../model/relation.ts';
import { atBridge } from './bridge-firewall.ts';
import type { Look } from './look.ts';
import { leastSure, type Doubt } from './path.ts';
import type { Frame, Step } from './segment.ts';

interface Beyond {
  readonly link: Link;
  readonly going: 'out' | 'in';
  readonly frame: Frame;
  readonly step: Step;
}

interface Port {
  readonly link: Link;
  readonly by: Relation;
}

/** `at`: the port it comes in by; `undefined`: the bridge sends it itself. */
export function crossesBridge(look: Look, bridge: Link, at: Link | undefined, frame: Frame): readonly Beyond[] {
  const ports = look.to(bridge.id, 'master').flatMap((by): readonly Port[] => {
    const link = look.links.get(by.from);
    return link ? [{ link, by }] : [];
  });
  const entry = ports.find(({ link }) => link.id === at?.id);
  if (at && !forwards(at)) return [];
  const filtering = isOn(bridge.data['vlan_filtering']);
  const vlan = filtering ? ingressVlan(at ?? bridge, frame) : frame.vlan;
  if (vlan === 'refused') return [];
  const context: Context = { look, bridge, entry, filtering, vlan, frame };
  const { mac } = frame;
  if (at && mac !== undefined && (mac === bridge.mac || mac === at.mac)) return toItself(context, 'itself');
  // Another port's address is the bridge's as well, but not for IP: it is PACKET_OTHERHOST (br_handle_frame).
  if (at && mac !== undefined && ports.some(({ link }) => link.mac === mac)) return [];
  if (
    at &&
    mac !== undefined &&
    [bridge, ...ports.map(({ link }) => link)].some(keeps(mac, filtering ? vlan : undefined))
  )
    return toItself(context, 'fdb');
  const known =
    mac === undefined ? undefined : ports.find(({ link }) => learned(link, mac, filtering ? vlan : undefined));
  const mayLeaveBy = ({ link }: Port): boolean => link.id !== at?.id || isOn(link.portData?.['hairpin']);
  if (known) return mayLeaveBy(known) ? toPort(context, known, 'fdb') : [];
  const flag = mac === undefined ? 'bcast_flood' : 'flood';
  const others = ports.filter((port) => mayLeaveBy(port) && port.link.portData?.[flag] !== false);
  return [...(at ? toItself(context, 'flooded') : []), ...others.flatMap((port) => toPort(context, port, 'flooded'))];
}

/**
 * A port that is locked takes frames of those alone whom the forwarding table has there (br_handle_frame_finish).
 * `undefined`: the table was not asked for.
 */
export function takesSource(bridge: Link, port: Link, frame: Frame): boolean | undefined {
  if (!isOn(port.portData?.['locked'])) return true;
  const { source } = frame;
  if (source === undefined || port.forwarding === undefined) return undefined;
  const vlan = isOn(bridge.data['vlan_filtering']) ? ingressVlan(port, frame) : undefined;
  const entry = vlan === 'refused' ? undefined : learnedAt(port, source, vlan);
  return entry !== undefined && entry.state !== 'permanent' && !entry.flags.includes('locked');
}

interface Context {
  readonly look: Look;
  readonly bridge: Link;
  readonly entry: Port | undefined;
  readonly filtering: boolean;
  readonly vlan: number | undefined;
  readonly frame: Frame;
}

export const isOn = (value: unknown): boolean => value === 1 || value === true || value === '1' || value === 'on';

/** The port takes part: spanning tree has not closed it. */
const forwards = ({ portData }: Link): boolean => {
  const state = portData?.['state'];
  return typeof state !== 'string' || state === 'forwarding';
};

const learnedAt = (port: Link, mac: string, vlan: number | undefined): ForwardingEntry | undefined =>
  port.forwarding?.find(
    (one) => one.mac === mac && (vlan === undefined || one.vlan === undefined || one.vlan === vlan),
  );

const learned = (port: Link, mac: string, vlan: number | undefined): boolean =>
  learnedAt(port, mac, vlan) !== undefined;

/** Permanent: the bridge takes it for itself, whoever has that address (BR_FDB_LOCAL), unless it is the bridge that sends it. */
const keeps =
  (mac: string, vlan: number | undefined) =>
  ({ forwarding = [] }: Link): boolean =>
    forwarding.some((one) => one.mac === mac && one.state === 'permanent' && one.vlan === vlan);

/** The VLAN a frame belongs to with vlan_filtering. */
function ingressVlan(port: Link, { vlan }: Frame): number | undefined | 'refused' {
  if (port.vlans === undefined) return vlan;
  if (vlan === undefined) return port.vlans.find(({ pvid }) => pvid)?.from ?? 'refused';
  return port.vlans.some(({ from, to }) => from <= vlan && vlan <= to) ? vlan : 'refused';
}

/** The frame as it leaves; undefined: the port does not let its VLAN pass. */
function egress(port: Link, { filtering, vlan, frame }: Context): Frame | undefined {
  if (!filtering || vlan === undefined || port.vlans === undefined)
    return { ...frame, vlan: filtering ? undefined : vlan };
  const passing = port.vlans.find(({ from, to }) => from <= vlan && vlan <= to);
  return passing && { ...frame, vlan: passing.untagged ? undefined : vlan };
}

function toItself(context: Context, by: 'fdb' | 'itself' | 'flooded'): readonly Beyond[] {
  const { bridge } = context;
  const left = egress(bridge, context);
  return left ? [{ link: bridge, going: 'in', frame: left, step: stepAcross(context, undefined, by, bridge) }] : [];
}

function toPort(context: Context, port: Port, by: 'fdb' | 'flooded'): readonly Beyond[] {
  const left = egress(port.link, context);
  const apart = isOn(context.entry?.link.portData?.['isolated']) && isOn(port.link.portData?.['isolated']);
  if (!left || !forwards(port.link) || apart) return [];
  return [{ link: port.link, going: 'out', frame: left, step: stepAcross(context, port, by, port.link) }];
}

function stepAcross(context: Context, port: Port | undefined, by: 'fdb' | 'flooded' | 'itself', link: Link): Step {
  const { look, bridge, entry, frame, vlan, filtering } = context;
  const relations = [entry, port].flatMap((one) => (one ? [one.by] : []));
  const entries =
    by === 'fdb'
      ? (link.forwarding ?? []).filter(({ mac }) => mac === frame.mac).flatMap(({ evidence }) => evidence)
      : [];
  const own = by === 'itself' ? bridge.evidence : [];
  const doubts: readonly Doubt[] = [
    ...(by === 'flooded' && frame.mac !== undefined ? [{ code: 'flooded', text: bridge.name } as const] : []),
    ...(entry && takesSource(bridge, entry.link, frame) === undefined
      ? [{ code: 'port-locked', text: entry.link.name } as const]
      : []),
    ...atBridge(look, bridge, !entry ? 'from' : port ? 'across' : 'to'),
  ];
  return {
    event: {
      kind: 'bridged',
      bridge: bridge.id,
      port: port?.link.id,
      mac: frame.mac,
      by,
      vlan: filtering ? vlan : undefined,
    },
    link,
    through: [bridge.id, ...(entry ? [entry.link.id] : []), link.id, ...relations.map(({ id }) => id)],
    certainty: leastSure([...relations.map(({ certainty }) => certainty), doubts.length > 0 ? 'inferred' : 'certain']),
    rules: [...new Set(relations.map(({ rule }) => rule))],
    evidence: [...relations.flatMap(({ evidence }) => evidence), ...entries, ...own],
    doubts,
  };
}
