// Runs the real collector on a bare host, as somebody, and derives the model from what it said.
import { collectorScript } from '../../../electron/collect/collector-script.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { Transcript } from '../../../shared/model/transcript.ts';
import { deriveModel } from '../../../shared/snapshot/derive.ts';
import { contradictions } from '../../helpers/contradictions.ts';
import type { BareHost, Person } from './bare-host.ts';

export interface Collected {
  /** The transcript as it came. */
  readonly bytes: Buffer;
  readonly transcript: Transcript;
  readonly model: Model;
}

/** Throws when the collector itself fails, or when its transcript is not whole. */
export async function collectFrom(host: BareHost, person: Person, script = collectorScript): Promise<Collected> {
  const { status, stdout, stderr } = await host.execAs(person, ['sh', '-s'], script);
  if (status !== 0 || stderr !== '') throw new Error(`collector as ${person}: status ${status}\n${stderr}`);
  const derived = deriveModel(stdout);
  const { complete, problems } = derived.transcript;
  if (!complete || problems.length > 0)
    throw new Error(`transcript as ${person}: ${problems.join(', ') || 'not whole'}`);
  const wrong = contradictions(derived.model);
  if (wrong.length > 0) throw new Error(`the model as ${person} contradicts itself: ${wrong.join('; ')}`);
  return { bytes: stdout, ...derived };
}

/**
 * The same host as if its own PID namespace were the kernel's first. No lab host has that one, and elsewhere nothing counts as
 * seen in full (shared/resolve/fully-seen.ts): what is certain only then is never said of a lab host as it is.
 */
export const asInitialHost = (collected: Collected): Model => deriveModel(toInitialHost(collected)).model;

/** The transcript that says so. */
export function toInitialHost({ bytes, model }: Collected): Buffer {
  const own = model.host.initialNamespaces.pid?.id;
  if (own === undefined) throw new Error('The PID namespace of the host is not known.');
  return Buffer.from(bytes.toString('latin1').replaceAll(own, 'pid:[4026531836]'), 'latin1');
}
