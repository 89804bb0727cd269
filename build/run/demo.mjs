import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openApp, prepareApp } from './app.mjs';
import { hasDisplay } from './display.mjs';
import { startReferenceHost } from './reference-host.mjs';
import { out } from './paths.mjs';
import { say } from './say.mjs';

/**
 * `run.mjs demo [--live]`. Hands over to the app:
 * - `--demo`: start the embedded demo host, connect to it, collect, draw;
 * - `--demo-live=JSON` instead of the embedded host: `{ user, host, port, keyFile, knownHosts }` of one that runs;
 * - `--demo-output=FOLDER`: write snapshot, PNG, SVG and a picture of the window there, print a summary, and end.
 *
 * @param {readonly string[]} args `--live`, `--output=FOLDER` (asks for files although there is a display); others go to the app
 */
export async function main(args) {
  const live = args.includes('--live');
  const asked = args.find((arg) => arg.startsWith('--output='))?.slice('--output='.length);
  const others = args.filter((arg) => arg !== '--live' && !arg.startsWith('--output='));
  const virtualDisplay = !hasDisplay();
  const output = asked ?? (virtualDisplay ? path.join(out, 'demo') : undefined);

  const electron = await prepareApp();
  const host = live ? await startReferenceHost() : undefined;
  // A demo that only writes files leaves the user's own data alone, and nothing of its own behind.
  const data = output === undefined ? undefined : await mkdtemp(path.join(os.tmpdir(), 'nsatlas-demo-'));
  try {
    if (virtualDisplay)
      say('there is no display here: the demo runs on a virtual one and writes what it saw to files.');
    return await openApp(
      electron,
      [
        '--demo',
        ...(host === undefined ? [] : [`--demo-live=${JSON.stringify(host.address)}`]),
        ...(output === undefined ? [] : [`--demo-output=${path.resolve(output)}`]),
        ...(data === undefined ? [] : [`--user-data-dir=${data}`]),
        ...others,
      ],
      // Asked for files, it ends by itself; where it does not, something is wrong and nobody may be there to close it.
      { virtualDisplay, ...(output === undefined ? {} : { timeoutMs: 300_000 }) },
    );
  } finally {
    await host?.stop();
    if (data !== undefined) await rm(data, { recursive: true, force: true });
  }
}
