// The app from its folder of data to its window: everything is made here once and handed to who needs it.
import path from 'node:path';
import { app, ipcMain, nativeTheme, shell } from 'electron';
import type { BrowserWindow } from 'electron';
import { drawPng } from '../export/png.ts';
import { ProfileStore } from '../store/profiles.ts';
import { SettingsStore } from '../store/settings.ts';
import { SnapshotStore } from '../store/snapshots.ts';
import { Captures } from './captures.ts';
import { writeClipboard } from './clipboard.ts';
import { DemoProfile } from './demo-profile.ts';
import { DemoReport } from './demo-report.ts';
import { Dialogs } from './dialogs.ts';
import { toFailure } from './failures.ts';
import type { Flags } from './flags.ts';
import { appHandlers } from './handlers/app.ts';
import { captureHandlers } from './handlers/capture.ts';
import { collectHandlers } from './handlers/collect.ts';
import { profileHandlers } from './handlers/profiles.ts';
import { snapshotHandlers } from './handlers/snapshots.ts';
import { registerCalls } from './ipc.ts';
import { installMenu } from './menu.ts';
import { Prompts } from './prompts.ts';
import { runSteps } from './run-steps.ts';
import { Runs } from './runs.ts';
import { sendTo } from './sender.ts';
import type { Services } from './services.ts';
import { connectionOf } from './targets.ts';
import { openWindow, prepareSession } from './window.ts';

export interface RunningApp {
  readonly window: () => BrowserWindow | undefined;
  /** Resolves when nothing of it runs any more, on this machine or on a host. */
  readonly close: () => Promise<void>;
}

/** The app is ready and this is its only instance. `end` ends the process with a status. */
export async function startApp(flags: Flags, end: (status: number) => void): Promise<RunningApp> {
  const data = (name: string): string => path.join(app.getPath('userData'), name);
  let window: BrowserWindow | undefined;
  const send = sendTo(() => window);
  const theWindow = (): BrowserWindow => {
    if (window === undefined) throw new Error('there is no window');
    return window;
  };

  const [profiles, settings, snapshots] = await Promise.all([
    ProfileStore.open(data('profiles.json')),
    SettingsStore.open(data('settings.json')),
    SnapshotStore.open(data('snapshots')),
  ]);
  const notices = [profiles.notice, settings.notice].filter((notice) => notice !== undefined);
  const demo = new DemoProfile(flags.demoLive);
  const report = flags.demoOutput === undefined ? undefined : new DemoReport(flags.demoOutput, end);
  const prompts = new Prompts((payload) => send('collect:prompt', payload));
  const steps = runSteps((profile) => connectionOf(profile, data('known_hosts'), demo), snapshots, app.getVersion());
  const runs = new Runs(steps, prompts, (payload) => {
    report?.heard(payload.event);
    send('collect:event', payload);
  });
  const captures = new Captures({ connect: steps.connect, prompts, send: (payload) => send('capture:event', payload) });
  const services: Services = {
    info: {
      version: app.getVersion(),
      platform: process.platform,
      electron: process.versions.electron,
      demo: flags.demo,
      unattended: report !== undefined,
    },
    notices: notices.map((notice) => toFailure(notice)),
    profiles: profiles.store,
    settings: settings.store,
    snapshots,
    runs,
    captures,
    prompts,
    dialogs: new Dialogs(theWindow),
    demo,
    showFile: (file) => shell.showItemInFolder(file),
    writeClipboard,
    drawPng,
    applySettings: ({ theme }) => (nativeTheme.themeSource = theme),
    demoDrawn: (svg) => report?.drawn(svg, theWindow(), snapshots, drawPng),
  };

  services.applySettings(settings.store.read());
  registerCalls(ipcMain, {
    ...appHandlers(services),
    ...profileHandlers(services),
    ...collectHandlers(services),
    ...captureHandlers(services),
    ...snapshotHandlers(services),
  });
  installMenu((command) => send('menu:command', { command }));
  prepareSession();
  const { settled } = await openWindow(data('window.json'), (opened) => {
    window = opened;
    opened.webContents.on('render-process-gone', (_event, { reason }) => report?.fail(`the page died: ${reason}`));
  });
  return {
    window: () => window,
    close: async () => {
      await Promise.all([runs.cancelAll(), captures.stopAll(), settled()]);
      await demo.close();
    },
  };
}
