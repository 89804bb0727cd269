// The one place where calls from the window come in: sender checked, arguments checked, then the handler.
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import type { CallName, Calls } from '../../shared/ipc/contract.ts';
import { callNames, isCallName } from '../../shared/ipc/names.ts';
import { argumentSchemas } from '../../shared/ipc/schemas.ts';
import { pageOrigin } from './page-files.ts';

export type Handlers = {
  readonly [K in CallName]: (...args: Calls[K]['args']) => Promise<Calls[K]['result']> | Calls[K]['result'];
};

/** All calls or none: the compiler sees to it that no handler is missing. */
export function registerCalls(ipc: Pick<IpcMain, 'handle'>, handlers: Handlers): void {
  for (const name of callNames) {
    if (isCallName(name)) register(ipc, name, handlers[name]);
  }
}

function register<K extends CallName>(ipc: Pick<IpcMain, 'handle'>, name: K, handler: Handlers[K]): void {
  ipc.handle(name, (event, ...args: unknown[]) => {
    if (!isOurPage(event)) throw new Error(`${name}: not from this window's page`);
    const checked = argumentSchemas[name].safeParse(args);
    if (!checked.success) throw new Error(`${name}: arguments that the contract does not allow`);
    return handler(...checked.data);
  });
}

/** Only the page itself, not a frame in it; a frame that is gone already (null) is nobody. */
function isOurPage({ sender, senderFrame }: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>): boolean {
  if (senderFrame === null || senderFrame !== sender.mainFrame) return false;
  try {
    // `origin` of an own scheme is 'null' in URL, so its parts are compared.
    const { protocol, host } = new URL(senderFrame.url);
    return `${protocol}//${host}` === pageOrigin;
  } catch {
    return false;
  }
}
