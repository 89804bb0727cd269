import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

// The project's real config; only what needs the compiler is off, because the snippets are files that do not exist.
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: path.join(root, 'build/eslint.config.mjs'),
  overrideConfig: [
    {
      languageOptions: { parserOptions: { projectService: false } },
      rules: {
        '@typescript-eslint/await-thenable': 'off',
        '@typescript-eslint/no-floating-promises': 'off',
        '@typescript-eslint/no-misused-promises': 'off',
        '@typescript-eslint/switch-exhaustiveness-check': 'off',
        '@typescript-eslint/no-unused-vars': 'off',
      },
    },
  ],
});

/** Rule and message of everything ESLint says about `code` as if it stood in `file`. */
async function lint(file: string, code: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: path.join(root, file) });
  return (result?.messages ?? []).map((message) => `${message.ruleId}: ${message.message}`);
}

const value = (from: string): string => `import { x } from '${from}';\nconsole.log(x);`;
const type = (from: string): string => `import type { X } from '${from}';\nexport type Y = X;`;

const forbidden: readonly (readonly [file: string, from: string, hint: RegExp])[] = [
  ['shared/model/a.ts', '../parse/b.ts', /The model is what exists/],
  ['shared/model/a.ts', 'node:fs', /The model is what exists/],
  ['shared/parse/a.ts', '../resolve/b.ts', /relations between facts are for shared\/resolve/],
  ['shared/parse/a.ts', '../graph/b.ts', /A parser turns text into facts/],
  ['shared/parse/deep/a.ts', '../../graph/views/b.ts', /A parser turns text into facts/],
  ['shared/resolve/a.ts', '../parse/b.ts', /let a parser make a fact of it first/],
  ['shared/graph/a.ts', '../parse/b.ts', /computed from shared\/model alone/],
  ['shared/graph/a.ts', '../snapshot/b.ts', /computed from shared\/model alone/],
  ['shared/graph/a.ts', '../layout/b.ts', /computed from shared\/model alone/],
  ['shared/trace/a.ts', '../snapshot/b.ts', /computed from shared\/model alone/],
  ['shared/explain/a.ts', '../parse/b.ts', /computed from shared\/model alone/],
  ['shared/layout/a.ts', '../snapshot/b.ts', /A layout gets nodes and edges/],
  ['shared/export/a.ts', '../resolve/b.ts', /An export writes/],
  ['shared/export/a.ts', 'cytoscape', /An export writes/],
  ['shared/ipc/a.ts', '../graph/b.ts', /The contract names types/],
  ['shared/snapshot/a.ts', '../graph/b.ts', /how it is drawn is for shared\/graph/],
  ['shared/snapshot/a.ts', 'node:zlib', /A snapshot is read/],
  ['shared/collect/a.ts', '../../electron/collect/b.ts', /A source names its question/],
  ['electron/ssh/a.ts', '../../shared/model/b.ts', /Transports know bytes/],
  ['electron/ssh/a.ts', 'electron', /Transports know bytes/],
  ['electron/collect/a.ts', '../store/b.ts', /Collecting needs a transport/],
  ['electron/collect/a.ts', 'ssh2', /Collecting needs a transport/],
  ['electron/store/a.ts', '../ssh/b.ts', /The store keeps files/],
  ['electron/store/a.ts', 'electron', /The store keeps files/],
  ['electron/cli/a.ts', 'electron', /never imports 'electron'/],
  ['electron/cli/a.ts', '../main/b.ts', /never imports 'electron'/],
  ['electron/main/a.ts', '../cli/b.ts', /The main process joins/],
  ['electron/main/a.ts', '../../renderer/b.ts', /reached through shared\/ipc/],
  ['electron/preload/a.ts', '../../shared/model/b.ts', /nothing but that and 'electron'/],
  ['electron/preload/a.ts', 'node:fs', /nothing but that and 'electron'/],
  ['renderer/components/a.ts', '../../electron/main/b.ts', /asked for through renderer\/bridge\.ts/],
  ['renderer/components/a.ts', 'node:path', /asked for through renderer\/bridge\.ts/],
  ['renderer/components/a.ts', 'path', /asked for through renderer\/bridge\.ts/],
  ['renderer/components/a.ts', 'ssh2', /asked for through renderer\/bridge\.ts/],
  ['renderer/components/a.ts', 'cytoscape', /asked for through renderer\/bridge\.ts/],
  ['shared/graph/a.ts', '../../test/helpers/b.ts', /computed from shared\/model alone/],
  ['renderer/state/a.ts', '../../test/helpers/b.ts', /renderer may not import test/],
  ['electron/main/a.ts', '../../build/run/b.mjs', /The main process joins/],
];

