import path from 'node:path';
import { ensureBundle } from './bundles.mjs';
import { command } from './command.mjs';
import { ensurePackages } from './packages.mjs';
import { out } from './paths.mjs';

/**
 * `run.mjs cli …`: the command line, built first if a source is newer. Runs where the caller stands, so that paths in
 * its arguments mean what the caller means (npm changes the folder, and says in INIT_CWD where it was called).
 *
 * @param {readonly string[]} args
 */
export async function main(args) {
  await ensurePackages();
  await ensureBundle('cli');
  const cwd = process.env['npm_lifecycle_event'] === 'cli' ? process.env['INIT_CWD'] : undefined;
  const program = [path.join(out, 'cli/nsatlas.cjs'), ...args];
  const { code } = await command(process.execPath, program, {
    show: true,
    input: 'inherit',
    cwd: cwd ?? process.cwd(),
  });
  return code;
}
