// Who takes a packet that is sent out at a link: the neighbour that has the next hop's address.
import type { Link } from '../model/link.ts';
import type { Route } from '../model/route.ts';
import type { Look } from './look.ts';
import type { Doubt } from './path.ts';
import { answersAt } from './proxy.ts';
import { heardFrom, type Reached } from './segment.ts';
import { askerOf } from './source.ts';
import type { At, HopSaid } from './state.ts';

export interface Way {
  readonly reached: Reached;
  readonly doubts: readonly Doubt[];
}

/** How it ends where there is no way. */
export interface Missed {
  readonly reason: 'nobody-answers' | 'nobody-takes';
  readonly detail: string;
}

export function receivers(
  look: Look,
  at: At,
  route: Route,
  link: Link,
): { readonly ways: readonly Way[]; readonly missed: Missed; readonly hop: HopSaid } {
  const { netns, packet } = at;
  const next = route.gateway ?? packet.destination;
  const entry = hasNoAddresses(link) ? undefined : look.neighbourOf(netns, link.name, next);
  const failed = entry?.states.some((state) => state === 'FAILED' || state === 'INCOMPLETE') === true;
  const asks = !link.flags.includes('NOARP');
  // Who does not ask writes its own address for everybody (arp_constructor in net/ipv4/arp.c, ndisc_constructor).
  const mac = (failed ? undefined : entry?.mac) ?? (asks ? undefined : link.mac);
  const found = hasNoAddresses(link)
    ? toAll(look, link)
    : mac === undefined
      ? asked(look, link, next, askerOf(look, at, link, next))
      : toMac(look, link, mac);
  const doubts: readonly Doubt[] = failed ? [{ code: 'neighbour-failed', text: next }] : [];
  // What is doubted of each of them is doubted here.
  const [first] = found;
  const common = (first?.doubts ?? []).filter((doubt) => found.every((one) => one.doubts.some(same(doubt))));
  const missed =
    mac === undefined
      ? ({ reason: 'nobody-answers', detail: next } as const)
      : ({ reason: 'nobody-takes', detail: mac } as const);
  return {
    ways: found.map((one) => ({ ...one, doubts: one.doubts.filter((doubt) => !common.some(same(doubt))) })),
    missed,
    hop: {
      event: {
        kind: 'out',
        device: link.name,
        neighbour: hasNoAddresses(link) ? undefined : next,
        mac,
        state: entry?.states.join(' ') ?? (asks ? undefined : 'NOARP'),
      },
      entity: link.id,
      evidence: [...link.evidence, ...(entry?.evidence ?? [])],
      doubts: [...doubts, ...common],
    },
  };
}

const same =
  (a: Doubt) =>
  (b: Doubt): boolean =>
    a.code === b.code && a.text === b.text;

/**
 * It carries packets without a header of the link layer (a tun device, a tunnel), or has one that nobody looks at: ipvlan in
 * mode l3 goes by the address in the packet (ipvlan_xmit_mode_l3 in drivers/net/ipvlan/ipvlan_core.c).
 */
const hasNoAddresses = ({ kind, data, flags, mac }: Link): boolean =>
  (kind === 'tun' && data['type'] === 'tun') ||
  (flags.includes('NOARP') && (mac === undefined || kind === 'ipvlan' || kind === 'ipvtap'));

/** Without addresses of the link layer, whoever hears it takes it. */
const toAll = (look: Look, link: Link): readonly Way[] => ways(heardFrom(look, link, undefined));

/** The network namespace with that address answers, or one that does so for others; where none that was seen has it, it may be where we do not see. */
function asked(look: Look, link: Link, next: string, asker: string | undefined): readonly Way[] {
  const { reached, whole } = heardFrom(look, link, undefined);
  const holders = reached.filter(
    (one) => one.kind === 'link' && one.link.id !== link.id && answersAt(look, one.link, next, asker),
  );
  const doubt: Doubt = { code: 'neighbour-not-known', text: next };
  if (holders.length === 0) return ways({ reached: reached.filter(({ kind }) => kind !== 'link'), whole }, [doubt]);
  return holders.flatMap((holder): readonly Way[] => {
    const { mac } = holder.link;
    const sent =
      mac === undefined ? [] : toMac(look, link, mac).filter(({ reached: one }) => one.link.id === holder.link.id);
    const [first] = sent;
    return [first ? { ...first, doubts: [...first.doubts, doubt] } : { reached: holder, doubts: [doubt] }];
  });
}

/** The link with that address takes it; all others leave it. */
function toMac(look: Look, link: Link, mac: string): readonly Way[] {
  const heard = heardFrom(look, link, mac);
  const takers = heard.reached.filter((one) => one.kind === 'link' && (one.link.mac === mac || isBridgeItself(one)));
  if (takers.length > 0) return ways({ reached: takers, whole: heard.whole });
  // A tap has an address of its own; who serves it may use another.
  return ways({ reached: heard.reached.filter(({ kind }) => kind !== 'link'), whole: heard.whole });
}

/** The address is the bridge's, or that of the port it comes in by. */
function isBridgeItself({ steps }: Reached): boolean {
  const last = steps.at(-1)?.event;
  return last?.kind === 'bridged' && last.by === 'itself';
}

/** What is down takes nothing, where anybody else may. */
function ways(
  { reached, whole }: { readonly reached: readonly Reached[]; readonly whole: boolean },
  more: readonly Doubt[] = [],
): readonly Way[] {
  const up = reached.filter(({ kind }) => kind !== 'down');
  const chosen = up.length > 0 ? up : reached.slice(0, 1);
  const doubts: readonly Doubt[] =
    chosen.length > 1 || !whole ? [...more, { code: 'several-ends', text: String(chosen.length) }] : more;
  return chosen.map((one) => ({ reached: one, doubts }));
}
