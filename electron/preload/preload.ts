// The window's only way out: `window.nsatlas` with `call` and `on`, limited to the contract's names. It runs in the
// sandbox; main checks the sender and every argument again.
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../../shared/ipc/contract.ts';
import { callNames, eventNames } from '../../shared/ipc/names.ts';

const bridge: Bridge = {
  call(name, ...args) {
    if (!callNames.has(name)) return Promise.reject(new Error(`No such call: ${String(name)}`));
    return ipcRenderer.invoke(name, ...args) as ReturnType<typeof bridge.call<typeof name>>;
  },
  on(name, listener) {
    if (!eventNames.has(name)) throw new Error(`No such event: ${String(name)}`);
    // The event object is not passed on: it would hand the window `sender` and with it all of ipcRenderer.
    const hear = (_event: unknown, payload: Parameters<typeof listener>[0]): void => listener(payload);
    ipcRenderer.on(name, hear);
    return () => void ipcRenderer.removeListener(name, hear);
  },
};

contextBridge.exposeInMainWorld('nsatlas', bridge);
