// A captured transcript made to answer anew: under the token of who asks, frame by frame, about as slowly as it was.
// The format is described in shared/collect/README.md.

export interface ReplayPart {
  readonly bytes: Uint8Array;
  /** Milliseconds to wait before sending it. */
  readonly delay: number;
}

/** Long enough to see the progress, short enough not to wait for it. */
const wholeReplay = 2500;
const tokenLength = 32;

/**
 * One part for each frame, and one for the last line. Without `token` the captured one stays.
 * Throws when `captured` is no transcript.
 */
export function replay(captured: Uint8Array, token: string | undefined): readonly ReplayPart[] {
  // Latin 1 keeps every byte as it is.
  const text = Buffer.from(captured).toString('latin1');
  const old = /^nsatlas-transcript \d+ ([0-9a-f]{32})\n/.exec(text)?.[1];
  if (old === undefined) throw new Error('the captured transcript does not begin as one');
  const frames = text.replaceAll(old, token ?? old).split(new RegExp(`(?<=\\n${token ?? old} end [^\\n]*\\n)`));
  const times = frames.map((frame) => lasted(frame, token ?? old));
  const pace = Math.min(1, wholeReplay / Math.max(1, sum(times)));
  return frames.map((frame, index) => ({
    bytes: Buffer.from(frame, 'latin1'),
    delay: Math.round((times[index] ?? 0) * pace),
  }));
}

/** The token that a collector's first lines bring: `token=<32 hex digits>`. */
export function tokenOf(script: string): string | undefined {
  return new RegExp(`^token=['"]?([0-9a-f]{${tokenLength}})['"]?$`, 'm').exec(script)?.[1];
}

/** Milliseconds of a frame; at least 10, since the captured clock ticks in tens and a human eye is slower. */
function lasted(frame: string, token: string): number {
  const milliseconds = new RegExp(`\\n${token} end \\S+ (\\d+) [^\\n]*\\n$`).exec(frame)?.[1];
  return Math.max(10, Number(milliseconds ?? 0));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
