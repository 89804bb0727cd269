// A packet traced beside the picture: empty, suggested, delivered, refused, not understood.
import { expect, type Locator, type Page } from '@playwright/test';
import type { Step } from './tour-step.ts';

const traceField = (page: Page, label: string): Locator =>
  page.getByRole('complementary', { name: 'Trace a packet' }).getByRole('combobox', { name: label });

export const traceSteps: readonly Step[] = [
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
];
