#!/usr/bin/env node
// The one script behind the README's commands. Plain Node without dependencies: it works before anything is installed.
// Usage: node build/run.mjs demo|start|test|cli|build|e2e [arguments]
const commands = {
  demo: () => import('./run/demo.mjs'),
  start: () => import('./run/start.mjs'),
  test: () => import('./run/test.mjs'),
  cli: () => import('./run/cli.mjs'),
  build: () => import('./run/build-all.mjs'),
  e2e: () => import('./run/e2e.mjs'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(commands, name) ? commands[/** @type {keyof typeof commands} */ (name)] : undefined;
if (load === undefined) {
  console.error(`usage: node build/run.mjs ${Object.keys(commands).join('|')} [arguments]`);
  process.exit(2);
}
try {
  const { main } = await load();
  process.exitCode = await main(args);
} catch (error) {
  // What a step could foresee is said as it stands; anything else is a mistake of ours and shows where.
  const foreseen = error instanceof Error && error.name === 'StepFailed';
  console.error(foreseen ? `nsatlas: ${error.message}` : error);
  process.exitCode = 1;
}
