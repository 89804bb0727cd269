// Type checks: the TypeScript projects (tsc -b, incremental) and the Svelte components, at the same time.
import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const checks = [
  ['typescript/bin/tsc', '-b', 'build/tsconfig.all.json'],
  ['svelte-check/bin/svelte-check', '--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
];

const codes = await Promise.all(
  checks.map(
    ([script, ...args]) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [path.join(root, 'node_modules', String(script)), ...args], {
          cwd: root,
          stdio: ['ignore', 'inherit', 'inherit'],
        });
        child.on('close', resolve);
      }),
  ),
);
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
