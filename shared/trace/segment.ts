// Who hears what is sent out at a device: over wires, through bridges as their forwarding tables say, down to the device
// below and up from it. No router is crossed: these are the links that one frame may come to.
import type { Certainty, Evidence } from '../model/evidence.ts';
import type { LinkId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Relation } from '../model/relation.ts';
import { crossesBridge, takesSource } from './bridge.ts';
import { hasNoCarrier, isDown } from './link-state.ts';
import { peersOf, type Look } from './look.ts';
import { leastSure, type Doubt, type HopEvent, type LostReason } from './path.ts';
import { besides, takersOn, type Upper } from './uppers.ts';
import { isFor, leftBy, tagsOf, taggedBy, takenBy, untagged, type Tag } from './vlan-tags.ts';

/** One step of a frame. */
export interface Step {
  readonly event: Extract<HopEvent, { kind: 'pair' | 'bridged' | 'stacked' }>;
  /** Where it is afterwards. */
  readonly link: Link;
  readonly through: readonly string[];
  readonly certainty: Certainty;
  readonly rules: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly doubts: readonly Doubt[];
}

export type Reached =
  /** It is received at this link, as a packet for the network namespace it is in. */
  | { readonly kind: 'link'; readonly link: Link; readonly steps: readonly Step[] }
  /** Out of the host. `seen`: by hardware; else into what was not seen. */
  | { readonly kind: 'exit'; readonly link: Link; readonly seen: boolean; readonly steps: readonly Step[] }
  /** Into a file descriptor: a process reads it. */
  | { readonly kind: 'tap'; readonly link: Link; readonly steps: readonly Step[] }
  | {
      readonly kind: 'down';
      readonly link: Link;
      readonly reason: 'link-down' | 'no-carrier' | 'port-locked';
      readonly steps: readonly Step[];
    }
  | {
      readonly kind: 'lost';
      readonly link: Link;
      readonly reason: LostReason;
      readonly detail: string;
      readonly steps: readonly Step[];
    };

export interface Frame {
  /** Of whom it is for; `undefined`: asked of all (ARP), or a device without addresses. */
  readonly mac: string | undefined;
  /** Of who sends it. */
  readonly source: string | undefined;
  readonly vlan: number | undefined;
  /** Of that tag; 802.1Q where it is not said. */
  readonly protocol?: string | undefined;
  /** Tags within it. */
  readonly inner?: Tag | undefined;
}

/** Places a frame is followed to. */
const most = 10_000;
const longest = 48;

interface Place {
  readonly link: Link;
  /** It goes out at the link, or comes in. */
  readonly going: 'out' | 'in';
  readonly frame: Frame;
  readonly steps: readonly Step[];
  /** The devices above are where it comes from. */
  readonly from?: LinkId;
}

