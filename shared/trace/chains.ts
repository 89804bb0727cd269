// What the firewall of a network namespace does with a packet at one hook: its base chains in order, followed through
// every jump (nft(8), CHAINS; nft_do_chain in net/netfilter/nf_tables_core.c).
//
// A rule of which it is not known whether it matches never decides anything: what it would do is a doubt, and all that
// follows it is not certain any more either.
import type {
  Branch,
  FirewallChain,
  FirewallRule,
  RuleAction,
  RuleMatch,
  UnresolvedFirewall,
} from '../model/firewall.ts';
import type { Evidence } from '../model/evidence.ts';
import type { NamespaceId } from '../model/id.ts';
import { countsOf, rulesOf } from './chain-rules.ts';
import { keepsConnections } from './conntrack.ts';
import { inEachOrder } from './equal-priority.ts';
import { basesAt, chainName, isTracked, type Base, type Hook, type Which } from './hook-order.ts';
import type { Look } from './look.ts';
import { asksWho, matches, type Passing } from './matches.ts';
import type { Doubt } from './path.ts';

export type Rewriting = Extract<RuleAction, { kind: 'dnat' | 'redirect' | 'snat' | 'masquerade' }>;

export interface Said {
  readonly chain: string;
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

export interface Rewrite extends Said {
  readonly to: Rewriting;
  /** Why it is not certain, where it is not. */
  readonly doubt: 'may-rewrite' | 'rewrites-if-reached';
}

export interface HookResult {
  /** Names of the base chains that have rules, or that drop what comes to their end. */
  readonly chains: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Certainly dropped, and by what. */
  readonly dropped: Said | undefined;
  /** Certainly rewritten. */
  readonly rewrite: Rewrite | undefined;
  /** One of these, or none, where none is certain. */
  readonly mayRewrite: readonly Rewrite[];
  /** From here on it has no connection, and is not rewritten. */
  readonly untracked: boolean;
  /** A rule that may have said so. */
  readonly mayUntrack: Said | undefined;
  readonly doubts: readonly Doubt[];
}

export const atHook = (look: Look, netns: NamespaceId, hook: Hook, which: Which, passing: Passing): HookResult =>
  throughChains(look.firewallsOf(netns), hook, which, passing);

/** All the firewalls of one network namespace. */
export function throughChains(
  firewalls: readonly UnresolvedFirewall[],
  hook: Hook,
  which: Which,
  passing: Passing,
): HookResult {
  const families = passing.packet.family === 'inet6' ? ['ip6', 'inet'] : ['ip', 'inet'];
  const bases = basesAt(firewalls, hook, which, families);
  if (which !== 'nat') return throughBases(bases, passing, which === 'before' ? notRead(firewalls) : []);
  const result = inEachOrder(bases, (order, doubts) => throughBases(order, passing, doubts));
  const { dropped } = result;
  if (!dropped || keepsConnections(firewalls, families)) return result;
  const text = `${dropped.chain}: ${dropped.text}`.slice(0, 200);
  return { ...result, dropped: undefined, doubts: [...result.doubts, { code: 'drops-if-tracked', text }] };
}

function throughBases(bases: readonly Base[], passing: Passing, doubts: readonly Doubt[]): HookResult {
  const walk = new ChainWalk(passing);
  const telling: FirewallChain[] = [];
  for (const { firewall, chain } of bases) {
    if (chain.rules > 0 || chain.policy === 'drop') telling.push(chain);
    walk.base(firewall, chain);
    if (walk.dropped || walk.rewrite) break;
  }
  return {
    chains: telling.map(chainName),
    evidence: telling.map(({ evidence }) => evidence),
    dropped: walk.dropped,
    rewrite: walk.rewrite,
    mayRewrite: walk.mayRewrite,
    untracked: walk.untracked,
    mayUntrack: walk.mayUntrack,
    doubts: [...walk.doubts, ...doubts],
  };
}

/** What may be there and was not told. */
export function notRead(firewalls: readonly UnresolvedFirewall[]): readonly Doubt[] {
  if (firewalls.length === 0) return [{ code: 'firewall-not-read', text: '' }];
  return firewalls.some(({ incomplete }) => incomplete) ? [{ code: 'firewall-in-part', text: '' }] : [];
}

/** Whether what came into a chain goes on behind it: all of it, perhaps, nothing. */
type Left = 'open' | 'may-end' | 'ends';
/** Or, if it does, it does so behind the rule that led here. */
type Back = 'returned' | 'may-return' | 'may-end-else-returned';

const deepest = 16;
const mostSteps = 100_000;
/** Doubts of one hook that are told. */
const mostDoubts = 6;

class ChainWalk {
  readonly doubts: Doubt[] = [];
  readonly mayRewrite: Rewrite[] = [];
  dropped: Said | undefined;
  rewrite: Rewrite | undefined;
  untracked = false;
  mayUntrack: Said | undefined;
  #passing: Passing;
  #rules: ReadonlyMap<string, readonly FirewallRule[]> = new Map();
  #counts: ReadonlyMap<string, number> = new Map();
  #steps = 0;
  /** Some may have been accepted before they came to a rule that rewrites. */
  #mayLeave = false;
  #endedBy: 'verdict' | 'rewrite' = 'verdict';

