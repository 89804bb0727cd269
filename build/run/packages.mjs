import { readFileSync } from 'node:fs';
import path from 'node:path';
import { command } from './command.mjs';
import { root } from './paths.mjs';
import { StepFailed, say, seconds } from './say.mjs';

const oldestNode = [20, 19];

/** Node new enough, and node_modules as the lock file says. */
export async function ensurePackages() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < (oldestNode[0] ?? 0) || (major === oldestNode[0] && minor < (oldestNode[1] ?? 0)))
    throw new StepFailed(`Node ${oldestNode.join('.')} or newer is needed, this is ${process.versions.node}.`);
  if (asLocked()) return;
  say('installing packages (npm ci)…');
  const start = performance.now();
  const { code, output } = await command('npm', ['ci', '--loglevel=error'], { shell: process.platform === 'win32' });
  if (code !== 0) throw new StepFailed(`npm ci failed.\n${output}Mend what it says, then run this again.`);
  say(`packages installed in ${seconds(start)}`);
}

/** npm writes down what it installed; optional packages (other platforms' binaries) may rightly be missing there. */
function asLocked() {
  try {
    const wanted = packagesOf('package-lock.json');
    const have = packagesOf('node_modules/.package-lock.json');
    return Object.entries(wanted).every(
      ([place, { version, optional }]) => place === '' || optional === true || have[place]?.version === version,
    );
  } catch {
    return false;
  }
}

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean }>} */
function packagesOf(file) {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
}