/** Everyone whom a frame sent at `link` may come to, nearest first; `whole`: nobody is left out. */
export function heardFrom(
  look: Look,
  link: Link,
  mac: string | undefined,
): { readonly reached: readonly Reached[]; readonly whole: boolean } {
  const reached: Reached[] = [];
  const seen = new Set<string>();
  const waiting: Place[] = [{ link, going: 'out', frame: { mac, source: link.mac, vlan: undefined }, steps: [] }];
  let taken = 0;
  for (const place of waiting) {
    const key = `${place.going} ${place.link.id} ${tagsOf(place.frame)} ${place.going === 'out' ? (place.from ?? '') : ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    taken += 1;
    if (taken > most || place.steps.length > longest) return { reached, whole: false };
    const next = place.going === 'out' ? outAt(look, place) : inAt(look, place);
    reached.push(...next.reached);
    waiting.push(...next.places);
  }
  return { reached, whole: true };
}

interface Next {
  readonly reached: readonly Reached[];
  readonly places: readonly Place[];
}
const nothing: Next = { reached: [], places: [] };
const only = (one: Reached): Next => ({ reached: [one], places: [] });

/** Kinds that send through the device below them. */
const above: ReadonlySet<string> = new Set([
  'vlan',
  'macvlan',
  'macvtap',
  'ipvlan',
  'ipvtap',
  'macsec',
  'ipoib',
  'dsa',
  'rmnet',
]);
const tunnels: ReadonlySet<string> = new Set([
  ...['vxlan', 'geneve', 'gre', 'gretap', 'ip6gre', 'ip6gretap', 'erspan', 'ip6erspan', 'ipip', 'sit', 'ip6tnl'],
  ...['vti', 'vti6', 'xfrm', 'wireguard', 'bareudp', 'gtp', 'l2tp', 'batadv'],
]);

function outAt(look: Look, place: Place): Next {
  const { link, steps } = place;
  const lost = (reason: LostReason, detail = link.kind): Next => only({ kind: 'lost', link, reason, detail, steps });
  if (isDown(link)) return only({ kind: 'down', link, reason: 'link-down', steps });
  if (hasNoCarrier(link)) return only({ kind: 'down', link, reason: 'no-carrier', steps });
  switch (link.kind) {
    case 'veth':
    case 'netkit':
    case 'vxcan':
      return overPair(look, place);
    case 'bridge':
      return { reached: [], places: acrossBridge(look, link, place) };
    case 'bond':
    case 'team':
      return { reached: [], places: membersOf(look, place) };
    case 'physical':
      return only({ kind: 'exit', link, seen: true, steps });
    case 'tun':
      return only({ kind: 'tap', link, steps });
    case 'openvswitch':
      return lost('open-vswitch');
    default:
      if (tunnels.has(link.kind)) return lost('tunnel');
      return above.has(link.kind) ? below(look, place) : lost('kind-not-followed');
  }
}

function overPair(look: Look, place: Place): Next {
  const { link, steps, frame } = place;
  const ends = peersOf(look, link.id);
  if (ends.length === 0) return only({ kind: 'lost', link, reason: 'peer-not-seen', detail: '', steps });
  const doubts: readonly Doubt[] = ends.length > 1 ? [{ code: 'several-ends', text: link.name }] : [];
  const nexts = ends.map(({ peer, by }): Next => {
    const other = look.links.get(peer);
    if (!other) return only({ kind: 'exit', link, seen: false, steps });
    const event = { kind: 'pair', from: link.id, to: other.id } as const;
    const step = stepBy(event, other, by, doubts);
    return { reached: [], places: [{ link: other, going: 'in', frame, steps: [...steps, step] }] };
  });
  return { reached: nexts.flatMap(({ reached }) => reached), places: nexts.flatMap(({ places }) => places) };
}

const stepBy = (
  event: Step['event'],
  link: Link,
  by: Relation | undefined,
  doubts: readonly Doubt[],
  evidence: readonly Evidence[] = [],
): Step => ({
  event,
  link,
  through: [...('from' in event ? [event.from] : [event.bridge]), link.id, ...(by ? [by.id] : [])],
  certainty: leastSure([by?.certainty ?? 'certain', doubts.length > 0 ? 'inferred' : 'certain']),
  rules: by ? [by.rule] : [],
  evidence: [...(by?.evidence ?? []), ...evidence],
  doubts,
});

const acrossBridge = (look: Look, bridge: Link, { frame, steps }: Place, port?: Link): readonly Place[] =>
  crossesBridge(look, bridge, port, takenBy(bridge, frame)).map(({ link, going, frame: left, step }) => ({
    link,
    going,
    frame: leftBy(bridge, left),
    steps: [...steps, step],
  }));

function below(look: Look, place: Place): Next {
  const { link, steps, frame } = place;
  const [by, second] = look.from(link.id, 'lower');
  const lower = by && look.links.get(by.to);
  if (!by || !lower || second)
    return only({ kind: 'lost', link, reason: 'device-not-known', detail: link.kind, steps });
  const step = stepBy({ kind: 'stacked', from: link.id, to: lower.id, as: 'down' }, lower, by, []);
  const down: Place = {
    link: lower,
    going: 'out',
    frame: link.kind === 'vlan' ? taggedBy(link, frame) : frame,
    steps: [...steps, step],
    from: link.id,
  };
  const on = { ...place, steps: [...steps, step] };
  return { reached: [], places: [down, ...besides(look, link, lower).map((one) => upTo(on, lower, one))] };
}

function upTo({ frame, steps }: Place, lower: Link, { link, by, doubts }: Upper): Place {
  const step = stepBy({ kind: 'stacked', from: lower.id, to: link.id, as: 'up' }, link, by, doubts);
  return { link, going: 'in', frame, steps: [...steps, step] };
}

/** Ports of a bond: the active one where it says so, else one of them. */
function membersOf(look: Look, { link, steps, frame }: Place): readonly Place[] {
  const members = look.to(link.id, 'master').flatMap((by) => {
    const member = look.links.get(by.from);
    return member ? [{ member, by }] : [];
  });
  const active = link.data['active_slave'];
  const chosen = typeof active === 'string' ? members.filter(({ member }) => member.name === active) : members;
  const doubts: readonly Doubt[] = chosen.length > 1 ? [{ code: 'one-of', text: link.name }] : [];
  return chosen.map(({ member, by }) => ({
    link: member,
    going: 'out',
    frame,
    steps: [...steps, stepBy({ kind: 'stacked', from: link.id, to: member.id, as: 'member' }, member, by, doubts)],
  }));
}

function inAt(look: Look, place: Place): Next {
  const { link, steps, frame } = place;
  if (isDown(link)) return only({ kind: 'down', link, reason: 'link-down', steps });
  const [to] = look.from(link.id, 'switch-port');
  if (to) return only({ kind: 'lost', link, reason: 'open-vswitch', detail: link.name, steps });
  const [by] = look.from(link.id, 'master');
  const master = by && look.links.get(by.to);
  if (master?.kind === 'bridge') {
    if (takesSource(master, link, takenBy(master, frame)) === false)
      return only({ kind: 'down', link, reason: 'port-locked', steps });
    return { reached: [], places: acrossBridge(look, master, place, link) };
  }
  if (by && (master?.kind === 'bond' || master?.kind === 'team')) {
    const step = stepBy({ kind: 'stacked', from: link.id, to: master.id, as: 'master' }, master, by, []);
    return { reached: [], places: [{ link: master, going: 'in', frame, steps: [...steps, step] }] };
  }
  if (by && master?.kind !== 'vrf') {
    return only({ kind: 'lost', link, reason: 'kind-not-followed', detail: master?.kind ?? '', steps });
  }
  if (frame.vlan !== undefined) return upToVlan(look, place);
  return {
    reached: [{ kind: 'link', link, steps }],
    places: takersOn(look, link, frame).map((one) => upTo(place, link, one)),
  };
}

/** A tagged frame is for the vlan device of that number and protocol; nobody else takes it. */
function upToVlan(look: Look, { link, steps, frame }: Place): Next {
  for (const by of look.to(link.id, 'lower')) {
    const upper = look.links.get(by.from);
    if (!upper || !isFor(upper, frame)) continue;
    const step = stepBy({ kind: 'stacked', from: link.id, to: upper.id, as: 'up' }, upper, by, []);
    return {
      reached: [],
      places: [{ link: upper, going: 'in', frame: untagged(frame), steps: [...steps, step] }],
    };
  }
  return nothing;
}
