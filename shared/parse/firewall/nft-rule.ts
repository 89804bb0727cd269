// One rule, as `nft list ruleset` prints it (nft(8), STATEMENTS): conditions, then what is done.
//
//   ip daddr 127.0.0.1 tcp dport 8080 counter packets 0 bytes 0 dnat to 10.4.0.9:80
//   fib daddr type local jump DOCKER
//   ip daddr . meta l4proto . th dport vmap @service-ips
//   numgen random mod 2 vmap { 0 : goto a, 1 : goto b } comment "…"
//
// A condition that is not known here is kept as it stands: a rule never seems to be for more than it is.
import type { Branch, RuleAction, RuleMatch } from '../../model/firewall.ts';
import { anything, both, targetOf } from './match.ts';
import type { Target } from './match.ts';
import { fieldsAt } from './nft-fields.ts';
import type { Field } from './nft-fields.ts';
import { elementsOf, wordsOf } from './nft-words.ts';
import type { Word } from './nft-words.ts';

/** What the sets and maps of the rule's table hold, as printed between their braces; undefined: there is none. */
export type Elements = (name: string) => string | undefined;

export interface ReadRule {
  readonly match: RuleMatch;
  readonly action: RuleAction;
  /** Besides: from here on the packet has no connection. */
  readonly notrack?: true;
}

/** A set is one word; nobody writes so many conditions. */
const mostWords = 512;

export function readNftRule(text: string, elements: Elements): ReadRule {
  const words = wordsOf(text);
  if (words.length > mostWords) return { match: anything, action: { kind: 'unread', text: text.slice(0, 160) } };
  return new RuleReader(words, elements).read();
}

const verdicts: ReadonlySet<string> = new Set(['accept', 'drop', 'return', 'reject', 'queue']);
/** Statements that neither ask nor end; up to the next word that begins something. */
const passing: ReadonlySet<string> = new Set(['counter', 'log', 'notrack', 'continue', 'flow', 'offload']);
const starts: ReadonlySet<string> = new Set([
  ...verdicts,
  ...passing,
  ...['jump', 'goto', 'dnat', 'snat', 'masquerade', 'redirect', 'tproxy', 'dup', 'fwd', 'comment', 'vmap'],
  ...['ip', 'ip6', 'tcp', 'udp', 'sctp', 'th', 'icmp', 'icmpv6', 'ether', 'arp', 'vlan', 'meta', 'ct', 'fib', 'rt'],
  ...[
    'iifname',
    'oifname',
    'iif',
    'oif',
    'numgen',
    'jhash',
    'symhash',
    'limit',
    'quota',
    'socket',
    'xt',
    'add',
    'update',
  ],
]);

class RuleReader {
  readonly #words: readonly Word[];
  readonly #elements: Elements;
  #match = anything;
  #action: RuleAction = { kind: 'none' };
  #notrack = false;

  constructor(words: readonly Word[], elements: Elements) {
    this.#words = words;
    this.#elements = elements;
  }

