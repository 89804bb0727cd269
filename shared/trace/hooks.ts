// A packet at a hook of the firewall: hops for what is done with it there, and the packets that come out.
import type { LinkId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import { atHook, type HookResult, type Rewrite, type Said } from './chains.ts';
import type { Hook, Which } from './hook-order.ts';
import type { Look } from './look.ts';
import { isLocal } from './own-address.ts';
import type { Doubt, TracedPath } from './path.ts';
import { rewritten } from './rewritten.ts';
import { ended, notReadToldIn, withHop, type At } from './state.ts';

export interface Around {
  readonly incoming: Link | undefined;
  readonly outgoing: Link | undefined;
  /** Chains that rewrite are asked once, at a connection's first packet: what comes back over loopback was asked. */
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

const droppedBy = (
  at: At,
  { chain, text, evidence }: Said,
  reason: 'firewall' | 'redirect-nowhere' = 'firewall',
): TracedPath =>
  ended(
    withHop(at, {
      event: { kind: 'dropped', reason, chain, text },
      entity: at.netns,
      evidence,
    }),
  );

/** A hop only where there is something to say: no chain has rules in most network namespaces. */
function told(at: At, hook: Hook, { chains, doubts, evidence }: HookResult, { incoming, outgoing }: Around): At {
  // That a firewall was not read is told once for each network namespace.
  const wasTold = notReadToldIn(at, at.netns);
  const fresh = doubts.filter(({ code }) => !wasTold.has(code));
  if (chains.length === 0) return fresh.length > 0 ? { ...at, pending: [...at.pending, ...fresh] } : at;
  return withHop(at, {
    event: { kind: 'filtered', hook, chains, verdict: fresh.length > 0 ? 'not-known' : 'passed' },
    entity: at.netns,
    through: [incoming?.id, outgoing?.id],
    evidence,
    doubts: fresh,
  });
}

/** Where it is not certain whether a destination is rewritten, there is a packet for each possibility. */
function translated(look: Look, at: At, hook: Hook, around: Around): Passed {
  const result = atHook(look, at.netns, hook, 'nat', passing(look, at, around));
  const { dropped } = result;
  if (!dropped) return rewrites(at, hook, around, result);
  // A chain that rewrites may drop as well. What has no connection does not come to it.
  if (at.tracking !== 'maybe') return { on: [], over: [droppedBy(at, dropped)] };
  const doubt: Doubt = { code: 'drops-if-reached', text: `${dropped.chain}: ${dropped.text}`.slice(0, 200) };
  return rewrites(at, hook, around, { ...result, doubts: [...result.doubts, doubt] });
}

function rewrites(at: At, hook: Hook, around: Around, result: HookResult): Passed {
  const doubting = doubtful(at, result, hook);
  // What has no connection is left as it is.
  const decided = at.tracking === 'maybe' ? undefined : result.rewrite;
  if (decided && result.mayRewrite.length === 0) return rewrittenBy(doubting, decided, around);
  const all = [...result.mayRewrite, ...(result.rewrite ? [result.rewrite] : [])];
  if (all.length === 0) return { on: [doubting], over: [] };
  if (hook === 'postrouting' || hook === 'input') return { on: [sourceInDoubt(doubting, all)], over: [] };
  const unsureOf = (some: readonly Rewrite[]): At => ({
    ...doubting,
    certainty: 'ambiguous',
    pending: [...doubting.pending, ...some.map(doubtOf)],
  });
  const each = all.map((one) => rewrittenBy(unsureOf([one]), one, around));
  return {
    on: [...each.flatMap(({ on }) => on), ...(decided ? [] : [unsureOf(all)])],
    over: each.flatMap(({ over }) => over),
  };
}

const doubtOf = ({ doubt, chain, text }: Rewrite): Doubt => ({ code: doubt, text: `${chain}: ${text}`.slice(0, 200) });

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
  const doubts = all.slice(0, 4).map(doubtOf);
  return { ...at, packet: { ...at.packet, source: undefined }, pending: [...at.pending, ...doubts] };
}

function rewrittenBy(at: At, rewrite: Rewrite, around: Around): Passed {
  const { to, chain, text, evidence } = rewrite;
  const { packet, isOneOf } = rewritten(at.packet, rewrite, around);
  if (!packet) return { on: [], over: [droppedBy(at, rewrite, 'redirect-nowhere')] };
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
    doubts: isOneOf ? [{ code: 'one-of', text }] : [],
  });
  return { on: [{ ...on, packet, translated: at.translated || !isSource }], over: [] };
}
