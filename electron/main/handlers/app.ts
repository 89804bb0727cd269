import { toFailure } from '../failures.ts';
import type { Handlers } from '../ipc.ts';
import type { Services } from '../services.ts';

type Calls = 'app:info' | 'clipboard:write' | 'settings:read' | 'settings:write';

export function appHandlers(services: Services): Pick<Handlers, Calls> {
  const { info, notices, snapshots, settings, applySettings, writeClipboard } = services;
  return {
    'app:info': async () => {
      const { problems } = await snapshots.list();
      return { ...info, notices: [...notices, ...problems.map((problem) => toFailure(problem))] };
    },
    'clipboard:write': async (text) => {
      await writeClipboard(text);
      return null;
    },
    'settings:read': () => settings.read(),
    'settings:write': async (changed) => {
      applySettings(changed);
      await settings.write(changed);
      return null;
    },
  };
}
