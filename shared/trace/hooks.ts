// A packet at a hook of the firewall: hops for what is done with it there, and the packets that come out.
import type { LinkId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import { atHook, type HookResult, type Rewrite, type Said } from './chains.ts';
import type { Hook, Which } from './hook-order.ts';
import type { Look } from './look.ts';
import { isLocal } from './own-address.ts';
import type { Doubt, Packet, TracedPath } from './path.ts';
import { ended, withHop, type At } from './state.ts';

export interface Around {
  readonly incoming: Link | undefined;
  readonly outgoing: Link | undefined;
  /** Rewriting is asked for once, at a connection's first packet: what comes back over loopback was asked. */
  readonly asksNat: boolean;
}

/** What goes on, the likely one first; and what ends there. */
export interface Passed {
  readonly on: readonly At[];
  readonly over: readonly TracedPath[];
}

export function pass(look: Look, at: At, hook: Hook, around: Around): Passed {
  const before = filtered(look, [at], hook, 'before', around);
  const nat = before.on.map((one) => withNat(look, one, hook, around));
  const after = filtered(
    look,
    nat.flatMap(({ on }) => on),
    hook,
    'after',
    around,
  );
  return { on: after.on, over: [before, ...nat, after].flatMap(({ over }) => over) };
}

/** What rewrites, and chains beside it, which see the packet as it was or as it is then: certain is what they do with both. */
function withNat(look: Look, before: At, hook: Hook, around: Around): Passed {
  const asksNat = around.asksNat && !before.again && before.tracking !== 'no';
  const nat = (at: At): Passed => (asksNat ? translated(look, at, hook, around) : { on: [at], over: [] });
  const asked = (at: At): HookResult => atHook(look, at.netns, hook, 'beside', passing(look, at, around));
  const { on, over } = nat(before);
  if (on.every(({ packet }) => packet === before.packet))
    return joined(over, filtered(look, on, hook, 'beside', around));
  const was = asked(before);
  const { dropped } = was;
  if (dropped && on.every((at) => isSame(dropped, asked(at).dropped)))
    return { on: [], over: [...over, droppedBy(before, dropped)] };
  const doubting = nat({ ...before, pending: [...before.pending, ...besideDoubts(was)] }).on;
  const all = on.map((at, i): Passed => {
    if (at.packet === before.packet) return filtered(look, [at], hook, 'beside', around);
    const is = asked(at);
    return { on: [told(doubting[i] ?? at, hook, { ...is, doubts: besideDoubts(is) }, around)], over: [] };
  });
  return joined(over, ...all);
}

const isSame = (a: Said, b: Said | undefined): boolean => a.chain === b?.chain && a.text === b.text;

const joined = (over: readonly TracedPath[], ...all: readonly Passed[]): Passed => ({
  on: all.flatMap(({ on }) => on),
  over: [...over, ...all.flatMap((one) => one.over)],
});

/** Asked on the other side of what rewrites, it may see another packet. */
function besideDoubts({ dropped, doubts }: HookResult): readonly Doubt[] {
  if (!dropped) return doubts;
  const { chain, text } = dropped;
  const drops: Doubt = { code: 'drops-if-reached', text: `${chain}: ${text}`.slice(0, 200) };
  return [...doubts, drops, { code: 'equal-priority', text: chain }];
}

const passing = (look: Look, { netns, packet, translated: already, tracking }: At, { incoming, outgoing }: Around) => ({
  packet,
  incoming: incoming?.name ?? '',
  outgoing: outgoing?.name ?? '',
  local: isLocal(look, netns, packet.destination, incoming ?? outgoing),
  translated: already,
  ...(tracking === 'no' && { untracked: true }),
});

function filtered(look: Look, all: readonly At[], hook: Hook, which: Exclude<Which, 'nat'>, around: Around): Passed {
  const results = all.map((at) => ({ at, result: atHook(look, at.netns, hook, which, passing(look, at, around)) }));
  return {
    on: results.flatMap(({ at, result }) =>
      result.dropped ? [] : [trackedAs(told(at, hook, result, around), result)],
    ),
    over: results.flatMap(({ at, result }) => (result.dropped ? [droppedBy(at, result.dropped)] : [])),
  };
}

function trackedAs(at: At, { untracked, mayUntrack }: HookResult): At {
  if (untracked || at.tracking === 'no') return { ...at, tracking: 'no' };
  if (!mayUntrack) return at;
  const text = `${mayUntrack.chain}: ${mayUntrack.text}`.slice(0, 200);
  return { ...at, tracking: 'maybe', pending: [...at.pending, { code: 'may-not-track', text }] };
}

const droppedBy = (at: At, { chain, text, evidence }: NonNullable<HookResult['dropped']>): TracedPath =>
  ended(
    withHop(at, {
      event: { kind: 'dropped', reason: 'firewall', chain, text },
      entity: at.netns,
      evidence,
    }),
  );

/** A hop only where there is something to say: no chain has rules in most network namespaces. */
function told(at: At, hook: Hook, { chains, doubts, evidence }: HookResult, { incoming, outgoing }: Around): At {
  // That a firewall was not read is told once for each network namespace.
  const fresh = doubts.filter(({ code }) => !notRead.has(code) || !wasTold(at));
  if (chains.length === 0) return fresh.length > 0 ? { ...at, pending: [...at.pending, ...fresh] } : at;
  return withHop(at, {
    event: { kind: 'filtered', hook, chains, verdict: fresh.length > 0 ? 'not-known' : 'passed' },
    entity: at.netns,
    through: [incoming?.id, outgoing?.id],
    evidence,
    doubts: fresh,
  });
}

const notRead: ReadonlySet<Doubt['code']> = new Set(['firewall-not-read', 'firewall-in-part']);
const wasTold = ({ hops, netns, pending }: At): boolean =>
  pending.some(({ code }) => notRead.has(code)) ||
  hops.some((hop) => hop.netns === netns && hop.doubts.some(({ code }) => notRead.has(code)));

/** Where it is not certain whether a destination is rewritten, there is a packet for each possibility. */
function translated(look: Look, at: At, hook: Hook, around: Around): Passed {
  const result = atHook(look, at.netns, hook, 'nat', passing(look, at, around));
  const { dropped } = result;
  if (!dropped) return { on: rewrites(at, hook, around, result), over: [] };
  // A chain that rewrites may drop as well. What has no connection does not come to it.
  if (at.tracking !== 'maybe') return { on: [], over: [droppedBy(at, dropped)] };
  const doubt: Doubt = { code: 'drops-if-reached', text: `${dropped.chain}: ${dropped.text}`.slice(0, 200) };
  return { on: rewrites(at, hook, around, { ...result, doubts: [...result.doubts, doubt] }), over: [] };
}

function rewrites(at: At, hook: Hook, around: Around, result: HookResult): readonly At[] {
  const doubting = doubtful(at, result, hook);
  // What has no connection is left as it is.
  const decided = at.tracking === 'maybe' ? undefined : result.rewrite;
  if (decided && result.mayRewrite.length === 0) return [rewrittenBy(doubting, decided, around)];
  const all = [...result.mayRewrite, ...(result.rewrite ? [result.rewrite] : [])];
  if (all.length === 0) return [doubting];
  if (hook === 'postrouting' || hook === 'input') return [sourceInDoubt(doubting, all)];
  const some = all.map((one): At => {
    const asOne = rewrittenBy({ ...doubting, certainty: 'ambiguous' }, one, around);
    const last = asOne.hops.at(-1);
    const doubt = { code: one.doubt, text: `${one.chain}: ${one.text}`.slice(0, 200) } as const;
    return last
      ? { ...asOne, hops: [...asOne.hops.slice(0, -1), { ...last, doubts: [...last.doubts, doubt] }] }
      : asOne;
  });
  if (decided) return some;
  const untouched: At = {
    ...doubting,
    certainty: 'ambiguous',
    pending: [
      ...doubting.pending,
      ...all.map((one) => ({ code: one.doubt, text: `${one.chain}: ${one.text}`.slice(0, 200) }) as const),
    ],
  };
  return [...some, untouched];
}

/** What a rule rewrites that is not read: the destination is one of several then, the source not known. */
function doubtful(at: At, { doubts }: HookResult, hook: Hook): At {
  if (doubts.length === 0) return at;
  const doubting: At = { ...at, pending: [...at.pending, ...doubts] };
  if (!doubts.some(({ code }) => code === 'unread-rewrite')) return doubting;
  return hook === 'postrouting' || hook === 'input'
    ? { ...doubting, packet: { ...at.packet, source: undefined } }
    : { ...doubting, certainty: 'ambiguous' };
}

/** Another source changes nothing of where it goes; but from here on it is not known. */
function sourceInDoubt(at: At, all: readonly Rewrite[]): At {
  const doubts = all
    .slice(0, 4)
    .map((one) => ({ code: one.doubt, text: `${one.chain}: ${one.text}`.slice(0, 200) }) as const);
  return { ...at, packet: { ...at.packet, source: undefined }, pending: [...at.pending, ...doubts] };
}

function rewrittenBy(at: At, { to, chain, text, evidence }: Rewrite, around: Around): At {
  const packet = rewritten(at, to, around);
  const isSource = to.kind === 'snat' || to.kind === 'masquerade';
  const [before, after] = [at.packet, packet].map((one) => {
    const address = isSource ? one.source : one.destination;
    if (address === undefined) return undefined;
    return isSource || one.port === undefined ? { address } : { address, port: one.port };
  });
  const link: LinkId | undefined = isSource ? around.outgoing?.id : around.incoming?.id;
  const on = withHop(at, {
    event: { kind: 'rewritten', by: to.kind, before, after, chain, text },
    entity: at.netns,
    through: [link],
    evidence,
    doubts: isOneOf(to) ? [{ code: 'one-of', text }] : [],
  });
  return { ...on, packet, translated: at.translated || !isSource };
}

/** Ranges of addresses or ports: the first stands for all of them. */
const isOneOf = (to: Rewrite['to']): boolean =>
  ('address' in to && to.address?.includes('-') === true) ||
  ('ports' in to && to.ports !== undefined && to.ports[0] !== to.ports[1]);

const firstOf = (address: string): string => address.split('-')[0] ?? address;

function rewritten({ packet }: At, to: Rewrite['to'], { incoming, outgoing }: Around): Packet {
  switch (to.kind) {
    case 'dnat':
      return {
        ...packet,
        ...(to.address === undefined ? {} : { destination: firstOf(to.address) }),
        ...(to.ports === undefined ? {} : { port: to.ports[0] }),
      };
    case 'redirect': {
      // To this machine itself: the address of where it came in, or loopback for what is sent here.
      const own = firstAddress(incoming, packet.family);
      const loopback = packet.family === 'inet6' ? '::1' : '127.0.0.1';
      const port = to.ports === undefined ? {} : { port: to.ports[0] };
      return { ...packet, destination: incoming ? (own ?? packet.destination) : loopback, ...port };
    }
    case 'snat':
      return { ...packet, source: firstOf(to.address) };
    case 'masquerade':
      return { ...packet, source: firstAddress(outgoing, packet.family) };
  }
}

/** The one address of its kind; of several it depends on the next hop. */
function firstAddress(link: Link | undefined, family: Packet['family']): string | undefined {
  const own = (link?.addresses ?? []).filter(
    (one) => one.family === family && one.scope === 'global' && one.flags?.includes('secondary') !== true,
  );
  return own.length === 1 ? own[0]?.local : undefined;
}
