// What goes wrong between a window and a host: each says what was tried, why it failed and what to do; nothing is lost, and
// the window is never blank.
import { createServer } from 'node:net';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { fingerprint } from '../../electron/ssh/host-key.ts';
import { newKey, publicKey, type TestServer } from '../helpers/ssh-test-server.ts';
import { startReferenceHost } from '../lab/reference-host.ts';
import { addAndConnect } from './host-form.ts';
import { expectNoProblems, launchApp, type RunningApp } from './launch.ts';
import { cachedSnapshots, expectDrawn } from './picture.ts';
import { processesOn } from './processes.ts';
import { startReplayingHost } from './replaying-host.ts';

let running: RunningApp;
let page: Page;
let keyFile: string;
const servers: TestServer[] = [];

test.beforeAll(async () => {
  running = await launchApp();
  ({ page } = running);
  keyFile = path.join(running.userData, 'id_ed25519');
  await writeFile(keyFile, newKey());
  await chmod(keyFile, 0o600);
});
test.afterAll(() => running.close());
test.afterEach(async ({}, info) => {
  await expectNoProblems(running, info);
  await Promise.all(servers.splice(0).map((server) => server.close().catch(() => undefined)));
});

async function replaying(options: Parameters<typeof startReplayingHost>[0] = {}): Promise<TestServer> {
  const server = await startReplayingHost(options);
  servers.push(server);
  return server;
}

/** The three parts of the failure on the screen, and the profile still in the list. */
async function expectFailure(name: string, tried: RegExp, why: RegExp, whatNow: RegExp): Promise<void> {
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('This did not work', { timeout: 30_000 });
  const parts = alert.getByRole('definition');
  await expect(parts.nth(0)).toHaveText(tried);
  await expect(parts.nth(1)).toHaveText(why);
  await expect(parts.nth(2)).toHaveText(whatNow);
  await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(alert.getByRole('button', { name: 'Edit profile…' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Hosts' })).toContainText(name);
}

const local = (name: string, port: number): Parameters<typeof addAndConnect>[1] => ({
  name,
  host: '127.0.0.1',
  port,
  user: 'ec2-user',
  keyFile,
});

async function acceptHostKey(): Promise<void> {
  const question = page.getByRole('dialog', { name: 'Is this the right host?' });
  await question.getByRole('button', { name: 'Accept and remember' }).click();
}

test('a port where nothing listens', async () => {
  const port = await closedPort();
  await addAndConnect(page, local('Closed', port));
  await expectFailure('Closed', new RegExp(`127.0.0.1.*${port}`), /nothing listens on port/, /Check the port/);
});

test('a name that has no address', async () => {
  await addAndConnect(page, { ...local('Nowhere', 22), host: 'no-such-host.invalid' });
  await expectFailure('Nowhere', /no-such-host\.invalid/, /has no address/, /Check the spelling/);
});

test('a key file that is not there, and then the profile is mended', async () => {
  const { port } = await replaying();
  await addAndConnect(page, { ...local('Mistyped key', port), keyFile: `${keyFile}-not` });
  await expectFailure('Mistyped key', /id_ed25519-not/, /no such file/, /Choose the key file again/);
  await page.getByRole('button', { name: 'Edit profile…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit profile' });
  await dialog.getByRole('textbox', { name: 'Private key' }).fill(keyFile);
  await dialog.getByRole('button', { name: 'Save and connect' }).click();
  await page.getByRole('main').getByRole('button', { name: 'Connect', exact: true }).click();
  await acceptHostKey();
  await expectDrawn(page);
});

test('a key that the host does not know', async () => {
  const { port } = await replaying({ authenticate: (context) => context.reject(['publickey']) });
  await addAndConnect(page, local('Wrong key', port));
  await acceptHostKey();
  await expectFailure('Wrong key', /ec2-user/, /key|refuse|accept/i, /authorized_keys|key/);
});

test('an unknown host key that is refused is not remembered', async () => {
  const { port } = await replaying();
  const before = await readFile(path.join(running.userData, 'known_hosts'), 'utf8').catch(() => '');
  await addAndConnect(page, local('Stranger', port));
  const question = page.getByRole('dialog', { name: 'Is this the right host?' });
  await question.getByRole('button', { name: 'Refuse' }).click();
  await expectFailure('Stranger', /127.0.0.1/, /was not accepted/, /fingerprint/);
  expect(await readFile(path.join(running.userData, 'known_hosts'), 'utf8').catch(() => '')).toBe(before);
});

test('a host that shows another key than before is refused, and no click accepts it', async () => {
  const [old, now] = [newKey(), newKey()];
  const first = await replaying({ hostKey: old });
  await addAndConnect(page, local('Changed', first.port));
  await acceptHostKey();
  await expectDrawn(page);
  const snapshots = await cachedSnapshots(running.userData);
  await first.close();
  await replaying({ hostKey: now, port: first.port });
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expectFailure('Changed', /127.0.0.1/, /shows another key than before/, /ssh-keygen -R/);
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText(fingerprint(publicKey(old)));
  await expect(alert).toContainText(fingerprint(publicKey(now)));
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /accept|trust|anyway|replace/i })).toHaveCount(0);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expectFailure('Changed', /127.0.0.1/, /shows another key than before/, /ssh-keygen -R/);
  await page.getByRole('button', { name: 'Back to the picture' }).click();
  await expectDrawn(page);
  expect(await cachedSnapshots(running.userData)).toEqual(snapshots);
});

