// Honest transcripts in pieces: what the mutations are made of.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { hostTranscript } from '../helpers/host-fixture.ts';

/** One answer, from its `begin` line to the end of its `end` line, without the token. latin1: a character is a byte. */
export interface Piece {
  readonly section: string;
  readonly text: string;
}

export interface HonestHost {
  readonly name: string;
  readonly pieces: readonly Piece[];
}

/** Stands for the token in a piece. */
export const tokenMark = '\u{1}TOKEN\u{1}';

export function honestHosts(): readonly HonestHost[] {
  const root = path.resolve(import.meta.dirname, '../fixtures/hosts');
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(path.join(root, entry.name)).includes('transcript.gz'))
    .map(({ name }) => ({ name, pieces: piecesOf(Buffer.from(hostTranscript(name)).toString('latin1')) }));
}

function piecesOf(transcript: string): readonly Piece[] {
  const token = /^nsatlas-transcript 1 ([0-9a-f]{32})$/m.exec(transcript)?.[1];
  if (token === undefined) throw new Error('a fixture that is no transcript');
  return transcript
    .replaceAll(token, tokenMark)
    .split(new RegExp(`^(?=${tokenMark} (?:begin|done) )`, 'm'))
    .filter((text) => text.startsWith(`${tokenMark} begin `))
    .map((text) => ({ section: text.split(' ', 4)[3]?.trim() ?? '', text }));
}
