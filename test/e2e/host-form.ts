// A host, added as a person adds one.
import { expect, type Locator, type Page } from '@playwright/test';

export interface NewHost {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Path of a private key; without it the user signs in with a password. */
  readonly keyFile?: string;
}

export function hostForm(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Add a host' });
}

/** Of the open form. */
export function formField(page: Page, name: string): Locator {
  return hostForm(page).getByRole('textbox', { name, exact: true });
}

export async function fillHostForm(page: Page, { name, host, port, user, keyFile }: NewHost): Promise<void> {
  await formField(page, 'Host').fill(host);
  await formField(page, 'Port').fill(String(port));
  await formField(page, 'User').fill(user);
  await formField(page, 'Name').fill(name);
  if (keyFile !== undefined) await formField(page, 'Private key').fill(keyFile);
  // The words of a segment take the click; its input is there for the keyboard.
  else await hostForm(page).getByRole('radio', { name: 'Password', exact: true }).check({ force: true });
}

/** Adds it and lets the run begin. */
export async function addAndConnect(page: Page, host: NewHost): Promise<void> {
  await page.getByRole('button', { name: 'Add host' }).click();
  await fillHostForm(page, host);
  await hostForm(page).getByRole('button', { name: 'Save and connect' }).click();
  await expect(hostForm(page)).toHaveCount(0);
  await page.getByRole('main').getByRole('button', { name: 'Connect', exact: true }).click();
}
