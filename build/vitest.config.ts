import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '..');

export default defineConfig({
  root,
  define: { __NSATLAS_ASSETS__: JSON.stringify(path.join(root, 'out/assets')) },
  // State classes of the renderer (.svelte.ts) are tested as they are; no component is mounted here (that is e2e's work).
  plugins: [svelte({ configFile: false })],
  test: {
    globalSetup: path.join(root, 'build/vitest.setup.mjs'),
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000 } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          // One machine, one network stack: one file after the other, and a host may take its time to come up.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 480_000,
        },
      },
    ],
  },
});
