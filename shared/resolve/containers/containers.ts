// Containers without asking an engine: every rule's candidates, merged into one container per runtime id.
import type { Container } from '../../model/container.ts';
import { containerId, type ProcessId } from '../../model/id.ts';
import type { Relation } from '../../model/relation.ts';
import { grouped, type Pass } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { relation, uniqueEvidence } from '../relation.ts';
import type { Candidate } from './candidate.ts';
import { fromCgroups } from './cgroup-path.ts';
import { fromConmon } from './conmon.ts';
import { imageFromLabels, nameFromLabels, networksFromLabels } from './labels.ts';
import { membersOf, type Recognised } from './members.ts';
import { fromRuntimeState } from './runtime-state.ts';
import { fromShims } from './shim.ts';

/** The most telling first: where two rules differ, the earlier one is believed. */
const sources = [fromRuntimeState, fromShims, fromConmon, fromCgroups];

export const containers: Pass = {
  name: 'containers',
  run: (known) => {
    const all = sources.map((source) => source(known));
    const merged = [
      ...grouped(
        all.flatMap((found) => found.candidates),
        (candidate) => candidate.runtimeId,
      ),
    ].map(([runtimeId, candidates]) => merge(runtimeId, candidates));
    const running = merged.filter((container) => container.init !== undefined || container.monitor !== undefined);
    const members = grouped(membersOf(known, running), ([, runtimeId]) => runtimeId);
    return {
      containers: running.map((container) =>
        toContainer(
          container,
          (members.get(container.runtimeId) ?? []).map(([process]) => process),
        ),
      ),
      relations: running.flatMap((container) => relationsOf(container)),
      findings: all.flatMap((found) => found.findings ?? []),
    };
  },
};

interface Merged extends Recognised {
  readonly candidates: readonly Candidate[];
  readonly initFoundBy: Candidate['init'];
}

function merge(runtimeId: string, candidates: readonly Candidate[]): Merged {
  const initFoundBy = candidates.find((candidate) => candidate.init)?.init;
  const monitor = candidates.find((candidate) => candidate.monitor)?.monitor;
  return { runtimeId, candidates, initFoundBy, init: initFoundBy?.process, monitor };
}

function toContainer(merged: Merged, processIds: readonly ProcessId[]): Container {
  const first = <K extends keyof Candidate>(key: K) => merged.candidates.find((c) => c[key] !== undefined)?.[key];
  const labels = first('labels') ?? {};
  const engineNamespace = first('engineNamespace') ?? labels['nerdctl/namespace'];
  const image = imageFromLabels(labels);
  return {
    id: containerId(merged.runtimeId),
    runtimeId: merged.runtimeId,
    engine: first('engine') ?? 'unknown',
    ...(engineNamespace === undefined ? {} : { engineNamespace }),
    name: nameFromLabels(labels) ?? first('name') ?? merged.runtimeId.slice(0, 12),
    ...(image === undefined ? {} : { image }),
    ...(merged.init === undefined ? {} : { init: merged.init.id }),
    processIds,
    ...(merged.monitor === undefined ? {} : { monitor: merged.monitor.id }),
    networks: networksFromLabels(labels),
    labels,
    recognisedBy: [...new Set(merged.candidates.map((candidate) => candidate.recognisedBy))],
    evidence: uniqueEvidence([
      ...merged.candidates.flatMap((candidate) => candidate.evidence),
      ...(merged.init ? saidIn(merged.init, 'stat') : []),
    ]),
  };
}

function relationsOf({ runtimeId, candidates, initFoundBy, monitor }: Merged): readonly Relation[] {
  const id = containerId(runtimeId);
  const evidence = candidates.flatMap((candidate) => candidate.evidence);
  const relations: Relation[] = [];
  if (initFoundBy) {
    const { process, rule, sure } = initFoundBy;
    const certainty = sure ? 'certain' : 'inferred';
    relations.push(
      relation('init', id, process.id, { certainty, rule, evidence: [...evidence, ...saidIn(process, 'stat')] }),
    );
  }
  if (monitor) {
    // The command line names the id; that the init is its child is the kernel's word.
    const isParent = initFoundBy?.process.ppid === monitor.pid;
    relations.push(
      relation('monitored-by', id, monitor.id, {
        certainty: isParent && initFoundBy.sure ? 'certain' : 'inferred',
        rule: isParent ? 'container.monitor-is-parent' : 'container.monitor-command-line',
        evidence: [...saidIn(monitor, 'cmdline'), ...(initFoundBy ? saidIn(initFoundBy.process, 'status') : [])],
      }),
    );
  }
  return relations;
}
