// Packets of a host that answers: the form, what is said while they come, the file, a failure.
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { answerSaveDialog } from './dialogs.ts';
import { addAndConnect } from './host-form.ts';
import { expectDrawn } from './picture.ts';
import { escape, type Step } from './tour-step.ts';

const form = (page: Page): Locator => page.getByRole('dialog', { name: 'Capture packets' });
const field = (page: Page, name: string): Locator => form(page).getByRole('textbox', { name });
const captures = (page: Page): Locator => page.getByRole('region', { name: 'Captures' });

export const captureSteps: readonly Step[] = [
  {
    name: 'capture-form',
    go: async (tour) => {
      await escape(tour);
      const { page, running, asked, keyFile } = tour;
      await addAndConnect(page, { name: 'Asked host', host: '127.0.0.1', port: asked.port, user: 'ec2-user', keyFile });
      await page.getByRole('button', { name: 'Accept and remember' }).click();
      await page.getByRole('tab', { name: 'Network' }).click();
      await expectDrawn(page);
      await tour.picture().fit();
      await tour.picture().click(tour.picture().node('eth0', 'nginx-d8e2d'));
      await answerSaveDialog(running.app, path.join(running.userData, 'nginx.pcap'));
      await page.getByRole('button', { name: 'Capture packets…' }).click();
      await field(page, 'Filter').fill('tcp port 80');
    },
  },
  {
    name: 'capture-form-problems',
    go: async ({ page }) => {
      await field(page, 'Packets').fill('many');
      await field(page, 'Seconds').fill('0');
      await page.keyboard.press('Enter');
      await expect(field(page, 'Packets')).toHaveAccessibleDescription('A number from 1 to 2,147,483,647.');
      await expect(field(page, 'Packets')).toBeFocused();
    },
  },
  {
    name: 'capture-running',
    go: async ({ page }) => {
      await field(page, 'Packets').fill('');
      await field(page, 'Seconds').fill('');
      await page.keyboard.press('Enter');
      await expect(captures(page)).toContainText(/[1-9]\d* packets/);
    },
  },
  {
    name: 'capture-saved',
    go: async ({ page }) => {
      await captures(page).getByRole('button', { name: 'Stop capturing eth0 of nginx-d8e2d' }).click();
      await expect(captures(page)).toContainText('saved as nginx.pcap');
    },
  },
  {
    name: 'capture-failed',
    go: async ({ page }) => {
      await page.getByRole('button', { name: 'Capture packets…' }).click();
      await field(page, 'Filter').fill('wrong (');
      await page.keyboard.press('Enter');
      await expect(captures(page).getByRole('alert')).toContainText('does not take the filter');
    },
  },
];
