/**
 * Who may import whom, as a table: the lint rule reads it, and so can you.
 *
 * A zone is a folder; a file belongs to the row with the longest matching `zone`. `ours` lists the zones it may import
 * besides itself ('shared' means every zone below it), `packages` the packages: 'node:' stands for all of Node's own.
 * `instead` is what the message tells the person who was about to import something else.
 *
 * @typedef {{ zone: string, ours: readonly string[], typesOnly?: readonly string[], packages: readonly string[], instead: string }} Row
 */

/** @type {readonly Row[]} */
export const importTable = [
  {
    zone: 'shared/model',
    ours: [],
    packages: [],
    instead: 'The model is what exists and imports nothing of ours: move what computes to the folder that computes it.',
  },
  {
    zone: 'shared/collect',
    ours: ['shared/model', 'shared/parse'],
    packages: [],
    instead:
      'A source names its question and its parser (shared/parse); what is done with the facts is for shared/resolve.',
  },
  {
    zone: 'shared/parse',
    ours: ['shared/model'],
    packages: ['zod'],
    instead: 'A parser turns text into facts of shared/model; relations between facts are for shared/resolve.',
  },
  {
    zone: 'shared/resolve',
    ours: ['shared/model', 'shared/trace'],
    packages: [],
    instead:
      'A resolver reads entities of shared/model, never text: let a parser make a fact of it first. Chains of the firewall are followed in shared/trace.',
  },
  {
    zone: 'shared/snapshot',
    ours: ['shared/model', 'shared/collect', 'shared/parse', 'shared/resolve'],
    packages: ['zod'],
    instead: 'A snapshot is read, parsed and resolved here; how it is drawn is for shared/graph.',
  },
  {
    zone: 'shared/graph',
    ours: ['shared/model'],
    packages: [],
    instead: 'The graph is computed from shared/model alone; positions are for shared/layout, text for shared/export.',
  },
  {
    zone: 'shared/trace',
    ours: ['shared/model'],
    packages: [],
    instead: 'A trace is computed from shared/model alone.',
  },
  {
    zone: 'shared/capture',
    ours: ['shared/model'],
    packages: [],
    instead: 'What to capture is computed from shared/model alone; hosts and files are for electron/capture.',
  },
  {
    zone: 'shared/explain',
    ours: ['shared/model', 'shared/trace'],
    typesOnly: ['shared/trace'],
    packages: [],
    instead: 'An explanation is computed from shared/model alone; of a trace it has the words.',
  },
  {
    zone: 'shared/layout',
    ours: ['shared/model', 'shared/graph'],
    packages: ['elkjs'],
    instead:
      'A layout gets nodes and edges of shared/graph and gives positions; what they mean is decided in shared/graph.',
  },
  {
    zone: 'shared/export',
    ours: ['shared/model', 'shared/graph', 'shared/layout'],
    packages: [],
    instead: 'An export writes a laid-out graph or a snapshot as text; compute what it needs in shared/graph.',
  },
  {
    zone: 'shared/ipc',
    ours: ['shared/model', 'shared/capture'],
    typesOnly: ['shared/model', 'shared/capture'],
    packages: ['zod'],
    instead: 'The contract names types of shared/model (import type) and schemas of its own.',
  },
  {
    zone: 'electron/ssh',
    ours: [],
    packages: ['node:', 'ssh2'],
    instead: 'Transports know bytes and exit statuses, nothing of the model: give the meaning in electron/collect.',
  },
  {
    zone: 'electron/collect',
    ours: ['electron/ssh', 'shared'],
    packages: ['node:', 'zod'],
    instead:
      'Collecting needs a transport (electron/ssh) and shared; windows and files are for electron/main and electron/store.',
  },
  {
    zone: 'electron/capture',
    ours: ['electron/ssh', 'electron/collect', 'shared'],
    packages: ['node:'],
    instead: 'Capturing needs a transport (electron/ssh), sudo as electron/collect has it, and shared.',
  },
  {
    zone: 'electron/store',
    ours: ['shared'],
    packages: ['node:', 'zod'],
    instead: 'The store keeps files: node and shared are enough for that; let electron/main join it with the rest.',
  },
  {
    zone: 'electron/export',
    ours: ['shared'],
    packages: ['node:', '@resvg/resvg-wasm', '@expo-google-fonts/inter', '@expo-google-fonts/jetbrains-mono'],
    instead: 'A PNG is drawn from the SVG of shared/export; nothing else is needed here.',
  },
  {
    zone: 'electron/demo',
    ours: ['shared', 'electron/ssh', 'electron/collect'],
    packages: ['node:', 'ssh2'],
    instead: 'The demo host replays a transcript over SSH; the app around it is electron/main.',
  },
  {
    zone: 'electron/cli',
    ours: ['electron/ssh', 'electron/collect', 'electron/capture', 'electron/store', 'electron/export', 'shared'],
    packages: ['node:', 'zod'],
    instead: "The command line runs without a display: it never imports 'electron' or electron/main.",
  },
  {
    zone: 'electron/main',
    ours: [
      'electron/ssh',
      'electron/collect',
      'electron/capture',
      'electron/store',
      'electron/export',
      'electron/demo',
      'shared',
    ],
    packages: ['node:', 'electron', 'zod'],
    instead: 'The main process joins ssh, collect, store and shared; the renderer is reached through shared/ipc only.',
  },
  {
    zone: 'electron/preload',
    ours: ['shared/ipc'],
    packages: ['electron'],
    instead: "The preload passes on the contract of shared/ipc and knows nothing but that and 'electron'.",
  },
  {
    zone: 'renderer',
    ours: ['shared'],
    packages: [
      'svelte',
      'bits-ui',
      '@internationalized/date',
      '@expo-google-fonts/inter',
      '@expo-google-fonts/jetbrains-mono',
    ],
    instead: 'The renderer has shared and the page; files, hosts and secrets are asked for through renderer/bridge.ts.',
  },
  {
    zone: 'renderer/graph',
    ours: ['shared', 'renderer'],
    packages: ['svelte', 'cytoscape'],
    instead: 'Cytoscape lives here and nowhere else; what is drawn comes from shared/graph and shared/layout.',
  },
];

/** Zones that may import anything. */
export const freeZones = ['test', 'build'];

/** Zones that nothing but themselves may import: not even the free ones need them, and products never do. */
export const closedZones = ['test', 'build'];
