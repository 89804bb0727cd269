// Where an expression of a rule ends (nft(8), EXPRESSIONS; src/parser_bison.y), also one whose value is not looked at.
// What is not in these lists has no end that is known, and nothing behind it is read.
import type { Word } from './nft-words.ts';

/** What of a packet can be asked for; `|` parts words of which any may stand, `#` is any word. The longer form comes first. */
const forms: readonly string[] = [
  'meta length|protocol|nfproto|l4proto|priority|mark|iif|iifname|iiftype|iifkind|iifgroup|oif|oifname|oiftype|oifkind|oifgroup',
  'meta skuid|skgid|nftrace|rtclassid|pkttype|cpu|cgroup|random|ipsec|secpath|secmark|time|day|hour|sdif|sdifname|broute',
  'meta ibrname|ibriport|ibrport|ibrpvid|ibrvproto|ibrhwaddr|obrname|obriport|obrport',
  'mark|iif|iifname|iiftype|iifgroup|oif|oifname|oiftype|oifgroup|skuid|skgid|rtclassid|pkttype|cpu|cgroup|ibrname|obrname',
  'ct original|reply ip|ip6 saddr|daddr',
  'ct original|reply saddr|daddr|proto-src|proto-dst|l3proto|protocol|bytes|packets|avgpkt|zone',
  'ct state|direction|status|mark|expiration|helper|label|l3proto|protocol|bytes|packets|avgpkt|zone|id|secmark|event',
  'socket cgroupv2 level #',
  'socket transparent|mark|wildcard',
  'rt ip|ip6 nexthop',
  'rt classid|nexthop|mtu|ipsec|nexthdr|hdrlength|type|seg-left',
  'numgen inc|random mod # offset #',
  'numgen inc|random mod #',
  'symhash mod # offset #',
  'symhash mod #',
  'osf ttl loose|skip name|version',
  'osf name|version',
  'ipsec in|out spnum # ip|ip6 saddr|daddr',
  'ipsec in|out spnum # reqid|spi',
  'ipsec in|out ip|ip6 saddr|daddr',
  'ipsec in|out reqid|spi',
  'tunnel id|path',
  'exthdr hbh|dst|frag|mh|rt|rt0|rt2|rt4|srh',
  'ether saddr|daddr|type',
  'vlan id|dei|cfi|pcp|type',
  'arp saddr|daddr ip|ether',
  'arp htype|ptype|hlen|plen|operation',
  'ip option # type|length|ptr|addr|value',
  'ip option #',
  'ip version|hdrlength|dscp|ecn|length|id|frag-off|ttl|protocol|checksum|saddr|daddr',
  'ip6 version|dscp|ecn|flowlabel|length|nexthdr|hoplimit|saddr|daddr',
  'icmp type|code|checksum|id|sequence|gateway|mtu',
  'icmpv6 type|code|checksum|parameter-problem|packet-too-big|id|sequence|max-delay|taddr|daddr|mtu',
  'igmp type|mrt|checksum|group',
  'tcp option # kind|length|size|count|left|right|tsval|tsecr|subtype',
  'tcp option #',
  'tcp sport|dport|sequence|ackseq|doff|reserved|flags|window|checksum|urgptr',
  'udp sport|dport|length|checksum',
  'udplite sport|dport|csumcov|checksum',
  'sctp chunk # type|flags|length|tsn|stream|ssn|ppid|init-tag|a-rwnd|num-outbound-streams|num-inbound-streams',
  'sctp chunk # initial-tsn|cum-tsn-ack|num-gap-ack-blocks|num-dup-tsns|lowest-tsn|seqno|new-cum-tsn',
  'sctp chunk #',
  'sctp sport|dport|vtag|checksum',
  'dccp option #',
  'dccp sport|dport|type',
  'th sport|dport',
  'ah nexthdr|hdrlength|reserved|spi|sequence',
  'esp spi|sequence',
  'comp nexthdr|flags|cpi',
  'hbh|dst nexthdr|hdrlength',
  'mh nexthdr|hdrlength|type|reserved|checksum',
  'rt0|rt2 addr',
  'rt4|srh last-entry|flags|tag|sid|seg-left',
  'frag nexthdr|reserved|reserved2|frag-off|more-fragments|id',
  'gre version|flags|protocol',
  'vxlan vni|flags',
  'geneve vni|type',
];

/** What a tunnel's packet holds is asked for behind its name: `vxlan ip saddr`. */
const tunnels: ReadonlySet<string> = new Set(['vxlan', 'geneve', 'gre', 'gretap']);

const formsOf = new Map<string, (readonly (ReadonlySet<string> | '#')[])[]>();
for (const form of forms) {
  const [first = '', ...others] = form.split(' ');
  const rest = others.map((part) => (part === '#' ? '#' : new Set(part.split('|'))));
  for (const name of first.split('|')) formsOf.set(name, [...(formsOf.get(name) ?? []), rest]);
}

