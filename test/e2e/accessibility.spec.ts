// axe-core on every screen and dialog, in both sets of colours: no violation of any weight.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test, type Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';
import { expectNoProblems } from './launch.ts';
import { beginTour, steps, wear } from './tour.ts';
import type { Tour } from './tour-step.ts';

test.describe.configure({ mode: 'serial' });
let tour: Tour;

test.beforeAll(async () => {
  tour = await beginTour();
  // As DevTools would: the page's policy lets no script in.
  await tour.page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
});
test.afterAll(() => tour.end());
test.afterEach(({}, info) => expectNoProblems(tour.running, info));

for (const { name, go } of steps) {
  test(name, async () => {
    await go(tour);
    for (const theme of ['light', 'dark'] as const) {
      await wear(tour, theme);
      expect(await violations(tour.page), theme).toEqual([]);
    }
    await wear(tour, 'light');
  });
}

declare global {
  interface Window {
    readonly axe: { run(context: Document, options: RunOptions): Promise<AxeResults> };
  }
}

/** One line each: weight, rule, elements, what axe says of the first. */
async function violations(page: Page): Promise<readonly string[]> {
  const results = await page.evaluate(async () => {
    // What fades in has no contrast yet; what turns round and round never ends.
    const passing = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
    await Promise.all(passing.map((animation) => animation.finished.catch(() => undefined)));
    // The region rule is for pages one skips through. In a window, menus and the borders between panes are in no region.
    return window.axe.run(document, { resultTypes: ['violations'], rules: { region: { enabled: false } } });
  });
  return results.violations.map(({ impact, id, nodes }) => {
    const where = nodes.map((node) => node.target.join(' ')).join(', ');
    return `${impact ?? 'unknown'}: ${id}: ${where}: ${nodes[0]?.failureSummary ?? ''}`;
  });
}
