// Files that programs read at run time beside their bundle: fonts and WebAssembly for drawing PNG, and electron/assets/.
import { cp, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { root } from './run/paths.mjs';

const inter = 'node_modules/@expo-google-fonts/inter';
const mono = 'node_modules/@expo-google-fonts/jetbrains-mono';

/** Target below assets/ -> source below the checkout. The fonts are under the SIL Open Font License 1.1. */
const assets = {
  'fonts/Inter-Regular.ttf': `${inter}/400Regular/Inter_400Regular.ttf`,
  'fonts/Inter-Medium.ttf': `${inter}/500Medium/Inter_500Medium.ttf`,
  'fonts/Inter-SemiBold.ttf': `${inter}/600SemiBold/Inter_600SemiBold.ttf`,
  'fonts/Inter-LICENSE.txt': `${inter}/LICENSE_FONT`,
  'fonts/JetBrainsMono-Regular.ttf': `${mono}/400Regular/JetBrainsMono_400Regular.ttf`,
  'fonts/JetBrainsMono-Medium.ttf': `${mono}/500Medium/JetBrainsMono_500Medium.ttf`,
  'fonts/JetBrainsMono-LICENSE.txt': `${mono}/LICENSE_FONT`,
  'resvg.js': 'node_modules/@resvg/resvg-wasm/index.js',
  'reference-host.transcript.gz': 'electron/demo/reference-host.transcript.gz',
  'resvg.wasm': 'node_modules/@resvg/resvg-wasm/index_bg.wasm',
};

/** @param {string} folder absolute path of the assets folder to fill */
export async function copyAssets(folder) {
  await mkdir(path.join(folder, 'fonts'), { recursive: true });
  const own = path.join(root, 'electron/assets');
  const hasOwn = await stat(own).then(
    (found) => found.isDirectory(),
    () => false,
  );
  await Promise.all([
    ...Object.entries(assets).map(([target, source]) => cp(path.join(root, source), path.join(folder, target))),
    ...(hasOwn ? [cp(own, folder, { recursive: true })] : []),
  ]);
}
