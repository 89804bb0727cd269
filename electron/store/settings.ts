// How the app looks, as its user left it: one flat JSON file. A value that makes no sense costs itself only.
import { z } from 'zod';
import type { Settings } from '../../shared/ipc/contract.ts';
import { settingsSchema } from '../../shared/ipc/schemas.ts';
import type { StoreFailure } from './failure.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { OneAtATime } from './one-at-a-time.ts';

export const defaultSettings: Settings = {
  theme: 'system',
  hideLoopback: true,
  sidebarWidth: 232,
  inspectorWidth: 344,
  sidebarOpen: true,
  inspectorOpen: false,
  showLegend: true,
};

export class SettingsStore {
  readonly #file: string;
  readonly #changes = new OneAtATime();
  #settings: Settings;

  private constructor(file: string, settings: Settings) {
    this.#file = file;
    this.#settings = settings;
  }

  static async open(file: string): Promise<{ store: SettingsStore; notice: StoreFailure | undefined }> {
    const { value, notice } = await readJsonFile(file, z.record(z.string(), z.unknown()));
    return { store: new SettingsStore(file, merge(value ?? {})), notice };
  }

  read(): Settings {
    return this.#settings;
  }

  /** Rejects with StoreFailure (file-unwritable); the settings hold until the app ends all the same. */
  write(settings: Settings): Promise<void> {
    this.#settings = settings;
    return this.#changes.run(() => writeJsonFile(this.#file, settings));
  }
}

/** Each known value that is valid, the default for the others. */
function merge(read: Readonly<Record<string, unknown>>): Settings {
  let settings = defaultSettings;
  for (const key of Object.keys(defaultSettings)) {
    const tried = settingsSchema.safeParse({ ...settings, [key]: read[key] });
    if (tried.success) settings = tried.data;
  }
  return settings;
}
