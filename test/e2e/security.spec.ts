// The window can do nothing by itself, and nothing that a host calls itself or its things becomes more than text.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type {} from '../../renderer/bridge.ts';
import { answerOpenDialog, answerSaveDialog } from './dialogs.ts';
import { hostile, hostileTranscript } from './hostile-host.ts';
import { expectSelected, facts, inspectorOf, openProof } from './inspector.ts';
import { expectNoProblems, launchApp, type RunningApp } from './launch.ts';
import { DrawnPicture, expectDrawn } from './picture.ts';
import { packed } from './snapshot-file.ts';
import { readSvg } from './svg.ts';

let running: RunningApp;
let page: Page;

test.beforeAll(async () => {
  running = await launchApp();
  ({ page } = running);
});
test.afterAll(() => running.close());

test.describe('the window', () => {
  test('is a sandboxed page of our own scheme, without Node in it', async () => {
    expect(page.url()).toMatch(/^app:\/\/nsatlas\//);
    const there = await page.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
        (name) => name in window,
      ),
      bridge: Object.keys(window.nsatlas).sort(),
    }));
    expect(there).toEqual({ node: [], bridge: ['call', 'on'] });
    const preferences = await running.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webviewTag };
    });
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    expect(preferences.webviewTag).not.toBe(true);
  });

  test('refuses scripts, styles, frames and addresses that are not its own', async () => {
    const policy = await page.evaluate(async () => (await fetch(location.href)).headers.get('content-security-policy'));
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*/);
    const directives = ['script-src-elem', 'style-src-elem', 'frame-src', 'img-src', 'connect-src', 'script-src'];
    const tried = await page.evaluate(async (directives) => {
      const wanted = new Set(directives);
      let allRefused = (_: unknown): void => undefined;
      const refusals = new Promise((resolve) => (allRefused = resolve));
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        wanted.delete(effectiveDirective);
        if (wanted.size === 0) allRefused(true);
      });
      const script = document.createElement('script');
      script.textContent = 'window.hacked = true';
      const style = document.createElement('style');
      style.textContent = 'body { display: none }';
      const frame = document.createElement('iframe');
      frame.src = 'https://example.org/';
      const image = new Image();
      image.src = 'https://example.org/x.png';
      document.body.append(script, style, frame, image);
      const fetched = await fetch('https://example.org/').then(
        () => true,
        () => false,
      );
      const file = await fetch('file:///etc/passwd').then(
        () => true,
        () => false,
      );
      // Later, because what DevTools evaluates may evaluate in its turn.
      const evaluated = await new Promise((resolve) =>
        setTimeout(() => {
          try {
            new Function('return 1')();
            resolve(true);
          } catch {
            resolve(false);
          }
        }),
      );
      await Promise.race([refusals, new Promise((resolve) => setTimeout(resolve, 5000))]);
      for (const element of [script, style, frame, image]) element.remove();
      return { notRefused: [...wanted], fetched, file, evaluated, hacked: 'hacked' in window };
    }, directives);
    expect(tried).toEqual({ notRefused: [], fetched: false, file: false, evaluated: false, hacked: false });
  });

  test('stays where it is and opens no other', async () => {
    // In a window of its own: Playwright waits for a navigation that was begun and never comes.
    const { app, page: own, close } = await launchApp();
    try {
      const before = own.url();
      expect(await own.evaluate(() => window.open('https://example.org/') === null)).toBe(true);
      const tried = (script: string): Promise<unknown> =>
        app.evaluate(
          ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code),
          script,
        );
      await tried(`
        const link = document.createElement('a');
        link.href = 'https://example.org/';
        link.target = '_blank';
        document.body.append(link);
        link.click();
        link.target = '_self';
        link.click();
        link.remove();
        location.href = 'https://example.org/';
        new Promise((resolve) => setTimeout(resolve, 200));`);
      expect(await tried('document.querySelector("h1").textContent')).toBe('See how a Linux host is wired');
      const there = await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()),
      );
      expect(there).toEqual([before]);
    } finally {
      await close();
    }
  });

  test('gets no permission for anything', async () => {
    const answers = await page.evaluate(async () => ({
      notifications: await Notification.requestPermission(),
      clipboard: await navigator.clipboard.readText().then(
        () => 'granted',
        () => 'denied',
      ),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        () => 'denied',
      ),
    }));
    expect(answers).toEqual({ notifications: 'denied', clipboard: 'denied', camera: 'denied' });
  });

  test('can ask main for what the contract allows and nothing else', async () => {
    const refused = (name: string, ...args: unknown[]): Promise<string> =>
      page.evaluate(
        ([call, rest]) =>
          (window.nsatlas.call as (...all: unknown[]) => Promise<unknown>)(call, ...rest).then(
            () => 'answered',
            (error: unknown) => String(error),
          ),
        [name, args] as const,
      );
    expect(await refused('shell:run', 'ls')).toMatch(/Error/);
    expect(await refused('snapshots:read', '../../etc/passwd')).toContain('the contract does not allow');
    expect(await refused('profiles:delete', { id: 1 })).toContain('the contract does not allow');
    expect(await refused('collect:start')).toContain('the contract does not allow');
  });
});

