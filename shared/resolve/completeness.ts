// How much of what exists is known, counted, and the one change that would add most. What is advised has to be true: sudo
// is nothing to root, and a package is named only where its tools were looked for, and were missing or could not do it.
import type { Change, Completeness, Count, CountedSubject } from '../model/completeness.ts';
import { countedSubjects } from '../model/completeness.ts';
import type { NetnsNotEntered } from '../model/entities.ts';
import type { Finding } from '../model/finding.ts';
import { isRoot } from '../model/host.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Model } from '../model/model.ts';
import { hasEnded, isClosed } from '../model/process.ts';
import type { Process } from '../model/process.ts';
import { firstVersion, isOlder } from '../model/tool-versions.ts';

export type Counted = Omit<Model, 'completeness'>;

/** Pure. `notEntered`: why network namespaces were not listed. */
export function completenessOf(model: Counted, notEntered: readonly NetnsNotEntered[]): Completeness {
  const counts: Completeness['counts'] = {
    netns: countNetns(model),
    links: count(model.links, ({ kind }) => kind !== 'unknown'),
    processes: count(living(model), (process) => !isClosed(process)),
    sockets: count(
      model.sockets.filter(({ inode }) => inode !== 0),
      ({ processIds }) => processIds.length > 0,
    ),
    containers: count(model.containers, ({ name, runtimeId }) => name !== runtimeId.slice(0, 12)),
    owners: countOwners(model),
    peers: countPeers(model),
  };
  const change = mostAdding(model, counts, notEntered);
  return { counts, ...(change && { change }) };
}

function count<T>(all: readonly T[], isKnown: (one: T) => boolean): Count {
  return { known: all.filter(isKnown).length, of: all.length };
}

/** Kernel threads are in the host's namespaces, all of them; a zombie has none any more. */
const living = ({ processes }: Counted): readonly Process[] =>
  processes.filter((process) => !process.kernelThread && !hasEnded(process));

function countNetns({ namespaces, links, relations }: Counted): Count {
  const listed = new Set(links.map(({ netns }) => netns));
  const netns = namespaces.filter(({ kind }) => kind === 'net');
  const { known, of } = count(netns, ({ id, inode }) => inode !== undefined && listed.has(id));
  return {
    known,
    // One that a link leads to may be one that is known and was not listed.
    of: Math.max(of, known + hintedAt(relations)),
    ...(mayBeTheSame(netns, listed) && { atMost: true }),
  };
}

/**
 * How many network namespaces at least links lead to that were not listed. Two ids of one network namespace mean two; those of
 * others may mean the same.
 */
function hintedAt(relations: Counted['relations']): number {
  const ids = new Map<string, Set<string>>();
  for (const { to } of relations) {
    const [, observer, id] = /^undiscovered:(.+)\/netnsid\/(\d+)$/.exec(to) ?? [];
    if (observer !== undefined && id !== undefined) ids.set(observer, (ids.get(observer) ?? new Set()).add(id));
  }
  return Math.max(0, ...[...ids.values()].map(({ size }) => size));
}

/** One that is known by its number alone may be one that is known by /proc/PID/net alone. */
const mayBeTheSame = (netns: readonly Namespace[], listed: ReadonlySet<NamespaceId>): boolean =>
  netns.some(({ procNet }) => procNet !== undefined) &&
  netns.some(({ id, inode, processIds }) => inode !== undefined && processIds.length === 0 && !listed.has(id));

/** The initial user namespace has no owner; that of another is its parent. */
function countOwners({ namespaces, host }: Counted): Count {
  const initial = host.initialNamespaces.user?.id;
  return count(
    namespaces.filter(({ id }) => id !== initial),
    ({ kind, owner, parent }) => (kind === 'user' ? parent : owner) !== undefined,
  );
}

function countPeers({ links, relations }: Counted): Count {
  const certain = new Set<string>();
  for (const { kind, certainty, from, to } of relations) {
    // What is certain of others is that nobody saw them.
    const seen = to.startsWith('link:');
    if (kind === 'veth-peer' && certainty === 'certain' && seen) certain.add(from).add(to);
  }
  return count(
    links.filter(({ kind }) => kind === 'veth'),
    ({ id }) => certain.has(id),
  );
}

function mostAdding(
  model: Counted,
  counts: Completeness['counts'],
  notEntered: readonly NetnsNotEntered[],
): Change | undefined {
  if (!model.host.complete) return { with: 'again', adds: [] };
  const changes = [
    sudo(model, counts, notEntered),
    ip(model, notEntered),
    utilLinux(model, counts, notEntered),
    curl(model),
  ].flatMap((change) => change ?? []);
  return changes.sort((a, b) => compare(a, b))[0];
}

