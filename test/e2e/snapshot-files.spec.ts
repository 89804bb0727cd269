// Files that are not as they should be: each says what is wrong with it, stays where it is, and keeps nobody from the others.
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { hostTranscript } from '../helpers/host-fixture.ts';
import { answerOpenDialog } from './dialogs.ts';
import { expectNoProblems, launchApp, newUserData, type RunningApp } from './launch.ts';
import { expectDrawn } from './picture.ts';
import { packed, putIntoCache } from './snapshot-file.ts';

let userData: string;
let running: RunningApp;
let page: Page;
let damaged: string;
let newer: string;
const rubbish = Buffer.from('no snapshot at all\n');

test.beforeAll(async () => {
  userData = await newUserData();
  const whole = hostTranscript('reference-host');
  const good = await packed(whole, { host: 'Good' });
  damaged = await putIntoCache(userData, 'aaaa-damaged', rubbish);
  newer = await putIntoCache(
    userData,
    'bbbb-newer',
    await packed(whole, { formatVersion: 99 as 1, host: 'From tomorrow' }),
  );
  await putIntoCache(userData, 'cccc-good', good);
  await putIntoCache(userData, 'dddd-cut', (await packed(whole, { host: 'Half a file' })).subarray(0, good.length / 2));
  await putIntoCache(userData, 'eeee-strange', await packed(Buffer.from('hello\n'), { host: 'No transcript' }));
  const lines = whole.subarray(0, Math.round(whole.length * 0.7));
  await putIntoCache(userData, 'ffff-partial', await packed(lines, { host: 'Partial', complete: false }));
  running = await launchApp({ userData });
  ({ page } = running);
});
test.afterAll(async () => {
  await running.close();
  await rm(userData, { recursive: true, force: true });
});
test.afterEach(({}, info) => expectNoProblems(running, info));

const hosts = (): Locator => page.getByRole('navigation', { name: 'Hosts' });
const hostItem = (label: string): Locator =>
  hosts()
    .locator('li', { has: page.getByText(label, { exact: true }) })
    .last();
async function open(label: string): Promise<void> {
  await hosts()
    .getByRole('listitem')
    .filter({ has: page.getByText(label, { exact: true }) })
    .getByRole('button', { name: /B$/ })
    .click();
}

test('at the start, what cannot be understood is said and left as it is', async () => {
  const notices = page.getByRole('status', { name: 'Notifications' });
  await expect(notices).toContainText(/no nsatlas snapshot/);
  await expect(notices).toContainText('Open it with a newer nsatlas.');
  expect(await readFile(damaged)).toEqual(rubbish);
  expect((await readFile(newer)).length).toBeGreaterThan(1000);
  for (const label of ['Good', 'Half a file', 'No transcript', 'Partial'])
    await expect(hosts().getByText(label, { exact: true })).toBeVisible();
  await expect(hosts().getByText('From tomorrow')).toHaveCount(0);
});

test('half a file says so, and the window goes on', async () => {
  await open('Half a file');
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('it is not whole');
  await expect(alert).toContainText('take another copy');
  await open('Good');
  await expectDrawn(page);
  await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0);
});

test('a transcript that is none says so', async () => {
  await open('No transcript');
  await expect(page.getByRole('main')).toContainText(/No network namespace in this snapshot|This did not work/);
  await expect(page.getByRole('main')).not.toBeEmpty();
});

test('a transcript that broke off is drawn as far as it goes, and says that it is a part', async () => {
  await expect(hostItem('Partial')).toContainText('incomplete');
  await open('Partial');
  await expectDrawn(page);
  const status = page.getByRole('contentinfo', { name: 'Status' });
  await expect(status).toContainText(/broke off/);
  await status.getByRole('button', { name: /details$/ }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('this is a part of the host');
  await page.keyboard.press('Escape');
});

test('a file from elsewhere that is none, one that is newer, one that is gone', async () => {
  const folder = path.join(userData, 'elsewhere');
  await writeFile(`${folder}-text.nsatlas`, rubbish);
  await writeFile(`${folder}-newer.nsatlas`, await packed(hostTranscript('reference-host'), { formatVersion: 2 as 1 }));
  for (const [file, why] of [
    [`${folder}-text.nsatlas`, /no nsatlas snapshot/],
    [`${folder}-newer.nsatlas`, /has format 2; this version of nsatlas reads up to format 1/],
    [`${folder}-gone.nsatlas`, /no such file/i],
  ] as const) {
    await answerOpenDialog(running.app, file);
    await page.getByRole('button', { name: 'Open snapshot…' }).click();
    const alert = page.getByRole('main').getByRole('alert');
    await expect(alert).toContainText(why);
    await expect(alert).toContainText(file);
  }
  await expect(hosts().getByText('Good', { exact: true })).toBeVisible();
});

test('a file from elsewhere is opened where it is, marked as such, and not copied', async () => {
  const file = path.join(userData, 'mail.nsatlas');
  await writeFile(file, await packed(hostTranscript('reference-host'), { host: 'From a colleague' }));
  await answerOpenDialog(running.app, file);
  await page.getByRole('button', { name: 'Open snapshot…' }).click();
  await expectDrawn(page);
  await expect(hostItem('From a colleague').getByText('file', { exact: true })).toBeVisible();
  await answerOpenDialog(running.app, undefined);
  await page.getByRole('button', { name: 'Open snapshot…' }).click();
  await expectDrawn(page);
});

test('a deleted snapshot comes back with Undo', async () => {
  await hostItem('Good')
    .getByRole('button', { name: /^Snapshot actions/ })
    .click();
  await page.getByRole('menuitem', { name: 'Delete snapshot' }).click();
  await expect(hosts().getByText('Good', { exact: true })).toHaveCount(0);
  await page.getByRole('status', { name: 'Notifications' }).getByRole('button', { name: 'Undo' }).click();
  await expect(hosts().getByText('Good', { exact: true })).toBeVisible();
});
