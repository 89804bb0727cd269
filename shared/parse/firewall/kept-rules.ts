// Which rules are kept: those of base chains that IP packets come to, and of the chains these lead to. Those that rewrite
// addresses are kept apart from those that let pass or drop. On a host of Kubernetes there are tens of thousands: of the
// second kind so many are read as a packet's path can be told with; the transcript has them all.
import type { FirewallChain, FirewallRule } from '../../model/firewall.ts';
import type { ReadRule } from './nft-rule.ts';

/** A rule before its words were read. */
export interface RuleLine {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly text: string;
  readonly handle?: number;
  readonly line: number;
}

export interface KeptRule {
  readonly rule: Omit<FirewallRule, 'evidence'>;
  readonly line: number;
}

export type RuleUse = 'nat' | 'filter';

/** More rules than that are not read. */
const most: Readonly<Record<RuleUse, number>> = { nat: 100_000, filter: 20_000 };

const ipFamilies: ReadonlySet<string> = new Set(['ip', 'ip6', 'inet']);
const begins: Readonly<Record<RuleUse, (chain: FirewallChain) => boolean>> = {
  nat: ({ type }) => type === 'nat',
  filter: ({ type, hook, family }) => type !== 'nat' && hook !== undefined && ipFamilies.has(family),
};

export function ruleKeeper(
  chains: readonly FirewallChain[],
  lines: readonly RuleLine[],
): (use: RuleUse, read: (line: RuleLine) => ReadRule) => readonly KeptRule[] {
  const linesOf = new Map<string, RuleLine[]>();
  for (const line of lines) {
    const key = keyOf(line.family, line.table, line.chain);
    const list = linesOf.get(key);
    if (list) list.push(line);
    else linesOf.set(key, [line]);
  }
  return (use, read) => {
    const kept: KeptRule[] = [];
    const seen = new Set<string>();
    // Grows while it is gone through.
    const waiting = chains.filter(begins[use]).map(({ family, table, name }) => ({ family, table, name }));
    for (const { family, table, name } of waiting) {
      if (kept.length >= most[use]) break;
      const key = keyOf(family, table, name);
      if (seen.has(key)) continue;
      seen.add(key);
      for (const { line, ...said } of linesOf.get(key) ?? []) {
        const { action, ...others } = read({ line, ...said });
        kept.push({ rule: { ...said, action, ...others }, line });
        const branches = action.kind === 'choice' ? action.branches.map((branch) => branch.action) : [action];
        for (const branch of branches) {
          if (branch.kind === 'jump' || branch.kind === 'goto') waiting.push({ family, table, name: branch.chain });
        }
      }
    }
    return kept;
  };
}

const keyOf = (family: string, table: string, chain: string): string => `${family} ${table} ${chain}`;
