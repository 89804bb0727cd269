// What the inspector says, found as a person reads it: a fact by its label, its value, the proof behind its mark.
import { expect, type Locator, type Page } from '@playwright/test';

export function inspectorOf(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Inspector' });
}

/** The heading is the title of what is selected. */
export async function expectSelected(page: Page, title: string | RegExp): Promise<void> {
  await expect(inspectorOf(page).getByRole('heading', { level: 2 })).toHaveText(title);
}

/** Facts of a label, in the group of that heading where it is given. */
export function facts(page: Page, label: string, group?: string): Locator {
  const within =
    group === undefined
      ? inspectorOf(page)
      : inspectorOf(page).locator('section', { has: page.getByRole('heading', { name: group, exact: true }) });
  const name = new RegExp(`^\\s*${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
  return within.getByRole('listitem').filter({ has: page.locator('.label').filter({ hasText: name }) });
}

/** Opens "How do we know?" of the first fact of a label; gives what it shows. */
export async function openProof(page: Page, label: string, group?: string): Promise<Locator> {
  const fact = facts(page, label, group).first();
  await fact.getByRole('button', { name: `How do we know? ${label}` }).click();
  return fact.getByRole('region', { name: `How do we know: ${label}` });
}

/** The command, and the line of the answer that says it. */
export async function expectProof(proof: Locator, command: RegExp, line: RegExp): Promise<void> {
  await expect(proof.locator('code').filter({ hasText: command }).first()).toBeVisible();
  await expect(proof.locator('mark').filter({ hasText: line }).first()).toBeVisible();
}
