import path from 'node:path';
import { defineConfig } from '@playwright/test';

const root = path.resolve(import.meta.dirname, '..');

// The executable comes from build/run.mjs as NSATLAS_ELECTRON: test/e2e starts it with _electron.launch.
export default defineConfig({
  testDir: path.join(root, 'test/e2e'),
  outputDir: path.join(root, 'out/e2e'),
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: path.join(root, 'out/test/e2e.json') }]],
});
