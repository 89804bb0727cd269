// macvlan and ipvlan devices on a link: to which of them a frame comes, from outside or from one beside them
// (macvlan_queue_xmit and macvlan_handle_frame in drivers/net/macvlan.c, ipvlan_xmit_mode_l2 in drivers/net/ipvlan/ipvlan_core.c).
import type { Link } from '../model/link.ts';
import type { Relation } from '../model/relation.ts';
import type { Look } from './look.ts';
import type { Doubt } from './path.ts';
import type { Frame } from './segment.ts';

export interface Upper {
  readonly link: Link;
  readonly by: Relation;
  readonly doubts: readonly Doubt[];
}

/** Those that hear it without the device below. */
export function besides(look: Look, sender: Link, lower: Link): readonly Upper[] {
  if (!mayReachBesides(sender)) return [];
  return uppersOn(look, lower).flatMap(({ link, by }) =>
    link.id === sender.id || !['bridge', undefined].includes(modeOf(link))
      ? []
      : [{ link, by, doubts: [...notTold(sender), ...notTold(link)] }],
  );
}

/** Those that take what comes in at the device below. */
export function takersOn(look: Look, lower: Link, frame: Frame): readonly Upper[] {
  const all = uppersOn(look, lower);
  const sender = frame.source === undefined ? undefined : all.find(({ link }) => link.mac === frame.source);
  return all.flatMap(({ link, by }) => {
    const takes = takesFrom(link, frame, isMacvlan(link) ? sender?.link : undefined);
    return takes === false ? [] : [{ link, by, doubts: takes === undefined ? notTold(link) : [] }];
  });
}

const uppersOn = (look: Look, lower: Link): readonly Pick<Upper, 'link' | 'by'>[] =>
  look.to(lower.id, 'lower').flatMap((by) => {
    const link = look.links.get(by.from);
    return link && (isMacvlan(link) || link.kind === 'ipvlan') ? [{ link, by }] : [];
  });

const isMacvlan = ({ kind }: Link): boolean => kind === 'macvlan' || kind === 'macvtap';

/** Of ipvlan it is one for all on a device: `bridge`, `private` or `vepa`, beside l2 and l3. */
function modeOf(link: Link): string | undefined {
  const { data } = link;
  if (!isMacvlan(link)) return ['private', 'vepa'].find((one) => data[one] === true) ?? 'bridge';
  return typeof data['mode'] === 'string' ? data['mode'] : undefined;
}

const mayReachBesides = (link: Link): boolean =>
  (isMacvlan(link) || link.kind === 'ipvlan') && ['bridge', undefined].includes(modeOf(link));

const notTold = (link: Link): readonly Doubt[] =>
  modeOf(link) === undefined ? [{ code: 'mode-not-told', text: link.name }] : [];

/** `sender`: it comes back from outside, and was sent by one on the same device. */
function takesFrom(link: Link, { mac, source }: Frame, sender: Link | undefined): boolean | undefined {
  if (link.id === sender?.id) return false;
  const mode = modeOf(link);
  if (mode === undefined) return undefined;
  const sources = link.data['macaddr_data'];
  if (mode === 'source') return source !== undefined && Array.isArray(sources) && sources.includes(source);
  if (mac !== undefined || !sender) return true;
  // What is for all: those in mode bridge have heard it from beside them.
  const from = modeOf(sender);
  return (mode === 'vepa' && (from === 'vepa' || from === 'bridge')) || (mode === 'bridge' && from === 'vepa');
}
