// What tells a namespace from another one that the kernel gives the same inode later: inodes are handed out again, within
// milliseconds where a namespace is made and ended in a loop. By what lasts longest:
//
//   initial/net                                  the host's own
//   container/<runtime id>/net                   a container's own: the same after it was started again
//   <boot id>/net/4026532201/4211@88123          the oldest process in it, with when it started
//   <boot id>/net/4026532201/mount:/run/netns/a  nobody is in it: where it is mounted, or who keeps it
//
// It changes when the oldest process ends: whether two snapshots mean the same namespace is told by more than it
// (shared/snapshot/same-namespaces.ts).
import type { UnresolvedNamespace } from '../../model/entities.ts';
import type { ProcessId } from '../../model/id.ts';
import type { Keeper, NamespaceRole } from '../../model/namespace.ts';
import type { Known } from '../known.ts';
import { compareText } from '../relation.ts';

export function identityOf(namespace: UnresolvedNamespace, role: NamespaceRole, known: Known): string {
  const { id, kind, inode } = namespace;
  if (known.entities.host.initialNamespaces[kind]?.id === id) return `initial/${kind}`;
  const container = role === 'container' ? firstContainer(namespace, known) : undefined;
  if (container !== undefined) return `container/${container}/${kind}`;
  return `${known.entities.host.bootId ?? 'unknown boot'}/${kind}/${inode ?? id}/${anchorOf(namespace, known)}`;
}

/** Containers of a pod share some: the one whose init is the oldest, which is the pod's own. */
function firstContainer({ id, kind }: UnresolvedNamespace, { containers, index }: Known): string | undefined {
  const inside = containers.flatMap(({ init, runtimeId }) => {
    const process = init && index.process.get(init);
    return process?.namespaces[kind] === id ? [{ runtimeId, start: process.startTicks ?? Infinity }] : [];
  });
  return inside.toSorted((a, b) => compareNumbers(a.start, b.start) || compareText(a.runtimeId, b.runtimeId))[0]
    ?.runtimeId;
}

function anchorOf({ processIds, keptBy }: UnresolvedNamespace, known: Known): string {
  const oldest = processIds
    .flatMap((id) => known.index.process.get(id) ?? [])
    .filter(({ startTicks }) => startTicks !== undefined)
    .toSorted((a, b) => compareNumbers(a.startTicks ?? 0, b.startTicks ?? 0) || a.pid - b.pid)[0];
  if (oldest) return started(oldest.id, known);
  const mounts = keptBy
    .flatMap((keeper) => (keeper.by === 'mount' ? [`mount:${keeper.path}`] : []))
    .toSorted(compareText);
  return mounts[0] ?? keptBy.map((keeper) => keptAs(keeper, known)).toSorted(compareText)[0] ?? 'nobody';
}

function keptAs(keeper: Keeper, known: Known): string {
  switch (keeper.by) {
    case 'thread':
      return `thread:${started(keeper.process, known)}/${keeper.tid}`;
    case 'fd':
    case 'socket':
    case 'tun':
      return `${keeper.by}:${started(keeper.process, known)}/${keeper.fd}`;
    case 'for-children':
      return `for-children:${started(keeper.process, known)}`;
    case 'mount':
      return `mount:${keeper.path}`;
    case 'namespace':
      return `${keeper.as}-of:${keeper.namespace}`;
    case 'lsns':
      return 'nobody';
  }
}

/** `4211@88123`: no other process of this boot is that one. */
const started = (id: ProcessId, { index }: Known): string =>
  `${id.slice('process:'.length)}@${index.process.get(id)?.startTicks ?? '?'}`;

const compareNumbers = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
