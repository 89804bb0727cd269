// Which processes are in a container.
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { NamespaceId, ProcessId } from '../../model/id.ts';
import { processId } from '../../model/id.ts';
import type { Known } from '../known.ts';
import { idsOfProcess, placeOf } from './cgroup-id.ts';

export interface Recognised {
  readonly runtimeId: string;
  /** Its cgroups (`placeOf`). */
  readonly places: readonly string[];
  readonly init: UnresolvedProcess | undefined;
  readonly monitor: UnresolvedProcess | undefined;
}

export const containersByPlace = (containers: readonly Recognised[]): ReadonlyMap<string, string> =>
  new Map(containers.flatMap(({ runtimeId, places }) => places.map((place) => [place, runtimeId] as const)));

/**
 * Process → runtime id, each process in one container, the innermost. By the id in its cgroup's path; else by the PID
 * namespace of the container's init, when that is neither the host's nor shared with the container's monitor; where
 * containers share one (a pod), by the init it descends from.
 */
export function membersOf(known: Known, containers: readonly Recognised[]): ReadonlyMap<ProcessId, string> {
  const { entities, index } = known;
  const byPlace = containersByPlace(containers);
  const byInit = new Map<ProcessId, string>();
  const byPidNamespace = new Map<NamespaceId, Recognised[]>();
  for (const container of containers) {
    if (!container.init) continue;
    byInit.set(container.init.id, container.runtimeId);
    const namespace = container.init.namespaces.pid;
    const shared = namespace === undefined || namespace === container.monitor?.namespaces.pid;
    if (shared || namespace === entities.host.initialNamespaces.pid?.id) continue;
    byPidNamespace.set(namespace, [...(byPidNamespace.get(namespace) ?? []), container]);
  }

  const members = new Map<ProcessId, string>();
  // Who watches a container is not in it, but may be in another: the shims of Docker in Docker.
  const watched = new Map<ProcessId, Set<string>>();
  for (const { monitor, runtimeId } of containers)
    if (monitor) watched.set(monitor.id, (watched.get(monitor.id) ?? new Set()).add(runtimeId));
  for (const process of entities.processes) {
    const id = byInit.get(process.id) ?? containerOf(process);
    if (id !== undefined && watched.get(process.id)?.has(id) !== true) members.set(process.id, id);
  }
  return members;

  function containerOf(process: UnresolvedProcess): string | undefined {
    for (const id of idsOfProcess(process).toReversed()) {
      const named = byPlace.get(placeOf(id));
      if (named !== undefined) return named;
    }
    const sharing = byPidNamespace.get(process.namespaces.pid ?? 'pid:[0]') ?? [];
    if (sharing.length > 1) return initAbove(process);
    return sharing[0]?.runtimeId;
  }

  function initAbove(process: UnresolvedProcess): string | undefined {
    const seen = new Set<ProcessId>();
    for (
      let at: UnresolvedProcess | undefined = process;
      at && !seen.has(at.id);
      at = at.ppid === undefined ? undefined : index.process.get(processId(at.ppid))
    ) {
      const id = byInit.get(at.id);
      if (id !== undefined) return id;
      seen.add(at.id);
    }
    return undefined;
  }
}
