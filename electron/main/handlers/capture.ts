import { StoreFailure } from '../../store/failure.ts';
import { outcome } from '../failures.ts';
import { suggestedFileName } from '../file-name.ts';
import type { Handlers } from '../ipc.ts';
import type { Services } from '../services.ts';

type Calls = 'capture:start' | 'capture:stop' | 'capture:show-file';

export function captureHandlers({ profiles, captures, dialogs, showFile }: Services): Pick<Handlers, Calls> {
  return {
    'capture:start': async (profileId, wish) => {
      const profile = profiles.find(profileId);
      if (profile === undefined) return outcome('capture', () => Promise.reject(noSuchProfile()));
      const { netns, link } = wish.target;
      const what = link === undefined ? netns.name : `${link.name} ${netns.name}`;
      const file = await dialogs.saveCapture(suggestedFileName(what, new Date().toISOString(), 'pcap'));
      if (file === undefined) return null;
      return outcome('capture', () => ({ captureId: captures.start(profile, wish, file) }));
    },
    'capture:stop': (captureId) => {
      captures.stop(captureId);
      return null;
    },
    'capture:show-file': (captureId) => {
      const file = captures.fileOf(captureId);
      if (file !== undefined) showFile(file);
      return null;
    },
  };
}

function noSuchProfile(): StoreFailure {
  return new StoreFailure({
    code: 'not-found',
    attempted: 'capture',
    reason: 'There is no such profile any more.',
    advice: 'Collect from the host again.',
  });
}
