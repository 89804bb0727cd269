import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { command } from './command.mjs';
import { out, root } from './paths.mjs';
import { StepFailed, say, seconds } from './say.mjs';
import { standInElectron } from './stand-in-electron.mjs';

/**
 * @typedef {object} Electron
 * @property {string} executable
 * @property {readonly string[]} args what has to come first on its command line
 */

/**
 * Finds an Electron that runs out/app: ELECTRON_OVERRIDE_DIST_PATH, the official download, the stand-in.
 *
 * @returns {Promise<Electron>}
 */
export async function ensureElectron() {
  const flags = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = path.join(out, 'app');
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) return { executable: path.join(override, executableName()), args: [...flags, app] };
  const official = await officialElectron();
  if (official !== undefined) return { executable: official, args: [...flags, app] };
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new StepFailed(
      'Electron could not be downloaded. Set ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked one, or ELECTRON_MIRROR.',
    );
  const executable = await standInElectron(app);
  say('Electron could not be downloaded: running on a STAND-IN (25.1.1), for development and tests only.');
  // Without a GPU its GPU process gives up, and the app with it. Its log of errors is about the desktop bus that a
  // machine without a display does not have.
  return { executable, args: [...flags, '--disable-gpu', '--log-level=3'] };
}

/** @returns {Promise<string | undefined>} */
async function officialElectron() {
  const installed = installedElectron();
  if (installed !== undefined) return installed;
  if (!(await downloadLooksPossible())) return undefined;
  say('downloading Electron…');
  const start = performance.now();
  const { code } = await command(process.execPath, ['node_modules/electron/install.js'], { timeoutMs: 300_000 });
  if (code !== 0) return undefined;
  say(`Electron downloaded in ${seconds(start)}`);
  return installedElectron();
}

/** The electron package writes the executable's place to path.txt once it is unpacked. */
function installedElectron() {
  const folder = path.join(root, 'node_modules/electron');
  try {
    const executable = path.join(folder, 'dist', readFileSync(path.join(folder, 'path.txt'), 'utf8'));
    return existsSync(executable) ? executable : undefined;
  } catch {
    return undefined;
  }
}

/** Asked first, because a download that cannot reach its host may take minutes to say so. */
function downloadLooksPossible() {
  const env = process.env;
  const told = env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'] ?? env['HTTPS_PROXY'] ?? env['https_proxy'];
  if (told) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect({ host: 'github.com', port: 443, timeout: 4000 });
    const answer = (/** @type {boolean} */ possible) => {
      socket.destroy();
      resolve(possible);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
  });
}

function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}
