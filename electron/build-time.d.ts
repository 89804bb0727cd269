// What the build puts in: text files as strings, and where the bundle's asset files lie.

/** `import text from './file.sh?raw'`: the file as one string. */
declare module '*?raw' {
  const text: string;
  export default text;
}

/**
 * Folder of the asset files (build/assets.mjs), relative to the bundle that asks:
 * `path.resolve(import.meta.dirname, __NSATLAS_ASSETS__)`. Absolute in tests.
 */
declare const __NSATLAS_ASSETS__: string;

/** Of package.json. Not there in tests of the sources: only electron/cli/main.ts reads it. */
declare const __NSATLAS_VERSION__: string;
