// What the handlers work with, made once at the start.
import type { AppInfo, Failure, Settings } from '../../shared/ipc/contract.ts';
import type { ProfileStore } from '../store/profiles.ts';
import type { SettingsStore } from '../store/settings.ts';
import type { SnapshotStore } from '../store/snapshots.ts';
import type { Captures } from './captures.ts';
import type { DemoProfile } from './demo-profile.ts';
import type { Dialogs } from './dialogs.ts';
import type { Prompts } from './prompts.ts';
import type { Runs } from './runs.ts';

export interface Services {
  readonly info: Omit<AppInfo, 'notices'>;
  /** What went wrong while starting. */
  readonly notices: readonly Failure[];
  readonly profiles: ProfileStore;
  readonly settings: SettingsStore;
  readonly snapshots: SnapshotStore;
  readonly runs: Runs;
  readonly captures: Captures;
  readonly prompts: Prompts;
  readonly dialogs: Pick<Dialogs, 'openKey' | 'openSnapshot' | 'saveSnapshot' | 'savePicture' | 'saveCapture'>;
  readonly demo: DemoProfile;
  /** In the system's file manager. */
  readonly showFile: (file: string) => void;
  readonly writeClipboard: (text: string) => Promise<void>;
  /** PNG bytes; `scale` is pixels per pixel of the SVG. */
  readonly drawPng: (svg: string, options: { readonly scale: number }) => Promise<Uint8Array>;
  readonly applySettings: (settings: Settings) => void;
  /** The window has drawn the demo's snapshot. */
  readonly demoDrawn: (svg: string) => void;
}
