// `iptables-save -c`, `ip6tables-save -c` (iptables-save(8), iptables-extensions(8)):
//
//   *nat
//   :PREROUTING ACCEPT [0:0]
//   :DOCKER - [0:0]
//   [0:0] -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
//   [0:0] -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
//   COMMIT
//
// Without -c the counters before a rule are missing. Words with blanks are quoted, a quote inside has a backslash.
import type { FirewallChain, FirewallRule, RuleAction, RuleMatch } from '../../model/firewall.ts';
import { forEachLine } from '../lines.ts';
import { evidenceAt, unparsableAt } from '../parsed.ts';
import type { Source, Unparsable } from '../parsed.ts';
import { ruleKeeper } from './kept-rules.ts';
import type { RuleLine, RuleUse } from './kept-rules.ts';
import { anything, both, one, portRange, portsIn, targetOf } from './match.ts';
import { natTargets } from './nft-actions.ts';
import { protocolName } from './nft-fields.ts';
import { notRead } from './nft-rule.ts';
import type { ReadRule } from './nft-rule.ts';
import type { Ruleset } from './nft-ruleset.ts';

/** Which tables' chains nft would call so. */
const hooks: Readonly<Record<string, string>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
};

export function parseIptablesSave(source: Source, family: 'ip' | 'ip6'): Ruleset {
  const { output } = source;
  const tables: string[] = [];
  const chains = new Map<string, FirewallChain & { rules: number }>();
  const lines: RuleLine[] = [];
  const unparsable: Unparsable[] = [];
  let table: string | undefined;

  forEachLine(output, (start, end, line) => {
    const text = output.slice(start, end).trim();
    if (text === '' || text.startsWith('#') || text === 'COMMIT') return;
    if (text.startsWith('*')) {
      table = text.slice(1);
      tables.push(`${family} ${table}`);
      return;
    }
    const chain = /^:(\S+) (\S+)/.exec(text);
    const rule = /^(?:\[\d+:\d+\] )?-A (\S+)(?: (.*))?$/.exec(text);
    if (table !== undefined && chain) {
      const [, name = '', policy = '-'] = chain;
      const hook = policy === '-' ? undefined : hooks[name];
      chains.set(`${table} ${name}`, {
        family,
        table,
        name,
        ...(hook === undefined
          ? {}
          : { type: table === 'nat' ? 'nat' : 'filter', hook, priority: table, policy: policy.toLowerCase() }),
        rules: 0,
        evidence: evidenceAt(source, line),
      });
    } else if (table !== undefined && rule) {
      const [, name = '', words = ''] = rule;
      const known = chains.get(`${table} ${name}`);
      if (known) known.rules += 1;
      lines.push({ family, table, chain: name, text: words, line });
    } else unparsable.push(unparsableAt(source, line, text));
  });

  const list = [...chains.values()];
  const keep = ruleKeeper(list, lines);
  const read = (use: RuleUse): readonly FirewallRule[] =>
    keep(use, (rule) => readIptablesRule(rule.text, family, (name) => chains.has(`${rule.table} ${name}`))).map(
      ({ rule, line }) => ({
        ...rule,
        evidence: evidenceAt(source, line),
      }),
    );
  return {
    tables,
    chains: list,
    rules: lines.length,
    natRules: read('nat'),
    filterRules: read('filter'),
    unparsable,
  };
}