/** Whole subjects first, in the order people ask for them; equal ones stay as they are listed above. */
function compare(a: Change, b: Change): number {
  for (const what of countedSubjects) {
    const difference = added(b, what) - added(a, what);
    if (difference !== 0) return difference;
  }
  return 0;
}

const added = ({ adds }: Change, what: CountedSubject): number => adds.find((one) => one.what === what)?.count ?? 0;

const adding = (counts: Partial<Record<CountedSubject, number>>): Change['adds'] =>
  countedSubjects.flatMap((what) => {
    const number = counts[what] ?? 0;
    return number > 0 ? [{ what, count: number }] : [];
  });

function sudo(
  model: Counted,
  { netns }: Completeness['counts'],
  notEntered: readonly NetnsNotEntered[],
): Change | undefined {
  const { host, findings, sockets } = model;
  if (isRoot(host)) return undefined;
  const gone = subjectsOf(findings, 'gone');
  const filesClosed = findings.some(({ rule }) => rule === 'processes.files-not-permitted');
  const hidden = findings.some(({ kind }) => kind === 'hidden');
  const adds = adding({
    processes: living(model).filter((process) => isClosed(process) && !gone.has(process.id)).length,
    netns: notEntered.filter(({ kind }) => kind === 'not-permitted').length,
    // Not those that nobody holds any more, or that are the kernel's: of one's own processes all are seen already.
    sockets: filesClosed
      ? sockets.filter(({ inode, processIds, uid }) => inode !== 0 && processIds.length === 0 && uid !== host.user.uid)
          .length
      : 0,
  });
  if (adds.length === 0 && !hidden) return undefined;
  return {
    with: 'sudo',
    adds,
    ...(hidden && { hiddenProcesses: true }),
    ...((netns.atMost === true || !isOnHost(model)) && { atMost: true }),
  };
}

/** Root of another user namespace than the initial one has no right over what is not in it. */
function isOnHost({ processes, host }: Counted): boolean {
  const shell = processes.find(({ roles, namespaces }) => roles.includes('collector') && namespaces.user !== undefined);
  const own = shell?.namespaces.user ?? host.initialNamespaces.user?.id;
  return own === undefined || own === 'user:[4026531837]';
}

/** No ip at all, or one that cannot say what a link is. */
function ip({ host, links, namespaces }: Counted, notEntered: readonly NetnsNotEntered[]): Change | undefined {
  // Of those that are closed to us no ip tells more.
  const closed = new Set(namespaces.filter(({ procNet }) => procNet !== undefined).map(({ id }) => id));
  const untold = links.filter(({ kind, netns }) => kind === 'unknown' && !closed.has(netns)).length;
  const unlisted = notEntered.filter(({ kind }) => kind === 'not-supported').length;
  // Without nsenter an ip would list the one network namespace we are in.
  const missing = isMissing(host, 'ip') ? Math.min(unlisted, isMissing(host, 'nsenter') ? 1 : Infinity) : 0;
  if (untold + missing === 0) return undefined;
  return { with: 'iproute2', version: firstVersion.ipJson, adds: adding({ netns: missing, links: untold }) };
}

/** nsenter enters, lsns tells the ids that make peers certain. */
function utilLinux(
  { host }: Counted,
  counts: Completeness['counts'],
  notEntered: readonly NetnsNotEntered[],
): Change | undefined {
  const cannotEnter = isMissing(host, 'nsenter') && !isMissing(host, 'ip');
  const netns = cannotEnter ? notEntered.filter(({ kind }) => kind === 'not-supported').length : 0;
  const noIds = isMissing(host, 'lsns') || isOlder(host.tools['lsns'], firstVersion.lsnsNetnsid);
  const peers = noIds ? counts.peers.of - counts.peers.known : 0;
  if (netns + peers === 0) return undefined;
  // Peers may be on the far side of what cannot be entered anyway.
  const version = peers > 0 ? firstVersion.lsnsNetnsid : firstVersion.nsenter;
  return { with: 'util-linux', version, adds: adding({ netns, peers }), atMost: true };
}

function curl({ host, findings }: Counted): Change | undefined {
  const untold = findings.filter(({ rule, kind }) => rule === 'rootlesskit.ports-not-told' && kind === 'not-supported');
  return untold.length > 0 && isMissing(host, 'curl') ? { with: 'curl', adds: [] } : undefined;
}

const isMissing = ({ toolsMissing }: Counted['host'], tool: string): boolean => toolsMissing?.includes(tool) === true;

const subjectsOf = (findings: readonly Finding[], kind: Finding['kind']): ReadonlySet<string> =>
  new Set(findings.flatMap((finding) => (finding.kind === kind ? finding.subjects : [])));
