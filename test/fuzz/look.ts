// A process that looks at every `step`-th seed from `first` on, says how far it is, and what failed. Below zero: a host as
// it was.
import { honestHosts } from './corpus.ts';
import { examine } from './examine.ts';
import { honestTranscript, mutatedTranscript } from './mutate.ts';

export interface Work {
  readonly first: number;
  readonly step: number;
  readonly end: number;
}

/** `at`: the seed that is looked at now. */
export type Said = { readonly at: number } | { readonly failed: number; readonly why: string };

const { first, step, end } = JSON.parse(process.argv[2] ?? '') as Work;
const say = (said: Said): void => void process.send?.(said);
const hosts = honestHosts();
for (let seed = first; seed < end; seed += step) {
  if ((seed - first) % (step * 50) === 0) say({ at: seed });
  try {
    const host = hosts[-seed % hosts.length];
    examine(seed < 0 && host ? honestTranscript(host) : mutatedTranscript(hosts, seed));
  } catch (error) {
    say({ failed: seed, why: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
say({ at: end });
process.disconnect();
