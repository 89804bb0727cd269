// A thousand of the transcripts that `npm run fuzz` makes a million of.
import { describe, expect, it } from 'vitest';
import { honestHosts } from '../../../fuzz/corpus.ts';
import { examine } from '../../../fuzz/examine.ts';
import { honestTranscript, mutatedTranscript } from '../../../fuzz/mutate.ts';

const hosts = honestHosts();

describe('transcripts that no honest host would send', () => {
  it.each(hosts)('$name as it was', (host) => {
    examine(honestTranscript(host));
  });

  it('are the same for the same seed, and others for another', () => {
    const [one, again, other] = [1, 1, 2].map((seed) => mutatedTranscript(hosts, seed));
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  // In hundreds, each with a test's own time: a busy machine takes longer for all of them than one test may.
  const hundreds = Array.from({ length: 10 }, (_, number) => number * 100);
  it.each(hundreds)('give a model, a picture and words without a throw, from seed %i on', (first) => {
    for (let seed = first; seed < first + 100; seed += 1) {
      try {
        examine(mutatedTranscript(hosts, seed));
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  });
});