/** A word as it stands; '' where it is quoted, in braces, or not there. */
export function bare(words: readonly Word[], at: number): string {
  const word = words[at];
  return !word || word.quoted || word.braced ? '' : word.text;
}

const isRaw = (text: string): boolean => /^@(?:ll|nh|th|ih),\d+,\d+$/.test(text);

/** Whether an expression may begin with this word. */
export const beginsExpression = (text: string): boolean =>
  formsOf.has(text) || tunnels.has(text) || text === 'fib' || text === 'jhash' || text.startsWith('(') || isRaw(text);

/** `ip daddr`, `ct original ip saddr`, `fib daddr . iif type`, `@th,16,16`: the word behind it; undefined: it is none of these. */
export function selectorEnd(words: readonly Word[], at: number): number | undefined {
  const first = bare(words, at);
  if (isRaw(first)) return at + 1;
  if (first === 'fib') return fibEnd(words, at + 1);
  if (first === 'jhash') return hashEnd(words, at + 1);
  const fits = formsOf
    .get(first)
    ?.find((rest) =>
      rest.every((part, i) =>
        part === '#' ? words[at + 1 + i] !== undefined : part.has(bare(words, at + 1 + i).replace(/\[\d+\]$/, '')),
      ),
    );
  if (fits) return at + 1 + fits.length;
  return tunnels.has(first) ? selectorEnd(words, at + 1) : undefined;
}

/** `saddr . mark . iif oif`: what it is looked up by, then what is asked. */
function fibEnd(words: readonly Word[], from: number): number | undefined {
  let at = from + 1;
  while (bare(words, at) === '.') at += 2;
  return ['type', 'oif', 'oifname'].includes(bare(words, at)) ? at + 1 : undefined;
}

/** `ip saddr . tcp sport mod 4 seed 0xdead offset 1`. */
function hashEnd(words: readonly Word[], from: number): number | undefined {
  const hashed = expressionEnd(words, from);
  if (hashed === undefined || bare(words, hashed) !== 'mod') return undefined;
  let at = hashed + 2;
  while (['seed', 'offset'].includes(bare(words, at))) at += 2;
  return at;
}

const joins: ReadonlySet<string> = new Set([
  '.',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '/',
  'and',
  'or',
  'xor',
  'lshift',
  'rshift',
]);

/** `a . b`, `ct mark & 0xff`, `(fin | syn)`, `{ 80, 443 }`, `tcp dport map { … }`: the word behind it. */
export function expressionEnd(words: readonly Word[], at: number): number | undefined {
  let next = operandEnd(words, at);
  while (next !== undefined && joins.has(bare(words, next))) next = operandEnd(words, next + 1);
  if (next === undefined || bare(words, next) !== 'map') return next;
  return words[next + 1] ? next + 2 : undefined;
}

function operandEnd(words: readonly Word[], at: number): number | undefined {
  const word = words[at];
  if (!word) return undefined;
  const first = bare(words, at);
  if (!first.startsWith('(')) {
    const next = selectorEnd(words, at) ?? at + 1;
    // `"10:00"-"12:00"`
    return word.quoted && /^-"[^"]*"$/.test(bare(words, next)) ? next + 1 : next;
  }
  let depth = 0;
  for (let next = at; next < words.length; next += 1) {
    const text = bare(words, next);
    depth += text.split('(').length - text.split(')').length;
    if (depth === 0) return next + 1;
  }
  return undefined;
}

const operators: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=', '!']);
export const isOperator = (text: string): boolean => operators.has(text);

/** `ip saddr . ip daddr`: what stands before an operator, a value or `vmap`. */
export function leftEnd(words: readonly Word[], at: number): number | undefined {
  const first = bare(words, at);
  return beginsExpression(first) && (first.startsWith('(') || selectorEnd(words, at) !== undefined)
    ? expressionEnd(words, at)
    : undefined;
}

/** `ct mark & 0xff != 0x1`, `tcp flags syn / fin,syn`, `fib saddr . iif oif missing`: the word behind it. */
export function comparisonEnd(words: readonly Word[], at: number): number | undefined {
  const left = leftEnd(words, at);
  if (left === undefined) return undefined;
  return expressionEnd(words, isOperator(bare(words, left)) ? left + 1 : left);
}

/** A number, a name, the mark or the priority: any packet has it. What another expression asks for may not be there. */
export function isAlwaysThere(words: readonly Word[]): boolean {
  return words
    .map((word) => (word.quoted ? '""' : word.braced ? '{}' : word.text))
    .join(' ')
    .replace(/[()]/g, '')
    .split(/ (?:[&|^]|<<|>>|and|or|xor|lshift|rshift) /)
    .every((one) => /^(?:meta )?(?:mark|priority)$/.test(one) || (/^(?:""|[\w:,-]+)$/.test(one) && !formsOf.has(one)));
}
