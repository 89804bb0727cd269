// The rules of a network namespace's firewall by the chain they are in, in order.
import type { FirewallRule, UnresolvedFirewall } from '../model/firewall.ts';

const ruleCache = new WeakMap<UnresolvedFirewall, ReadonlyMap<string, readonly FirewallRule[]>>();

/** By chain. One that both a nat chain and another lead to is in both lists. */
export function rulesOf(firewall: UnresolvedFirewall): ReadonlyMap<string, readonly FirewallRule[]> {
  const before = ruleCache.get(firewall);
  if (before) return before;
  const groups = new Map<string, Map<number, FirewallRule>>();
  for (const rule of [...firewall.natRules, ...firewall.filterRules]) {
    const key = `${rule.family} ${rule.table} ${rule.chain}`;
    const group = groups.get(key) ?? new Map<number, FirewallRule>();
    groups.set(key, group.set(rule.evidence.line ?? 0, rule));
  }
  const rules = new Map([...groups].map(([key, group]) => [key, [...group.values()]] as const));
  ruleCache.set(firewall, rules);
  return rules;
}

/** How many each has: what was left out is seen by it. */
export const countsOf = ({ chains }: UnresolvedFirewall): ReadonlyMap<string, number> =>
  new Map(chains.map(({ family, table, name, rules }) => [`${family} ${table} ${name}`, rules]));
