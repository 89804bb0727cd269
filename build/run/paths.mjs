import os from 'node:os';
import path from 'node:path';

/** The checkout. */
export const root = path.resolve(import.meta.dirname, '../..');

/** Everything that is made: never committed, safe to delete. */
export const out = path.join(root, 'out');

/** What is worth keeping between checkouts: an unpacked Electron, a test host's file system. */
export const cache =
  process.env['NSATLAS_CACHE'] ??
  path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'nsatlas');
