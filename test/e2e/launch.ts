// Starts the real app: the Electron that build/run.mjs found, with a folder of data and a home folder of the test's own.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, expect, type ElectronApplication, type Page, type TestInfo } from '@playwright/test';

export interface RunningApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Where the app keeps profiles and snapshots in this run. */
  readonly userData: string;
  /** What no run may bring: errors of the page, refusals of its policy, what main prints when something is thrown. */
  readonly problems: string[];
  /** Ends the app; its folder goes too unless it is kept for a second start. */
  close(options?: { readonly keepUserData?: boolean }): Promise<void>;
}

export interface LaunchOptions {
  readonly args?: readonly string[];
  /** A folder kept from an earlier run, to see what the app remembers. */
  readonly userData?: string;
}

/** Inside of the window in pixels: the same in every test, so that what fits and what a picture shows is too. */
export const windowSize = { width: 1440, height: 900 };

/** Throws when run without `npm run test:e2e`. */
export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  const executablePath = process.env['NSATLAS_ELECTRON'];
  if (executablePath === undefined)
    throw new Error('NSATLAS_ELECTRON is not set: run these tests with npm run test:e2e');
  const first = JSON.parse(process.env['NSATLAS_ELECTRON_ARGS'] ?? '[]') as string[];
  const userData = options.userData ?? (await newUserData());
  const home = path.join(userData, 'home');
  await mkdir(home, { recursive: true });
  const app = await _electron.launch({
    executablePath,
    args: [...first, `--user-data-dir=${userData}`, ...(options.args ?? [])],
    env: homeOf(home),
    timeout: 60_000,
  });
  const problems: string[] = [];
  app.process().stderr?.on('data', (said: Buffer) => {
    // Chromium's own log begins with a bracket; it is about displays and buses that are not there.
    const ours = said
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('nsatlas:'));
    problems.push(...ours);
  });
  const page = await app.firstWindow();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.getByRole('main').waitFor({ timeout: 30_000 });
  await app.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, windowSize);
  return {
    app,
    page,
    userData,
    problems,
    async close({ keepUserData = false } = {}) {
      // An app that does not end is a failure of its own; it must not outlive the test.
      const impatient = setTimeout(() => app.process().kill('SIGKILL'), 20_000);
      await app.close().finally(() => clearTimeout(impatient));
      // Chromium's helpers may still be writing.
      if (!keepUserData) await rm(userData, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** After each test: a picture of the window where it failed, and nothing thrown or refused meanwhile. */
export async function expectNoProblems({ page, problems }: RunningApp, info: TestInfo): Promise<void> {
  if (info.status !== info.expectedStatus && !page.isClosed())
    await page.screenshot({ path: info.outputPath('window.png') });
  expect(problems).toEqual([]);
}

export function newUserData(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'nsatlas-e2e-'));
}

/** Known hosts, keys and agents of whoever runs the tests are not the test's. */
function homeOf(home: string): Record<string, string> {
  const env: Record<string, string> = { HOME: home, USERPROFILE: home };
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && name !== 'SSH_AUTH_SOCK') env[name] ??= value;
  }
  return env;
}
