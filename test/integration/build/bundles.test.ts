import { readFile, readdir } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { command } from '../../../build/run/command.mjs';

const root = path.resolve(import.meta.dirname, '../../..');

// What `node build/run.mjs build` made: the app for Electron, the command line for plain Node.
const bundles = [
  { folder: 'out/app/main', entry: 'main.cjs', mayRequire: ['electron'] },
  { folder: 'out/app/preload', entry: 'preload.cjs', mayRequire: ['electron'] },
  { folder: 'out/cli', entry: 'nsatlas.cjs', mayRequire: [] },
] as const;

const made = await command(process.execPath, ['build/run.mjs', 'build']);

test('the bundles can be built', () => {
  expect(made, made.output).toMatchObject({ code: 0 });
});

describe.each(bundles)('$folder', ({ folder, entry, mayRequire }) => {
  const read = async (): Promise<readonly { readonly name: string; readonly text: string }[]> => {
    const names = (await readdir(path.join(root, folder))).filter((name) => name.endsWith('.cjs'));
    expect(names).toContain(entry);
    return Promise.all(
      names.map(async (name) => ({ name, text: await readFile(path.join(root, folder, name), 'utf8') })),
    );
  };

  test('needs nothing but Node and what the table says', async () => {
    const chunks = await read();
    const own = chunks.map(({ name }) => `./${name}`);
    const required = chunks.flatMap(({ text }) =>
      [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]),
    );
    const foreign = required.filter((id) => id !== undefined && !isBuiltin(id) && !own.includes(id));
    expect(new Set(foreign)).toEqual(new Set(mayRequire));
  });

  test('names no folder of the machine that built it', async () => {
    for (const { name, text } of await read()) {
      expect(text.includes(root), `${name} names the checkout's folder`).toBe(false);
      expect(text, name).not.toMatch(/node_modules\/[^"'\s]*\.node\b/);
    }
  });
});

test('what a program reads at run time lies beside it', async () => {
  for (const folder of ['out/app/assets', 'out/cli/assets']) {
    const wasm = await readFile(path.join(root, folder, 'resvg.wasm'));
    expect(wasm.subarray(0, 4).toString('latin1')).toBe('\0asm');
    const fonts = (await readdir(path.join(root, folder, 'fonts'))).filter((name) => name.endsWith('.ttf'));
    expect(fonts.length).toBeGreaterThanOrEqual(5);
  }
});
