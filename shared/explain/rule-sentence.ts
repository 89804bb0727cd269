// How we know, in words: what a rule's name stands for.
import { english, type Texts } from './en/english.ts';

/** One sentence; the name itself for a rule of a newer version. */
export function ruleSentence(rule: string, texts: Texts = english): string {
  return texts.rules[rule] ?? rule;
}
