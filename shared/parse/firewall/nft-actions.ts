// What is done with a packet at the end of a rule (nft(8), VERDICT STATEMENTS, NAT STATEMENTS):
//
//   accept   jump X   reject with icmp port-unreachable   masquerade random   redirect to :5353
//   dnat ip to 10.0.0.2:80   dnat ip addr . port to tcp dport map { 80 : 10.0.0.2 . 8080 }
//
// It is the last thing of its rule: what has words behind it that it cannot have is none.
import type { RuleAction, RuleMatch } from '../../model/firewall.ts';
import { targetOf } from './match.ts';
import type { Target } from './match.ts';
import { bare } from './nft-expressions.ts';
import { fieldsAt, impliedBy } from './nft-fields.ts';
import { branchesOf, elementsAt } from './nft-sets.ts';
import type { Elements } from './nft-sets.ts';
import { textOf, wordsOf } from './nft-words.ts';
import type { Word } from './nft-words.ts';

export interface Acting {
  readonly action: RuleAction;
  /** What it is for, besides the rule's conditions: `dnat ip to`, `reject with icmp`. */
  readonly implied?: readonly RuleMatch[];
}

export function actionAt(words: readonly Word[], at: number, elements: Elements): Acting | undefined {
  const [word, second] = [bare(words, at), bare(words, at + 1)];
  const isLast = at + 1 === words.length;
  const unread = { action: { kind: 'unread', text: textOf(words.slice(at)) } } as const;
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
      return isLast ? { action: { kind: 'verdict', verdict: word } } : undefined;
    case 'continue':
      return isLast ? { action: { kind: 'none' } } : undefined;
    case 'reject':
      return isLast || second === 'with'
        ? { action: { kind: 'verdict', verdict: word }, implied: rejected[bare(words, at + 2)] ?? [] }
        : undefined;
    case 'queue':
      return { action: { kind: 'verdict', verdict: word } };
    case 'jump':
    case 'goto':
      return at + 2 === words.length ? { action: { kind: word, chain: words[at + 1]?.text ?? '' } } : undefined;
    case 'masquerade':
    case 'redirect':
      return toItself(word, words, at + 1);
    case 'dnat':
    case 'snat':
      return translation(word, words, at, elements);
    case 'tproxy':
    case 'fwd':
      return second === 'to' || bare(words, at + 2) === 'to' ? unread : undefined;
    case 'synproxy':
      return isLast || ['mss', 'wscale', 'name'].includes(second) ? unread : undefined;
    case 'xt':
      // iptables' own, which this nft cannot say: `xt target "DNAT"`.
      if (second !== 'target') return undefined;
      return natTargets.has(words[at + 2]?.text ?? '') ? { action: { ...unread.action, rewrites: true } } : unread;
    default:
      return undefined;
  }
}

/** Who can be answered so: nft asks it of the packet, and does not print that (stmt_evaluate_reject in src/evaluate.c). */
const rejected: Readonly<Record<string, readonly RuleMatch[]>> = {
  icmp: [{ family: 'ip', other: [] }],
  icmpv6: [{ family: 'ip6', other: [] }],
  tcp: [{ protocols: ['tcp'], other: [] }],
};

/** Of iptables: they give other addresses or ports. */
export const natTargets: ReadonlySet<string> = new Set([
  ...['DNAT', 'SNAT', 'NETMAP', 'MASQUERADE', 'REDIRECT', 'SNPT', 'DNPT'],
]);

/** `random,persistent`: how, not where to. */
const areFlags = (words: readonly Word[]): boolean =>
  words.every(
    (word) =>
      !word.quoted &&
      !word.braced &&
      /^(?:(?:fully-)?random|persistent)(?:,(?:(?:fully-)?random|persistent))*$/.test(word.text),
  );

/** `masquerade`, `redirect to :5353 random`. */
function toItself(kind: 'masquerade' | 'redirect', words: readonly Word[], from: number): Acting | undefined {
  if (areFlags(words.slice(from))) return { action: { kind } };
  if (bare(words, from) !== 'to') return undefined;
  const target = targetOf(bare(words, from + 1));
  if (!target || target.address !== undefined || !areFlags(words.slice(from + 2)))
    return { action: { kind: 'unread', text: textOf(words.slice(from - 1)), rewrites: true } };
  return { action: kind === 'masquerade' ? { kind } : { kind, ...(target.ports && { ports: target.ports }) } };
}

/** `[ip|ip6] [addr . port | prefix | interval] to …`. */
function translation(
  kind: 'dnat' | 'snat',
  words: readonly Word[],
  at: number,
  elements: Elements,
): Acting | undefined {
  let next = at + 1;
  const family = bare(words, next);
  const implied = family === 'ip' || family === 'ip6' ? [{ family, other: [] } as const] : [];
  while (['ip', 'ip6', 'prefix', 'interval', 'addr', 'port', '.'].includes(bare(words, next))) next += 1;
  if (bare(words, next) !== 'to') return undefined;
  next += 1;
  const unread = {
    action: { kind: 'unread', text: textOf(words.slice(at)), rewrites: true },
    implied,
  } as const;
  const found = fieldsAt(words, next);
  if (found && kind === 'dnat' && bare(words, found.next) === 'map' && areFlags(words.slice(found.next + 2))) {
    const listed = elementsAt(words[found.next + 1], elements);
    if (!listed) return unread;
    const branches = branchesOf(found.fields, listed, (value) => {
      const target = mappedTarget(value);
      return target ? { kind, ...target } : { kind: 'unread', text: value, rewrites: true };
    });
    return { action: { kind: 'choice', branches }, implied: [...implied, ...impliedBy(found.fields)] };
  }
  const target = targetOf(bare(words, next));
  if (!target || !areFlags(words.slice(next + 1))) return unread;
  if (kind === 'dnat') return { action: { kind, ...target }, implied };
  return target.address === undefined ? unread : { action: { kind, address: target.address }, implied };
}

/** `10.0.0.2`, `10.0.0.2 . 8080`. */
function mappedTarget(text: string): Target | undefined {
  const [address, dot, port, ...more] = wordsOf(text).map((word) => word.text);
  if (address === undefined || more.length > 0) return undefined;
  if (dot === undefined) return targetOf(address);
  const both = dot !== '.' || port === undefined ? undefined : targetOf(`:${port}`);
  const host = targetOf(address);
  return both && host ? { ...host, ...both } : undefined;
}

/** `goto X`, `jump X`, `accept` …, the value of a verdict map. */
export const verdictOf = (text: string): RuleAction =>
  actionAt(wordsOf(text), 0, () => undefined)?.action ?? { kind: 'unread', text };
