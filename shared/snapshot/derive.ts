// The model is derived from the transcript each time it is opened: a better parser or resolver improves old snapshots.
import { readTranscript } from '../collect/read-transcript.ts';
import type { Model } from '../model/model.ts';
import type { Transcript } from '../model/transcript.ts';
import { resolveModel } from '../resolve/resolve.ts';
import { assemble } from './assemble.ts';

/** `bytes`: the standard output of the collector's script. Never throws: what cannot be read is a finding. */
export function deriveModel(bytes: Uint8Array): { readonly transcript: Transcript; readonly model: Model } {
  const transcript = readTranscript(bytes);
  return { transcript, model: resolveModel(assemble(transcript)) };
}
