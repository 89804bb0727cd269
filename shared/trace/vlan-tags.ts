// The VLAN tags of a frame: 802.1Q, 802.1ad, and one within another (Q-in-Q).
import type { Link } from '../model/link.ts';
import { isOn } from './bridge.ts';
import type { Frame } from './segment.ts';

export interface Tag {
  readonly vlan: number;
  readonly protocol: string;
  readonly inner: Tag | undefined;
}

const usual = '802.1Q';
const protocolOf = (value: unknown): string => (typeof value === 'string' ? value : usual);

/** As a vlan device sends it: with its own tag around those it has. */
export const taggedBy = ({ data }: Link, frame: Frame): Frame => ({
  ...carrying(frame),
  vlan: Number(data['id']),
  protocol: protocolOf(data['protocol']),
});

/** Its outermost tag is that of the vlan device. */
export const isFor = ({ kind, data }: Link, { vlan, protocol = usual }: Frame): boolean =>
  kind === 'vlan' && Number(data['id']) === vlan && protocolOf(data['protocol']) === protocol;

export const untagged = (frame: Frame): Frame => ({
  ...frame,
  vlan: frame.inner?.vlan,
  protocol: frame.inner?.protocol,
  inner: frame.inner?.inner,
});

/**
 * As a bridge takes it: with vlan_filtering a tag of another protocol than its own is part of what the frame carries
 * (__allowed_ingress in net/bridge/br_vlan.c).
 */
export const takenBy = (bridge: Link, frame: Frame): Frame =>
  isOn(bridge.data['vlan_filtering']) && (frame.protocol ?? usual) !== protocolOf(bridge.data['vlan_protocol'])
    ? carrying(frame)
    : frame;

/** And as it leaves: tagged by the bridge, or what it carries. */
export function leftBy(bridge: Link, frame: Frame): Frame {
  if (frame.vlan === undefined) return untagged(frame);
  return isOn(bridge.data['vlan_filtering']) ? { ...frame, protocol: protocolOf(bridge.data['vlan_protocol']) } : frame;
}

const carrying = (frame: Frame): Frame =>
  frame.vlan === undefined
    ? frame
    : {
        ...frame,
        vlan: undefined,
        protocol: undefined,
        inner: { vlan: frame.vlan, protocol: frame.protocol ?? usual, inner: frame.inner },
      };

/** Equal for equal tags. */
export function tagsOf({ vlan, protocol = usual, inner }: Pick<Frame, 'vlan' | 'protocol' | 'inner'>): string {
  return vlan === undefined ? '' : `${protocol} ${vlan} ${inner ? tagsOf(inner) : ''}`;
}
