// What was closed to us, said once for all it concerns, with as whom it was tried.
import type { UnresolvedProcess } from '../model/entities.ts';
import type { Finding } from '../model/finding.ts';
import { namespaceKinds } from '../model/id.ts';
import type { Known, Pass } from './known.ts';
import { grouped } from './known.ts';
import { finding } from './relation.ts';

export const gaps: Pass = {
  name: 'gaps',
  run: (known) => {
    // What came or went while the host was asked was not refused; that it is gone is told already.
    const gone = new Set(known.entities.findings.flatMap(({ kind, subjects }) => (kind === 'gone' ? subjects : [])));
    const closed = known.entities.processes.filter((process) => isClosed(process) && !gone.has(process.id));
    return {
      findings: [
        ...closedProcesses(
          closed.filter((process) => !process.kernelThread),
          known,
        ),
        ...closedKernelThreads(
          closed.filter((process) => process.kernelThread),
          known,
        ),
        ...netnsNotEntered(known),
      ],
    };
  },
};

/** A zombie has no namespaces any more; of a living process at least the eight have to be known. */
export function isClosed(process: UnresolvedProcess): boolean {
  if (process.state === 'Z' || process.state === 'X') return false;
  return namespaceKinds.every((kind) => process.namespaces[kind] === undefined);
}

function closedProcesses(processes: readonly UnresolvedProcess[], { entities }: Known): readonly Finding[] {
  if (processes.length === 0) return [];
  const { user } = entities.host;
  const living = entities.processes.filter((process) => !process.kernelThread && process.state !== 'Z').length;
  const byUser = [...grouped(processes, (process) => process.user ?? `uid ${process.uid ?? '?'}`)]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([name, group]) => `${name} ${group.length}`);
  return [
    finding(
      'not-permitted',
      'gaps.processes-closed',
      processes.map((process) => process.id),
      {
        message: `The namespaces of ${processes.length} of ${living} processes are closed to ${user.name} (${byUser.join(', ')}).`,
        advice: 'Processes of other users open with sudo.',
        values: { count: processes.length, of: living, user: user.name, whose: byUser.join(', ') },
        evidence: [],
      },
    ),
  ];
}

/** They are in the host's own namespaces, all of them, and say nothing about containers. */
function closedKernelThreads(threads: readonly UnresolvedProcess[], { entities }: Known): readonly Finding[] {
  if (threads.length === 0) return [];
  return [
    finding(
      'not-permitted',
      'gaps.kernel-threads-closed',
      threads.map((thread) => thread.id),
      {
        message: `The namespaces of ${threads.length} kernel threads are closed to ${entities.host.user.name}.`,
        values: { count: threads.length, user: entities.host.user.name },
        evidence: [],
      },
    ),
  ];
}

function netnsNotEntered({ entities, index }: Known): readonly Finding[] {
  const missing = entities.namespaces.filter((one) => one.kind === 'net' && !index.linksOf.has(one.id));
  if (missing.length === 0) return [];
  const all = entities.namespaces.filter((one) => one.kind === 'net').length;
  return [
    finding(
      'not-permitted',
      'gaps.netns-not-entered',
      missing.map((namespace) => namespace.id),
      {
        message: `${missing.length} of ${all} network namespaces were seen but could not be entered: their links and addresses are unknown.`,
        advice: 'sudo enters them.',
        values: { count: missing.length, of: all, user: entities.host.user.name },
        evidence: missing.flatMap((namespace) => namespace.evidence.slice(0, 1)),
      },
    ),
  ];
}
