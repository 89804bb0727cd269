// `nft -a list ruleset` (nft(8); printed by libnftables, src/rule.c):
//
//   table ip nat { # handle 1
//   	map service-ips { # handle 1
//   		type ipv4_addr . inet_proto . inet_service : verdict
//   		elements = { 1.2.3.4 . tcp . 80 : goto a,
//   			     172.30.0.41 . tcp . 80 : goto b }
//   	}
//
//   	chain PREROUTING { # handle 12
//   		type nat hook prerouting priority dstnat; policy accept;
//   		fib daddr type local counter packets 0 bytes 0 jump CNI-HOSTPORT-DNAT # handle 13
//   	}
//   }
//
// A block ends at the line that is its closing brace alone, as deep as its first line. One rule is one line, but where there
// are line breaks in quotes (quoted-lines.ts), and where it has a chain of its own, which goes on until the brace that its handle
// follows:
//
//   		tcp dport 81 jump {
//   			ip saddr 10.1.0.2 drop
//   		} # handle 6
//
// What iptables-nft wrote is in it too, as far as nft can say it in its own words.
import type { FirewallChain, FirewallRule } from '../../model/firewall.ts';
import { evidenceAt, unparsableAt } from '../parsed.ts';
import type { Source, Unparsable } from '../parsed.ts';
import { ruleKeeper } from './kept-rules.ts';
import type { RuleLine, RuleUse } from './kept-rules.ts';
import { notRead, readNftRule } from './nft-rule.ts';
import { forEachQuotedLine, nftQuoting } from './quoted-lines.ts';

export interface Ruleset {
  readonly tables: readonly string[];
  readonly chains: readonly FirewallChain[];
  readonly rules: number;
  /** Rules of nat chains, of the others, and of those they lead to. */
  readonly natRules: readonly FirewallRule[];
  readonly filterRules: readonly FirewallRule[];
  readonly unparsable: readonly Unparsable[];
}

interface OpenChain {
  readonly name: string;
  readonly line: number;
  /** The chain and the rule it was written in. */
  readonly within?: { readonly chain: OpenChain; readonly rule: { handle?: number } };
  hook?: Pick<FirewallChain, 'type' | 'hook' | 'priority' | 'policy'>;
  rules: number;
  /** Its own name, and how many chains without one are in it. */
  readonly named: { readonly as: string; chains: number };
}

interface OpenTable {
  readonly family: string;
  readonly name: string;
  /** The kernel asks none of its base chains: they are hooked in nowhere. */
  dormant: boolean;
}

/** A set, a map, or something else that has a name, or is not known. */
interface OpenBlock {
  readonly name: string;
  /** Nothing but its own elements decides what is in it. */
  plain: boolean;
  /** Blocks that are open in it. */
  depth: number;
}

/** Characters of sets and maps that rules are read with: a map is read again for each rule that names it. */
const elementsBudget = 16 * 1024 * 1024;

