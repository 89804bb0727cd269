import { ensureBundle } from './bundles.mjs';
import { ensurePackages } from './packages.mjs';

/** `run.mjs build`: out/app and out/cli. @returns {Promise<number>} exit status */
export async function main() {
  await ensurePackages();
  await ensureBundle('app');
  await ensureBundle('cli');
  return 0;
}
