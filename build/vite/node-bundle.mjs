import { readFileSync } from 'node:fs';
import path from 'node:path';
import { out, root } from '../run/paths.mjs';
import { withoutNativeModules } from './without-native-modules.mjs';

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/**
 * A Vite config that makes one CommonJS bundle for Node or Electron, dependencies included.
 * CommonJS and node18, because Electron before 28 starts no ES module and the oldest one we run on has Node 18.
 *
 * @param {{ entry: string, file: string, assets: string, oneFile?: boolean }} bundle `entry` from the checkout, `file`
 *   from out/, `assets` the assets folder as seen from the bundle
 * @returns {import('vite').InlineConfig}
 */
export function nodeBundle({ entry, file, assets, oneFile = false }) {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    define: { __NSATLAS_ASSETS__: JSON.stringify(assets), __NSATLAS_VERSION__: JSON.stringify(version) },
    plugins: [withoutNativeModules()],
    ssr: { noExternal: true },
    build: {
      ssr: path.join(root, entry),
      outDir: path.join(out, path.dirname(file)),
      emptyOutDir: true,
      target: 'node18',
      minify: false,
      copyPublicDir: false,
      reportCompressedSize: false,
      rolldownOptions: {
        external: ['electron'],
        output: {
          format: 'cjs',
          entryFileNames: path.basename(file),
          chunkFileNames: '[name]-[hash].cjs',
          ...(oneFile ? { codeSplitting: false } : {}),
        },
      },
    },
  };
}
