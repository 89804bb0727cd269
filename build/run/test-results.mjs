import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './paths.mjs';

/**
 * What a test runner did, read from its JSON report and never guessed from its exit status alone.
 *
 * @typedef {{ passed: number, failed: number, notRun: readonly string[], failures: readonly string[] }} Result
 *   `notRun`: "what: why"; `failures`: which, and the beginning of what was wrong
 */

/**
 * Vitest's JSON report: numbers of tests, and per file its assertions. A file that cannot be loaded has failed without
 * any failed assertion; it counts as one.
 *
 * @param {string} file from the checkout @param {() => Promise<{ code: number }>} run @returns {Promise<Result>}
 */
export async function vitestResult(file, run) {
  const { report, code } = await reported(file, async () => (await run()).code);
  if (report === undefined) return crashed;
  /** @type {{ name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[]} */
  const files = report.testResults;
  const tests = files.flatMap((one) => one.assertionResults);
  const unloadable = files.filter(
    (one) => one.status === 'failed' && !one.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failures = files.flatMap(({ name, message = '', assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return message === '' ? [] : [failure(name, '', message)];
    return failed.map((test) => failure(name, test.fullName, test.failureMessages?.[0]));
  });
  return withExitStatus(code, {
    failures,
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + unloadable,
    notRun: tests
      .filter((test) => test.status !== 'passed' && test.status !== 'failed')
      .map((test) => `${test.fullName}: ${test.status}`),
  });
}

/**
 * Playwright's JSON report: `stats` with expected, unexpected, flaky and skipped, `errors` outside of tests.
 *
 * @param {string} file from the checkout @param {() => Promise<number>} run gives the exit status @returns {Promise<Result>}
 */
export async function playwrightResult(file, run) {
  const { report, code } = await reported(file, run);
  if (report === undefined) return crashed;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return withExitStatus(code, {
    failures: report.suites.flatMap(failuresOf),
    passed: expected,
    failed: unexpected + flaky + report.errors.length,
    notRun: skipped === 0 ? [] : [`${skipped} end-to-end tests: skipped, or cut off by a failure before them`],
  });
}

/** Playwright's suites hold suites and specs. @param {any} suite @returns {string[]} */
function failuresOf({ suites = [], specs = [] }) {
  const own = specs.filter((/** @type {any} */ spec) => !spec.ok);
  return [
    ...own.map((/** @type {any} */ spec) => {
      const results = spec.tests.flatMap((/** @type {any} */ test) => test.results);
      return failure(spec.file, spec.title, results.find((/** @type {any} */ one) => one.error)?.error.message);
    }),
    ...suites.flatMap(failuresOf),
  ];
}

/** @param {string} file @param {string} name @param {string} [message] */
function failure(file, name, message = '') {
  const beginning = stripVTControlCharacters(message).split('\n').slice(0, 6);
  return [`${path.relative(root, path.resolve(root, file))} ${name}`.trim(), ...beginning].join('\n    ').trimEnd();
}

/** @type {Result} */
const crashed = { passed: 0, failed: 1, notRun: [], failures: [] };

/** A runner that ended badly without a failed test (an error outside of any test) has failed once. @param {number} code @param {Result} result */
function withExitStatus(code, result) {
  return code !== 0 && result.failed === 0 ? { ...result, failed: 1 } : result;
}

/** @param {string} file @param {() => Promise<number>} run @returns {Promise<{ report: any, code: number }>} */
async function reported(file, run) {
  const place = path.resolve(root, file);
  await rm(place, { force: true });
  await mkdir(path.dirname(place), { recursive: true });
  const code = await run();
  const text = await readFile(place, 'utf8').catch(() => undefined);
  return { report: text === undefined ? undefined : JSON.parse(text), code };
}
