// Containers by conmon's command line: `conmon -c ID -u ID -n NAME -r /usr/bin/crun -b BUNDLE …` (Podman, CRI-O).
import { withRole, type Known } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { option } from '../processes/command-line.ts';
import type { Candidates } from './candidate.ts';
import { initAmongChildren } from './init.ts';
import { speakerOf } from './speaker.ts';

export function fromConmon(known: Known): Candidates {
  return {
    candidates: withRole(known, 'conmon').flatMap((conmon) => {
      const runtimeId = option(conmon.argv, '-c', '--cid');
      if (!runtimeId) return [];
      const name = option(conmon.argv, '-n', '--name');
      const bundle = option(conmon.argv, '-b', '--bundle') ?? '';
      const init = initAmongChildren(known, conmon, runtimeId);
      return [
        {
          runtimeId,
          recognisedBy: 'conmon-argv' as const,
          // Podman's bundles lie in overlay-containers/ID/userdata, CRI-O's too; CRI-O names its containers k8s_….
          engine: name?.startsWith('k8s_') || bundle.includes('/crio/') ? 'cri-o' : 'podman',
          ...(name === undefined ? {} : { name }),
          speaker: speakerOf(conmon),
          monitor: conmon,
          ...(init === undefined
            ? {}
            : { init: { process: init, rule: 'container.conmon-child' as const, sure: false } }),
          evidence: saidIn(conmon, 'cmdline'),
        },
      ];
    }),
  };
}
