// Which route a packet takes: the policy rules in order, each leading to a table (ip-rule(8); fib_rules_lookup in
// net/core/fib_rules.c). A rule that asks what is not known leads to both: where it matches, and where it does not.
import type { Evidence } from '../model/evidence.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Route, Rule } from '../model/route.ts';
import type { Look } from './look.ts';
import type { Doubt } from './path.ts';
import { matchOf, vrfOf } from './rule-match.ts';
import { isRefusal, lookUpTable, type Asking, type Found } from './tables.ts';

export interface Choice {
  /** One next hop, or several of which one is taken; none: there is no route. */
  readonly hops: readonly Route[];
  readonly rule: Rule | undefined;
  /** The rule itself says no (prohibit …). */
  readonly refused: string | undefined;
  readonly doubts: readonly Doubt[];
  /** Others are as possible: this is one of the candidates. */
  readonly isOne: boolean;
  /** Of the rule that led there. */
  readonly ruleEvidence: readonly Evidence[];
}

/** Candidates, the likely one first; one where it is decided. */
export function routesFor(look: Look, asking: Asking): readonly Choice[] {
  const { netns, packet } = asking;
  const rules = look.rulesOf(netns, packet.family);
  const assumed = rules.length === 0;
  const walk = new Walk(look, asking, assumed ? assumedRules(netns, packet.family) : rules);
  walk.from(0, [], true);
  const all = [...walk.candidates, ...walk.conditional.filter((one) => isPossible(one, walk.candidates, asking))];
  const candidates = distinct(all.toSorted((a, b) => Number(b.likely) - Number(a.likely)));
  const conditions = candidates.flatMap((one) => one.condition?.doubt ?? []);
  return candidates.map((one): Choice => ({
    hops: one.hops,
    rule: assumed ? undefined : one.rule,
    refused: one.refused,
    doubts: [
      ...(assumed ? [{ code: 'rules-not-seen', text: '' } as const] : []),
      ...(candidates.length > 1 ? [...one.doubts, ...conditions] : []),
    ],
    isOne: candidates.length > 1,
    ruleEvidence: assumed ? [] : (one.rule?.evidence ?? []),
  }));
}

/**
 * What is sent without a source is looked up as it is: only where that leads nowhere, again with one that was chosen
 * (ip6_dst_lookup_tail in net/ipv6/ip6_output.c).
 */
const isPossible = ({ condition }: Candidate, first: readonly Candidate[], { packet, incoming }: Asking): boolean =>
  condition?.by !== 'from' || packet.source !== undefined || incoming !== undefined || !first.every(leads);

const leads = ({ hops: [route], refused }: Candidate): boolean =>
  refused === undefined && route !== undefined && !isRefusal(route);

const assumedRules = (netns: NamespaceId, family: Rule['family']): readonly Rule[] =>
  [
    [0, 'local'],
    [32766, 'main'],
    [32767, 'default'],
  ].map(([priority, table]) => ({
    netns,
    family,
    priority: Number(priority),
    source: 'all',
    table: String(table),
    selectors: {},
    evidence: [],
  }));

interface Candidate {
  readonly hops: readonly Route[];
  readonly rule: Rule | undefined;
  readonly refused: string | undefined;
  readonly doubts: readonly Doubt[];
  readonly likely: boolean;
  /** It is by a route for some packets only, and this may be one of them. */
  readonly condition?: { readonly by: 'tos' | 'from'; readonly doubt: Doubt };
}

/** Rules that cannot be decided double the candidates. */
const mostCandidates = 8;
const mostSteps = 2000;

class Walk {
  readonly candidates: Candidate[] = [];
  /** By routes for some packets only. */
  readonly conditional: Candidate[] = [];
  readonly #look: Look;
  readonly #asking: Asking;
  readonly #rules: readonly Rule[];
  #steps = 0;

  constructor(look: Look, asking: Asking, rules: readonly Rule[]) {
    this.#look = look;
    this.#asking = asking;
    this.#rules = rules;
  }

