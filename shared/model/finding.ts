// Something worth saying about an entity or the whole run: a gap, a doubt, or an explanation of what puzzles people.
import type { Evidence } from './evidence.ts';
import type { EntityId } from './id.ts';

export type FindingKind =
  /** Unknown, and why. */
  | 'not-permitted'
  | 'not-supported'
  | 'gone'
  | 'too-large'
  | 'timed-out'
  | 'connection-lost'
  | 'unparsable'
  /** Processes of others do not show in /proc (hidepid). */
  | 'hidden'
  | 'ambiguous'
  | 'undiscovered'
  /** Taken to be so because the place that would say is closed. */
  | 'assumed'
  /** Nothing is wrong: explains what a person may stumble over. */
  | 'note';

export interface Finding {
  readonly id: string;
  readonly kind: FindingKind;
  /** Name of the rule that says it, e.g. `rootlesskit.netns-file-empty-on-host`. */
  readonly rule: string;
  /** What it is about; several where one cause has many victims. */
  readonly subjects: readonly EntityId[];
  /** One sentence of what. English; shared/explain words it in the user's language by `rule` and `values`. */
  readonly message: string;
  /** One sentence of what would help. */
  readonly advice?: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly evidence: readonly Evidence[];
}

const unseenKinds: readonly FindingKind[] = [
  'not-permitted',
  'not-supported',
  'gone',
  'too-large',
  'timed-out',
  'connection-lost',
  'unparsable',
  'hidden',
];

/**
 * Something was there to be seen and was not: the host refused it, or gave it in part, or in words nobody here knows.
 * A peer that may be on another machine (`undiscovered`) is no such thing; a question that failed for no known cause is.
 */
export const isUnseen = ({ kind, rule }: Finding): boolean =>
  unseenKinds.includes(kind) || rule === 'section.undiscovered' || rule === 'gaps.netns-not-entered';
