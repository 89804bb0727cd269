// What the progress of a run showed. It is over within seconds, so it is written down as it passes.
import type { Page } from '@playwright/test';

declare global {
  interface Window {
    shownSections?: Set<string>;
  }
}

/** Before the run; `shownSections` afterwards tells which sections appeared, in that order. */
export async function watchSections(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shown = new Set<string>();
    window.shownSections = shown;
    new MutationObserver(() => {
      for (const cell of document.querySelectorAll('tbody td:first-child')) shown.add(cell.textContent);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}

export function shownSections(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => [...(window.shownSections ?? [])]);
}
