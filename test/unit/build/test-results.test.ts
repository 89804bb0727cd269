import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playwrightResult, vitestResult } from '../../../build/run/test-results.mjs';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nsatlas-results-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A runner that writes `report` and ends with `code`; undefined: it dies before it writes anything. */
function runner(report: unknown, code: number): readonly [file: string, run: () => Promise<number>] {
  const file = path.join(folder, 'report.json');
  return [
    file,
    async () => {
      if (report !== undefined) await writeFile(file, JSON.stringify(report));
      return code;
    },
  ];
}

const vitest = (report: unknown, code: number): ReturnType<typeof vitestResult> => {
  const [file, run] = runner(report, code);
  return vitestResult(file, async () => ({ code: await run() }));
};
const playwright = (report: unknown, code: number): ReturnType<typeof playwrightResult> =>
  playwrightResult(...runner(report, code));

const assertion = (status: string): unknown => ({
  status,
  fullName: `a ${status} test`,
  failureMessages: status === 'failed' ? ['\u001b[31mexpected 1\u001b[39m'] : [],
});
const testFile = (status: string, ...tests: readonly string[]): unknown => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map(assertion),
});

describe('numbers from Vitest', () => {
  test('passed and failed tests are counted over all files', async () => {
    const report = { testResults: [testFile('passed', 'passed', 'passed'), testFile('failed', 'passed', 'failed')] };
    expect(await vitest(report, 1)).toEqual({
      passed: 3,
      failed: 1,
      notRun: [],
      failures: ['a.test.ts a failed test\n    expected 1'],
    });
  });

  test('a file that cannot be loaded counts as one failure', async () => {
    expect(await vitest({ testResults: [testFile('failed')] }, 1)).toMatchObject({ passed: 0, failed: 1 });
  });

  test('a skipped test is named', async () => {
    const report = { testResults: [testFile('passed', 'passed', 'skipped')] };
    expect(await vitest(report, 0)).toEqual({
      passed: 1,
      failed: 0,
      notRun: ['a skipped test: skipped'],
      failures: [],
    });
  });

  test('an error outside of the tests is a failure although every test passed', async () => {
    expect(await vitest({ testResults: [testFile('passed', 'passed')] }, 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  test('no report is a failure, also when an older one lies there', async () => {
    await vitest({ testResults: [testFile('passed', 'passed')] }, 0);
    expect(await vitest(undefined, 0)).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('numbers from Playwright', () => {
  const stats = { expected: 4, unexpected: 0, flaky: 0, skipped: 0 };

  test('passed, failed and flaky tests, and errors outside of them', async () => {
    expect(await playwright({ stats, suites: [], errors: [] }, 0)).toMatchObject({ passed: 4, failed: 0, notRun: [] });
    const spec = {
      ok: false,
      file: 'a.spec.ts',
      title: 'opens',
      tests: [{ results: [{ error: { message: 'late' } }] }],
    };
    const suite = { suites: [{ specs: [spec, { ...spec, ok: true }] }] };
    const bad = { stats: { ...stats, unexpected: 1, flaky: 1 }, suites: [suite], errors: [{ message: 'x' }] };
    expect(await playwright(bad, 1)).toMatchObject({ passed: 4, failed: 3, failures: ['a.spec.ts opens\n    late'] });
  });

  test('skipped tests are said', async () => {
    const { notRun } = await playwright({ stats: { ...stats, skipped: 2 }, suites: [], errors: [] }, 0);
    expect(notRun).toEqual([expect.stringMatching(/^2 end-to-end tests/)]);
  });
});
