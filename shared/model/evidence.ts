// How we know, and how sure we are.

/**
 * - `certain`: the kernel's own identifiers decide it: both ends agree, or an id is known or forced;
 * - `inferred`: a named rule says so, for example slirp4netns's command line;
 * - `ambiguous`: more than one candidate; there is one relation for each.
 */
export type Certainty = 'certain' | 'inferred' | 'ambiguous';

/** Where in the transcript a fact stands. */
export interface Evidence {
  /** `Frame.index`. */
  readonly frame: number;
  /** `Frame.section`, repeated so that an exported model can be read without its transcript. */
  readonly section: string;
  /** Line of the frame's output, from 1; absent: the whole answer. */
  readonly line?: number;
  /** Characters of that line, [from, to) from 0, where one line holds many facts (ip's JSON). */
  readonly columns?: readonly [number, number];
}
