// The transcript as values: what every question answered, as it came from the host.
// The text format is described in shared/collect/README.md, its reader is shared/collect/read-transcript.ts.

/**
 * With which right a question was asked.
 * `user`: the login user as it is (which may be root: see `Host.user`);
 * `root`: through sudo; `userns:PID`: from inside the user namespace of that process,
 * entered by its owner with `nsenter -t PID -U --preserve-credentials`.
 */
export type Privilege = 'user' | 'root' | `userns:${number}`;

/** One question and its answer. */
export interface Frame {
  /** Position in the transcript, from 0. Evidence names frames by it. */
  readonly index: number;
  readonly section: string;
  /** Tells frames of one section apart, e.g. `net:[4026531840]`; may be empty. */
  readonly key: string;
  readonly privilege: Privilege;
  /** The command as it ran, one line. */
  readonly command: string;
  /** Standard output; a byte that is no UTF-8 is U+FFFD and its number, `�ff` (shared/collect/bytes-as-text.ts). */
  readonly output: string;
  /** Standard error, lines joined by \n, without the last one's. */
  readonly stderr: string;
  /** Exit status; `undefined` when the transcript ends inside this frame. */
  readonly status: number | undefined;
  /** Wall time on the host in milliseconds (10 ms steps: /proc/uptime). */
  readonly milliseconds: number | undefined;
  /** Why the answer is not whole: cut at the size limit, ended at the time limit, connection lost. */
  readonly cut?: 'too-large' | 'timed-out' | 'connection-lost';
}

export interface Transcript {
  readonly version: number;
  readonly frames: readonly Frame[];
  /** False when the last `done` frame never came: the connection broke, or somebody cancelled. */
  readonly complete: boolean;
  /** What the reader could not make sense of; each costs only itself. */
  readonly problems: readonly string[];
}
