import { collectorScript } from '../../collect/collector-script.ts';
import { StoreFailure } from '../../store/failure.ts';
import { DemoProfile } from '../demo-profile.ts';
import { outcome } from '../failures.ts';
import type { Handlers } from '../ipc.ts';
import type { Services } from '../services.ts';

type Calls = 'collect:start' | 'collect:cancel' | 'collect:answer' | 'collect:script' | 'demo:drawn';

export function collectHandlers({ profiles, demo, runs, prompts, demoDrawn }: Services): Pick<Handlers, Calls> {
  return {
    'collect:start': (profileId) =>
      outcome('collect', async () => {
        const profile = profileId === DemoProfile.id ? await demo.profile() : profiles.find(profileId);
        if (profile === undefined) throw noSuchProfile();
        return { runId: runs.start(profile) };
      }),
    'collect:cancel': (runId) => {
      runs.cancel(runId);
      return null;
    },
    'collect:answer': (promptId, answer) => {
      prompts.answer(promptId, answer);
      return null;
    },
    'collect:script': () => collectorScript,
    'demo:drawn': (svg) => {
      demoDrawn(svg);
      return null;
    },
  };
}

function noSuchProfile(): StoreFailure {
  return new StoreFailure({
    code: 'not-found',
    attempted: 'collect',
    reason: 'There is no such profile any more.',
    advice: 'Choose a host from the list.',
  });
}
