// Packets captured from the window on a real host: what is asked for, what comes, what is said when it fails, and that
// nothing stays there. One story; each test goes on where the last one ended.
import { copyFile, readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { packetsOf } from '../helpers/pcap.ts';
import { captures as programs, ensureLayer } from '../lab/layer.ts';
import { startReferenceHost, type LabHost } from '../lab/reference-host.ts';
import { answerSaveDialog } from './dialogs.ts';
import { addAndConnect } from './host-form.ts';
import { inspectorOf } from './inspector.ts';
import { expectNoProblems, launchApp, newUserData, type RunningApp } from './launch.ts';
import { expectDrawn } from './picture.ts';

test.describe('captures', { tag: '@lab' }, () => {
  test.describe.configure({ mode: 'serial', timeout: 120_000 });

  let host: LabHost;
  let userData: string;
  let running: RunningApp;
  let page: Page;
  const fileOf = (name: string): string => path.join(userData, name);

  test.beforeAll(async () => {
    // The first time on a machine its file system is made.
    test.setTimeout(480_000);
    host = await startReferenceHost({ sudo: 'password', layer: await ensureLayer('captures', programs) });
    userData = await newUserData();
    await copyFile(host.keyFile, fileOf('id_ed25519'));
    running = await launchApp({ userData });
    ({ page } = running);
    const { address, port, user } = host;
    await addAndConnect(page, { name: 'My machine', host: address, port, user, keyFile: fileOf('id_ed25519') });
    await page.getByRole('button', { name: 'Accept and remember' }).click();
    await expectDrawn(page);
  });
  test.afterAll(async () => {
    await host.stop();
    await rm(userData, { recursive: true, force: true });
  });
  test.afterEach(({}, info) => expectNoProblems(running, info));

  const form = (): Locator => page.getByRole('dialog', { name: 'Capture packets' });
  const strip = (): Locator => page.getByRole('region', { name: 'Captures' });
  const field = (name: string): Locator => form().getByRole('textbox', { name });
  const action = (): Locator => inspectorOf(page).getByRole('button', { name: 'Capture packets…' });

  /** Selects the first that the search finds. */
  async function select(what: string): Promise<void> {
    await page.keyboard.press('Control+f');
    await page.keyboard.type(what);
    await page.getByRole('option').first().click();
  }
  /** What a capture may have left there. */
  async function onHost(): Promise<string> {
    return (await host.execAsRoot(`ps -eo pid=,args= | grep -E 'tcpdump|sh -s|[ /]sleep [0-9]' | grep -v grep`)).stdout;
  }
  async function ping(count: number): Promise<void> {
    const pid = /^ *(\d+) .*tcpdump -U/m.exec(await onHost())?.[1] ?? '';
    await host.execAsRoot(`nsenter -t ${pid} -n busybox ping -c ${count} -i 0.2 127.0.0.1`);
  }

  test('its key is for the host’s network namespace, or that of what is selected', async () => {
    await page.keyboard.press('Control+k');
    await expect(form()).toContainText('in host');
    await page.keyboard.press('Escape');
    await select('eth0');
    await page.keyboard.press('Control+k');
    await expect(form()).toContainText('in nginx-d8e2d');
    await expect(form().getByRole('combobox', { name: 'Interface' })).toContainText('eth0');
    await page.keyboard.press('Escape');
    await select('nginx: master');
    await page.keyboard.press('Control+k');
    await expect(form()).toContainText('in nginx-d8e2d');
    await page.keyboard.press('Escape');
    await expect(form()).toHaveCount(0);
  });

  test('by keyboard: what is selected is filled in, and a dismissed save dialog loses nothing', async () => {
    await select('nginx-d8e2d');
    await answerSaveDialog(running.app, undefined);
    await action().focus();
    await page.keyboard.press('Enter');
    await expect(field('Filter')).toBeFocused();
    await page.keyboard.type('icmp');
    await form().getByRole('combobox', { name: 'Interface' }).selectOption('lo');
    await field('Filter').press('Enter');
    await expect(form().getByRole('button', { name: /^Choose file/ })).toBeEnabled();
    await expect(field('Filter')).toHaveValue('icmp');
    await expect(strip()).toHaveCount(0);
    expect(await onHost()).toBe('');
  });

  test('packets of a user’s own container, counted while they come, and stopped', async () => {
    await answerSaveDialog(running.app, fileOf('lo.pcap'));
    await field('Filter').press('Enter');
    await expect(form()).toHaveCount(0);
    await expect(strip()).toContainText('Capturing lo of nginx-d8e2d');
    await ping(2);
    await expect(strip()).toContainText('4 packets');
    await strip().getByRole('button', { name: 'Stop capturing lo of nginx-d8e2d' }).click();
    await expect(strip()).toContainText(/Captured lo of nginx-d8e2d.*4 packets.*none dropped, saved as lo\.pcap/);
    expect(packetsOf(await readFile(fileOf('lo.pcap')))).toHaveLength(4);
    await expect.poll(onHost).toBe('');
  });

  test('its file is shown in its folder, and the line is put away', async () => {
    await running.app.evaluate(({ shell }) => {
      shell.showItemInFolder = (file) => Object.assign(globalThis, { shownFile: file });
    });
    await strip().getByRole('button', { name: 'Show in folder' }).click();
    await expect
      .poll(() => running.app.evaluate(() => (globalThis as { shownFile?: string }).shownFile))
      .toBe(fileOf('lo.pcap'));
    await strip().getByRole('button', { name: 'Dismiss' }).click();
    await expect(strip()).toHaveCount(0);
  });

  test('what the host’s packets take is said, and with sudo it goes on from there', async () => {
    await select('ens5');
    await answerSaveDialog(running.app, fileOf('ens5.pcap'));
    await action().click();
    await field('Packets').fill('3');
    await form().getByRole('checkbox', { name: 'With the packets of this SSH connection' }).check({ force: true });
    await field('Packets').press('Enter');
    await expect(strip().getByRole('alert')).toContainText('ec2-user may not capture there');
    await expect(strip().getByRole('alert')).toContainText('try it with sudo');
    expect(await readdir(userData)).not.toContain('ens5.pcap');
    await strip().getByRole('button', { name: 'Change and try again…' }).click();
    await expect(field('Packets')).toHaveValue('3');
    await expect(form().getByRole('combobox', { name: 'Interface' })).toContainText('ens5');
    await form().getByRole('radio', { name: 'sudo with password' }).check({ force: true });
    await field('Packets').press('Enter');
    const asked = page.getByRole('dialog', { name: 'Password for sudo' });
    await expect(asked).toBeVisible();
    await page.keyboard.type('ec2-user');
    await page.keyboard.press('Enter');
    await expect(strip()).toContainText(/Captured ens5 of .*3 packets.*saved as ens5\.pcap/);
    expect(packetsOf(await readFile(fileOf('ens5.pcap')))).toHaveLength(3);
    await strip().getByRole('button', { name: 'Dismiss' }).click();
  });

  test('a filter that tcpdump does not take, in its own words', async () => {
    await select('nginx-d8e2d');
    await action().click();
    await field('Filter').fill('port eighty');
    await field('Filter').press('Enter');
    await expect(strip().getByRole('alert')).toContainText(/tcpdump does not take the filter: .*eighty/);
    await strip().getByRole('button', { name: 'Dismiss' }).click();
  });

  test('an interface that is gone by now', async () => {
    await select('buildkit0');
    const { childPid, stateDir } = host.truth.rootlesskit;
    const deleted = await host.execAsRoot(
      `nsenter --net=/proc/${childPid}/root${stateDir}/netns ip link delete buildkit0`,
    );
    expect(deleted.status).toBe(0);
    await action().click();
    await field('Filter').press('Enter');
    await expect(strip().getByRole('alert')).toContainText('There is no buildkit0 there now. Collect the host again');
    await strip().getByRole('button', { name: 'Dismiss' }).click();
  });

  test('two at a time, and the end of the app is the end of both', async () => {
    for (const name of ['first', 'second']) {
      await answerSaveDialog(running.app, fileOf(`${name}.pcap`));
      await select('nginx-d8e2d');
      await action().click();
      await field('Filter').fill('udp port 9');
      await field('Filter').press('Enter');
    }
    await expect(strip().getByText('Capturing')).toHaveCount(2);
    expect((await onHost()).match(/tcpdump -U/g)).toHaveLength(2);
    await running.close({ keepUserData: true });
    await expect.poll(onHost).toBe('');
    expect(packetsOf(await readFile(fileOf('second.pcap')))).toEqual([]);
  });
});
