// Through the whole window, screen by screen and dialog by dialog, for those who look at all of them: the pictures of
// screens.spec.ts and the checks of accessibility.spec.ts. Each step goes on where the one before left off.
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { hostTranscript } from '../helpers/host-fixture.ts';
import { newKey, type TestServer } from '../helpers/ssh-test-server.ts';
import { answerOpenDialog } from './dialogs.ts';
import { addAndConnect, fillHostForm, formField, hostForm } from './host-form.ts';
import { openProof } from './inspector.ts';
import { launchApp, type RunningApp } from './launch.ts';
import { canvasOf, DrawnPicture, expectDrawn } from './picture.ts';
import { startReplayingHost } from './replaying-host.ts';
import { packed } from './snapshot-file.ts';

export interface Tour {
  readonly running: RunningApp;
  readonly page: Page;
  readonly picture: () => DrawnPicture;
  readonly slow: TestServer;
  readonly password: TestServer;
  readonly keyFile: string;
  readonly snapshot: string;
  end(): Promise<void>;
}

export interface Step {
  readonly name: string;
  go(tour: Tour): Promise<void>;
}

/** An app, hosts for its questions and its progress, and a snapshot to open. */
export async function beginTour(): Promise<Tour> {
  const running = await launchApp();
  const { page, userData } = running;
  const keyFile = path.join(userData, 'id_ed25519');
  await writeFile(keyFile, newKey());
  await chmod(keyFile, 0o600);
  const snapshot = path.join(userData, 'reference-host.nsatlas');
  const collectedAt = new Date(Date.now() - 26 * 3600 * 1000).toISOString();
  await writeFile(snapshot, await packed(hostTranscript('reference-host'), { host: 'Reference host', collectedAt }));
  const slow = await startReplayingHost({ holdAfter: 30 });
  const password = await startReplayingHost({
    authenticate: (context) => context.reject(['password']),
  });
  const picture = await DrawnPicture.ofFile(page, snapshot);
  return {
    running,
    page,
    picture: () => picture,
    slow,
    password,
    keyFile,
    snapshot,
    end: async () => {
      await running.close();
      await Promise.all([slow.close(), password.close()]);
    },
  };
}

/** The system's colours change under the window, whatever is open in it. */
export async function wear({ page }: Tour, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await expect(page.locator(`html[data-theme="${theme}"]`)).toHaveCount(1);
}

const escape = async ({ page }: Tour): Promise<void> => {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('menu')).toHaveCount(0);
};

const traceField = (page: Page, label: string): Locator =>
  page.getByRole('complementary', { name: 'Trace a packet' }).getByRole('combobox', { name: label });

