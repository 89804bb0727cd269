// Containers by the cgroups their processes are in (cgroup-id.ts says what paths look like).
import { hasEnded } from '../../model/process.ts';
import { grouped, type Known } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import type { Candidate, Candidates } from './candidate.ts';
import { idOfProcess, placeOf } from './cgroup-id.ts';
import { isInit } from './init.ts';

export function fromCgroups({ entities }: Known): Candidates {
  const named = entities.processes.flatMap((process) => {
    const id = idOfProcess(process);
    return id && !hasEnded(process) ? [{ process, id }] : [];
  });
  return {
    candidates: [...grouped(named, ({ id }) => placeOf(id)).values()].flatMap((members): readonly Candidate[] => {
      const [first] = members;
      if (!first) return [];
      const earliest = [...members].sort(
        (a, b) => (a.process.startTicks ?? 0) - (b.process.startTicks ?? 0) || a.process.pid - b.process.pid,
      );
      const init = earliest.find(({ process }) => isInit(process)) ?? earliest[0];
      const { runtimeId, engine, engineNamespace, name, pod } = first.id;
      return [
        {
          runtimeId,
          recognisedBy: 'cgroup-path',
          place: first.id,
          engine,
          ...(engineNamespace === undefined ? {} : { engineNamespace }),
          ...(name === undefined ? {} : { name }),
          ...(pod === undefined ? {} : { pod }),
          ...(init === undefined
            ? {}
            : { init: { process: init.process, rule: 'container.cgroup-path', sure: false } }),
          evidence: init ? saidIn(init.process, 'cgroup') : [],
        },
      ];
    }),
  };
}
