// Which child of a container's monitor is the container's first process.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { hasEnded } from '../../model/process.ts';
import type { Known } from '../known.ts';
import { idOfProcess } from './cgroup-id.ts';

/**
 * The monitor also starts what `exec` asks for, and a pod's shim starts several containers: so the child whose cgroup
 * names the container, else the earliest that is first in a PID namespace of its own, else the only child.
 */
export function initAmongChildren(
  { index }: Known,
  monitor: UnresolvedProcess,
  runtimeId: string,
): UnresolvedProcess | undefined {
  const children = [...(index.childrenOf.get(monitor.pid) ?? [])]
    .filter((child) => !hasEnded(child))
    .sort((a, b) => (a.startTicks ?? 0) - (b.startTicks ?? 0) || a.pid - b.pid);
  const named = children.filter((child) => idOfProcess(child)?.runtimeId === runtimeId);
  if (named.length > 0) return named.find(isInit) ?? named[0];
  const others = children.filter((child) => idOfProcess(child) === undefined);
  const first = others.filter(isInit);
  if (first.length > 0) return first[0];
  return others.length === 1 ? others[0] : undefined;
}

/** Whether it has any: somebody who watches over nobody has none to speak of. */
export const hasChildren = ({ index }: Known, monitor: UnresolvedProcess): boolean =>
  (index.childrenOf.get(monitor.pid) ?? []).some((child) => !hasEnded(child));

/** PID 1 of a PID namespace below the reader's. */
export const isInit = (process: UnresolvedProcess): boolean => process.nsPids.length > 1 && process.nsPids.at(-1) === 1;
