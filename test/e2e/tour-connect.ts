// From an empty window over hosts that ask, hang or are not there to what a host's menu offers.
import { expect } from '@playwright/test';
import { addAndConnect, fillHostForm, formField, hostForm } from './host-form.ts';
import { escape, type Step } from './tour-step.ts';

export const connectSteps: readonly Step[] = [
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
];
