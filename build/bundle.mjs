// Makes out/app (a whole Electron app folder) or out/cli (the command line): `node build/bundle.mjs app|cli`.
// Each is made beside its place and moved there at the end, so that nobody ever starts half a bundle.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { copyAssets } from './assets.mjs';
import { out, root } from './run/paths.mjs';
import { nodeBundle } from './vite/node-bundle.mjs';
import { page } from './vite/page.mjs';

const what = process.argv[2];
if (what !== 'app' && what !== 'cli') throw new Error('usage: node build/bundle.mjs app|cli');

process.env['NODE_ENV'] = 'production';
const draft = `.draft-${what}-${process.pid}`;
const folder = path.join(out, draft);
try {
  await (what === 'app' ? bundleApp() : bundleCli());
  await replace(path.join(out, what), folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function bundleApp() {
  const assets = '../assets';
  await Promise.all([
    build(nodeBundle({ entry: 'electron/main/main.ts', file: `${draft}/main/main.cjs`, assets })),
    build(
      nodeBundle({ entry: 'electron/preload/preload.ts', file: `${draft}/preload/preload.cjs`, assets, oneFile: true }),
    ),
    build(page(path.join(folder, 'renderer'))),
    copyAssets(path.join(folder, 'assets')),
  ]);
  const { name, version, description, license } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const manifest = { name, productName: name, version, description, license, main: 'main/main.cjs' };
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function bundleCli() {
  await build(nodeBundle({ entry: 'electron/cli/main.ts', file: `${draft}/nsatlas.cjs`, assets: './assets' }));
  await copyAssets(path.join(folder, 'assets'));
}

/** @param {string} place @param {string} made */
async function replace(place, made) {
  await mkdir(out, { recursive: true });
  const old = `${made}.old`;
  await rename(place, old).catch(() => undefined);
  await rename(made, place);
  await rm(old, { recursive: true, force: true });
}
