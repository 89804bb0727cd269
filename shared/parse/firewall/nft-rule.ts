// One rule, as `nft list ruleset` prints it (nft(8), STATEMENTS): conditions, then what is done.
//
//   ip daddr 127.0.0.1 tcp dport 8080 counter packets 0 bytes 0 dnat to 10.4.0.9:80
//   fib daddr type local jump DOCKER
//   ip daddr . meta l4proto . th dport vmap @service-ips
//   numgen random mod 2 vmap { 0 : goto a, 1 : goto b } comment "…"
//
// A condition that is not known here is kept as it stands: a rule never seems to be for more than it is. Where it ends is
// known by its words, and by a statement that must follow; else all that follows is kept with it.
import type { RuleAction, RuleMatch } from '../../model/firewall.ts';
import { anything, both } from './match.ts';
import { actionAt, verdictOf } from './nft-actions.ts';
import { bare, comparisonEnd, isOperator, leftEnd } from './nft-expressions.ts';
import { fieldsAt, impliedBy, impliedByWord } from './nft-fields.ts';
import type { Field } from './nft-fields.ts';
import { branchesOf, elementsAt, tupleMatch, valuesOf } from './nft-sets.ts';
import type { Elements } from './nft-sets.ts';
import { begins, statementAt } from './nft-statements.ts';
import { textOf, wordsOf } from './nft-words.ts';
import type { Word } from './nft-words.ts';

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
  if (words.length > mostWords) return notRead(text.slice(0, 160));
  return new RuleReader(words, elements).read();
}

/** It may be for any packet, and do anything. */
export const notRead = (text: string): ReadRule => ({ match: { other: [text] }, action: { kind: 'unread', text } });

class RuleReader {
  readonly #words: readonly Word[];
  readonly #elements: Elements;
  #match = anything;
  #action: RuleAction = { kind: 'none' };
  #notrack = false;
  #rewrites = false;
  #loses = false;
  /** What a packet must be of several together, one of these, and how that stands there. */
  #tuples: { readonly any: readonly RuleMatch[]; readonly text: string } | undefined;

  constructor(words: readonly Word[], elements: Elements) {
    this.#words = bare(words, words.length - 2) === 'comment' ? words.slice(0, -2) : words;
    this.#elements = elements;
  }

