// What sets and maps of nft hold (nft(8), SETS, MAPS), as it is printed between their braces:
//
//   80, 443                     10.0.0.0/8, 192.0.2.1 timeout 1m expires 30s counter packets 0 bytes 0
//   10.1.0.2 . 80 . tcp         80 : 10.0.0.2 . 8080, 443 : goto b
import type { Branch, RuleAction, RuleMatch } from '../../model/firewall.ts';
import { anything, both } from './match.ts';
import type { Field } from './nft-fields.ts';
import { elementsOf, wordsOf } from './nft-words.ts';
import type { Word } from './nft-words.ts';

/** What the sets and maps of the rule's table hold, as printed between their braces; undefined: that is not known. */
export type Elements = (name: string) => string | undefined;

/** Elements of `{ … }` or `@name`; undefined: what they are is not known. */
export function elementsAt(word: Word | undefined, elements: Elements): readonly string[] | undefined {
  if (word?.braced) return elementsOf(word.text);
  const said = word && !word.quoted && word.text.startsWith('@') ? elements(word.text.slice(1)) : undefined;
  return said === undefined ? undefined : elementsOf(said);
}

/** The values of a set; undefined: one that stands for all others, or that is in the set on a condition (a limit). */
export function valuesOf(elements: readonly string[]): readonly string[] | undefined {
  const values: string[] = [];
  for (const element of elements) {
    const words = wordsOf(element);
    const [word] = words;
    if (!word || isCatchAll(word) || !isAside(words.slice(1))) return undefined;
    values.push(word.text);
  }
  return values;
}

const isCatchAll = (word: Word): boolean => !word.quoted && word.text === '*';

/** What is said of an element and asks nothing. */
function isAside(words: readonly Word[]): boolean {
  const lengths: Readonly<Record<string, number>> = { timeout: 2, expires: 2, comment: 2, counter: 5, last: 3 };
  let at = 0;
  while (at < words.length) {
    const length = lengths[words[at]?.text ?? ''];
    if (length === undefined) return false;
    at += length;
  }
  return at === words.length;
}

/** For each element of a map what a packet must be, and what is done then. */
export const branchesOf = (
  fields: readonly Field[] | undefined,
  elements: readonly string[],
  actionOf: (value: string) => RuleAction,
): readonly Branch[] =>
  elements.map((element) => {
    const [key, value] = keyed(element);
    return { match: (fields && tupleMatch(fields, key)) ?? { other: [element] }, action: actionOf(value) };
  });

/** `tcp . 3001 comment "ns2/svc2" : goto X`: key and value, parted by the colon between blanks. */
function keyed(element: string): readonly [key: string, value: string] {
  const words = wordsOf(element);
  const colon = words.findIndex((word) => !word.quoted && word.text === ':');
  const join = (list: readonly Word[]) => list.map(({ text, quoted }) => (quoted ? `"${text}"` : text)).join(' ');
  return colon === -1 ? [element, ''] : [join(words.slice(0, colon)), join(words.slice(colon + 1))];
}

/** `10.1.0.2 . 80`: each field has its value. */
export function tupleMatch(fields: readonly Field[], key: string): RuleMatch | undefined {
  const words = wordsOf(key);
  let match = anything;
  for (const [i, field] of fields.entries()) {
    const word = words[i * 2];
    if (!word || isCatchAll(word) || (i > 0 && words[i * 2 - 1]?.text !== '.')) return undefined;
    const said = field.matching([word.text], false);
    if (!said) return undefined;
    match = both(match, said, key);
  }
  return isAside(words.slice(fields.length * 2 - 1)) ? match : undefined;
}