  constructor(passing: Passing) {
    this.#passing = passing;
  }

  base(firewall: UnresolvedFirewall, chain: FirewallChain): void {
    const place = `${chain.family} ${chain.table}`;
    this.#passing = { ...this.#passing, tracked: isTracked(chain) };
    this.#rules = rulesOf(firewall);
    this.#counts = countsOf(firewall);
    // What an earlier chain may have dropped or rewritten is not sure to come here as it is.
    const sure = this.doubts.length === 0 && this.mayRewrite.length === 0;
    const left = this.#chain(place, chain.name, sure, 0);
    if (left === 'ends') this.#decideRewrite();
    if (left === 'ends' || chain.policy !== 'drop') return;
    const said = { chain: `${place} ${chain.name}`, text: 'policy drop', evidence: [chain.evidence] };
    if (left === 'open' && sure) this.dropped = said;
    else this.#doubt({ code: 'drops-if-reached', text: `${said.chain}: ${said.text}` });
  }

  /** By one rule or the other: where all that comes to the end is rewritten in the same way, it is certain after all. */
  #decideRewrite(): void {
    const last = this.mayRewrite.at(-1);
    if (!last || this.#mayLeave || this.#endedBy !== 'rewrite') return;
    const same = this.mayRewrite.every(({ to }) => JSON.stringify(to) === JSON.stringify(last.to));
    if (!same) return;
    this.rewrite = last;
    this.mayRewrite.length = 0;
  }

  #chain(place: string, name: string, sure: boolean, depth: number): Left {
    const key = `${place} ${name}`;
    const rules = this.#rules.get(key) ?? [];
    let [here, mayEnd, mayReturn] = [sure, false, false];
    if (rules.length < (this.#counts.get(key) ?? rules.length) || depth > deepest) {
      this.#doubt({ code: 'firewall-cut', text: key });
      return 'may-end';
    }
    for (const rule of rules) {
      this.#steps += 1;
      if (this.#steps > mostSteps) {
        this.#doubt({ code: 'firewall-cut', text: key });
        return 'may-end';
      }
      const left = this.#rule({ place, rule, depth, fits: true }, rule.match, rule.action, here);
      if (left === 'may-end-else-returned') return 'may-end';
      // What may have gone back before is not ended by what ends the rest.
      if (left === 'ends') return mayReturn ? 'may-end' : 'ends';
      if (left === 'returned') return mayEnd ? 'may-end' : 'open';
      if (left === 'may-return') [here, mayReturn] = [false, true];
      if (left === 'may-end') [here, mayEnd] = [false, true];
      if (this.dropped || this.rewrite) return 'ends';
    }
    return mayEnd ? 'may-end' : 'open';
  }

  #rule(at: At, match: RuleMatch, action: RuleAction, here: boolean): Left | Back {
    const fits = this.#fits(match, action);
    if (fits === false) return 'open';
    // Once the kernel has looked for its connection it is too late (nft_notrack_eval).
    const { tracked } = this.#passing;
    if (at.rule.notrack && tracked !== true) this.#notrack(at.rule, here && fits === true && tracked === false);
    if (fits === undefined && action.kind === 'verdict' && action.verdict === 'accept') this.#mayLeave = true;
    const left = this.#act({ ...at, fits: at.fits && fits === true }, action, here && fits === true);
    if (fits === true || left === 'open') return left;
    if (left === 'returned') return 'may-return';
    return left === 'ends' || left === 'may-end-else-returned' ? 'may-end' : left;
  }

