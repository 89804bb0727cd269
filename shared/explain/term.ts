// The kernel's words, explained.
import { english, type Texts } from './en/english.ts';

/** One sentence for a word such as `netns id` or `veth pair`; undefined for a word that needs none. */
export function term(word: string, texts: Texts = english): string | undefined {
  return texts.terms[word];
}
