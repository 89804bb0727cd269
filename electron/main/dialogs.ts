// The system's file dialogs. Paths that a person chooses stay in this process; the window hears the file's name at most.
// Since Electron 43 dialogs begin in Downloads: the folder used last is remembered here.
import path from 'node:path';
import { app, dialog } from 'electron';
import type { BrowserWindow, FileFilter } from 'electron';

export class Dialogs {
  readonly #window: () => BrowserWindow;
  #folder: string | undefined;

  constructor(window: () => BrowserWindow) {
    this.#window = window;
  }

  /** Hidden files are shown: keys live in ~/.ssh. */
  async openKey(): Promise<string | undefined> {
    const ssh = path.join(app.getPath('home'), '.ssh');
    return this.#open({ title: 'Private key', defaultPath: ssh, filters: [], hidden: true });
  }

  async openSnapshot(): Promise<string | undefined> {
    const file = await this.#open({
      title: 'Open snapshot',
      defaultPath: this.#start(),
      filters: [snapshotFilter],
      hidden: false,
    });
    if (file !== undefined) this.#folder = path.dirname(file);
    return file;
  }

  saveSnapshot(name: string): Promise<string | undefined> {
    return this.#save('Save a copy', name, snapshotFilter);
  }

  savePicture(name: string, format: 'svg' | 'png'): Promise<string | undefined> {
    return this.#save('Export picture', name, { name: format.toUpperCase(), extensions: [format] });
  }

  saveCapture(name: string): Promise<string | undefined> {
    return this.#save('Capture packets', name, { name: 'Packet capture', extensions: ['pcap'] });
  }

  async #open(how: {
    readonly title: string;
    readonly defaultPath: string;
    readonly filters: FileFilter[];
    readonly hidden: boolean;
  }): Promise<string | undefined> {
    const { title, defaultPath, filters, hidden } = how;
    const { canceled, filePaths } = await dialog.showOpenDialog(this.#window(), {
      title,
      defaultPath,
      filters: [...filters, { name: 'All files', extensions: ['*'] }],
      properties: hidden ? ['openFile', 'showHiddenFiles'] : ['openFile'],
    });
    return canceled ? undefined : filePaths[0];
  }

  async #save(title: string, name: string, filter: FileFilter): Promise<string | undefined> {
    const defaultPath = path.join(this.#start(), name);
    const { canceled, filePath } = await dialog.showSaveDialog(this.#window(), {
      title,
      defaultPath,
      filters: [filter],
    });
    // An empty path is what Electron before 31 says when dismissed.
    if (canceled || filePath === undefined || filePath === '') return undefined;
    this.#folder = path.dirname(filePath);
    return filePath;
  }

  #start(): string {
    return this.#folder ?? app.getPath('documents');
  }
}

const snapshotFilter: FileFilter = { name: 'nsatlas snapshot', extensions: ['nsatlas'] };
