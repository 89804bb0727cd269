// Events on their way to the window; after it is closed they are nobody's.
import type { BrowserWindow } from 'electron';
import type { EventName, Events } from '../../shared/ipc/contract.ts';

export type Send = <K extends EventName>(name: K, payload: Events[K]) => void;

export function sendTo(window: () => BrowserWindow | undefined): Send {
  return (name, payload) => {
    const target = window();
    if (target !== undefined && !target.isDestroyed()) target.webContents.send(name, payload);
  };
}
