// A host of test/fixtures/hosts, derived from its transcript as the product does it.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Model } from '../../shared/model/model.ts';
import type { Transcript } from '../../shared/model/transcript.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import type { LabTruth } from '../lab/lab-truth.ts';

const hosts = path.resolve(import.meta.dirname, '../fixtures/hosts');

export interface HostFixture {
  readonly model: Model;
  readonly transcript: Transcript;
  /** What the lab host said of itself when it was recorded. */
  readonly truth: LabTruth;
}

export function hostFixture(name: string): HostFixture {
  const file = path.join(hosts, name, 'truth.json');
  const truth = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LabTruth) : ({} as LabTruth);
  return { ...deriveModel(hostTranscript(name)), truth };
}

/** The bytes as the collector wrote them. */
export const hostTranscript = (name: string): Uint8Array =>
  gunzipSync(readFileSync(path.join(hosts, name, 'transcript.gz')));
