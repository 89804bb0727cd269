// Chains of equal priority: the kernel asks the one first that was added last (nf_hook_entries_grow in net/netfilter/core.c),
// and which that is nft does not tell. Of nat chains the first that rewrites or drops decides; the others' order says nothing,
// for each chain asks what the others leave. So all that may be is: each of them first.
import type { HookResult, Rewrite } from './chains.ts';
import { chainName, priorityOf, type Base } from './hook-order.ts';
import type { Doubt } from './path.ts';

/** More possibilities than anybody made on purpose. */
const mostOrders = 64;

/** What happens in every order that makes a difference, together. */
export function inEachOrder(
  bases: readonly Base[],
  follow: (bases: readonly Base[], doubts: readonly Doubt[]) => HookResult,
): HookResult {
  let orders: readonly (readonly Base[])[] = [[]];
  for (const group of grouped(bases)) {
    const turned = eachFirst(group);
    if (orders.length * turned.length > mostOrders) {
      return follow(bases, [{ code: 'firewall-cut', text: group.map(({ chain }) => chainName(chain)).join(', ') }]);
    }
    orders = orders.flatMap((before) => turned.map((one) => [...before, ...one]));
  }
  const [first = bases, ...others] = orders;
  return together(
    follow(first, []),
    others.map((order) => follow(order, [])),
  );
}

function grouped(bases: readonly Base[]): Iterable<readonly Base[]> {
  const groups = new Map<number, Base[]>();
  for (const base of bases) {
    const priority = priorityOf(base.chain);
    groups.set(priority, [...(groups.get(priority) ?? []), base]);
  }
  return groups.values();
}

function eachFirst(group: readonly Base[]): readonly (readonly Base[])[] {
  const saying = group.filter(({ chain }) => chain.rules > 0 || chain.policy === 'drop');
  if (saying.length < 2) return [group];
  return saying.map((first) => [first, ...group.filter((one) => one !== first)]);
}

/** What happens in each order, together: certain only where it is the same. */
function together(first: HookResult, others: readonly HookResult[]): HookResult {
  const results = [first, ...others];
  const outcomes = new Set(
    results.map(({ rewrite, dropped, mayRewrite }) => JSON.stringify([rewrite?.to, dropped, mayRewrite])),
  );
  if (outcomes.size === 1) return first;
  const all = [
    ...new Map(
      results
        .flatMap(({ rewrite, mayRewrite }): readonly Rewrite[] => [
          ...mayRewrite,
          ...(rewrite ? [{ ...rewrite, doubt: 'rewrites-if-reached' as const }] : []),
        ])
        .map((one) => [JSON.stringify(one.to), one]),
    ).values(),
  ];
  // Where each order rewrites, it is one of them, else perhaps none.
  const decided = results.every(({ rewrite }) => rewrite) ? all.at(-1) : undefined;
  const drops = results.flatMap(({ dropped }) => dropped ?? []).slice(0, 1);
  const doubts: readonly Doubt[] = [
    ...results.flatMap((one) => one.doubts),
    ...drops.map(({ chain, text }) => ({ code: 'drops-if-reached', text: `${chain}: ${text}` }) as const),
    { code: 'equal-priority', text: all.map(({ chain }) => chain).join(', ') },
  ];
  return {
    ...first,
    chains: [...new Set(results.flatMap(({ chains }) => chains))],
    evidence: [...new Set(results.flatMap(({ evidence }) => evidence))],
    dropped: undefined,
    rewrite: decided,
    mayRewrite: all.filter((one) => one !== decided),
    doubts: [...new Map(doubts.map((one) => [`${one.code} ${one.text}`, one])).values()],
  };
}
