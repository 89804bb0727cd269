import { existsSync } from 'node:fs';
import { readdir, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { command } from './command.mjs';
import { out, root } from './paths.mjs';
import { StepFailed, say, seconds } from './say.mjs';

/** What each bundle is made of; a newer file in one of these makes it stale. */
const bundles = {
  app: { marker: 'app/package.json', sources: ['electron', 'renderer', 'shared', 'build', 'package-lock.json'] },
  cli: { marker: 'cli/nsatlas.cjs', sources: ['electron', 'shared', 'build', 'package-lock.json'] },
};

/** Makes out/app or out/cli unless nothing in its sources is newer. Quiet on stdout. @param {keyof typeof bundles} what */
export async function ensureBundle(what) {
  const { marker, sources } = bundles[what];
  const file = path.join(out, marker);
  if (existsSync(file)) {
    const made = (await stat(file)).mtimeMs;
    const newest = await Promise.all(sources.map((source) => newestIn(path.join(root, source))));
    if (Math.max(...newest) < made) return;
  }
  const start = performance.now();
  const begun = new Date();
  const { code, output } = await command(process.execPath, ['build/bundle.mjs', what]);
  if (code !== 0) throw new StepFailed(`building the ${what} failed.\n${output}`);
  // As old as the sources that were read: what changed while it was built makes it stale.
  await utimes(file, begun, begun);
  say(`${what} built in ${seconds(start)}`);
}

/** Time of the newest change below a path in ms; a folder's own time tells of files taken away. @param {string} place */
async function newestIn(place) {
  const found = await stat(place);
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = await readdir(place, { withFileTypes: true, recursive: true });
  const times = await Promise.all(
    entries.map(async (entry) => {
      // Gone between listing and asking: an editor's temporary file.
      const info = await stat(path.join(entry.parentPath, entry.name)).catch(() => undefined);
      return info?.mtimeMs ?? 0;
    }),
  );
  return Math.max(found.mtimeMs, ...times);
}
