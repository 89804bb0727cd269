/**
 * ssh2 tries native add-ons in try/catch: cpu-features and its own sshcrypto.node. Built for one machine's Node they are
 * of no use in Electron or elsewhere, and a plain external would leave a path of the building machine in the bundle. So
 * both resolve to a module that throws, and ssh2 goes on with Node's own crypto.
 *
 * @returns {import('vite').Plugin}
 */
export function withoutNativeModules() {
  const id = '\0no-native-module.cjs';
  return {
    name: 'without-native-modules',
    enforce: 'pre',
    resolveId: (source) => (source === 'cpu-features' || source.endsWith('.node') ? id : undefined),
    load: (asked) => (asked === id ? "throw new Error('native modules are not bundled');" : undefined),
  };
}
