import path from 'node:path';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { root } from '../run/paths.mjs';

/**
 * The renderer's page. No inlined assets and no module-preload polyfill: the page's CSP allows its own files only.
 *
 * @param {string} outDir absolute
 * @returns {import('vite').InlineConfig}
 */
export function page(outDir) {
  return {
    configFile: false,
    root: path.join(root, 'renderer'),
    base: './',
    logLevel: 'warn',
    plugins: [svelte({ configFile: false, preprocess: vitePreprocess() })],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'chrome114',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4096,
    },
    worker: { format: 'es' },
  };
}
