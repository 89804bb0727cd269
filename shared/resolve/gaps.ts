// What was closed to us, said once for all it concerns, with as whom it was tried.
import type { NetnsNotEntered, UnresolvedNamespace, UnresolvedProcess } from '../model/entities.ts';
import type { Finding } from '../model/finding.ts';
import type { Host } from '../model/host.ts';
import { isRoot, whoAsked } from '../model/host.ts';
import { hasEnded, isClosed } from '../model/process.ts';
import type { Known, Pass } from './known.ts';
import { grouped } from './known.ts';
import { firstVersion } from '../model/tool-versions.ts';
import { finding } from './relation.ts';

/** Root has no right over processes with more capabilities than its own, or in another user namespace. */
const evenRoot =
  'Root may not open them here: they have rights that root of this login has not, or belong to another user namespace.';

export const gaps: Pass = {
  name: 'gaps',
  run: (known) => {
    // What came or went while the host was asked was not refused; that it is gone is told already.
    const gone = new Set(known.entities.findings.flatMap(({ kind, subjects }) => (kind === 'gone' ? subjects : [])));
    const closed = known.entities.processes.filter((process) => isClosedToUs(process) && !gone.has(process.id));
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
        ...closedNetns(known),
      ],
    };
  },
};

/** A zombie has no namespaces any more; of a living process at least the eight have to be known. */
const isClosedToUs = (process: UnresolvedProcess): boolean => !hasEnded(process) && isClosed(process);

function closedProcesses(processes: readonly UnresolvedProcess[], { entities }: Known): readonly Finding[] {
  if (processes.length === 0) return [];
  const who = whoAsked(entities.host);
  const living = entities.processes.filter((process) => !process.kernelThread && !hasEnded(process)).length;
  const placed = processes.filter(({ netnsBy }) => netnsBy !== undefined).length;
  const byUser = [...grouped(processes, (process) => process.user ?? `uid ${process.uid ?? '?'}`)]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([name, group]) => `${name} ${group.length}`);
  return [
    finding(
      'not-permitted',
      'gaps.processes-closed',
      processes.map((process) => process.id),
      {
        message: `The namespaces of ${processes.length} of ${living} processes are closed to ${who} (${byUser.join(', ')})${placed === 0 ? '.' : `; of ${placed === processes.length ? 'all' : placed} of them /proc/PID/net tells the network namespace.`}`,
        advice: isRoot(entities.host) ? evenRoot : 'Processes of other users open with sudo.',
        values: { count: processes.length, of: living, user: who, whose: byUser.join(', '), placed },
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
        message: `The namespaces of ${threads.length} kernel threads are closed to ${whoAsked(entities.host)}.`,
        values: { count: threads.length, user: whoAsked(entities.host) },
        evidence: [],
      },
    ),
  ];
}

/** More of the same does not make it clearer. */
const evidenceLimit = 20;

/** One finding for each reason. */
function netnsNotEntered({ entities, index }: Known): readonly Finding[] {
  const { host } = entities;
  const numbered = entities.netnsNotEntered.filter(({ netns }) => index.namespace.get(netns)?.procNet === undefined);
  const all = entities.namespaces.filter((one) => one.kind === 'net').length;
  const covered = new Set(entities.namespaces.filter(isCovered).map(({ id }) => id));
  const reasonOf = ({ netns, kind }: NetnsNotEntered): Reason =>
    (kind === 'gone' || kind === 'undiscovered') && covered.has(netns) ? 'covered' : kind;
  return [...grouped(numbered, reasonOf)].map(([reason, missing]) => {
    const example = missing.find((one) => one.example !== undefined)?.example;
    const advice = adviceOn(reason, host);
    return finding(
      reason === 'covered' ? 'undiscovered' : reason,
      'gaps.netns-not-entered',
      missing.map(({ netns }) => netns),
      {
        message:
          `${missing.length} of ${all} network namespaces ${reasons[reason](whoAsked(host))}` +
          `: their links and addresses are unknown${example === undefined ? '.' : ` (${example}).`}`,
        ...(advice === undefined ? {} : { advice }),
        values: {
          count: missing.length,
          of: all,
          user: whoAsked(host),
          ...(example === undefined ? {} : { example }),
        },
        evidence: missing.flatMap(({ evidence }) => evidence).slice(0, evidenceLimit),
      },
    );
  });
}

/** Known by /proc/PID/net alone. One that is known by its number alone, through a mount say, may be the same. */
function closedNetns({ entities }: Known): readonly Finding[] {
  const closed = entities.namespaces.filter(({ procNet }) => procNet !== undefined);
  if (closed.length === 0) return [];
  const { host, netnsNotEntered: missing } = entities;
  const notEntered = new Set(missing.map(({ netns }) => netns));
  const empty = entities.namespaces.filter(
    ({ id, inode, processIds }) => inode !== undefined && processIds.length === 0 && notEntered.has(id),
  ).length;
  const [what, their] =
    closed.length === 1 ? ['1 network namespace is', 'its'] : [`${closed.length} network namespaces are`, 'their'];
  const doubled =
    empty === 0 ? '' : ` ${empty} that ${empty === 1 ? 'is' : 'are'} known by number only may be among them.`;
  return [
    finding(
      'not-permitted',
      'gaps.netns-closed',
      closed.map(({ id }) => id),
      {
        message: `${what} told by /proc/PID/net only: ${their} number, of what kind the links are, where their other ends are and policy rules are closed to ${whoAsked(host)}.${doubled}`,
        advice: isRoot(host) ? evenRoot : 'sudo enters them.',
        values: { count: closed.length, user: whoAsked(host), maybeAmong: empty },
        evidence: closed.flatMap(({ evidence }) => evidence).slice(0, evidenceLimit),
      },
    ),
  ];
}

type Reason = NetnsNotEntered['kind'] | 'covered';

/** Nothing but mounts keeps it, and each lies below another one: its path leads to that. */
const isCovered = ({ kind, processIds, keptBy }: UnresolvedNamespace): boolean =>
  kind === 'net' &&
  processIds.length === 0 &&
  keptBy.length > 0 &&
  keptBy.every((keeper) => keeper.by === 'mount' && keeper.covered);

const reasons: Readonly<Record<Reason, (who: string) => string>> = {
  covered: () => 'are kept only by mounts that another mount covers, so that no path leads to them',
  'not-permitted': (who) => `were seen but could not be entered as ${who}`,
  'not-supported': () => 'were seen, but the host’s tools cannot list what is in them',
  'too-large': () => 'had an answer over the size limit',
  'timed-out': () => 'did not answer within the time limit',
  'connection-lost': () => 'were not asked before the run broke off',
  gone: () => 'ended while the host was asked',
  undiscovered: () => 'were seen but could not be listed',
};

function adviceOn(kind: Reason, host: Host): string | undefined {
  if (kind === 'not-permitted') return isRoot(host) ? evenRoot : 'sudo enters them.';
  if (kind === 'connection-lost') return 'Collect again.';
  if (kind !== 'not-supported') return undefined;
  if (host.toolsMissing?.includes('ip')) return `iproute2 ${firstVersion.ipJson} or newer lists them.`;
  if (host.toolsMissing?.includes('nsenter'))
    return `nsenter enters them: util-linux ${firstVersion.nsenter} or newer.`;
  return `iproute2 ${firstVersion.ipJson} or newer lists them.`;
}