  /** Of whoever may send it: rules that ask who that is take some, and let others pass. */
  #fits(match: RuleMatch, action: RuleAction): boolean | undefined {
    const fits = matches(match, this.#passing);
    if (fits !== undefined || this.#passing.anybody !== true || !asksWho(match, this.#passing)) return fits;
    if (action.kind === 'verdict' && action.verdict === 'accept') return true;
    return action.kind === 'verdict' && (action.verdict === 'drop' || action.verdict === 'reject') ? false : fits;
  }

  #notrack(rule: FirewallRule, sure: boolean): void {
    if (!sure) this.mayUntrack ??= saidBy(rule);
    else {
      this.untracked = true;
      this.#passing = { ...this.#passing, untracked: true };
    }
  }

  #act(at: At, action: RuleAction, sure: boolean): Left | Back {
    const { place, rule, depth } = at;
    switch (action.kind) {
      case 'jump':
        return this.#chain(place, action.chain, sure, depth + 1);
      case 'goto': {
        const left = this.#chain(place, action.chain, sure, depth + 1);
        if (left === 'may-end') return 'may-end-else-returned';
        return left === 'open' ? 'returned' : left;
      }
      case 'choice':
        return this.#choose(at, action.branches, sure);
      case 'verdict':
        if (action.verdict === 'return') return 'returned';
        this.#endedBy = 'verdict';
        if (action.verdict === 'accept') return 'ends';
        if (action.verdict !== 'drop' && action.verdict !== 'reject') return this.#perhaps(rule, 'unread-rule');
        if (sure) this.dropped = saidBy(rule);
        else this.#doubtRule(at.fits ? 'drops-if-reached' : 'may-drop', rule);
        return 'ends';
      case 'dnat':
      case 'redirect':
      case 'snat':
      case 'masquerade':
        this.#endedBy = 'rewrite';
        this.#rewriteBy({ ...saidBy(rule), to: action, doubt: at.fits ? 'rewrites-if-reached' : 'may-rewrite' }, sure);
        return 'ends';
      case 'unread':
        return this.#perhaps(rule, action.rewrites ? 'unread-rewrite' : 'unread-rule');
      case 'none':
        return 'open';
    }
  }

  /** A map: the first key that fits. By turns, any of them. */
  #choose(at: At, branches: readonly Branch[], sure: boolean): Left | Back {
    let [here, result]: [boolean, Left | Back] = [sure, 'open'];
    for (const { match, action } of branches) {
      // One key alone is the packet's.
      if (result === 'open' && this.#fits(match, action) === true) return this.#rule(at, match, action, here);
      const left = this.#rule(at, match, action, here);
      if (left === 'ends' || left === 'returned' || left === 'may-end-else-returned') return left;
      if (left !== 'open') [here, result] = [false, result === 'may-end' ? result : left];
      if (this.dropped || this.rewrite) return 'ends';
    }
    return result;
  }

  #rewriteBy(rewrite: Rewrite, sure: boolean): void {
    if (sure) this.rewrite = rewrite;
    else if (!this.mayRewrite.some(({ to, text }) => to === rewrite.to && text === rewrite.text))
      this.mayRewrite.push(rewrite);
  }

  /** What it does is not read: it may drop, rewrite, or hand over to a program. */
  #perhaps(rule: FirewallRule, code: 'unread-rule' | 'unread-rewrite'): Left {
    this.#doubtRule(code, rule);
    this.#mayLeave = true;
    return 'may-end';
  }

  #doubtRule(code: Doubt['code'], rule: FirewallRule): void {
    this.#doubt({ code, text: `${rule.chain}: ${rule.text}` });
  }

  #doubt({ code, text: whole }: Doubt): void {
    const text = whole.slice(0, 200);
    // Each key of a map that may fit says the same of its rule.
    if (this.doubts.some((one) => one.code === code && one.text === text)) return;
    if (this.doubts.length < mostDoubts) this.doubts.push({ code, text });
  }
}

interface At {
  readonly place: string;
  readonly rule: FirewallRule;
  readonly depth: number;
  /** It is surely for such a packet: whether one comes to it is another question. */
  readonly fits: boolean;
}

const saidBy = ({ family, table, chain, text, evidence }: FirewallRule): Said => ({
  chain: `${family} ${table} ${chain}`,
  text,
  evidence: [evidence],
});
