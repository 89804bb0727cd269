// Containers by their runtime's own record: runc's and crun's state.json.
import { containerId, processId } from '../../model/id.ts';
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { Known } from '../known.ts';
import type { Finding } from '../../model/finding.ts';
import { saidIn } from '../process-evidence.ts';
import { finding } from '../relation.ts';
import type { Candidate, Candidates } from './candidate.ts';
import { idOfCgroup } from './cgroup-path.ts';
import { engineOfStatePath, namespaceOfStatePath } from './engine.ts';

export function fromRuntimeState(known: Known): Candidates {
  const { entities, index } = known;
  const candidates: Candidate[] = [];
  const findings: Finding[] = [];
  for (const state of entities.runtimeStates) {
    const process = state.initPid === undefined ? undefined : index.process.get(processId(state.initPid));
    const engine = engineOfStatePath(state);
    const engineNamespace = namespaceOfStatePath(state.path);
    const told = {
      runtimeId: state.runtimeId,
      recognisedBy: 'runtime-state' as const,
      ...(engine === undefined ? {} : { engine }),
      ...(engineNamespace === undefined ? {} : { engineNamespace }),
      labels: state.annotations,
      evidence: state.evidence,
    };
    // A PID is only that process's together with its start time: the kernel gives PIDs out again.
    const reused =
      process?.startTicks !== undefined &&
      state.initStartTicks !== undefined &&
      process.startTicks !== state.initStartTicks;
    const sure = process?.startTicks !== undefined && process.startTicks === state.initStartTicks;
    if (process && process.state !== 'Z' && (sure || (!reused && isVouchedFor(process, state.runtimeId, known)))) {
      candidates.push({ ...told, init: { process, rule: 'container.runtime-state', sure } });
      continue;
    }
    if (state.initPid === undefined) continue;
    findings.push(
      finding('gone', reused ? 'container.reused-pid' : 'container.no-process-seen', [containerId(state.runtimeId)], {
        message: reused
          ? `${state.path} names PID ${state.initPid}, which has since been given to another process: the container is not running.`
          : `${state.path} names PID ${state.initPid}, and no such process of the container was seen: it may have ended.`,
        values: { path: state.path, pid: state.initPid, runtimeId: state.runtimeId },
        evidence: [...state.evidence, ...(process ? saidIn(process, 'stat') : [])],
      }),
    );
  }
  return { candidates, findings };
}

/** Where a record has no start time, something else must name the container: the process's cgroup, or its parent's arguments. */
function isVouchedFor(process: UnresolvedProcess, runtimeId: string, { index }: Known): boolean {
  if (idOfCgroup(process.cgroup)?.runtimeId === runtimeId) return true;
  const parent = process.ppid === undefined ? undefined : index.process.get(processId(process.ppid));
  return parent?.argv.includes(runtimeId) ?? false;
}
