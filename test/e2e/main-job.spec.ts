// The main job, end to end, on a real host over real SSH: profile, host key, run, picture, the article's questions, a
// second start without the host, and the files that are left of it. One story; each test goes on where the last one ended.
import { copyFile, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import type {} from '../../renderer/bridge.ts';
import type { LabContainer, LabTruth } from '../lab/lab-truth.ts';
import { startReferenceHost, type LabHost } from '../lab/reference-host.ts';
import {
  cableToTheBridge,
  childNetnsByNameAndPath,
  ownNamespaces,
  parentIsTheHost,
  publishedPort,
  tapAndTheWayOut,
} from './article-on-screen.ts';
import { testExports, type DrawnJob } from './exported.ts';
import { fillHostForm, formField, hostForm } from './host-form.ts';
import { expectSelected, facts, inspectorOf } from './inspector.ts';
import { expectNoProblems, launchApp, newUserData, type RunningApp } from './launch.ts';
import { cachedSnapshots, canvasOf, DrawnPicture, expectDrawn } from './picture.ts';
import { processesOn } from './processes.ts';
import { shownSections, watchSections } from './progress.ts';

test.describe('the main job', { tag: '@lab' }, () => {
  test.describe.configure({ mode: 'serial', timeout: 120_000 });

  const child = 'RootlessKit child · ec2-user · detached';
  let host: LabHost;
  let truth: LabTruth;
  let nginx: LabContainer;
  let userData: string;
  let keyFile: string;
  let running: RunningApp;
  let page: Page;
  let picture: DrawnPicture;
  let moved: DrawnJob['moved'];

  test.beforeAll(async () => {
    // The first time on a machine its file system is made.
    test.setTimeout(480_000);
    host = await startReferenceHost();
    ({ truth } = host);
    const [first] = truth.containers;
    if (!first) throw new Error('the lab host has no containers');
    nginx = first;
    userData = await newUserData();
    // A copy: the lab takes its own along when it ends.
    keyFile = path.join(userData, 'id_ed25519');
    await copyFile(host.keyFile, keyFile);
    running = await launchApp({ userData });
    ({ page } = running);
  });
  test.afterAll(async () => {
    await running.close();
    await host.stop();
    await rm(userData, { recursive: true, force: true });
  });
  test.afterEach(({}, info) => expectNoProblems(running, info));

  test('a host is added: what is missing is said, then it is saved', async () => {
    await page.getByRole('button', { name: /^Add your own host/ }).click();
    const dialog = hostForm(page);
    const field = (name: string): Locator => formField(page, name);
    await expect(field('Host')).toBeFocused();
    await field('Host').fill('two words');
    await field('Port').fill('70000');
    await dialog.getByRole('button', { name: 'Save and connect' }).click();
    await expect(field('Host')).toHaveAccessibleDescription('No spaces here.');
    await expect(field('Port')).toHaveAccessibleDescription('A number from 1 to 65535.');
    await expect(field('User')).toHaveAccessibleDescription('Needed.');
    await expect(field('Private key')).toHaveAccessibleDescription('Needed.');

    const { address, port, user } = host;
    await fillHostForm(page, { name: 'My EC2 machine', host: address, port, user, keyFile });
    await expect(dialog.getByRole('radio', { name: /^Never use sudo/ })).toBeChecked();
    await dialog.getByRole('button', { name: 'Save and connect' }).click();
    await expect(dialog).toHaveCount(0);
    const list = page.getByRole('navigation', { name: 'Hosts' });
    await expect(list).toContainText('My EC2 machine');
    await expect(list).toContainText(`ec2-user@${host.address}`);
  });

  test('what will run is said before it runs, and shown in full', async () => {
    const main = page.getByRole('main');
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('Connect to My EC2 machine');
    await expect(main).toContainText('Without sudo.');
    await expect(main).toContainText('No file on the host, no process left behind, no port opened.');
    await main.getByRole('button', { name: 'Show the script' }).click();
    const dialog = page.getByRole('dialog', { name: 'The script that runs on the host' });
    const script = await page.evaluate(() => window.nsatlas.call('collect:script'));
    expect(script).toMatch(/^#!\/bin\/sh\n/);
    for (const section of ['mountinfo', 'rootlesskit', 'nsid']) expect(script).toContain(section);
    await expect.poll(() => dialog.locator('pre').textContent()).toBe(script);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  });

  test('an unknown host key is shown with the fingerprint that ssh-keygen prints; then the run goes section by section', async () => {
    const before = await processesOn(host);
    await watchSections(page);
    await page.getByRole('main').getByRole('button', { name: 'Connect', exact: true }).click();
    const question = page.getByRole('dialog', { name: 'Is this the right host?' });
    await expect(question).toBeVisible({ timeout: 30_000 });
    const { stdout } = await host.execAsRoot('for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done');
    const fingerprint = await question.getByText(/^SHA256:/).textContent();
    const type = await question.getByText(/^(ssh|ecdsa|rsa)-/).textContent();
    const printed = stdout.split('\n').find((line) => line.includes(` ${fingerprint} `));
    expect(printed, `one of\n${stdout}`).toBeDefined();
    expect(printed).toContain(type === 'ssh-ed25519' ? '(ED25519)' : type?.startsWith('ecdsa') ? '(ECDSA)' : '(RSA)');
    await expect(question).toContainText(host.address);
    await question.getByRole('button', { name: 'Accept and remember' }).click();

    await expectDrawn(page);
    await expect(page).toHaveTitle(`${host.name} · nsatlas`);
    expect(await shownSections(page)).toEqual(
      expect.arrayContaining(['host', 'tool', 'ns', 'status', 'mountinfo', 'net', 'socket', 'rootlesskit-ports']),
    );
    const files = await cachedSnapshots(userData);
    expect(files).toHaveLength(1);
    picture = await DrawnPicture.ofFile(page, files[0] ?? '');
    await expect.poll(() => processesOn(host), { message: 'processes on the host', timeout: 20_000 }).toEqual(before);
    const known = await readFile(path.join(userData, 'known_hosts'), 'utf8');
    const keys = await readFile(host.knownHostsFile, 'utf8');
    expect(keys).toContain(known.trim().split(' ').slice(1, 3).join(' '));
  });

  test('1: the container has eight namespaces; which are its own and which the host’s', () =>
    ownNamespaces({ picture, truth, nginx }));
  test('2: eth0 is paired with a veth on nerdctl0 in RootlessKit’s child, for certain', () =>
    cableToTheBridge({ picture, truth, nginx }));
  test('3: RootlessKit’s child network namespace by name and path, and why the host’s file is empty', () =>
    childNetnsByNameAndPath({ picture, truth, nginx }));
  test('4: its parent is the host’s, where containerd, rootlesskit and slirp4netns run', () =>
    parentIsTheHost({ picture, truth, nginx }));
  test('5: tap0 is served by slirp4netns, which goes out through ens5', () =>
    tapAndTheWayOut({ picture, truth, nginx }));
  test('6: the published port, from its listener to the container’s port', () =>
    publishedPort({ picture, truth, nginx }));

  test('the namespaces view has all eight kinds, by owner and by kind', async () => {
    await page.getByRole('tab', { name: 'Namespaces' }).click();
    const tree = page.getByRole('tree', { name: 'Namespaces' });
    await page.getByRole('radio', { name: 'Kind' }).check({ force: true });
    for (const kind of ['cgroup', 'IPC', 'mount', 'network', 'PID', 'time', 'user', 'UTS'])
      await expect(
        tree.getByRole('treeitem', { level: 1 }).filter({ hasText: new RegExp(`^\\s*${kind}\\d+$`) }),
      ).toHaveCount(1);
    await page.getByRole('radio', { name: 'Owner' }).check({ force: true });
    await page.getByRole('searchbox', { name: 'Filter' }).fill('nginx-d8e2d');
    for (const kind of ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'uts'] as const)
      await expect(tree.getByRole('treeitem').filter({ hasText: String(nginx.namespaces[kind]) })).toHaveCount(1);
    await tree
      .getByRole('treeitem')
      .filter({ hasText: String(nginx.namespaces.net) })
      .click();
    await expectSelected(page, 'nginx-d8e2d');
    await inspectorOf(page).getByRole('button', { name: 'Show in the picture' }).click();
    await expect(canvasOf(page)).toBeVisible();
  });

  test('search finds by PID, inode and address', async () => {
    const search = page.getByRole('combobox', { name: 'Search' });
    for (const [words, title] of [
      [String(nginx.pid), `nginx[${nginx.pid}]`],
      [String(truth.rootlesskit.netns), child],
      ['10.4.0.10', 'eth0'],
      ['172.31', 'ens5'],
    ] as const) {
      await search.fill(words);
      await expect(page.getByRole('option').first()).toBeVisible();
      await search.press('Enter');
      await expectSelected(page, title);
    }
    await search.fill('no such thing');
    await expect(page.getByText('Nothing in this snapshot matches.')).toBeVisible();
    await search.press('Escape');
  });

  test('loopback is hidden at first, can be shown, and hidden again', async () => {
    const hide = page.getByRole('button', { name: 'Hide loopback' });
    await expect(hide).toHaveAttribute('aria-pressed', 'true');
    expect(picture.graph.nodes.map((node) => node.label)).not.toContain('lo');
    await hide.click();
    await expect(hide).toHaveAttribute('aria-pressed', 'false');
    const [file = ''] = await cachedSnapshots(userData);
    const whole = await DrawnPicture.ofFile(page, file, { hideLoopback: false });
    // One for each network namespace that could be entered.
    expect(whole.graph.nodes.filter((node) => node.label === 'lo')).toHaveLength(4);
    await whole.click(whole.node('lo', 'nginx-d8e2d'));
    await expectSelected(page, 'lo');
    await expect(facts(page, 'Network namespace')).toContainText('nginx-d8e2d');
    await hide.click();
    await expect(hide).toHaveAttribute('aria-pressed', 'true');
    await picture.click(picture.node('nerdctl0'));
    await expectSelected(page, 'nerdctl0');
  });

  test('a node is dragged, put back, and dragged again', async () => {
    const node = picture.node('buildkit0');
    const before = picture.boxOf(node);
    await picture.drag(node, { x: 0, y: 60 });
    const undo = page.getByRole('button', { name: 'Undo move' });
    const redo = page.getByRole('button', { name: 'Redo move' });
    await undo.click();
    await expect(undo).toBeDisabled();
    await redo.click();
    await expect(redo).toBeDisabled();
    await undo.click();
    // Back where the layout puts it: a click there finds it.
    await page.keyboard.press('Escape');
    await picture.click(node);
    await expectSelected(page, 'buildkit0');
    const by = await picture.drag(node, { x: 0, y: 60 });
    moved = { id: node.id, x: before.x, y: Math.round(before.y + by.y) };
    await expect(undo).toBeEnabled();
  });

  testExports(() => ({ running, page, userData, host, truth, nginx, child, moved }));

  test('without the host, the next start has profile and snapshot, and draws it', async () => {
    await running.close({ keepUserData: true });
    expect(running.problems).toEqual([]);
    await host.stop();
    running = await launchApp({ userData });
    ({ page } = running);
    const list = page.getByRole('navigation', { name: 'Hosts' });
    await expect(list).toContainText('My EC2 machine');
    const snapshot = list.getByRole('button', { name: /(just now|min ago)\s*[\d.]+ [kK]B$/ });
    await expect(snapshot).toHaveCount(1);
    await snapshot.click();
    await expectDrawn(page);
    await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText(/just now|min ago/);
    const [file = ''] = await cachedSnapshots(userData);
    picture = await DrawnPicture.ofFile(page, file);
    await picture.click(picture.node('eth0', 'redis-3f1c9'));
    await expect(facts(page, 'Address').first()).toContainText('10.4.0.10/24');
    await expect(facts(page, 'Peer')).toContainText('Certain');
  });

  test('and asking the host again says that nobody answers, and keeps what is there', async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    const failure = page.getByRole('alert');
    await expect(failure).toContainText('This did not work', { timeout: 60_000 });
    await expect(failure).toContainText(host.address);
    await page.getByRole('button', { name: 'Back to the picture' }).click();
    await expectDrawn(page);
    expect(await cachedSnapshots(userData)).toHaveLength(1);
  });
});