  read(): ReadRule {
    let at = 0;
    while (at < this.#words.length) {
      const next = this.#statement(at);
      at = next > at ? next : at + 1;
    }
    return { match: this.#match, action: this.#action, ...(this.#notrack && { notrack: true }) };
  }

  /** Reads what begins at a word; gives the word after it. */
  #statement(at: number): number {
    const word = this.#words[at];
    if (!word || word.quoted || word.braced) return this.#unknown(at);
    const { text } = word;
    if (text === 'comment') return at + 2;
    if (verdicts.has(text)) {
      this.#action = { kind: 'verdict', verdict: text };
      return this.#words.length;
    }
    if (text === 'notrack') this.#notrack = true;
    if (passing.has(text)) return this.#nextStart(at + 1);
    switch (text) {
      case 'jump':
      case 'goto':
        this.#action = { kind: text, chain: this.#words[at + 1]?.text ?? '' };
        return at + 2;
      case 'masquerade':
        this.#action = { kind: 'masquerade' };
        return this.#words.length;
      case 'dnat':
      case 'snat':
      case 'redirect':
        this.#action = this.#translation(text, at + 1);
        return this.#words.length;
      case 'vmap':
      case 'tproxy':
      case 'dup':
      case 'fwd':
        this.#action = { kind: 'unread', text: this.#text(at) };
        return this.#words.length;
      case 'xt':
        // iptables' own, which this nft cannot say: `xt target "DNAT"`.
        if (this.#words[at + 1]?.text !== 'target') break;
        this.#action = { kind: 'unread', text: this.#text(at) };
        return this.#words.length;
      default:
        break;
    }
    if (this.#sets(at)) return this.#nextVerdict(at + 1);
    return this.#condition(at) ?? this.#unknown(at);
  }

  /** `meta mark set …`, `ct mark set …`, `ip daddr set …`, `add @set { … }`: changes the packet, asks nothing. */
  #sets(at: number): boolean {
    const first = this.#words[at]?.text;
    if (first === 'add' || first === 'update') return true;
    return this.#words.slice(at + 1, at + 4).some((word) => !word.quoted && word.text === 'set');
  }

  #condition(at: number): number | undefined {
    const found = fieldsAt(this.#words, at);
    if (!found) return undefined;
    let { next } = found;
    const operator = this.#words[next]?.text;
    if (operator === 'vmap' || operator === 'map') {
      if (operator === 'map') return undefined;
      this.#imply(found.fields);
      this.#action = this.#verdictMap(found.fields, this.#words[next + 1]);
      return next + 2;
    }
    const not = operator === '!=';
    if (not || operator === '==') next += 1;
    const value = this.#words[next];
    const values = value && this.#valuesOf(value, found.fields.length);
    const [field] = found.fields;
    const said =
      values === undefined || field === undefined || found.fields.length > 1 ? undefined : field.matching(values, not);
    if (!said) return undefined;
    this.#imply(found.fields);
    this.#match = both(this.#match, said, this.#text(at, next + 1));
    return next + 1;
  }

  #imply(fields: readonly Field[]): void {
    for (const { implied } of fields) {
      if (implied) this.#match = both(this.#match, implied, JSON.stringify(implied));
    }
  }

