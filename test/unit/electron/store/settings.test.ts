import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SettingsStore, defaultSettings } from '../../../../electron/store/settings.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nsatlas-settings-'));
  file = path.join(folder, 'settings.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('starts with the defaults and keeps what was written last', async () => {
  const { store } = await SettingsStore.open(file);
  expect(store.read()).toEqual(defaultSettings);
  await Promise.all([
    store.write({ ...defaultSettings, theme: 'dark' }),
    store.write({ ...defaultSettings, theme: 'light' }),
  ]);
  expect((await SettingsStore.open(file)).store.read().theme).toBe('light');
});
it('takes the default for a value that makes no sense, and only for that', async () => {
  await writeFile(file, JSON.stringify({ theme: 'sepia', sidebarWidth: 300, new: true }));
  const { store, notice } = await SettingsStore.open(file);
  expect(store.read()).toEqual({ ...defaultSettings, sidebarWidth: 300 });
  expect(notice).toBeUndefined();
});
it('is not stopped by a damaged file', async () => {
  await writeFile(file, 'not json');
  const { store, notice } = await SettingsStore.open(file);
  expect(store.read()).toEqual(defaultSettings);
  expect(notice?.code).toBe('file-damaged');
});
