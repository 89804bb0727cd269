// How a fact is laid out in the inspector, from its words alone.
import type { Fact } from '../../shared/explain/explanation.ts';

/** beside: label and value in two columns. below: the value has the whole width. numbered: the label is a step's number. */
export type FactShape = 'beside' | 'below' | 'numbered';

/** A path, an id, a command line: beside its label it would be a column of syllables. */
export function factShape({ label, value }: Pick<Fact, 'label' | 'value'>): FactShape {
  if (/^\d{1,2}$/.test(label)) return 'numbered';
  return value.length > 56 || value.split(/\s/).some((word) => word.length > 32) ? 'below' : 'beside';
}

/** Facts of one label below each other have it once, unless the shape changes between them. */
export function saysLabelAgain(fact: Fact, before: Fact | undefined): boolean {
  return before?.label !== fact.label || factShape(before) !== factShape(fact);
}
