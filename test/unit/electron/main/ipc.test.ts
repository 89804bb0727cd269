import type { IpcMainInvokeEvent } from 'electron';
import { beforeEach, describe, expect, it } from 'vitest';
import { registerCalls } from '../../../../electron/main/ipc.ts';
import type { Handlers } from '../../../../electron/main/ipc.ts';
import { callNames } from '../../../../shared/ipc/names.ts';

type Listener = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;
const listeners = new Map<string, Listener>();
const called: unknown[][] = [];
const handlers = Object.fromEntries(
  [...callNames].map((name) => [name, (...args: unknown[]) => called.push([name, ...args])]),
) as unknown as Handlers;

beforeEach(() => {
  listeners.clear();
  called.length = 0;
  registerCalls({ handle: (name, listener) => void listeners.set(name, listener as Listener) }, handlers);
});

/** A call from a frame with this address; `sub`: a frame inside the page. */
function call(name: string, url: string | null, args: readonly unknown[], sub = false): unknown {
  const senderFrame = url === null ? null : { url };
  const sender = { mainFrame: sub ? { url: 'app://nsatlas/index.html' } : senderFrame };
  return listeners.get(name)?.({ sender, senderFrame } as unknown as IpcMainInvokeEvent, ...args);
}
const page = 'app://nsatlas/index.html';

describe('calls from the window', () => {
  it('are all registered, and reach their handler with their arguments', () => {
    expect(new Set(listeners.keys())).toEqual(callNames);
    call('profiles:delete', page, ['p1']);
    expect(called).toEqual([['profiles:delete', 'p1']]);
  });
  it.each([
    ['another site', 'https://nsatlas/index.html'],
    ['a page of another name', 'app://nsatlas.evil/index.html'],
    ['a file', 'file:///index.html'],
    ['an empty page', 'about:blank'],
    ['no address', ''],
    ['a frame that is gone', null],
  ])('are refused from %s', (_what, url) => {
    expect(() => call('profiles:list', url, [])).toThrow(/not from this window/);
    expect(called).toEqual([]);
  });
  it('are refused from a frame inside the page', () => {
    expect(() => call('profiles:list', page, [], true)).toThrow(/not from this window/);
  });
  it.each([
    ['profiles:delete', []],
    ['profiles:delete', ['../x']],
    ['profiles:list', ['more']],
    ['collect:answer', ['p', { accept: 'yes' }]],
    ['settings:write', [null]],
  ])('%s is refused with %j', (name, args) => {
    expect(() => call(name, page, args)).toThrow(/contract/);
    expect(called).toEqual([]);
  });
});