test.describe('names from a host', () => {
  test.describe.configure({ mode: 'serial' });
  let picture: DrawnPicture;
  let file: string;

  test.beforeAll(async () => {
    running.problems.splice(0);
    file = path.join(running.userData, 'hostile.nsatlas');
    await writeFile(file, await packed(hostileTranscript(), { host: hostile.label }));
    await answerOpenDialog(running.app, file);
    await page.getByRole('button', { name: 'Open snapshot…' }).click();
    await expectDrawn(page);
    picture = await DrawnPicture.ofFile(page, file);
  });
  test.afterEach(async ({}, info) => {
    const injected = await page.evaluate(() => ({
      hacked: 'hacked' in window,
      elements: document.querySelectorAll('img[src="x"], script:not([src]), iframe, body b').length,
      wider: document.documentElement.scrollWidth > window.innerWidth,
    }));
    expect(injected).toEqual({ hacked: false, elements: 0, wider: false });
    await expectNoProblems(running, info);
  });

  test('are text in the list of hosts, the title and the status line', async () => {
    await expect(page.getByRole('navigation', { name: 'Hosts' })).toContainText(hostile.label);
    await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('<b>host</b>');
    await page.screenshot({ path: 'out/e2e-screens/hostile.png' });
  });

  test('are text in the picture, its list and the inspector, however long', async () => {
    // A name of 4 KiB makes no picture of 30,000 pixels.
    expect(picture.scene.bounds.width).toBeLessThan(4000);
    await page.getByRole('button', { name: 'List', exact: true }).click();
    const tree = page.getByRole('tree', { name: 'Content as a list' });
    await expect(tree).toContainText(hostile.container);
    const link = picture.graph.nodes.find((node) => node.label.includes('<script>'));
    expect(link).toBeDefined();
    if (link) await picture.click(link);
    await expectSelected(page, hostile.link);
    const search = page.getByRole('combobox', { name: 'Search' });
    await search.fill('<img');
    await expect(page.getByRole('option').first()).toContainText('<img src=x');
    await search.press('Enter');
    await expect(inspectorOf(page)).toContainText(hostile.container);
    await search.fill('RRRRRRRR');
    await search.press('Enter');
    await expect(inspectorOf(page)).toContainText('RRRRRRRR');
    await page.screenshot({ path: 'out/e2e-screens/hostile-long.png' });
    await page.getByRole('button', { name: 'List', exact: true }).click();
  });

  test('cannot turn the direction of their neighbours or hide in controls', async () => {
    const search = page.getByRole('combobox', { name: 'Search' });
    await search.fill('[31m');
    await search.press('Enter');
    const inspector = inspectorOf(page);
    await expect(facts(page, 'Command line')).toContainText('nginx: \\u202emaster\\x1b[31m <b>process</b>\\x07');
    const proof = await openProof(page, 'Command line');
    await expect(proof.locator('mark').filter({ hasText: 'master' })).toContainText('\ufffdmaster\ufffd[31m');
    const shown = await inspector.innerText();

    expect(shown).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  test('are text in the namespaces view', async () => {
    await page.getByRole('tab', { name: 'Namespaces' }).click();
    await expect(page.getByRole('tree', { name: 'Namespaces' })).toContainText('<img src=x');
    await page.getByRole('tab', { name: 'Network' }).click();
  });

  test('are text in what is exported', async () => {
    const svgFile = path.join(running.userData, 'hostile.svg');
    await answerSaveDialog(running.app, svgFile);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save…' }).click();
    await expect(page.getByRole('status', { name: 'Notifications' })).toContainText('Exported as');
    const svg = await readSvg(page, svgFile);
    expect(svg.error).toBeUndefined();
    expect(svg.texts.some((text) => text.startsWith('<img src=x'))).toBe(true);
    const known = ['svg', 'title', 'desc', 'g', 'rect', 'path', 'circle', 'line', 'polygon', 'ellipse', 'text'];
    expect([...new Set(svg.elements)].filter((name) => !known.includes(name))).toEqual([]);
  });
});
