import { prepareApp } from './app.mjs';
import { command, nodeTool } from './command.mjs';
import { startVirtualDisplay } from './display.mjs';
import { ensureBundle } from './bundles.mjs';

/** `run.mjs e2e [arguments for Playwright]`. @param {readonly string[]} args */
export async function main(args) {
  const electron = await prepareApp();
  await ensureBundle('cli');
  return runEndToEnd(electron, args);
}

/**
 * Playwright on the real app. Tests find the Electron to launch in NSATLAS_ELECTRON (path) and NSATLAS_ELECTRON_ARGS
 * (JSON array that comes first). On Linux always on a virtual display: windows of fixed size, and nobody is disturbed.
 *
 * @param {import('./electron.mjs').Electron} electron
 * @param {readonly string[]} args
 */
export async function runEndToEnd(electron, args) {
  const display = process.platform === 'linux' ? await startVirtualDisplay() : undefined;
  try {
    const env = {
      ...(display?.env ?? process.env),
      NSATLAS_ELECTRON: electron.executable,
      NSATLAS_ELECTRON_ARGS: JSON.stringify(electron.args),
    };
    const tool = nodeTool('@playwright/test/cli.js', 'test', '-c', 'build/playwright.config.ts', ...args);
    const { code } = await command(...tool, { env, show: true });
    return code;
  } finally {
    display?.stop();
  }
}