test('a wrong password is asked again, the right one is used and kept nowhere', async () => {
  const secret = 'correct horse battery';
  const { port } = await replaying({
    authenticate: (context) => {
      if (context.method === 'password' && context.password === secret) context.accept();
      else context.reject(['password']);
    },
  });
  const { keyFile: _, ...byPassword } = local('Password', port);
  await addAndConnect(page, byPassword);
  await acceptHostKey();
  const question = page.getByRole('dialog', { name: 'Password' });
  await expect(question.getByLabel('Password')).toBeFocused();
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await expect(question.getByRole('alert')).toContainText('That was not accepted.');
  await expect(question.getByLabel('Password')).toHaveValue('');
  await page.keyboard.type(secret);
  await page.keyboard.press('Enter');
  await expectDrawn(page);
  for (const file of await readdir(running.userData, { recursive: true })) {
    const content = await readFile(path.join(running.userData, file), 'latin1').catch(() => '');
    expect(content.includes(secret), file).toBe(false);
  }
});

test('a line that goes dead leaves a snapshot that says it is partial', async () => {
  const { port } = await replaying({ breakOffAfter: 24 });
  await addAndConnect(page, local('Broken off', port));
  await acceptHostKey();
  await expect(page.getByRole('status', { name: 'Notifications' })).toContainText(
    'What had arrived is in the snapshot.',
    {
      timeout: 30_000,
    },
  );
  await expect(page.getByRole('navigation', { name: 'Hosts' })).toContainText('incomplete');
  const status = page.getByRole('contentinfo', { name: 'Status' });
  await expect(status).toContainText(/broke/);
  await status.getByRole('button', { name: /details$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'How complete is this?' });
  await expect(dialog.getByRole('alert')).toContainText('The connection broke off: this is a part of the host.');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test(
  'cancel while the host still works ends the run at once and every process of it there',
  { tag: '@lab' },
  async () => {
    test.setTimeout(480_000);
    const host = await startReferenceHost({ publish: 'none' });
    try {
      const before = await processesOn(host);
      // What the collector asks now takes longer than anybody waits.
      const slow = `
        cp /usr/bin/sleep /usr/local/bin/nobody-waits
        printf '#!/bin/sh\\nexec nobody-waits 97531\\n' >/usr/local/bin/ip
        chmod 755 /usr/local/bin/ip`;
      expect((await host.execAsRoot(slow)).status).toBe(0);
      await addAndConnect(page, {
        ...local('Slow', host.port),
        host: host.address,
        user: host.user,
        keyFile: host.keyFile,
      });
      await acceptHostKey();
      await expect
        .poll(() => processesOn(host), { timeout: 30_000 })
        .toContainEqual(expect.stringMatching(/ nobody-waits$/));
      await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click();
      await expect(page.getByText('The connection was closed. Nothing was left on the host.')).toBeVisible();
      // The collector ends a question by itself after 20 seconds; cancel does not wait for that.
      await expect.poll(() => processesOn(host), { timeout: 5000 }).toEqual(before);
      await expect(page.getByRole('navigation', { name: 'Hosts' })).toContainText('Slow');
    } finally {
      await host.stop();
    }
  },
);

test('what could be profiled and seen is all there after the next start', async () => {
  const hosts = await profileNames();
  expect(hosts).toEqual(expect.arrayContaining(['Closed', 'Nowhere', 'Wrong key', 'Stranger', 'Changed', 'Password']));
  const snapshots = await cachedSnapshots(running.userData);
  await running.close({ keepUserData: true });
  running = await launchApp({ userData: running.userData });
  ({ page } = running);
  expect(await profileNames()).toEqual(hosts);
  expect(await cachedSnapshots(running.userData)).toEqual(snapshots);
});

async function profileNames(): Promise<string[]> {
  const list = page.getByRole('navigation', { name: 'Hosts' }).getByRole('button', { name: /^Actions for / });
  await expect(list.first()).toBeVisible();
  const labels = await list.evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''));
  return labels.map((label) => label.replace('Actions for ', ''));
}

/** On loopback, with nobody behind it. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