  /** A value, the elements of `{…}`, or of a named set; a set that changes by itself may be empty now. */
  #valuesOf(word: Word, fields: number): readonly string[] | undefined {
    if (word.braced) return fields > 1 ? undefined : elementsOf(word.text).map(valueOf);
    if (!word.quoted && word.text.startsWith('@')) {
      const said = this.#elements(word.text.slice(1));
      return said === undefined || fields > 1 ? undefined : elementsOf(said).map(valueOf);
    }
    return [word.text];
  }

  #verdictMap(fields: readonly Field[], word: Word | undefined): RuleAction {
    const said = word?.braced ? word.text : word?.text.startsWith('@') ? this.#elements(word.text.slice(1)) : undefined;
    if (said === undefined) return { kind: 'unread', text: word?.text ?? '' };
    const branches = elementsOf(said).map((element): Branch => {
      const [key, verdict] = keyed(element);
      return { match: keyMatch(fields, key) ?? { other: [element] }, action: verdictOf(verdict) };
    });
    const [only, second] = branches;
    // `numgen random mod 1 vmap { 0 : … }` leaves no choice.
    if (only && !second && only.match.shared) return only.action;
    return { kind: 'choice', branches };
  }

  /** After `dnat`, `snat` or `redirect`: `[ip|ip6] [addr . port] [to …]`. */
  #translation(kind: 'dnat' | 'snat' | 'redirect', from: number): RuleAction {
    let at = from;
    const family = this.#words[at]?.text;
    if (family === 'ip' || family === 'ip6') this.#match = both(this.#match, { family, other: [] }, family);
    while (['ip', 'ip6', 'prefix', 'addr', 'port', '.', 'to'].includes(this.#words[at]?.text ?? '')) {
      // `to ip daddr map …`: from here on it is a field.
      if (this.#words[at]?.text === 'to') {
        at += 1;
        break;
      }
      at += 1;
    }
    const word = this.#words[at];
    if (kind === 'redirect' && (!word || word.text === 'comment' || at === from)) return { kind: 'redirect' };
    const found = fieldsAt(this.#words, at);
    if (found && this.#words[found.next]?.text === 'map' && kind === 'dnat') {
      return this.#targetMap(found.fields, this.#words[found.next + 1]);
    }
    const target = word && !word.braced && !word.quoted ? targetOf(word.text) : undefined;
    if (!target) return { kind: 'unread', text: this.#text(from - 1) };
    if (kind === 'snat') {
      return target.address === undefined
        ? { kind: 'unread', text: this.#text(from - 1) }
        : { kind, address: target.address };
    }
    if (kind === 'redirect') return { kind, ...(target.ports ? { ports: target.ports } : {}) };
    return { kind, ...target };
  }

  /** `tcp dport map { 80 : 10.0.0.2 . 8080, … }`: where to, by a value of the packet. */
  #targetMap(fields: readonly Field[], word: Word | undefined): RuleAction {
    const said = word?.braced ? word.text : word?.text.startsWith('@') ? this.#elements(word.text.slice(1)) : undefined;
    if (said === undefined) return { kind: 'unread', text: word?.text ?? '' };
    for (const { implied } of fields) if (implied) this.#match = both(this.#match, implied, JSON.stringify(implied));
    const branches = elementsOf(said).map((element): Branch => {
      const [key, value] = keyed(element);
      const target = mappedTarget(value);
      return {
        match: keyMatch(fields, key) ?? { other: [element] },
        action: target ? { kind: 'dnat', ...target } : { kind: 'unread', text: element },
      };
    });
    return { kind: 'choice', branches };
  }

  /** `fib saddr . mark . iif oif missing`: names of fields in it ask nothing by themselves (nft(8), FIB EXPRESSIONS). */
  #endOfFib(at: number): number {
    let next = at + 2;
    while (this.#words[next]?.text === '.') next += 2;
    // What is looked up: oif, oifname, type.
    next += 1;
    if (this.#words[next]?.text === 'vmap') return next;
    if (['!=', '=='].includes(this.#words[next]?.text ?? '')) next += 1;
    return next + 1;
  }

  #unknown(at: number): number {
    const next = this.#bare(at) === 'fib' ? this.#endOfFib(at) : this.#nextStart(at + 1);
    this.#match = { ...this.#match, other: [...this.#match.other, this.#text(at, next)] };
    return next;
  }

  #nextStart(from: number): number {
    let at = from;
    while (at < this.#words.length && !this.#isStart(at)) at += 1;
    return at;
  }

  #nextVerdict(from: number): number {
    let at = from;
    const ends = ['jump', 'goto', 'dnat', 'snat', 'masquerade', 'redirect', 'comment'];
    while (at < this.#words.length && !verdicts.has(this.#bare(at)) && !ends.includes(this.#bare(at))) at += 1;
    return at;
  }

  #isStart(at: number): boolean {
    return starts.has(this.#bare(at));
  }

  #bare(at: number): string {
    const word = this.#words[at];
    return !word || word.quoted || word.braced ? '' : word.text;
  }

  #text(from: number, to = this.#words.length): string {
    return this.#words
      .slice(from, to)
      .map(({ text, quoted, braced }) => (quoted ? `"${text}"` : braced ? `{ ${text} }` : text))
      .join(' ');
  }
}

/** `goto X`, `jump X`, `accept` …, the value of a map. */
function verdictOf(text: string): RuleAction {
  const [word, chain] = wordsOf(text).map((each) => each.text);
  if ((word === 'jump' || word === 'goto') && chain !== undefined) return { kind: word, chain };
  return word !== undefined && verdicts.has(word) ? { kind: 'verdict', verdict: word } : { kind: 'unread', text };
}

/** Quotes around it, and what else is said of an element: `1.2.3.4 timeout 5s`, `80 counter packets 0 bytes 0`. */
function valueOf(element: string): string {
  const [word] = wordsOf(element);
  return word?.text ?? element;
}

/** `tcp . 3001 comment "ns2/svc2" : goto X`: key and value, parted by the colon between blanks. */
function keyed(element: string): readonly [key: string, value: string] {
  const words = wordsOf(element);
  const colon = words.findIndex((word) => !word.quoted && word.text === ':');
  const join = (list: readonly Word[]) => list.map(({ text, quoted }) => (quoted ? `"${text}"` : text)).join(' ');
  return colon === -1 ? [element, ''] : [join(words.slice(0, colon)), join(words.slice(colon + 1))];
}

function keyMatch(fields: readonly Field[], key: string): RuleMatch | undefined {
  const words = wordsOf(key);
  let match = anything;
  for (const [i, field] of fields.entries()) {
    const word = words[i * 2];
    if (!word || (i > 0 && words[i * 2 - 1]?.text !== '.')) return undefined;
    const said = field.matching([word.text], false);
    if (!said) return undefined;
    match = both(match, said, key);
  }
  return match;
}

/** `10.0.0.2`, `10.0.0.2 . 8080`. */
function mappedTarget(text: string): Target | undefined {
  const [address, dot, port] = wordsOf(text).map((word) => word.text);
  if (address === undefined) return undefined;
  if (dot !== '.') return targetOf(address);
  const both = port === undefined ? undefined : targetOf(`:${port}`);
  const host = targetOf(address);
  return both && host ? { ...host, ...both } : undefined;
}