  read(): ReadRule {
    const end = this.#words.length;
    for (let at = 0; at < end;) {
      const acting = actionAt(this.#words, at, this.#elements);
      if (acting) {
        this.#imply(acting.implied ?? []);
        this.#action = acting.action;
        break;
      }
      at = this.#statement(at) ?? this.#choice(at) ?? this.#comparison(at) ?? this.#unknown(at);
    }
    const action = this.#done();
    return { match: this.#match, action, ...(this.#notrack && { notrack: true }) };
  }

  #done(): RuleAction {
    const action = this.#action;
    // Dropped is dropped, whatever was written before.
    if (this.#rewrites && !(action.kind === 'verdict' && action.verdict === 'drop'))
      return { kind: 'unread', text: textOf(this.#words), rewrites: true };
    // What it leads to may still rewrite.
    if (this.#loses && !(action.kind === 'verdict' && action.verdict === 'drop')) {
      const ends = action.kind === 'none' || action.kind === 'verdict';
      return { kind: 'unread', text: textOf(this.#words), ...(!ends && { rewrites: true }) };
    }
    if (!this.#tuples) return action;
    const { any, text } = this.#tuples;
    // A rule of its own for each of them; where it does two things, which of them fits is not looked at.
    if (action.kind !== 'choice' && action.kind !== 'none' && !this.#notrack)
      return { kind: 'choice', branches: any.map((match) => ({ match, action })) };
    this.#keep(text);
    return action;
  }

  /** Reads the statement that begins at a word; gives the word after it. Undefined: it is none, or has not the form. */
  #statement(at: number): number | undefined {
    const statement = statementAt(this.#words, at);
    if (!statement || !this.#mayFollow(statement.end)) return undefined;
    this.#imply(impliedByWord(bare(this.#words, at)));
    if (statement.asks) this.#keep(textOf(this.#words.slice(at, statement.end)));
    if (statement.notrack) this.#notrack = true;
    if (statement.rewrites) this.#rewrites = true;
    if (statement.loses) this.#loses = true;
    return statement.end;
  }

  /** `tcp dport vmap { … }`, the last of its rule. */
  #choice(at: number): number | undefined {
    const left = leftEnd(this.#words, at);
    if (left === undefined || bare(this.#words, left) !== 'vmap' || left + 2 !== this.#words.length) return undefined;
    const fields = this.#fields(at, left);
    this.#imply(fields ? impliedBy(fields) : impliedByWord(bare(this.#words, at)));
    this.#action = this.#verdictMap(fields, this.#words[left + 1]);
    return left + 2;
  }

  #verdictMap(fields: readonly Field[] | undefined, word: Word | undefined): RuleAction {
    const elements = elementsAt(word, this.#elements);
    if (!elements) return { kind: 'unread', text: word?.text ?? '' };
    const branches = branchesOf(fields, elements, verdictOf);
    const [only, second] = branches;
    // `numgen random mod 1 vmap { 0 : … }` leaves no choice.
    return only && !second && only.match.shared ? only.action : { kind: 'choice', branches };
  }

  #comparison(at: number): number | undefined {
    const end = comparisonEnd(this.#words, at);
    if (end === undefined || !this.#mayFollow(end)) return undefined;
    const text = textOf(this.#words.slice(at, end));
    if (this.#hasActed()) {
      this.#keep(text);
      return end;
    }
    const said = this.#readComparison(at, end);
    const any = said ? undefined : this.#readTuples(at, end);
    if (said) this.#match = both(this.#match, said, text);
    else if (any) this.#tuples = { any, text };
    else this.#keep(text);
    this.#imply(impliedByWord(bare(this.#words, at)));
    return end;
  }

  /** One field, and one value or one set; undefined: something else is asked. */
  #readComparison(at: number, end: number): RuleMatch | undefined {
    const left = leftEnd(this.#words, at) ?? at;
    const [field, second] = this.#fields(at, left) ?? [];
    const operator = bare(this.#words, left);
    const value = this.#words[end - 1];
    const words = isOperator(operator) ? 2 : 1;
    if (!field || second || !value || end - left !== words || !['', '==', '!='].includes(words === 1 ? '' : operator))
      return undefined;
    const isSet = value.braced || (!value.quoted && value.text.startsWith('@'));
    const elements = isSet ? elementsAt(value, this.#elements) : undefined;
    const values = isSet ? elements && valuesOf(elements) : [value.text];
    // `==` with several of them: all, and no others.
    if (!values || (operator === '==' && values.some((one) => one.includes(',')))) return undefined;
    return field.matching(values, operator === '!=');
  }

  /** `ip daddr . tcp dport { 10.1.0.1 . 80, 10.1.0.2 . 443 }`, once in a rule. */
  #readTuples(at: number, end: number): readonly RuleMatch[] | undefined {
    const left = leftEnd(this.#words, at) ?? at;
    const fields = this.#fields(at, left) ?? [];
    if (this.#tuples || fields.length < 2 || end - left !== 1) return undefined;
    const elements = elementsAt(this.#words[left], this.#elements);
    if (!elements) return undefined;
    this.#imply(impliedBy(fields));
    return elements.map((element) => tupleMatch(fields, element) ?? { other: [element] });
  }

  /** Those whose values are understood, from one word to another. */
  #fields(at: number, end: number): readonly Field[] | undefined {
    const found = fieldsAt(this.#words, at);
    return found?.next === end ? found.fields : undefined;
  }

  #imply(all: readonly RuleMatch[]): void {
    for (const implied of all) {
      const text = JSON.stringify(implied);
      this.#match = both(this.#match, this.#hasActed() ? { other: [text] } : implied, text);
    }
  }

  /** What stands before was done to any packet, whether or not what follows is for it. */
  #hasActed(): boolean {
    return this.#notrack || this.#rewrites || this.#loses;
  }

  #keep(text: string): void {
    this.#match = { ...this.#match, other: [...this.#match.other, text] };
  }

  #mayFollow(at: number): boolean {
    return at === this.#words.length || begins(bare(this.#words, at));
  }

  /** What is not understood is kept up to what is done at the end; where nothing is that is known, it may be anything. */
  #unknown(at: number): number {
    const end = this.#words.length;
    let action = at + 1;
    while (action < end && !actionAt(this.#words, action, this.#elements)) action += 1;
    this.#keep(textOf(this.#words.slice(at, action)));
    if (action === end) this.#action = { kind: 'unread', text: textOf(this.#words.slice(at)) };
    return action;
  }
}
