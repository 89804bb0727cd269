// The one window: its page runs in the sandbox, sees nothing of Node, goes nowhere and opens nothing.
import path from 'node:path';
import { BrowserWindow, nativeTheme, protocol, screen, session } from 'electron';
import type { WebContents } from 'electron';
import { readJsonFile, writeJsonFile } from '../store/json-file.ts';
import { pageUrl, readPageFile, scheme } from './page-files.ts';
import { fitBounds, smallest, windowPlaceSchema } from './window-bounds.ts';
import type { WindowPlace } from './window-bounds.ts';

/** Has to be called before the app is ready. */
export function claimScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the page and shuts the doors of its session. */
export function prepareSession(): void {
  const folder = path.join(import.meta.dirname, '../renderer');
  protocol.handle(scheme, async ({ url }) => {
    const { status, headers, body } = await readPageFile(folder, url);
    return new Response(body, { status, headers });
  });
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  // The CSP forbids it already; what slips past it stays on this machine all the same.
  defaultSession.webRequest.onBeforeRequest((request, decide) => {
    decide({ cancel: !/^(app|blob|data|devtools|chrome-extension):/.test(request.url) });
  });
}

/** For every page there may ever be, whoever makes it. */
export function lockDown(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

export interface OpenedWindow {
  readonly window: BrowserWindow;
  /** Resolves when its place has been written down, after it was closed. */
  readonly settled: () => Promise<void>;
}

/**
 * Resolves when the page is loaded. `placeFile`: where its place is kept between starts. `opened` gets the window before
 * the page runs.
 */
export async function openWindow(placeFile: string, opened: (window: BrowserWindow) => void): Promise<OpenedWindow> {
  const { value: left } = await readJsonFile(placeFile, windowPlaceSchema);
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...fitBounds(left?.bounds, screens),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'nsatlas',
    show: false,
    // The page's --ground, until the page is there.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171b' : '#f4f5f7',
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      // The spell checker would fetch dictionaries.
      spellcheck: false,
    },
  });
  if (left?.maximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  let written = Promise.resolve();
  window.once('close', () => {
    const place: WindowPlace = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    // Where a window was is not worth a message.
    written = writeJsonFile(placeFile, place).catch(() => undefined);
  });
  opened(window);
  await window.loadURL(pageUrl);
  return { window, settled: () => written };
}
