// Every row of the table: what is measured, against what, and how large the ratio may be. Measuring them is for
// collect.ts, derive.ts and picture.ts; a row that nothing measures yet says so in the table.

export interface Row {
  readonly id: string;
  readonly what: string;
  readonly against: string;
  /** The ratio may be at most this. */
  readonly goal: number;
}

export const rows = [
  {
    id: 'host-300',
    what: 'Host asked over SSH on loopback, 300 netns: start of connect to model in memory',
    against: '`plotnetcfg -f json` there',
    goal: 2,
  },
  { id: 'host-1000', what: 'The same, 1,000 netns', against: 'the same', goal: 0.8 },
  { id: 'growth', what: 'Growth: time for each netns at 1,000', against: 'at 100', goal: 1.2 },
  {
    id: 'host-cpu',
    what: 'CPU seconds of all that the run starts on the host, 300 netns',
    against: '`plotnetcfg`',
    goal: 3,
  },
  { id: 'wire', what: 'Bytes over the wire, 1,000 netns', against: 'gzip of the transcript', goal: 1.3 },
  {
    id: 'derive',
    what: 'Transcript to model, 1,000 netns',
    against: '`JSON.parse` of its JSON lines',
    goal: 6,
  },
  {
    id: 'picture-1000',
    what: 'First picture from nothing, 1,000 netns: collect, lay out, SVG on disk',
    against: '`plotnetcfg` into `dot -Tsvg`',
    goal: 0.5,
  },
  { id: 'picture-300', what: 'The same, 300 netns', against: 'the same', goal: 3 },
  { id: 'app-start', what: 'App start to first usable window', against: 'an empty Electron window', goal: 1.8 },
  { id: 'app-open', what: 'Cached snapshot of 1,000 netns to an answering graph', against: 'app start', goal: 1 },
  { id: 'pan-300', what: 'Pan and zoom, 300 netns: median frame', against: 'plain Cytoscape canvas', goal: 0.2 },
  { id: 'pan-1000', what: 'The same, 1,000 netns', against: 'the same', goal: 0.07 },
  { id: 'refresh', what: 'Redraw after one container changed', against: 'first draw', goal: 0.15 },
  { id: 'memory', what: 'Memory of the app, 1,000 netns open', against: 'an empty Electron window', goal: 2.5 },
] as const satisfies readonly Row[];

export type RowId = (typeof rows)[number]['id'];

export interface Measured {
  readonly row: RowId;
  /** The median of the rounds. */
  readonly ratio: number;
  /** Smallest and largest of the rounds. */
  readonly spread: readonly [number, number];
  readonly rounds: number;
  /** Medians of both, for a person: what the numbers are is in `unit`. */
  readonly ours: number;
  readonly theirs: number;
  readonly unit: 'ms' | 'CPU ms' | 'bytes' | 'ms for each netns';
  /** What else was seen. */
  readonly note?: string;
}
