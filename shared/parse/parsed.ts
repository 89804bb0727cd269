// What every parser gives: the facts it found and the places it could not read. Parsers never throw and never guess:
// one bad line costs one fact, and says so.
import type { Evidence } from '../model/evidence.ts';
import type { Frame } from '../model/transcript.ts';

/** A place that could not be read. */
export interface Unparsable {
  readonly evidence: Evidence;
  /** What stands there, cut to be shown. */
  readonly text: string;
}

export interface Parsed<T> {
  readonly facts: readonly T[];
  readonly unparsable: readonly Unparsable[];
}

/** The part of a frame that parsers read. */
export type Source = Pick<Frame, 'index' | 'section' | 'output'>;

const excerptLength = 160;

export const evidenceAt = (source: Source, line: number): Evidence => ({
  frame: source.index,
  section: source.section,
  line,
});

/** The whole answer. */
export const evidenceOf = (source: Source): Evidence => ({ frame: source.index, section: source.section });

export const unparsableAt = (source: Source, line: number, text: string): Unparsable => ({
  evidence: evidenceAt(source, line),
  text: text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text,
});
