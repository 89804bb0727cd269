// Search, completeness, exports, the namespaces, shortcuts and colours.
import { expect } from '@playwright/test';
import { canvasOf } from './picture.ts';
import { escape, type Step } from './tour-step.ts';

export const otherSteps: readonly Step[] = [
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