/** What is said of a set; packets add to one that is dynamic, and what has a limit is in it for some of them only. */
const plainSet =
  /^(?:type |typeof |size \d|timeout |gc-interval |policy |auto-merge|comment "|counter(?: |$)|flags (?!.*\bdynamic\b))/;

const opensBlock = /\{(?: # handle \d+)?$/;

/** Longer lines are no first lines of a block. */
const longestName = 1024;

export function parseNftRuleset(source: Source): Ruleset {
  const tables: string[] = [];
  const chains: FirewallChain[] = [];
  const unparsable: Unparsable[] = [];
  const lines: RuleLine[] = [];
  const unsure = new Set<number>();
  const elements = new Map<string, string>();
  let table: OpenTable | undefined;
  let chain: OpenChain | undefined;
  let block: OpenBlock | undefined;
  /** `elements = {` that has not been closed, in parts. */
  let open: string[] | undefined;

  const scope = () => `${table?.family} ${table?.name}`;
  const endChain = () => {
    if (!table || !chain) return;
    const { name, line, hook, rules, within } = chain;
    const { family, dormant } = table;
    chains.push({
      family,
      table: table.name,
      name,
      ...(!dormant && hook),
      rules,
      evidence: evidenceAt(source, line),
    });
    chain = within?.chain;
  };
  const begin = (name: string, line: number) => {
    chain = { name, line, rules: 0, named: { as: name, chains: 0 } };
  };
  const addRule = ({ family, name }: OpenTable, within: OpenChain, text: string, line: number): void => {
    const [rule, handle] = withoutHandle(text);
    const begun = /(?:^| )(?:jump|goto) \{$/.test(rule);
    within.rules += 1;
    within.named.chains += begun ? 1 : 0;
    const own = `${within.named.as}{${within.named.chains}}`;
    const added = {
      family,
      table: name,
      chain: within.name,
      text: begun ? rule.slice(0, -1) + own : rule,
      ...(handle === undefined ? {} : { handle }),
      line,
    };
    lines.push(added);
    if (begun) chain = { name: own, line, within: { chain: within, rule: added }, rules: 0, named: within.named };
  };
  const collect = (text: string) => {
    open?.push(text);
    if (text.endsWith('}')) {
      const whole = open?.join(' ') ?? '';
      if (block?.plain)
        elements.set(`${scope()} ${block.name}`, whole.slice(whole.indexOf('{') + 1, whole.lastIndexOf('}')).trim());
      open = undefined;
    }
  };

  forEachQuotedLine(source.output, nftQuoting, ({ text, line, unsure: isUnsure }) => {
    if (isUnsure) {
      unsure.add(line);
      unparsable.push(unparsableAt(source, line, text));
    }
    if (open) return collect(text);
    if (text === '' || text.startsWith('#')) return;
    if (text === '}') {
      if (chain) endChain();
      else if (block && block.depth > 0) block.depth -= 1;
      else if (block) block = undefined;
      else table = undefined;
      return;
    }
    const opened =
      text.length > longestName
        ? null
        : /^(table|chain|set|map|flowtable|counter|quota|limit|secmark|synproxy|ct \w+) (.+?) \{(?: #.*)?$/.exec(text);
    if (!table) {
      const match = opened?.[1] === 'table' ? /^(\S+) (.+)$/.exec(opened[2] ?? '') : undefined;
      if (!match) return void unparsable.push(unparsableAt(source, line, text));
      table = { family: match[1] ?? '', name: match[2] ?? '', dormant: false };
      tables.push(scope());
      return;
    }
    if (chain) {
      const base = /^type (\S+) hook (\S+)(?: devices? [^;]*)? priority ([^;]+);(?: policy (\w+);)?/.exec(text);
      if (chain.within && /^\}(?: comment "[^"]*")?(?: # handle \d+)?$/.test(text)) {
        const [, handle] = withoutHandle(text);
        if (handle !== undefined) chain.within.rule.handle = handle;
        endChain();
      } else if (base && chain.rules === 0 && !chain.hook) {
        const [, type = '', hook = '', priority = '', policy = 'accept'] = base;
        chain.hook = { type, hook, priority, policy };
      } else if (!/^(comment "|flags )[^"]*"?;?$/.test(text)) addRule(table, chain, text, line);
      return;
    }
    if (block === undefined) {
      if (opened?.[1] === 'chain') begin(opened[2] ?? '', line);
      else if (opened) block = { name: opened[2] ?? '', plain: true, depth: 0 };
      else if (text.startsWith('flags ')) table.dormant = text.split(/[ ,;]+/).includes('dormant');
      else if (!text.startsWith('comment "')) {
        unparsable.push(unparsableAt(source, line, text));
        if (opensBlock.test(text)) block = { name: '', plain: false, depth: 0 };
      }
      return;
    }
    if (text.startsWith('elements = {')) {
      open = [];
      collect(text);
    } else if (opensBlock.test(text)) block.depth += 1;
    else if (!plainSet.test(text)) block.plain = false;
  });
  while (chain) endChain();

  let left = elementsBudget;
  const keep = ruleKeeper(chains, lines);
  const read = (use: RuleUse): readonly FirewallRule[] =>
    keep(use, (rule) =>
      unsure.has(rule.line)
        ? notRead(rule.text.slice(0, 160))
        : readNftRule(rule.text, (name) => {
            const said = elements.get(`${rule.family} ${rule.table} ${name}`);
            left -= said?.length ?? 0;
            return left < 0 ? undefined : said;
          }),
    ).map(({ rule, line }) => ({ ...rule, evidence: evidenceAt(source, line) }));
  return { tables, chains, rules: lines.length, natRules: read('nat'), filterRules: read('filter'), unparsable };
}

/** `… # handle 13`, with -a. */
function withoutHandle(text: string): readonly [rule: string, handle: number | undefined] {
  const at = text.lastIndexOf('# handle ');
  const number = at === -1 ? '' : text.slice(at + '# handle '.length);
  return /^\d{1,15}$/.test(number) ? [text.slice(0, at).trimEnd(), Number(number)] : [text, undefined];
}
