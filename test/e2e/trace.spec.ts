// A packet traced in the window: from the menu of a thing, by keyboard, hop by hop with its evidence, and over a new snapshot.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { hostTranscript } from '../helpers/host-fixture.ts';
import { answerOpenDialog } from './dialogs.ts';
import { expectNoProblems, launchApp, type RunningApp } from './launch.ts';
import { canvasOf, DrawnPicture, expectDrawn } from './picture.ts';
import { packed } from './snapshot-file.ts';

test.describe.configure({ mode: 'serial' });
let running: RunningApp;
let page: Page;
let picture: DrawnPicture;

test.beforeAll(async () => {
  running = await launchApp();
  ({ page } = running);
  const snapshot = path.join(running.userData, 'reference-host.nsatlas');
  await writeFile(snapshot, await packed(hostTranscript('reference-host-as-root'), { host: 'Reference host' }));
  await answerOpenDialog(running.app, snapshot);
  await page.getByRole('button', { name: 'Open snapshot…' }).click();
  await expectDrawn(page);
  picture = await DrawnPicture.ofFile(page, snapshot);
});
test.afterAll(() => running.close());
test.afterEach(({}, info) => expectNoProblems(running, info));

const panel = (): Locator => page.getByRole('complementary', { name: 'Trace a packet' });
const field = (label: string): Locator => panel().getByRole('combobox', { name: label });
const hops = (): Locator => panel().getByRole('list', { name: 'Hops' });

test('from the menu of a container, with what it is filled in', async () => {
  await picture.fit();
  const { x, y } = await picture.placeOf(picture.node('eth0', 'nginx-d8e2d'));
  await page.mouse.click(x, y, { button: 'right' });
  await page.getByRole('menuitem', { name: 'Trace from here' }).click();
  await expect(field('From')).toHaveValue('nginx-d8e2d');
});

test('to a suggestion, by keyboard: delivered, as a person and a screen reader are told', async () => {
  await field('To').focus();
  await page.keyboard.type('redis');
  await expect(panel().getByRole('option').first()).toContainText('redis-3f1c9:6379');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(hops()).toContainText('redis-server');
  await expect(panel().getByRole('status')).toHaveText(/^Delivered: redis-server\[\d+\] listens on .* 8 hops\.$/);
});

test('a hop selects what it is at and shows what the host said', async () => {
  await hops()
    .getByRole('button', { name: /^5 Bridge nerdctl0/ })
    .click();
  await expect(panel().getByRole('region', { name: 'How do we know hop 5' })).toContainText('nerdctl0');
  // The picture keeps its room: the inspector opens when it is asked for, and has it.
  await page.keyboard.press('Control+i');
  await expect(page.getByRole('heading', { name: 'nerdctl0' })).toBeVisible();
});

test('another protocol is asked at once', async () => {
  await panel().getByRole('radio', { name: 'UDP' }).check({ force: true });
  await expect(hops()).toContainText('Nobody listens on 10.4.0.10:6379');
});

test('the shortcut closes and opens it; what was found stays', async () => {
  await canvasOf(page).focus();
  await page.keyboard.press('Control+t');
  await expect(panel()).toHaveCount(0);
  await page.keyboard.press('Control+t');
  await expect(hops()).toContainText('Nobody listens');
});
