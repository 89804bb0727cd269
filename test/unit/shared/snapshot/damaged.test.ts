// Transcripts that were damaged on their way, or written to mislead: a model comes of each, and says what is missing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../../../../shared/snapshot/derive.ts';
import { hostTranscript } from '../../../helpers/host-fixture.ts';
import { schemaErrors } from '../../../helpers/validate-model.ts';

const honest = hostTranscript('reference-host');

const damaged = fc
  .array(
    fc.oneof(
      fc.record({
        how: fc.constant('flip' as const),
        at: fc.nat(honest.length - 1),
        by: fc.integer({ min: 1, max: 255 }),
      }),
      fc.record({ how: fc.constant('cut' as const), at: fc.nat(honest.length - 1), by: fc.nat(20_000) }),
      fc.record({ how: fc.constant('double' as const), at: fc.nat(honest.length - 1), by: fc.nat(2_000) }),
      fc.record({ how: fc.constant('end' as const), at: fc.nat(honest.length - 1), by: fc.constant(0) }),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((damages) =>
    damages.reduce<Uint8Array>((bytes, { how, at, by }) => {
      const from = at % (bytes.length + 1);
      const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));
      if (how === 'flip') return bytes.map((byte, index) => (index === from ? byte ^ by : byte));
      if (how === 'cut') return joined(bytes.subarray(0, from), bytes.subarray(from + by));
      if (how === 'double') return joined(bytes.subarray(0, from + by), bytes.subarray(from));
      return bytes.slice(0, Math.max(from, bytes.length >> 1));
    }, honest),
  );

describe('a damaged transcript', () => {
  it('still gives a model that is as the schema says', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        expect(schemaErrors(deriveModel(bytes).model)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('says that it broke off', () => {
    const { model } = deriveModel(honest.subarray(0, honest.length >> 1));
    expect(model.host.complete).toBe(false);
    expect(model.findings.map(({ rule }) => rule)).toContain('transcript.incomplete');
    expect(model.processes.length).toBeGreaterThan(0);
  });

  it.each(['', 'Last login: today\n', '\0'.repeat(1000)])('of nothing is a model of nothing: %j', (text) => {
    const { model } = deriveModel(new TextEncoder().encode(text));
    expect(model.processes).toEqual([]);
    expect(model.host.complete).toBe(false);
  });
});
