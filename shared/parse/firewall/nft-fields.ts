// The left side of a condition: which value of a packet is looked at (nft(8), PAYLOAD and META EXPRESSIONS).
//
//   ip daddr   ip6 saddr   tcp dport   th dport   meta l4proto   iifname   fib daddr type   numgen random mod 2
//   ip daddr . meta l4proto . th dport                            several of them, joined
import type { RuleMatch } from '../../model/firewall.ts';
import { one, portsIn } from './match.ts';
import { selectorEnd } from './nft-expressions.ts';
import type { Word } from './nft-words.ts';

export interface Field {
  /** What a value of it says about packets; undefined: a value of another kind. */
  readonly matching: (values: readonly string[], not: boolean) => RuleMatch | undefined;
  /** What looking at it implies: `tcp dport` is for tcp only. */
  readonly implied?: RuleMatch;
}

const address = (family: 'ip' | 'ip6', side: 'source' | 'destination'): Field => ({
  matching: (values, not) =>
    values.every((value) => /^[0-9a-fA-F.:/-]+$/.test(value)) ? { [side]: one(values, not), other: [] } : undefined,
  implied: { family, other: [] },
});

const port = (protocols: readonly string[] | undefined): Field => ({
  matching: (values, not) => {
    const ports = portsIn(values, not);
    return ports && { ports, other: [] };
  },
  ...(protocols === undefined ? {} : { implied: { protocols, other: [] } }),
});

const protocol = (family?: 'ip' | 'ip6'): Field => ({
  matching: (values, not) =>
    not || !values.every(isProtocol) ? undefined : { protocols: values.map(protocolName), other: [] },
  ...(family === undefined ? {} : { implied: { family, other: [] } }),
});

/** What looking at a header at all implies, whatever is asked of it. */
const headers: Readonly<Record<string, RuleMatch>> = {
  ip: { family: 'ip', other: [] },
  ip6: { family: 'ip6', other: [] },
  tcp: { protocols: ['tcp'], other: [] },
  udp: { protocols: ['udp'], other: [] },
  sctp: { protocols: ['sctp'], other: [] },
  icmp: { protocols: ['icmp'], other: [] },
  icmpv6: { protocols: ['ipv6-icmp'], other: [] },
};
export const impliedByWord = (first: string): readonly RuleMatch[] => {
  const implied = headers[first];
  return implied ? [implied] : [];
};

const numbers: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'ipv6-icmp' };
/** Not a range of them. */
const isProtocol = (text: string): boolean => /^(?:[a-z][a-z0-9]*|\d+|ipv6-icmp)$/.test(text);
export const protocolName = (text: string): string => numbers[text] ?? text;

/** A star or a plus at the end of a name stands for others, here as in iptables: not known where it does not. */
const link = (side: 'incoming' | 'outgoing', isUnclear: RegExp): Field => ({
  matching: (values, not) =>
    values.some((value) => isUnclear.test(value)) ? undefined : { [side]: one(values, not), other: [] },
});

/** A plus is nothing special to nft, and `\*` is the name's own star. */
const byName = /\+$|\\\*$/;
/** `iif "eth*"`: the one device that is called so. */
const byIndex = /[+*]$/;

const family: Field = {
  matching: ([value], not) =>
    !not && (value === 'ipv4' || value === 'ipv6') ? { family: value === 'ipv4' ? 'ip' : 'ip6', other: [] } : undefined,
};

const local: Field = {
  matching: (values, not) => (values.length === 1 && values[0] === 'local' ? { local: !not, other: [] } : undefined),
};

/** Of the connection, which no packet says: kept as it stands, a state at a time where a map asks for it. */
const connectionState: Field = {
  matching: (values, not) => ({ other: [`ct state ${not ? '!= ' : ''}${values.join(',')}`] }),
};

const byTurns: Field = { matching: () => ({ shared: true, other: [] }) };

/** By their words; the longest that fits. */
const fields: readonly (readonly [words: readonly string[], field: Field])[] = [
  [['ip', 'daddr'], address('ip', 'destination')],
  [['ip', 'saddr'], address('ip', 'source')],
  [['ip6', 'daddr'], address('ip6', 'destination')],
  [['ip6', 'saddr'], address('ip6', 'source')],
  [['ip', 'protocol'], protocol('ip')],
  [['ip6', 'nexthdr'], protocol('ip6')],
  [['meta', 'l4proto'], protocol()],
  [['meta', 'nfproto'], family],
  [['tcp', 'dport'], port(['tcp'])],
  [['udp', 'dport'], port(['udp'])],
  [['sctp', 'dport'], port(['sctp'])],
  [['th', 'dport'], port(undefined)],
  [['iifname'], link('incoming', byName)],
  [['oifname'], link('outgoing', byName)],
  [['iif'], link('incoming', byIndex)],
  [['oif'], link('outgoing', byIndex)],
  [['fib', 'daddr', 'type'], local],
  [['ct', 'state'], connectionState],
];

/** `numgen random mod 2`, `jhash ip saddr mod 2 seed 0x1`: which one it is, is not known. */
const turning: ReadonlySet<string> = new Set(['numgen', 'jhash', 'symhash']);

export const impliedBy = (all: readonly Field[]): readonly RuleMatch[] =>
  all.flatMap(({ implied }) => (implied ? [implied] : []));

/** Fields that begin at a word, joined by dots, and the word after them. */
export function fieldsAt(
  words: readonly Word[],
  at: number,
): { readonly fields: readonly Field[]; readonly next: number } | undefined {
  const found: Field[] = [];
  let next = at;
  for (;;) {
    const field = fieldAt(words, next);
    if (!field) return undefined;
    found.push(field.field);
    next = field.next;
    if (words[next]?.text !== '.' || words[next]?.quoted) return { fields: found, next };
    next += 1;
  }
}

function fieldAt(words: readonly Word[], at: number): { readonly field: Field; readonly next: number } | undefined {
  const first = words[at];
  if (!first || first.quoted || first.braced) return undefined;
  if (turning.has(first.text)) {
    const next = selectorEnd(words, at);
    return next === undefined ? undefined : { field: byTurns, next };
  }
  const known = fields.find(([names]) => names.every((name, i) => words[at + i]?.text === name));
  return known && { field: known[1], next: at + known[0].length };
}
