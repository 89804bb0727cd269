import { expect, it } from 'vitest';
import { collectedStatus } from '../../../../electron/cli/exit-status.ts';
import type { Finding, FindingKind } from '../../../../shared/model/finding.ts';
import type { Model } from '../../../../shared/model/model.ts';
import { ModelBuilder } from '../../../helpers/model-builder.ts';

const model: Model = new ModelBuilder({ hostname: 'web1' }).build();
const found = (kind: FindingKind, rule = 'some.rule'): Model => {
  const finding: Finding = { id: 'f', kind, rule, subjects: ['host'], message: '', values: {}, evidence: [] };
  return { ...model, findings: [finding] };
};

it('is 0 when all was seen', () => {
  expect(collectedStatus(model)).toBe(0);
});
it.each(['note', 'ambiguous', 'assumed', 'undiscovered'] as const)('is 0 with a finding of kind %s', (kind) => {
  expect(collectedStatus(found(kind))).toBe(0);
});
it.each([
  'not-permitted',
  'gone',
  'not-supported',
  'too-large',
  'timed-out',
  'connection-lost',
  'unparsable',
  'hidden',
] as const)('is 3 with a finding of kind %s', (kind) => {
  expect(collectedStatus(found(kind))).toBe(3);
});
it('is 3 when a question failed and nobody knows why', () => {
  expect(collectedStatus(found('undiscovered', 'section.undiscovered'))).toBe(3);
});
it('is 3 when the run broke off', () => {
  expect(collectedStatus({ ...model, host: { ...model.host, complete: false } })).toBe(3);
});
