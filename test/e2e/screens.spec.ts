// Pictures of every screen and dialog, light and dark, in out/e2e-screens: to be looked at by a person.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { expectNoProblems } from './launch.ts';
import { beginTour, steps, wear } from './tour.ts';
import type { Tour } from './tour-step.ts';

test.describe.configure({ mode: 'serial' });
// Beside Playwright's own folder, which it empties.
const folder = path.resolve(import.meta.dirname, '../../out/e2e-screens');
let tour: Tour;

test.beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  tour = await beginTour();
});
test.afterAll(() => tour.end());
test.afterEach(({}, info) => expectNoProblems(tour.running, info));

for (const [index, { name, go }] of steps.entries()) {
  test(name, async () => {
    await go(tour);
    for (const theme of ['light', 'dark'] as const) {
      await wear(tour, theme);
      const file = path.join(folder, `${String(index + 1).padStart(2, '0')}-${name}-${theme}.png`);
      await tour.page.screenshot({ path: file, animations: 'disabled' });
      // Nothing is wider than the window.
      expect(await tour.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1440);
    }
    await wear(tour, 'light');
  });
}
