// Start-up: the scheme, the folder of data, one instance only, then the app; and its end.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { app } from 'electron';
import { startApp } from './app.ts';
import type { RunningApp } from './app.ts';
import { readFlags } from './flags.ts';
import type { Flags } from './flags.ts';
import { claimScheme, lockDown } from './window.ts';

claimScheme();
app.on('web-contents-created', (_event, contents) => lockDown(contents));
try {
  begin(readFlags(process.argv, process.env));
} catch (error) {
  process.stderr.write(`nsatlas: ${error instanceof Error ? error.message : String(error)}\n`);
  app.exit(2);
}

function begin(flags: Flags): void {
  chooseDataFolder(flags);
  // Two of them would write the same files.
  if (!app.requestSingleInstanceLock()) return app.exit(0);
  let running: RunningApp | undefined;
  app.on('second-instance', () => {
    const window = running?.window();
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    end(0);
  });
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  app
    .whenReady()
    .then(() => startApp(flags, end))
    .then((started) => (running = started), failed);

  /** Ends the runs on their hosts first. */
  function end(status: number): void {
    const ended = running?.close() ?? Promise.resolve();
    // A host that does not let go is not waited for.
    const limit = new Promise((resolve) => setTimeout(resolve, 2000));
    void Promise.race([ended, limit]).finally(() => app.exit(status));
  }

  function failed(error: unknown): void {
    process.stderr.write(`nsatlas: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    // Nobody is there to go on; a person can.
    if (running === undefined || flags.demoOutput !== undefined) app.exit(1);
  }
}

/** A demo that only writes files leaves the user's own data alone. */
function chooseDataFolder({ userData, demoOutput }: Flags): void {
  const folder = demoOutput === undefined ? userData : (userData ?? mkdtempSync(path.join(tmpdir(), 'nsatlas-demo-')));
  if (folder !== undefined) app.setPath('userData', folder);
}
