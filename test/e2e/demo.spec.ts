// The first minute: an empty window, the demo host, the picture; then the same with the keyboard alone.
import { expect, test } from '@playwright/test';
import type {} from '../../renderer/bridge.ts';
import { expectSelected, inspectorOf } from './inspector.ts';
import { expectNoProblems, launchApp, type RunningApp } from './launch.ts';
import { cachedSnapshots, canvasOf, DrawnPicture, expectDrawn } from './picture.ts';
import { shownSections, watchSections } from './progress.ts';

test.describe.configure({ mode: 'serial' });

let running: RunningApp;
test.beforeAll(async () => {
  running = await launchApp();
});
test.afterAll(async () => {
  await running.close();
});
test.afterEach(({}, info) => expectNoProblems(running, info));

test('the first window says what this is and offers three ways to begin', async () => {
  const { page } = running;
  await expect(page).toHaveTitle('nsatlas');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('See how a Linux host is wired');
  for (const way of [/^Look at the demo host/, /^Add your own host/, /^Open a snapshot/])
    await expect(page.getByRole('button', { name: way })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Nothing is installed on the host');
});

test('app:info tells the version and that this is no demo run', async () => {
  const info = await running.page.evaluate(() => window.nsatlas.call('app:info'));
  expect(info).toMatchObject({ version: '0.1.0', platform: process.platform, demo: false, unattended: false });
  expect(info.notices).toEqual([]);
  expect(info.electron).toMatch(/^\d+\.\d+\.\d+/);
});

test('the demo host connects without a question and is drawn', async () => {
  const { page, userData } = running;
  await watchSections(page);
  await page.getByRole('button', { name: /^Look at the demo host/ }).click();
  await expect(page.getByRole('heading', { name: 'Asking Demo host' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expectDrawn(page);
  expect(await shownSections(page)).toEqual(expect.arrayContaining(['host', 'ns', 'status', 'net', 'nsid']));
  await expect(page).toHaveTitle('ip-172-31-40-91 · nsatlas');
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('as ec2-user');
  const files = await cachedSnapshots(userData);
  expect(files).toHaveLength(1);
  const { graph } = await DrawnPicture.ofFile(page, files[0] ?? '');
  await expect(page.getByRole('status').filter({ hasText: 'Network namespaces of' })).toHaveText(
    `Network namespaces of ip-172-31-40-91: 4 boxes, ${graph.edges.length} connections.`,
  );
});

test('the keyboard alone reaches everything in the order of the eye', async () => {
  const { page } = running;
  await page.getByRole('button', { name: 'Hide hosts' }).focus();
  const seen: string[] = [];
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press('Tab');
    seen.push(await focused(running));
  }
  const order = ['Network', 'Search', 'Refresh', 'Export', 'Theme', 'Show inspector', 'Network picture', 'Zoom in'];
  const places = order.map((name) => seen.indexOf(name));
  expect(places, `${seen.join(', ')}`).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test('search: slash, words, Enter; Escape clears', async () => {
  const { page } = running;
  await canvasOf(page).focus();
  await page.keyboard.press('/');
  const search = page.getByRole('combobox', { name: 'Search' });
  await expect(search).toBeFocused();
  await page.keyboard.type('10.4.0.9');
  await expect(page.getByRole('option').first()).toContainText('eth0');
  await page.keyboard.press('Escape');
  await expect(search).toHaveValue('');
  await page.keyboard.type('slirp');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expectSelected(page, /^slirp4netns\[\d+\]$/);
});

test('arrows go along the lines, Enter opens, Escape lets go', async () => {
  const { page } = running;
  await page.keyboard.press('/');
  await page.keyboard.type('10.4.0.9');
  await page.keyboard.press('Enter');
  await expectSelected(page, 'eth0');
  // Far down its name stays in sight.
  await inspectorOf(page).getByRole('button', { name: 'Copy command' }).scrollIntoViewIfNeeded();
  await expect(inspectorOf(page).locator('.pinned')).toHaveText('eth0');
  await canvasOf(page).focus();
  await page.keyboard.press('ArrowLeft');
  await expectSelected(page, /^veth/);
  await expect(page.getByRole('status').filter({ hasText: 'connected to' })).toContainText('nerdctl0, eth0');
  await page.keyboard.press('Control+i');
  await expect(inspectorOf(page)).toHaveCount(0);
  await canvasOf(page).focus();
  await page.keyboard.press('Enter');
  await expectSelected(page, /^veth/);
  await page.keyboard.press('Escape');
  await expectSelected(page, 'ip-172-31-40-91');
  // With nothing selected they begin at the host's own box.
  await page.keyboard.press('ArrowRight');
  await expectSelected(page, 'host');
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menu')).toContainText('Fold');
  await page.keyboard.press('/');
  await expect(page.getByRole('combobox', { name: 'Search' })).not.toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await canvasOf(page).focus();
  await page.keyboard.press('Escape');
  await expectSelected(page, 'ip-172-31-40-91');
});

test('plus, minus and 0 change what is in sight', async () => {
  const { page, userData } = running;
  const [file = ''] = await cachedSnapshots(userData);
  const picture = await DrawnPicture.ofFile(page, file);
  const canvas = canvasOf(page);
  await canvas.focus();
  await page.keyboard.press('0');
  const whole = await canvas.screenshot();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  const near = await canvas.screenshot();
  expect(near.equals(whole)).toBe(false);
  await page.keyboard.press('-');
  await page.keyboard.press('0');
  expect((await canvas.screenshot()).equals(whole)).toBe(true);
  // And the places a test computes are those a person sees.
  await picture.click(picture.node('tap0'));
  await expectSelected(page, 'tap0');
});

test('after a click the keys go on from there', async () => {
  const { page, userData } = running;
  const [file = ''] = await cachedSnapshots(userData);
  const picture = await DrawnPicture.ofFile(page, file);
  await picture.click(picture.node('eth0', 'nginx-d8e2d'));
  await expect(canvasOf(page)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expectSelected(page, /^veth/);
});

test('a double click folds a box; two quick clicks in two places are two clicks', async () => {
  const { page, userData } = running;
  const [file = ''] = await cachedSnapshots(userData);
  const picture = await DrawnPicture.ofFile(page, file);
  const unfold = page.getByRole('button', { name: 'Unfold all boxes' });
  await picture.fit();
  const [box, chip] = [picture.node('redis-3f1c9'), picture.node('redis:latest')];
  const places = [await picture.placeOf(box), await picture.placeOf(chip)];
  for (const { x, y } of places) await page.mouse.click(x, y);
  await expectSelected(page, 'redis-3f1c9');
  await expect(inspectorOf(page)).toContainText('A container that');
  await expect(unfold).toHaveCount(0);
  const [title = { x: 0, y: 0 }] = places;
  await page.mouse.dblclick(title.x, title.y);
  await expect(unfold).toBeVisible();
  await unfold.click();
  await expect(unfold).toHaveCount(0);
  await picture.click(picture.node('tap0'));
  await expectSelected(page, 'tap0');
});

test('the list beside the picture has the same content and the same selection', async () => {
  const { page } = running;
  await page.getByRole('button', { name: 'List', exact: true }).click();
  const tree = page.getByRole('tree', { name: 'Content as a list' });
  await expect(tree.getByRole('treeitem', { selected: true })).toContainText('tap0');
  await tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(tree.getByRole('treeitem', { selected: true })).toHaveCount(1);
  const pair = tree.getByRole('treeitem').filter({ hasText: /veth pair with eth0 in nginx-d8e2d/ });
  await expect(pair).toHaveCount(1);
  await pair.click();
  await expect(inspectorOf(page)).toContainText('veth');
  // A box says what leads out of it. It is far down: only what shows is there.
  await tree.focus();
  await page.keyboard.press('End');
  await tree
    .getByRole('treeitem')
    .filter({ hasText: /^\s*redis-3f1c9\s*net:/ })
    .click();
  await expect(page.getByRole('status').filter({ hasText: /^redis-3f1c9, connected to veth\w+\.$/ })).toHaveCount(1);
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await expect(tree).toHaveCount(0);
});

/** Accessible name of what has the focus. */
function focused({ page }: RunningApp): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    return (at?.getAttribute('aria-label') ?? at?.textContent ?? '').trim();
  });
}