const allowed: readonly (readonly [file: string, from: string])[] = [
  ['shared/parse/a.ts', '../model/b.ts'],
  ['shared/parse/deep/a.ts', '../b.ts'],
  ['shared/collect/a.ts', '../parse/b.ts'],
  ['shared/export/a.ts', '../layout/b.ts'],
  ['electron/ssh/a.ts', 'ssh2'],
  ['electron/ssh/a.ts', 'node:net'],
  ['electron/collect/a.ts', './remote/collect.sh?raw'],
  ['electron/collect/a.ts', '../ssh/b.ts'],
  ['electron/cli/a.ts', '../store/b.ts'],
  ['electron/main/a.ts', 'electron'],
  ['electron/main/a.ts', '../../shared/ipc/b.ts'],
  ['electron/preload/a.ts', '../../shared/ipc/b.ts'],
  ['renderer/graph/a.ts', 'cytoscape'],
  ['renderer/graph/a.ts', '../state/b.ts'],
  ['renderer/components/a.ts', '../graph/b.ts'],
  ['renderer/components/a.ts', '../../shared/graph/b.ts'],
  ['test/unit/a.ts', '../../electron/main/b.ts'],
];

describe('who may import whom', () => {
  test.each(forbidden)('%s may not import %s', async (file, from, hint) => {
    for (const code of [value(from), type(from), `export { x } from '${from}';`, `void import('${from}');`])
      expect(await lint(file, code), code).toEqual([
        expect.stringMatching(/^nsatlas\/import-boundaries: .*may not import/),
      ]);
    expect((await lint(file, value(from))).join()).toMatch(hint);
  });

  test.each(allowed)('%s may import %s', async (file, from) => {
    expect(await lint(file, value(from))).toEqual([]);
  });

  test('the contract names types of the model and no code of it', async () => {
    expect(await lint('shared/ipc/a.ts', type('../model/b.ts'))).toEqual([]);
    expect(await lint('shared/ipc/a.ts', value('../model/b.ts'))).toEqual([expect.stringContaining('as types only')]);
  });

  test('a component is held to the same table', async () => {
    const component = (from: string): string => `<script lang="ts">\n  import { x } from '${from}';\n</script>\n\n{x}`;
    expect(await lint('renderer/components/A.svelte', component('node:fs'))).toEqual([
      expect.stringContaining('renderer may not import node:fs'),
    ]);
    expect(await lint('renderer/components/A.svelte', component('../../shared/graph/b.ts'))).toEqual([]);
  });

  test('a folder that the table does not know is asked to be entered there', async () => {
    expect(await lint('shared/somewhere/a.ts', value('../model/b.ts'))).toEqual([
      expect.stringContaining('has no row in build/eslint/import-table.mjs'),
    ]);
  });
});

describe('the other rules of the house', () => {
  test.each([
    ['shared/model/a.ts', 'export default 1;', 'Name what you export'],
    ['shared/model/a.ts', "export * from './b.ts';", 'No barrels'],
    ['shared/model/a.ts', 'export const x = (y: any): number => y;', 'Unexpected any'],
    ['renderer/state/a.ts', 'console.log(window.nsatlas);', 'renderer/bridge.ts is the only file'],
    ['renderer/state/a.svelte.ts', 'console.log(globalThis.nsatlas);', 'renderer/bridge.ts is the only file'],
  ])('%s: %s', async (file, code, message) => {
    expect(await lint(file, code)).toEqual([expect.stringContaining(message)]);
  });

  test('the bridge may touch the exposed object', async () => {
    expect(await lint('renderer/bridge.ts', 'console.log(window.nsatlas);')).toEqual([]);
  });
});
