// A snapshot named on the command line, as a model.
import type { Model } from '../../shared/model/model.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import { unpackSnapshot } from '../store/snapshot-file.ts';
import { CliFailure } from './failure.ts';
import { inputName, readInput } from './files.ts';

const transcriptBegins = 'nsatlas-transcript ';

/** Rejects with CliFailure or StoreFailure. */
export async function openSnapshot(file: string): Promise<Model> {
  const name = inputName(file);
  const bytes = await readInput(file, `open ${name}`);
  if (bytes.subarray(0, transcriptBegins.length).toString('latin1') === transcriptBegins)
    throw new CliFailure({
      attempted: `open ${name}`,
      reason: 'It is a transcript, not a snapshot.',
      advice: `Make a snapshot of it first: nsatlas collect --transcript ${file} -o host.nsatlas`,
    });
  const { transcript } = await unpackSnapshot(name, bytes);
  return deriveModel(transcript).model;
}
