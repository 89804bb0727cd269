// What the picture of the main job is saved as, held against what was on the screen and what the host said.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { LabContainer, LabTruth } from '../lab/lab-truth.ts';
import type { LabHost } from '../lab/reference-host.ts';
import { answerSaveDialog } from './dialogs.ts';
import type { RunningApp } from './launch.ts';
import { lookAtPng, pngSize } from './png.ts';
import { readSvg } from './svg.ts';

export interface DrawnJob {
  readonly running: RunningApp;
  readonly page: Page;
  readonly userData: string;
  readonly host: LabHost;
  readonly truth: LabTruth;
  readonly nginx: LabContainer;
  /** Title of RootlessKit's child. */
  readonly child: string;
  /** Where a node was dragged to, in the scene. */
  readonly moved: { readonly id: string; readonly x: number; readonly y: number };
}

/** `now`: how things stand when the tests run. */
export function testExports(now: () => DrawnJob): void {
  test('the picture is saved as SVG: text as text, everything where it is on the screen', async () => {
    const { running, page, userData, host, truth, nginx, child, moved } = now();
    const file = path.join(userData, 'picture.svg');
    await answerSaveDialog(running.app, file);
    const save = async (): Promise<Awaited<ReturnType<typeof readSvg>>> => {
      await rm(file, { force: true });
      await page.getByRole('dialog').getByRole('button', { name: 'Save…' }).click();
      await expect(page.getByRole('status', { name: 'Notifications' })).toContainText('Exported as picture.svg.');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      return readSvg(page, file);
    };
    const open = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      await expect(page.getByRole('dialog', { name: 'Export the picture' }).getByRole('img')).toBeVisible();
    };
    await open();
    const light = await save();
    expect(light.error).toBeUndefined();
    for (const words of [
      `Network namespaces of ${host.name}`,
      'host',
      child,
      'nginx-d8e2d',
      'redis-3f1c9',
      'eth0',
      nginx.veth.name,
      'nerdctl0',
      'tap0',
      '10.4.0.9/24',
      '10.0.2.100/24',
      `${host.address}/20`,
      '127.0.0.1:8080 → :80',
      `PID ${truth.rootlesskit.slirp4netnsPid}`,
    ])
      expect(light.texts).toContain(words);
    const at = light.places[moved.id];
    expect(Math.abs((at?.x ?? 0) - moved.x), `${JSON.stringify(at)} and ${JSON.stringify(moved)}`).toBeLessThanOrEqual(
      2,
    );
    expect(Math.abs((at?.y ?? 0) - moved.y), `${JSON.stringify(at)} and ${JSON.stringify(moved)}`).toBeLessThanOrEqual(
      2,
    );
    await open();
    await choose(page, 'Dark');
    const dark = await save();
    expect(dark.background).not.toBe(light.background);
    expect(dark.places).toEqual(light.places);
    await open();
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Transparent background' }).check({ force: true });
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Legend' }).uncheck({ force: true });
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Title' }).uncheck({ force: true });
    const bare = await save();
    expect(bare.background).toBeUndefined();
    expect(bare.texts).not.toContain(`Network namespaces of ${host.name}`);
    expect(bare.texts.length).toBeLessThan(light.texts.length);
  });

  test('and as PNG, as large as the dialog says and not blank', async () => {
    const { running, page, userData } = now();
    const file = path.join(userData, 'picture.png');
    await answerSaveDialog(running.app, file);
    let single = { width: 0, height: 0 };
    for (const scale of ['1×', '3×']) {
      await rm(file, { force: true });
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      await choose(page, 'PNG');
      await choose(page, scale);
      const said = await page.getByRole('dialog').getByText(/px$/).textContent();
      await page.getByRole('dialog').getByRole('button', { name: 'Save…' }).click();
      await expect(page.getByRole('status', { name: 'Notifications' })).toContainText('Exported as picture.png.', {
        timeout: 60_000,
      });
      await expect(page.getByRole('dialog')).toHaveCount(0);
      const size = await pngSize(file);
      expect(said?.replaceAll(',', '')).toBe(`${size.width} × ${size.height} px`);
      if (scale === '1×') single = size;
      else expect(size).toEqual({ width: single.width * 3, height: single.height * 3 });
    }
    const seen = await lookAtPng(running.app, file);
    expect(seen.colours).toBeGreaterThan(50);
    expect(seen.mostCommonShare).toBeLessThan(0.95);
  });
}

/** A segment in the open dialog: its input is there for the keyboard, its words for the mouse. */
async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByRole('radio', { name, exact: true }).check({ force: true });
}
