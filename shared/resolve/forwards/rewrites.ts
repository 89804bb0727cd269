// Which packets the firewall of a network namespace sends elsewhere: the rules of its nat chains, followed from where they
// hook in through every jump, in order.
import type { Branch, Firewall, FirewallRule, RuleAction, UnresolvedFirewall } from '../../model/firewall.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Entities } from '../../model/entities.ts';
import { priorityOf } from '../../trace/hook-order.ts';
import { grouped } from '../known.ts';
import { always, haveCommon, isImplied, narrowed, type Conditions } from './conditions.ts';

export type NatHook = 'prerouting' | 'output' | 'postrouting' | 'input';
export type Translation = Extract<RuleAction, { kind: 'dnat' | 'redirect' | 'snat' | 'masquerade' }>;

export interface Rewrite {
  readonly by: Firewall['by'];
  readonly netns: NamespaceId;
  /** The base chain it is in or behind, `family table chain`, and when that is asked: what has the lower one comes first. */
  readonly base: string;
  readonly priority: number;
  readonly conditions: Conditions;
  readonly to: Translation;
  /** The rules on the way, the one that rewrites last. */
  readonly rules: readonly FirewallRule[];
  /** An earlier rule may take such a packet away: its conditions are not read. */
  readonly doubtful: boolean;
  /** So does one of another chain of equal priority, elsewhere; an earlier one, some of them: told where a packet is asked about. */
  readonly tied?: true;
  readonly rest?: true;
}

/** Rules gone through for one hook, and ways found. Rules that lead to each other in many ways have no end. */
const mostSteps = 400_000;
const mostFound = 20_000;
const deepest = 16;
/** Of the rules before one that may take its packets away, so many are compared with it, the last ones. */
const mostExceptions = 100;

const cache = new WeakMap<UnresolvedFirewall, Map<NatHook, readonly Rewrite[]>>();

/**
 * In the order the kernel asks, but for chains of equal priority: of these the one that was added last comes first
 * (nf_hook_entries_grow), and which that is was not told.
 */
export function rewritesAt(hook: NatHook, netns: NamespaceId, { firewalls }: Entities): readonly Rewrite[] {
  const each = firewalls.filter((one) => one.netns === netns).map((one) => ofFirewall(one, hook));
  const having = each.filter((one) => one.length > 0);
  return having.length > 1 ? having.flat().sort((a, b) => a.priority - b.priority) : (having[0] ?? []);
}

/** Which of them comes first is not told, and makes a difference. */
export const areTied = (a: Rewrite, b: Rewrite): boolean =>
  a.priority === b.priority && a.base !== b.base && JSON.stringify(a.to) !== JSON.stringify(b.to);

function ofFirewall(firewall: UnresolvedFirewall, hook: NatHook): readonly Rewrite[] {
  const known = cache.get(firewall) ?? new Map<NatHook, readonly Rewrite[]>();
  cache.set(firewall, known);
  const before = known.get(hook);
  if (before) return before;
  const walk = new Walk(firewall);
  firewall.chains
    .filter((chain) => chain.type === 'nat' && chain.hook === hook)
    .map((chain) => ({ chain, priority: priorityOf(chain) }))
    .sort((a, b) => a.priority - b.priority)
    .forEach(({ chain, priority }) => {
      const family = chain.family === 'ip' || chain.family === 'ip6' ? chain.family : undefined;
      const table = `${chain.family} ${chain.table}`;
      const base = { name: `${table} ${chain.name}`, priority, isLast: hook === 'postrouting' };
      walk.chain({ base, table, path: [], depth: 0 }, chain.name, { ...always, family });
    });
  known.set(hook, walk.found);
  return walk.found;
}

/** How a chain was left: at its end, by return, with every packet taken away, or rewritten. */
type Left = 'open' | 'returned' | 'ended' | 'rewritten';

interface Place {
  readonly base: { readonly name: string; readonly priority: number; readonly isLast: boolean };
  readonly table: string;
  /** The rules that led here. */
  readonly path: readonly FirewallRule[];
  readonly depth: number;
}

