// Findings made while assembling, gathered by cause: one for each cause, with all that it is about.
import type { Evidence } from '../model/evidence.ts';
import type { Finding, FindingKind } from '../model/finding.ts';
import type { EntityId } from '../model/id.ts';
import type { Unparsable } from '../parse/parsed.ts';
import type { CollectedRule } from './rules.ts';

export interface Observation {
  readonly rule: CollectedRule;
  readonly kind: FindingKind;
  /** Observations of one rule with one `cause` become one finding. */
  readonly cause?: string;
  readonly subject: EntityId;
  readonly values?: Readonly<Record<string, string | number>>;
  /** What was said, for people; that of the first observation is kept. */
  readonly example?: string;
  readonly evidence: readonly Evidence[];
}

interface Group {
  readonly first: Observation;
  readonly subjects: Set<EntityId>;
  readonly evidence: Evidence[];
  count: number;
}

/** More lines do not make it clearer. */
const evidenceLimit = 20;

export class FindingLog {
  readonly #groups = new Map<string, Group>();

  add(observation: Observation): void {
    const key = `${observation.rule}/${observation.cause ?? ''}`;
    const group = this.#groups.get(key) ?? { first: observation, subjects: new Set(), evidence: [], count: 0 };
    this.#groups.set(key, group);
    group.subjects.add(observation.subject);
    group.count += 1;
    if (group.evidence.length < evidenceLimit) group.evidence.push(...observation.evidence);
  }

  /** Lines that a parser could not read, by section. */
  unparsable(lines: readonly Unparsable[], subject: EntityId = 'host'): void {
    for (const { evidence, text } of lines) {
      this.add({
        rule: 'section.unparsable',
        kind: 'unparsable',
        cause: evidence.section,
        subject,
        values: { section: evidence.section },
        example: text,
        evidence: [evidence],
      });
    }
  }

  /** `word` gives the sentences. */
  findings(
    word: (rule: CollectedRule, values: Finding['values']) => { readonly message: string; readonly advice?: string },
  ): readonly Finding[] {
    return [...this.#groups.entries()].map(([key, { first, subjects, evidence, count }]) => {
      const values = {
        ...first.values,
        count,
        ...(first.example !== undefined && { example: first.example }),
      };
      return {
        id: `finding:${key}`,
        kind: first.kind,
        rule: first.rule,
        subjects: [...subjects],
        ...word(first.rule, values),
        values,
        evidence: evidence.slice(0, evidenceLimit),
      };
    });
  }
}
