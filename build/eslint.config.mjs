import path from 'node:path';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import { importBoundaries } from './eslint/import-boundaries.mjs';

const root = path.resolve(import.meta.dirname, '..');

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Name what you export: a name is found by search and stays the same everywhere.',
};
const noBarrel = {
  selector: 'ExportAllDeclaration',
  message: 'No barrels: import from the file that defines it.',
};
const onlyBridge = {
  selector: 'MemberExpression[object.name=/^(window|globalThis)$/][property.name="nsatlas"]',
  message: 'renderer/bridge.ts is the only file that touches the exposed object: import what you need from there.',
};

export default tseslint.config(
  { ignores: ['out/**', 'node_modules/**', 'test/fixtures/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.svelte'],
    extends: [tseslint.configs.recommended],
    plugins: { nsatlas: { rules: { 'import-boundaries': importBoundaries } } },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-var': 'error',
      'prefer-const': 'error',
      'nsatlas/import-boundaries': ['error', { root }],
      'no-restricted-syntax': ['error', noDefaultExport, noBarrel],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // The typed rules that find real mistakes; the rest of the typed sets is left to the compiler.
    files: ['shared/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.ts', 'test/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      // Sets and maps here are values that are replaced ($state.raw), never changed in place.
      'svelte/prefer-svelte-reactivity': 'off',
      // Props are taken apart in one `let` where one of them can be assigned: Svelte's own rule knows that.
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
    },
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.svelte'],
    ignores: ['renderer/bridge.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noBarrel, onlyBridge] },
  },
  {
    // What tools read has to be a default export; declarations of foreign modules too.
    files: ['build/**/*.config.*', 'build/vite/*', '**/*.d.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['build/**/*.mjs', 'test/**/*.mjs'],
    rules: { '@typescript-eslint/no-explicit-any': 'off' },
  },
);