class Walk {
  readonly found: Rewrite[] = [];
  readonly #firewall: UnresolvedFirewall;
  readonly #rulesOf: ReadonlyMap<string, readonly FirewallRule[]>;
  /** What was taken away so far, whatever follows. */
  readonly #taken: Conditions[] = [];
  #steps = 0;

  constructor(firewall: UnresolvedFirewall) {
    this.#firewall = firewall;
    this.#rulesOf = grouped(firewall.natRules, (rule) => `${rule.family} ${rule.table} ${rule.chain}`);
  }

  chain(place: Place, name: string, given: Conditions): Left {
    if (place.depth > deepest) return 'open';
    /** What left this chain before its end, back to where it came from. */
    const returned: Conditions[] = [];
    for (const rule of this.#rulesOf.get(`${place.table} ${name}`) ?? []) {
      if (this.#isEnough()) return 'ended';
      const conditions = narrowed(given, rule.match);
      if (!conditions) continue;
      const left = this.#act(rule.action, { ...place, path: [...place.path, rule] }, conditions, returned);
      if (left !== 'open' && isImplied(given, rule.match)) return left;
      if (left === 'returned') returned.push(conditions);
      if (left === 'ended') this.#taken.push(conditions);
    }
    return 'open';
  }

  #act(action: RuleAction, place: Place, conditions: Conditions, returned: readonly Conditions[]): Left {
    switch (action.kind) {
      case 'jump':
      case 'goto': {
        const left = this.chain({ ...place, depth: place.depth + 1 }, action.chain, conditions);
        if (left === 'ended' || left === 'rewritten') return left;
        return action.kind === 'goto' ? 'returned' : 'open';
      }
      case 'choice':
        return this.#choose(action.branches, place, conditions, returned);
      case 'dnat':
      case 'redirect':
      case 'snat':
      case 'masquerade': {
        const { by, netns } = this.#firewall;
        const { name: base, priority, isLast } = place.base;
        const taken = [...this.#taken, ...returned].slice(-mostExceptions);
        const doubtful = isLast
          ? taken.some((one) => haveCommon(one, conditions)) || this.#mayBeOtherwise(action, conditions)
          : taken.some((one) => mayTake(one, conditions));
        this.found.push({ by, netns, base, priority, conditions, to: action, rules: place.path, doubtful });
        return conditions.shared ? 'open' : 'rewritten';
      }
      case 'verdict':
        return action.verdict === 'return' ? 'returned' : 'ended';
      case 'unread':
        return 'ended';
      case 'none':
        return 'open';
    }
  }

  /** Of what leaves, an earlier rule may have given some another source. */
  #mayBeOtherwise(to: Translation, conditions: Conditions): boolean {
    return this.found
      .slice(-mostExceptions)
      .some((one) => JSON.stringify(one.to) !== JSON.stringify(to) && haveCommon(one.conditions, conditions));
  }

  #choose(branches: readonly Branch[], place: Place, given: Conditions, returned: readonly Conditions[]): Left {
    for (const { match, action } of branches) {
      if (this.#isEnough()) return 'ended';
      const conditions = narrowed(given, match);
      if (!conditions) continue;
      if (this.#act(action, place, conditions, returned) === 'ended') this.#taken.push(conditions);
    }
    // By turns: one of them is taken. By a value: there may be none for it.
    return branches.every(({ match }) => match.shared) ? 'rewritten' : 'open';
  }

  #isEnough(): boolean {
    this.#steps += 1;
    return this.#steps > mostSteps || this.found.length >= mostFound;
  }
}

/**
 * A rule before may take a packet of these away. One that asks from where it comes takes some of them only, and the
 * others still come: no doubt in where those go.
 */
function mayTake(taken: Conditions, conditions: Conditions): boolean {
  if (taken.other.length === 0 && taken.sources.length + taken.incoming.length > 0) return false;
  return haveCommon(taken, conditions);
}
