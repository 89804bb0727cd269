// The list of keyboard shortcuts: by key and by menu, and never in the way of who types.
import path from 'node:path';
import { writeFile } from 'node:fs/promises';
import { expect, test, type ElectronApplication, type Locator } from '@playwright/test';
import { shortcuts as words } from '../../renderer/i18n/en/shortcuts.ts';
import { listShortcuts } from '../../renderer/state/shortcuts.ts';
import { hostTranscript } from '../helpers/host-fixture.ts';
import { answerOpenDialog } from './dialogs.ts';
import { expectSelected } from './inspector.ts';
import { expectNoProblems, launchApp, windowSize, type RunningApp } from './launch.ts';
import { canvasOf, DrawnPicture, expectDrawn } from './picture.ts';
import { packed } from './snapshot-file.ts';

test.describe.configure({ mode: 'serial' });

let running: RunningApp;
test.beforeAll(async () => {
  running = await launchApp();
});
test.afterAll(() => running.close());
test.afterEach(({}, info) => expectNoProblems(running, info));

const list = (): Locator => running.page.getByRole('dialog', { name: 'Keyboard shortcuts' });

test('the question mark opens it; Escape closes it and the focus is where it was', async () => {
  const { page } = running;
  const add = page.getByRole('button', { name: 'Add host' });
  await add.focus();
  await page.keyboard.press('?');
  await expect(list()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(list()).toHaveCount(0);
  await expect(add).toBeFocused();
});

test('so does the menu', async () => {
  await chooseInMenu(running.app, 'Keyboard Shortcuts');
  await expect(list()).toBeVisible();
});

test('it says every key there is, by where it is heard', async () => {
  for (const { title, rows } of listShortcuts(words.groups, false)) {
    const group = list().getByRole('region', { name: title });
    await expect(group.getByRole('term')).toHaveText(rows.map(({ does }) => does));
    await expect(group.locator('kbd')).toHaveText(rows.flatMap(({ keys }) => keys));
  }
  await list().getByRole('button', { name: 'Close' }).click();
  await expect(list()).toHaveCount(0);
});

test('in a small window the keyboard reaches its end', async () => {
  const { app, page } = running;
  const resize = (width: number, height: number) =>
    app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
      width,
      height,
    ] as const);
  await resize(900, 600);
  await page.keyboard.press('?');
  const last = list().getByText(words.groups.parts.does.limits);
  await expect(last).not.toBeInViewport();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('End');
  await expect(last).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(list()).toHaveCount(0);
  await resize(windowSize.width, windowSize.height);
});

test('who types a question mark gets one', async () => {
  const { app, page, userData } = running;
  const file = path.join(userData, 'reference-host.nsatlas');
  await writeFile(file, await packed(hostTranscript('reference-host')));
  await answerOpenDialog(app, file);
  await page.keyboard.press('Control+o');
  await expectDrawn(page);
  await page.keyboard.press('Control+f');
  await page.keyboard.type('?');
  await expect(page.getByRole('combobox', { name: 'Search' })).toHaveValue('?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Escape');
});

test('over the picture it leaves what is selected as it is', async () => {
  const { page, userData } = running;
  const picture = await DrawnPicture.ofFile(page, path.join(userData, 'reference-host.nsatlas'));
  await picture.click(picture.node('tap0'));
  await expect(canvasOf(page)).toBeFocused();
  await page.keyboard.press('?');
  await expect(list()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list()).toHaveCount(0);
  await expect(canvasOf(page)).toBeFocused();
  await expectSelected(page, 'tap0');
});

test('a menu command that cannot be done says why', async () => {
  await chooseInMenu(running.app, 'Capture Packets…');
  const notices = running.page.getByRole('status', { name: 'Notifications' });
  await expect(notices).toContainText('This snapshot has no saved host to capture on.');
  await expect(running.page.getByRole('dialog')).toHaveCount(0);
});

async function chooseInMenu(app: ElectronApplication, label: string): Promise<void> {
  await app.evaluate(({ Menu }, wanted) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((menu) => menu.submenu?.items ?? []) ?? [];
    items.find((item) => item.label === wanted)?.click();
  }, label);
}
