// The contract's names as values: the preload passes these on and nothing else. The types make sure that none is
// missing and none is left over.
import type { CallName, EventName } from './contract.ts';

const calls: { readonly [K in CallName]: true } = {
  'app:info': true,
  'profiles:list': true,
  'profiles:save': true,
  'profiles:delete': true,
  'profiles:undelete': true,
  'profiles:choose-key': true,
  'demo:profile': true,
  'demo:drawn': true,
  'collect:start': true,
  'collect:cancel': true,
  'collect:answer': true,
  'collect:script': true,
  'capture:start': true,
  'capture:stop': true,
  'capture:show-file': true,
  'snapshots:list': true,
  'snapshots:read': true,
  'snapshots:delete': true,
  'snapshots:undelete': true,
  'snapshots:open-file': true,
  'snapshots:save-copy': true,
  'export:save': true,
  'settings:read': true,
  'settings:write': true,
  'clipboard:write': true,
};

const events: { readonly [K in EventName]: true } = {
  'collect:event': true,
  'collect:prompt': true,
  'capture:event': true,
  'menu:command': true,
};

export const callNames: ReadonlySet<string> = new Set(Object.keys(calls));
export const eventNames: ReadonlySet<string> = new Set(Object.keys(events));

export function isCallName(name: string): name is CallName {
  return callNames.has(name);
}
