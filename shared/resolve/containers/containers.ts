// Containers without asking an engine: every rule's candidates, merged into one container per runtime id and user (parts.ts).
import type { Container, Pod } from '../../model/container.ts';
import type { Finding } from '../../model/finding.ts';
import { containerId, type ContainerId, type ProcessId } from '../../model/id.ts';
import type { Relation } from '../../model/relation.ts';
import { grouped, type Pass } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { finding, relation, uniqueEvidence } from '../relation.ts';
import type { Candidate } from './candidate.ts';
import { placeOf } from './cgroup-id.ts';
import { fromCgroups } from './cgroup-path.ts';
import { fromConmon } from './conmon.ts';
import { insideOf } from './inside.ts';
import {
  bypassesNetns,
  composeFromLabels,
  imageFromLabels,
  nameFromLabels,
  nameInPod,
  networksFromLabels,
} from './labels.ts';
import { fromLxcMonitors } from './lxc-monitor.ts';
import { membersOf, type Recognised } from './members.ts';
import { partsOf, type Part } from './parts.ts';
import { fromMachined, fromNspawn } from './nspawn.ts';
import { joinPods, podFromLabels, podFromName, podmanInfra } from './pod.ts';
import { fromRuntimeState } from './runtime-state.ts';
import { fromShims } from './shim.ts';

/** The most telling first: where two rules differ, the earlier one is believed. */
const sources = [fromRuntimeState, fromShims, fromConmon, fromLxcMonitors, fromNspawn, fromMachined, fromCgroups];

export const containers: Pass = {
  name: 'containers',
  run: (known) => {
    const all = sources.map((source) => source(known));
    const merged = [
      ...grouped(
        all.flatMap((found) => found.candidates),
        (candidate) => candidate.runtimeId,
      ),
    ].flatMap(([runtimeId, candidates]) => partsOf(runtimeId, candidates, known).map((part) => merge(part, runtimeId)));
    const running = merged.filter((container) => container.init !== undefined || container.monitor !== undefined);
    const members = membersOf(known, running);
    const processes = grouped(members, ([, runtimeId]) => runtimeId);
    const inside = insideOf(known, running, members);
    const parents = new Map(inside.map((one) => [one.from, one.to as ContainerId]));
    const containers = running.map((container) =>
      toContainer(
        container,
        (processes.get(container.runtimeId) ?? []).map(([process]) => process),
        parents.get(containerId(container.runtimeId)),
      ),
    );
    return {
      containers,
      relations: [...running.flatMap((container) => relationsOf(container)), ...inside],
      findings: [...all.flatMap((found) => found.findings ?? []), ...containers.flatMap(bypassed)],
    };
  },
};

interface Merged extends Recognised {
  /** The id without whose it is. */
  readonly said: string;
  readonly candidates: readonly Candidate[];
  readonly initFoundBy: Candidate['init'];
}

function merge({ id, candidates }: Part, said: string): Merged {
  const initFoundBy = candidates.find((candidate) => candidate.init)?.init;
  const monitor = candidates.find((candidate) => candidate.monitor)?.monitor;
  const places = candidates.flatMap(({ place }) => (place ? [placeOf(place)] : []));
  return { runtimeId: id, said, candidates, places, initFoundBy, init: initFoundBy?.process, monitor };
}

function toContainer(merged: Merged, processIds: readonly ProcessId[], parent: ContainerId | undefined): Container {
  const first = <K extends keyof Candidate>(key: K) => merged.candidates.find((c) => c[key] !== undefined)?.[key];
  const labels = first('labels') ?? {};
  const engineNamespace = first('engineNamespace') ?? labels['nerdctl/namespace'];
  const image = imageFromLabels(labels);
  const said = first('name') ?? '';
  const told = first('pod');
  const member = podFromLabels(labels) ?? podFromName(said) ?? podmanInfra(said, told);
  const pod = joinPods([member?.pod, ...merged.candidates.map((candidate) => candidate.pod)]);
  const kind = member?.kind ?? first('kind') ?? pauses(merged, pod);
  const name = nameFromLabels(labels) ?? (member && nameInPod(member)) ?? first('name');
  return {
    id: containerId(merged.runtimeId),
    runtimeId: merged.runtimeId,
    engine: engineOf(merged.candidates),
    ...(engineNamespace === undefined ? {} : { engineNamespace }),
    name: name ?? shortId(merged),
    ...(image === undefined ? {} : { image }),
    ...(kind === undefined ? {} : { kind }),
    ...(pod === undefined ? {} : { pod }),
    ...composeFromLabels(labels),
    ...(parent === undefined ? {} : { parent }),
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

/** With whose it is, where another is known by the id alone. */
const shortId = ({ runtimeId, said }: Merged): string =>
  runtimeId.slice(0, runtimeId.length - said.length) + said.slice(0, 12);

/** A runtime alone says nothing of who called it: anybody who says more is believed first. */
const runtimes: ReadonlySet<string> = new Set(['runc', 'crun', 'youki']);

function engineOf(candidates: readonly Candidate[]): string {
  const engines = candidates.flatMap(({ engine }) => engine ?? []);
  return engines.find((engine) => !runtimes.has(engine)) ?? engines[0] ?? 'unknown';
}

/** Kubernetes' `/pause`, where nobody told what the container is for. */
function pauses({ init }: Merged, pod: Pod | undefined): Container['kind'] {
  return pod !== undefined && init?.argv.length === 1 && init.argv[0] === '/pause' ? 'pod-sandbox' : undefined;
}

function bypassed(container: Container): readonly Finding[] {
  if (!bypassesNetns(container.labels)) return [];
  return [
    finding('note', 'container.bypass4netns', [container.id], {
      message:
        `The connections of ${container.name} do not go through its interfaces: bypass4netns hands its sockets to the host, ` +
        `so that they are sent and received in the host's network namespace.`,
      values: { name: container.name },
      evidence: container.evidence,
    }),
  ];
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