  from(first: number, doubts: readonly Doubt[], likely: boolean): void {
    let [told, probable] = [doubts, likely];
    for (let at = first; at < this.#rules.length; at += 1) {
      const rule = this.#rules[at];
      this.#steps += 1;
      if (!rule || this.#steps > mostSteps || this.candidates.length >= mostCandidates) return;
      const { matches, likely: asUsual, text } = matchOf(rule, this.#asking, this.#look);
      if (matches === false) continue;
      if (matches === undefined) {
        const doubt: Doubt = { code: 'policy-rule', text: `${rule.priority}: ${text}` };
        told = [...told, doubt];
        if (!this.#apply(rule, told, probable && asUsual)) continue;
        probable &&= !asUsual;
        continue;
      }
      const goesTo = targetOf(rule);
      if (goesTo !== undefined) {
        const next = this.#rules.findIndex(({ priority }) => priority === goesTo);
        // The kernel takes a goto without a target for one that does not match.
        if (next > at) return this.from(next, told, probable);
        continue;
      }
      if (this.#apply(rule, told, probable)) return;
    }
    this.candidates.push({ hops: [], rule: undefined, refused: undefined, doubts: told, likely: probable });
  }

  /** True: what the rule leads to is found. */
  #apply(rule: Rule, doubts: readonly Doubt[], likely: boolean): boolean {
    const { selectors } = rule;
    const goesTo = targetOf(rule);
    if (goesTo !== undefined) {
      const next = this.#rules.findIndex(({ priority }) => priority === goesTo);
      if (next === -1) return false;
      this.from(next, doubts, likely);
      return true;
    }
    if ('nop' in selectors) return false;
    const action = selectors['action'];
    if (action !== undefined && action !== 'to_tbl') {
      this.candidates.push({ hops: [], rule, refused: action, doubts, likely });
      return true;
    }
    const table = rule.table ?? vrfTable(this.#asking, this.#look, rule);
    if (table === undefined) return false;
    const suppress = Number(selectors['suppress_prefixlen'] ?? -1);
    const { found, others } = lookUpTable(this.#look, this.#asking, table);
    for (const { found: other, by, asks } of others) {
      if (other.hops[0]?.type === 'throw' || other.length <= suppress) continue;
      if (this.conditional.length >= mostCandidates) break;
      const condition = { by, doubt: { code: 'route-asks', text: asks } } as const;
      this.conditional.push({ hops: other.hops, rule, refused: undefined, doubts, likely: false, condition });
    }
    const [route] = found?.hops ?? [];
    if (!found || !route || route.type === 'throw' || found.length <= suppress) return false;
    const merged = this.#mergedWith(table, found);
    for (const longer of merged) {
      this.candidates.push({
        hops: longer.hops,
        rule,
        refused: undefined,
        doubts: [...doubts, { code: 'merged-tables', text: route.destination }],
        likely,
      });
    }
    const mixed: readonly Doubt[] = merged.length > 0 ? [{ code: 'merged-tables', text: route.destination }] : [];
    const several: readonly Doubt[] =
      found.equals.length > 0 ? [{ code: 'several-routes', text: route.destination }] : [];
    for (const hops of [found.hops, ...found.equals]) {
      this.candidates.push({ hops, rule, refused: undefined, doubts: [...doubts, ...mixed, ...several], likely });
    }
    return true;
  }

  /**
   * As long as no rule was ever added to a network namespace, IPv4's tables local and main are one: a longer prefix of main
   * goes before a shorter one of local (fib_trie_unmerge in net/ipv4/fib_trie.c). Whether there ever was one is not told.
   */
  #mergedWith(table: string, found: Found): readonly Found[] {
    const { packet } = this.#asking;
    if (table !== 'local' || packet.family !== 'inet' || found.length === 32 || this.#rules.length > 3) return [];
    const main = lookUpTable(this.#look, this.#asking, 'main').found;
    return main && main.length > found.length ? [main] : [];
  }
}

/** `goto N`. */
const targetOf = ({ selectors }: Rule): number | undefined =>
  selectors['goto'] === undefined ? undefined : Number(selectors['goto']);

/** Where a rule `l3mdev` leads: the table of the VRF that it came in by. */
function vrfTable({ incoming, enslaved }: Asking, look: Look, { selectors }: Rule): string | undefined {
  if (!('l3mdev' in selectors) || !incoming) return undefined;
  const table = vrfOf(look, enslaved ?? incoming)?.data['table'];
  return typeof table === 'number' || typeof table === 'string' ? String(table) : undefined;
}

/** The same outcome by several rules is decided after all. */
function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Map<string, Candidate>();
  for (const one of candidates) {
    const key = `${one.refused ?? ''} ${one.hops.map(({ id }) => id).join(' ')}`;
    const before = seen.get(key);
    if (!before) seen.set(key, one);
  }
  return [...seen.values()];
}
