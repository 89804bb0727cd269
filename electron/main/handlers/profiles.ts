import { outcome } from '../failures.ts';
import type { Handlers } from '../ipc.ts';
import type { Services } from '../services.ts';

type Calls =
  'profiles:list' | 'profiles:save' | 'profiles:delete' | 'profiles:undelete' | 'profiles:choose-key' | 'demo:profile';

export function profileHandlers({ profiles, dialogs, demo }: Services): Pick<Handlers, Calls> {
  return {
    'profiles:list': () => profiles.list(),
    'profiles:save': (fields, id) => outcome('save the profile', () => profiles.save(fields, id)),
    'profiles:delete': (id) => outcome('delete the profile', () => profiles.delete(id).then(() => null)),
    'profiles:undelete': (id) => outcome('bring the profile back', () => profiles.undelete(id)),
    'profiles:choose-key': async () => (await dialogs.openKey()) ?? null,
    'demo:profile': () => outcome('start the demo host', () => demo.profile()),
  };
}