/** Options with one value that ask nothing about the packet, or nothing that is not said elsewhere. */
const aside: ReadonlySet<string> = new Set(['-m', '--comment', '--random', '--persistent']);
/** Extensions that ask nothing without an option; others may. */
const silent: ReadonlySet<string> = new Set(['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'icmp', 'icmp6', 'comment']);
/** Those that ask something whether or not an option says more. */
const asking: ReadonlySet<string> = new Set(['rpfilter', 'socket', 'eui64']);
/** Their values are in the rule's action. */
const flags: ReadonlySet<string> = new Set(['--random', '--random-fully', '--persistent']);

/** Nobody writes so many conditions. */
const mostWords = 512;

export function readIptablesRule(
  text: string,
  family: 'ip' | 'ip6',
  isChain: (name: string) => boolean = () => true,
): ReadRule {
  const words = splitWords(text);
  if (words.length > mostWords) return notRead(text.slice(0, 160));
  let match: RuleMatch = { family, other: [] };
  let action: RuleAction = { kind: 'none' };
  let notrack = false;
  for (let at = 0; at < words.length;) {
    const not = words[at] === '!';
    if (not) at += 1;
    const option = words[at] ?? '';
    const value = words[at + 1] ?? '';
    if (option === '-j' || option === '-g') {
      action = actionOf(option, value, words.slice(at + 2), { family, isChain });
      notrack = value === 'NOTRACK' || (value === 'CT' && words.includes('--notrack', at));
      break;
    }
    if (flags.has(option)) at += 1;
    else if (option === '-m' && asks(value, words[at + 2])) {
      const shown = `-m ${value}`;
      match = both(match, { other: [shown] }, shown);
      at += 2;
    } else if (aside.has(option)) at += 2;
    else {
      const said = condition(option, value, not);
      const end = said ? at + 2 : nextOption(words, at + 1);
      const shown = `${not ? '! ' : ''}${words.slice(at, end).join(' ')}`;
      match = both(match, said ?? { other: [shown] }, shown);
      at = end;
    }
  }
  return { match, action, ...(notrack && { notrack }) };
}

/** `-m NAME`, and the word behind it, which is an option of its own if it begins with two dashes or is negated. */
const asks = (name: string, next: string | undefined): boolean =>
  asking.has(name) || (!silent.has(name) && next?.startsWith('--') !== true && next !== '!');

function nextOption(words: readonly string[], from: number): number {
  let at = from;
  while (at < words.length && words[at] !== '!' && !words[at]?.startsWith('-')) at += 1;
  return at;
}

function condition(option: string, value: string, not: boolean): RuleMatch | undefined {
  switch (option) {
    case '-d':
      return { destination: one([withoutHostLength(value)], not), other: [] };
    case '-s':
      return { source: one([withoutHostLength(value)], not), other: [] };
    case '-i':
    case '-o':
      // A star is nothing special to iptables, but it is to nft.
      return value.endsWith('*')
        ? undefined
        : { [option === '-i' ? 'incoming' : 'outgoing']: one([value], not), other: [] };
    case '-p':
      return not ? undefined : { protocols: [protocolName(value)], other: [] };
    case '--dport':
    case '--dports': {
      const ports = portsIn(value.split(','), not);
      return ports && { ports, other: [] };
    }
    case '--dst-type':
      return value === 'LOCAL' ? { local: !not, other: [] } : undefined;
    case '--mode':
      return { shared: true, other: [] };
    case '--probability':
    case '--every':
    case '--packet':
      return anything;
    default:
      return undefined;
  }
}

const withoutHostLength = (text: string): string => text.replace(text.includes(':') ? /\/128$/ : /\/32$/, '');

/** Targets behind which the next rule is asked (iptables-extensions(8)): they mark, log, copy or change what is not asked here. */
const continuing: ReadonlySet<string> = new Set([
  ...[
    'AUDIT',
    'CHECKSUM',
    'CLASSIFY',
    'CONNMARK',
    'CONNSECMARK',
    'CT',
    'DSCP',
    'ECN',
    'HL',
    'HMARK',
    'IDLETIMER',
    'LED',
  ],
  ...['LOG', 'MARK', 'NFLOG', 'NOTRACK', 'RATEEST', 'SECMARK', 'SET', 'TCPMSS', 'TCPOPTSTRIP', 'TEE', 'TOS', 'TRACE'],
  ...['TTL', 'ULOG'],
]);

function actionOf(
  option: string,
  name: string,
  rest: readonly string[],
  { family, isChain }: { readonly family: 'ip' | 'ip6'; readonly isChain: (name: string) => boolean },
): RuleAction {
  const value = (of: string): string | undefined => {
    const at = rest.indexOf(of);
    return at === -1 ? undefined : rest[at + 1];
  };
  const text = [option, name, ...rest].join(' ');
  switch (name) {
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
    case 'REJECT':
    case 'QUEUE':
    case 'NFQUEUE':
      return { kind: 'verdict', verdict: name.toLowerCase() };
    case 'MASQUERADE':
      return { kind: 'masquerade' };
    case 'DNAT': {
      const target = targetOf(value('--to-destination') ?? '');
      return target ? { kind: 'dnat', ...target } : { kind: 'unread', text, rewrites: true };
    }
    case 'SNAT': {
      const target = targetOf(value('--to-source') ?? '');
      return target?.address === undefined
        ? { kind: 'unread', text, rewrites: true }
        : { kind: 'snat', address: target.address };
    }
    case 'REDIRECT': {
      const ports = value('--to-ports');
      if (ports === undefined) return { kind: 'redirect' };
      const range = portRange(ports);
      return range ? { kind: 'redirect', ports: range } : { kind: 'unread', text, rewrites: true };
    }
    default:
      if (continuing.has(name)) return { kind: 'none' };
      if (natTargets.has(name)) return { kind: 'unread', text: `${family} ${text}`, rewrites: true };
      if (ending.has(name) || !isChain(name)) return { kind: 'unread', text: `${family} ${text}` };
      return { kind: option === '-g' ? 'goto' : 'jump', chain: name };
  }
}

/** Other targets that are known; what is neither a target nor a chain of the table is one that is not. */
const ending: ReadonlySet<string> = new Set(['TPROXY', 'CLUSTERIP', 'SYNPROXY']);

function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const [, quoted, plain] of text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) {
    words.push(quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1'));
  }
  return words;
}
