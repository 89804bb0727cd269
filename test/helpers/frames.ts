// Frames for tests: an answer of the host, from a captured fixture or as text, and transcripts made of them.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Transcript } from '../../shared/model/transcript.ts';

const sources = path.join(import.meta.dirname, '..', 'fixtures', 'sources');

/** Text of test/fixtures/sources/NAME. */
export const sourceText = (name: string): string => readFileSync(path.join(sources, name), 'utf8');

export function aFrame(section: string, output: string, fields: Partial<Frame> = {}): Frame {
  return {
    index: 0,
    section,
    key: '',
    privilege: 'user',
    command: section,
    output,
    stderr: '',
    status: 0,
    milliseconds: 0,
    ...fields,
  };
}

/** Numbers the frames. */
export function aTranscript(frames: readonly Frame[], fields: Partial<Transcript> = {}): Transcript {
  return {
    version: 1,
    frames: frames.map((frame, index) => ({ ...frame, index })),
    complete: true,
    problems: [],
    ...fields,
  };
}

/** The characters a piece of evidence points at. */
export function quoted(
  frame: Frame,
  evidence: { readonly line?: number; readonly columns?: readonly [number, number] },
): string {
  const line = frame.output.split('\n')[(evidence.line ?? 1) - 1] ?? '';
  return evidence.columns ? line.slice(...evidence.columns) : line;
}
