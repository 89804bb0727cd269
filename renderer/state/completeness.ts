// How complete a model is: its findings in three groups, and one sentence for the status line.
import { isUnseen } from '../../shared/model/finding.ts';
import type { Finding, FindingKind } from '../../shared/model/finding.ts';
import type { Model } from '../../shared/model/model.ts';

export type FindingGroup = 'gap' | 'doubt' | 'note';

const groupOf: Readonly<Record<FindingKind, FindingGroup>> = {
  'not-permitted': 'gap',
  'not-supported': 'gap',
  gone: 'gap',
  'too-large': 'gap',
  'timed-out': 'gap',
  'connection-lost': 'gap',
  unparsable: 'gap',
  hidden: 'gap',
  undiscovered: 'gap',
  ambiguous: 'doubt',
  assumed: 'doubt',
  note: 'note',
};

export interface Completeness {
  readonly groups: Readonly<Record<FindingGroup, readonly Finding[]>>;
  /** What was there and not seen, as the sentence of the status line counts it: a peer on another machine is none. */
  readonly gaps: number;
  readonly doubts: number;
}

/** Within a group the findings with the most subjects come first: they explain the most. */
export function completenessOf(model: Model): Completeness {
  const groups: Record<FindingGroup, Finding[]> = { gap: [], doubt: [], note: [] };
  for (const finding of model.findings) groups[groupOf[finding.kind]].push(finding);
  for (const findings of Object.values(groups)) findings.sort((a, b) => b.subjects.length - a.subjects.length);
  return { groups, gaps: model.findings.filter(isUnseen).length, doubts: groups.doubt.length };
}
