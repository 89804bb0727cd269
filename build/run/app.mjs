import { ensureBundle } from './bundles.mjs';
import { command } from './command.mjs';
import { startVirtualDisplay } from './display.mjs';
import { ensureElectron } from './electron.mjs';
import { ensurePackages } from './packages.mjs';
import { say } from './say.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/**
 * Everything the app needs to open, in order: packages, system packages, our build, an Electron.
 *
 * @returns {Promise<import('./electron.mjs').Electron>}
 */
export async function prepareApp() {
  await ensurePackages();
  const missing = await ensureSystemPackages();
  if (missing !== undefined) say(missing);
  await ensureBundle('app');
  return ensureElectron();
}

/**
 * Opens the app and waits for its end.
 *
 * @param {import('./electron.mjs').Electron} electron
 * @param {readonly string[]} args the app's own
 * @param {{ virtualDisplay: boolean, timeoutMs?: number | undefined }} options
 * @returns {Promise<number>} the app's exit status
 */
export async function openApp(electron, args, { virtualDisplay, timeoutMs }) {
  const display = virtualDisplay ? await startVirtualDisplay() : undefined;
  try {
    const env = display?.env ?? process.env;
    const { code } = await command(electron.executable, [...electron.args, ...args], { env, show: true, timeoutMs });
    return code;
  } finally {
    display?.stop();
  }
}
