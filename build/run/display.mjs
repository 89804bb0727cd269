import { spawn } from 'node:child_process';
import { StepFailed } from './say.mjs';

/** Is there a screen to open a window on? Windows and macOS always have one. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/**
 * A virtual screen of our own (Xvfb picks a free number).
 *
 * @returns {Promise<{ env: NodeJS.ProcessEnv, stop: () => void }>} `env` for what shall draw on it
 */
export async function startVirtualDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const stop = () => void server.kill();
  process.once('exit', stop);
  const number = await new Promise((resolve, reject) => {
    const failed = () => reject(new StepFailed('no display, and Xvfb does not start: install the package xvfb.'));
    server.once('error', failed).once('exit', failed);
    const answer = /** @type {import('node:stream').Readable} */ (server.stdio[3]);
    answer.setEncoding('utf8').once('data', (text) => resolve(String(text).trim()));
  });
  const { WAYLAND_DISPLAY: _, ...env } = process.env;
  return { env: { ...env, DISPLAY: `:${number}` }, stop };
}
