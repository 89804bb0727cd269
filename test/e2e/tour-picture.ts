// The picture of an opened snapshot: proofs, containers, remarks, the list, menus, moves.
import { expect } from '@playwright/test';
import { answerOpenDialog } from './dialogs.ts';
import { openProof } from './inspector.ts';
import { expectDrawn } from './picture.ts';
import { escape, type Step } from './tour-step.ts';

export const pictureSteps: readonly Step[] = [
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
];