export const steps: readonly Step[] = [
  { name: 'home', go: ({ page }) => expect(page.getByRole('heading', { level: 1 })).toBeVisible() },
  {
    name: 'host-form',
    go: async ({ page, keyFile }) => {
      await page.getByRole('button', { name: 'Add host' }).click();
      await fillHostForm(page, { name: 'My EC2 machine', host: '172.31.40.91', port: 22, user: 'ec2-user', keyFile });
    },
  },
  {
    name: 'host-form-problems',
    go: async ({ page }) => {
      await formField(page, 'Host').fill('two words');
      await formField(page, 'Port').fill('x');
      await formField(page, 'User').fill('');
      await hostForm(page).getByRole('button', { name: 'Save and connect' }).click();
      await expect(page.getByText('No spaces here.')).toBeVisible();
    },
  },
  {
    name: 'host-key',
    go: async (tour) => {
      await escape(tour);
      const { page, slow, keyFile } = tour;
      await addAndConnect(page, { name: 'Slow host', host: '127.0.0.1', port: slow.port, user: 'ec2-user', keyFile });
      await expect(page.getByRole('dialog', { name: 'Is this the right host?' })).toBeVisible();
    },
  },
  {
    name: 'progress',
    go: async ({ page }) => {
      await page.getByRole('button', { name: 'Accept and remember' }).click();
      await expect(page.getByRole('table')).toContainText('status');
    },
  },
  {
    name: 'cancelled',
    go: async ({ page }) => {
      await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click();
      await expect(page.getByText('The connection was closed.')).toBeVisible();
    },
  },
  {
    name: 'password',
    go: async ({ page, password }) => {
      await addAndConnect(page, { name: 'Password host', host: '127.0.0.1', port: password.port, user: 'ec2-user' });
      await page.getByRole('button', { name: 'Accept and remember' }).click();
      await expect(page.getByRole('dialog', { name: 'Password' })).toBeVisible();
      await page.keyboard.type('wrong');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'failed',
    go: async (tour) => {
      await escape(tour);
      const { page, keyFile } = tour;
      await addAndConnect(page, { name: 'Nobody there', host: '127.0.0.1', port: 1, user: 'ec2-user', keyFile });
      await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'plan',
    go: async ({ page, keyFile }) => {
      await page.getByRole('button', { name: 'Add host' }).click();
      await fillHostForm(page, { name: 'My EC2 machine', host: '172.31.40.91', port: 22, user: 'ec2-user', keyFile });
      await hostForm(page).getByRole('button', { name: 'Save and connect' }).click();
      await expect(page.getByRole('heading', { name: 'Connect to My EC2 machine' })).toBeVisible();
    },
  },
  {
    name: 'script',
    go: async ({ page }) => {
      await page.getByRole('main').getByRole('button', { name: 'Show the script' }).click();
      await expect(page.getByRole('dialog').locator('pre')).toContainText('#!/bin/sh');
    },
  },
  {
    name: 'host-menu',
    go: async (tour) => {
      await escape(tour);
      await tour.page.getByRole('button', { name: 'Actions for My EC2 machine' }).click();
      await expect(tour.page.getByRole('menu')).toBeVisible();
    },
  },
  {
    name: 'profile-deleted',
    go: async ({ page }) => {
      await page.getByRole('menuitem', { name: 'Delete profile' }).click();
      await expect(page.getByRole('status', { name: 'Notifications' })).toContainText('was deleted');
    },
  },
  {
    name: 'network',
    go: async ({ running, page, snapshot }) => {
      await page.getByRole('button', { name: 'Undo' }).click();
      await answerOpenDialog(running.app, snapshot);
      await page.getByRole('button', { name: 'Open snapshot…' }).click();
      await expectDrawn(page);
    },
  },
  {
    name: 'network-proof',
    go: async ({ page, picture }) => {
      await picture().click(picture().node('eth0', 'nginx-d8e2d'));
      await (await openProof(page, 'Peer')).locator('mark').first().waitFor();
    },
  },
  {
    name: 'network-container',
    go: async ({ page, picture }) => {
      await picture().click(picture().node('nginx:latest', 'nginx-d8e2d'));
      await expect(page.getByRole('heading', { name: 'nginx-d8e2d' })).toBeVisible();
    },
  },
  {
    name: 'network-remarks',
    go: async ({ page, picture }) => {
      await picture().click(picture().node('RootlessKit child · ec2-user · detached'));
      await page.getByRole('region', { name: 'Worth knowing' }).getByRole('button').first().click();
    },
  },
  {
    name: 'network-list',
    go: async ({ page }) => {
      await page.getByRole('button', { name: 'List', exact: true }).click();
      await expect(page.getByRole('tree', { name: 'Content as a list' })).toBeVisible();
    },
  },
  {
    name: 'node-menu',
    go: async ({ page, picture }) => {
      await page.getByRole('button', { name: 'List', exact: true }).click();
      await picture().fit();
      const { x, y } = await picture().placeOf(picture().node('tap0'));
      await page.mouse.click(x, y, { button: 'right' });
      await expect(page.getByRole('menu')).toContainText('Show in inspector');
    },
  },
  {
    name: 'moved',
    go: async (tour) => {
      await escape(tour);
      await tour.picture().drag(tour.picture().node('buildkit0'), { x: 0, y: 70 });
      await expect(tour.page.getByRole('button', { name: 'Undo move' })).toBeVisible();
    },
  },
  {
    name: 'trace-empty',
    go: async ({ page, picture }) => {
      await page.getByRole('button', { name: 'Trace a packet' }).click();
      await expect(page.getByText('Where does a packet go?')).toBeVisible();
      await picture().fit();
    },
  },
  {
    name: 'trace-suggestions',
    go: async ({ page }) => {
      await traceField(page, 'From').fill('redis');
      await expect(page.getByRole('option', { name: /redis-3f1c9/ }).first()).toBeVisible();
    },
  },
  {
    name: 'trace',
    go: async ({ page, picture }) => {
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect(traceField(page, 'To')).toBeFocused();
      await page.keyboard.type('internet:443');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('list', { name: 'Hops' })).toContainText('slirp4netns');
      await picture().fit();
    },
  },
  {
    name: 'trace-hop',
    go: async ({ page }) => {
      await page.getByRole('button', { name: /^5 Bridge nerdctl0/ }).click();
      await page.getByRole('region', { name: 'How do we know hop 5' }).locator('pre, mark').first().waitFor();
    },
  },
  {
    name: 'trace-published-port',
    go: async ({ page, picture }) => {
      await traceField(page, 'From').fill('host');
      await traceField(page, 'To').fill('127.0.0.1:8080');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('list', { name: 'Hops' })).toContainText('Destination rewritten');
      await picture().fit();
    },
  },
  {
    name: 'trace-nobody',
    go: async ({ page }) => {
      await traceField(page, 'From').fill('nginx-d8e2d');
      await traceField(page, 'To').fill('10.4.0.10:81');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('list', { name: 'Hops' })).toContainText('Nobody listens');
    },
  },
  {
    name: 'trace-problem',
    go: async ({ page }) => {
      await traceField(page, 'From').fill('nginx');
      await traceField(page, 'To').fill('nowhere');
      await page.keyboard.press('Enter');
      await expect(page.getByText('There is no nowhere in this snapshot.')).toBeVisible();
    },
  },
  {
    name: 'search',
    go: async ({ page }) => {
      await page.getByRole('button', { name: 'Trace a packet' }).click();
      await canvasOf(page).focus();
      await page.keyboard.press('/');
      await page.keyboard.type('nginx');
      await expect(page.getByRole('option').first()).toBeVisible();
    },
  },
  {
    name: 'completeness',
    go: async ({ page }) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page
        .getByRole('contentinfo', { name: 'Status' })
        .getByRole('button', { name: /details$/ })
        .click();
      await expect(page.getByRole('dialog', { name: 'How complete is this?' })).toBeVisible();
    },
  },
  {
    name: 'export-svg',
    go: async (tour) => {
      await escape(tour);
      await tour.page.getByRole('button', { name: 'Export', exact: true }).click();
      await expect(tour.page.getByRole('dialog').getByRole('img')).toBeVisible();
    },
  },
  {
    name: 'export-png',
    go: async ({ page }) => {
      await page.getByRole('dialog').getByRole('radio', { name: 'PNG' }).check({ force: true });
      await page.getByRole('dialog').getByRole('checkbox', { name: 'Transparent background' }).check({ force: true });
    },
  },
  {
    name: 'namespaces',
    go: async (tour) => {
      await escape(tour);
      await tour.page.getByRole('tab', { name: 'Namespaces' }).click();
      await expect(tour.page.getByRole('tree', { name: 'Namespaces' })).toBeVisible();
    },
  },
  {
    name: 'namespaces-by-kind',
    go: async ({ page }) => {
      await page.getByRole('radio', { name: 'Kind' }).check({ force: true });
      const tree = page.getByRole('tree', { name: 'Namespaces' });
      await tree.getByRole('treeitem').filter({ hasText: 'nginx-d8e2d' }).first().click();
    },
  },
  {
    name: 'namespaces-nothing',
    go: async ({ page }) => {
      await page.getByRole('searchbox', { name: 'Filter' }).fill('no such thing');
      await expect(page.getByText('No namespace matches.')).toBeVisible();
    },
  },
  {
    name: 'shortcuts',
    go: async ({ page }) => {
      await page.getByRole('button', { name: 'Clear filter' }).click();
      await page.getByRole('tab', { name: 'Namespaces' }).press('?');
      await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    },
  },
  {
    name: 'theme-menu',
    go: async (tour) => {
      await escape(tour);
      const { page } = tour;
      await page.getByRole('button', { name: 'Theme' }).click();
      await expect(page.getByRole('menu')).toBeVisible();
    },
  },
];
