import { prepareApp } from './app.mjs';
import { ensureBundle } from './bundles.mjs';
import { command, nodeTool } from './command.mjs';
import { runEndToEnd } from './e2e.mjs';
import { say, seconds, StepFailed } from './say.mjs';
import { playwrightResult, vitestResult } from './test-results.mjs';

/** @typedef {import('./test-results.mjs').Result} Result */

/**
 * `run.mjs test`: everything, from a checkout that has nothing yet. Each static check counts as one test. What could not
 * run is said with its reason; the last line is `N passed, N failed`.
 *
 * @returns {Promise<number>} 0 when nothing failed
 */
export async function main() {
  const begin = performance.now();
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const electron = await prepareApp();

  /** @type {Result[]} */
  const results = await Promise.all([
    staticCheck('formatting', 'format:check'),
    staticCheck('lint', 'lint'),
    staticCheck('types', 'check'),
    step('command line bundle', async () => {
      await ensureBundle('cli');
      return { passed: 0, failed: 0, notRun: [], failures: [] };
    }),
  ]);
  results.push(await step('unit and integration tests', () => vitest('unit', 'integration')));
  results.push(
    asRoot
      ? await step('lab tests', () => vitest('lab'))
      : notRun(
          'lab tests and the end-to-end tests tagged @lab',
          'they make hosts of namespaces: Linux and root are needed',
        ),
  );
  results.push(await step('end-to-end tests', () => endToEnd(electron, asRoot)));

  const reasons = results.flatMap((result) => result.notRun);
  if (reasons.length > 0) console.log(`\nNot run:\n${reasons.map((reason) => `- ${reason}`).join('\n')}`);
  const failures = results.flatMap((result) => result.failures ?? []);
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((one) => `- ${one}`).join('\n')}`);
  const [passed, failed] = [sum(results, 'passed'), sum(results, 'failed')];
  say(`all of it took ${seconds(begin)}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** @param {string} name @param {() => Promise<Result>} work @returns {Promise<Result>} */
async function step(name, work) {
  const start = performance.now();
  try {
    const result = await work();
    say(`${name}: ${seconds(start)}`);
    return result;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.log(`${name} could not run: ${error.message}`);
    return { passed: 0, failed: 1, notRun: [], failures: [`${name} could not run: ${error.message}`] };
  }
}

/** Quiet unless it fails. @param {string} name @param {string} script of package.json */
function staticCheck(name, script) {
  return step(name, async () => {
    const { code, output } = await command('npm', ['run', '-s', script], { shell: process.platform === 'win32' });
    if (code !== 0) console.log(`${name} failed (npm run ${script}):\n${output}`);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, notRun: [], failures: code === 0 ? [] : [name] };
  });
}

/** @param {...string} projects */
async function vitest(...projects) {
  const file = `out/test/${projects.join('-')}.json`;
  const selected = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const tool = nodeTool('vitest/vitest.mjs', 'run', '-c', 'build/vitest.config.ts', ...selected, ...reporters);
  return vitestResult(file, () => command(...tool, { show: true }));
}

/** @param {import('./electron.mjs').Electron} electron @param {boolean} withLab */
async function endToEnd(electron, withLab) {
  return playwrightResult('out/test/e2e.json', () => runEndToEnd(electron, withLab ? [] : ['--grep-invert', '@lab']));
}

/** @param {string} what @param {string} why @returns {Result} */
function notRun(what, why) {
  return { passed: 0, failed: 0, notRun: [`${what}: ${why}`], failures: [] };
}

/** @param {readonly Result[]} results @param {'passed' | 'failed'} key */
function sum(results, key) {
  return results.reduce((total, result) => total + result[key], 0);
}
