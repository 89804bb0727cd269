// The row about a transcript that is here: how much more than JSON.parse it takes to have the model.
import { readTranscript } from '../../shared/collect/read-transcript.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import { transcriptOf } from './ask-host.ts';
import { inTurn, timed } from './in-turn.ts';
import { withManyNetworks } from './many-networks.ts';
import type { Measured } from './rows.ts';

export async function measureDeriving(tell: (measured: Measured) => void): Promise<void> {
  const bytes = await withManyNetworks([1000], (host) =>
    host === undefined ? Promise.reject(new Error('no host')) : transcriptOf(host.target),
  );
  tell(await derive(bytes));
}

export async function derive(transcript: Uint8Array): Promise<Measured> {
  const lines = jsonLines(transcript);
  const compared = await inTurn(
    () => timed(() => deriveModel(transcript)),
    async () => (await timed(() => parseAll(lines))) / asLong,
    { atLeast: 9, seconds: 10 },
  );
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const json = lines.reduce((sum, line) => sum + line.length, 0);
  return {
    row: 'derive',
    unit: 'ms',
    ...compared,
    note: `transcript of ${megabytes(transcript.length)} MB, ${megabytes(json)} MB of it JSON`,
  };
}

/** So often in one round that it takes about as long as ours: the scheduler of a busy machine is kinder to what is short. */
const asLong = 5;

function parseAll(lines: readonly string[]): void {
  for (let time = 0; time < asLong; time++) lines.map((line): unknown => JSON.parse(line));
}

/** The arrays `ip` printed, a line each. */
function jsonLines(transcript: Uint8Array): readonly string[] {
  return readTranscript(transcript)
    .frames.filter(({ section }) => section === 'net')
    .flatMap(({ output }) => output.split('\n').filter((line) => line.startsWith('[')));
}
