// The frames of a transcript by section, the most trustworthy way of asking first: what the login user or root read
// counts as it is; from inside another user namespace ids read differently, so those answers only fill gaps.
import type { Frame, Transcript } from '../model/transcript.ts';

export class Frames {
  readonly #bySection = new Map<string, Frame[]>();

  constructor(transcript: Transcript) {
    for (const frame of thatCount(transcript.frames)) {
      const frames = this.#bySection.get(frame.section);
      if (frames) frames.push(frame);
      else this.#bySection.set(frame.section, [frame]);
    }
    for (const [section, frames] of this.#bySection) {
      this.#bySection.set(section, [...frames.filter(isOutside), ...frames.filter((frame) => !isOutside(frame))]);
    }
  }

  of(section: string): readonly Frame[] {
    return this.#bySection.get(section) ?? [];
  }

  /** The first answer to a question that is asked once; a failed one only where no other is. */
  one(section: string, key: string): Frame | undefined {
    const frames = this.of(section).filter((frame) => frame.key === key);
    return frames.find((frame) => frame.status === 0) ?? frames[0];
  }
}

/**
 * Without what was answered about a network namespace before the way into it was found to lead elsewhere: that may be
 * another's.
 */
export function thatCount(frames: readonly Frame[]): readonly Frame[] {
  const astray = frames.filter(({ section, output }) => section === 'entered' && output.trim() !== '');
  if (astray.length === 0) return frames;
  const last = new Map(astray.map(({ key, index }) => [key, index]));
  return frames.filter(({ key, index }) => index >= (last.get(key) ?? 0));
}

/** Asked from the login user's own user namespace. */
export const isOutside = (frame: Frame): boolean => !frame.privilege.startsWith('userns:');

/** PID whose user namespace the question was asked from inside of. */
export const insideOf = (frame: Frame): number | undefined =>
  isOutside(frame) ? undefined : Number(frame.privilege.slice('userns:'.length));
