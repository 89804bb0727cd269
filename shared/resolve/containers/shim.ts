// Containers by the command line of containerd's shim: `containerd-shim-runc-v2 -namespace default -id ID -address SOCKET`.
// One shim may watch a whole pod: the containers of its other children are found by their cgroups.
import { withRole, type Known } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { option } from '../processes/command-line.ts';
import { engineOfNamespace } from './engine.ts';
import type { Candidates } from './candidate.ts';
import { initAmongChildren } from './init.ts';
import { speakerOf } from './speaker.ts';

export function fromShims(known: Known): Candidates {
  return {
    candidates: withRole(known, 'containerd-shim').flatMap((shim) => {
      const runtimeId = option(shim.argv, '-id', '--id');
      // `containerd-shim … start` and `delete` run for a moment beside the one that stays.
      if (!runtimeId || ['start', 'delete'].includes(shim.argv.at(-1) ?? '')) return [];
      const namespace = option(shim.argv, '-namespace', '--namespace');
      const init = initAmongChildren(known, shim, runtimeId);
      return [
        {
          runtimeId,
          recognisedBy: 'containerd-shim-argv' as const,
          engine: namespace === undefined ? 'containerd' : engineOfNamespace(namespace),
          ...(namespace === undefined ? {} : { engineNamespace: namespace }),
          speaker: speakerOf(shim),
          monitor: shim,
          ...(init === undefined
            ? {}
            : { init: { process: init, rule: 'container.shim-child' as const, sure: false } }),
          evidence: saidIn(shim, 'cmdline'),
        },
      ];
    }),
  };
}
