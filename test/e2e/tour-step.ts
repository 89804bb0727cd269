// A step of the tour: what it is called and how to get there from the one before.
import { expect, type Page } from '@playwright/test';
import type { TestServer } from '../helpers/ssh-test-server.ts';
import type { RunningApp } from './launch.ts';
import type { DrawnPicture } from './picture.ts';

export interface Tour {
  readonly running: RunningApp;
  readonly page: Page;
  readonly picture: () => DrawnPicture;
  readonly slow: TestServer;
  /** Answers everything, captures too. */
  readonly asked: TestServer;
  readonly password: TestServer;
  readonly keyFile: string;
  readonly snapshot: string;
  end(): Promise<void>;
}

export interface Step {
  readonly name: string;
  go(tour: Tour): Promise<void>;
}

/** Closes the dialog or menu that the step before has opened. */
export const escape = async ({ page }: Tour): Promise<void> => {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('menu')).toHaveCount(0);
};
