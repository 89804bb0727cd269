// Containers in containers: Docker in Docker, a kind node's pods, Podman in Podman, LXC in LXC.
//
// The engine of such a container runs in another container, and so does everything it starts: up the kernel's tree of
// processes from the inner container's first process comes one of the outer's (orphans are adopted by the init of their PID
// namespace, never by somebody outside). Where the tree does not tell, the cgroups do: the inner path begins with the outer.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { containerId, processId, type ProcessId } from '../../model/id.ts';
import type { Relation } from '../../model/relation.ts';
import type { Known } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { relation } from '../relation.ts';
import { idsOfProcess, placeOf } from './cgroup-id.ts';
import { containersByPlace, type Recognised } from './members.ts';

/** `members`: process → runtime id of the innermost container it is in. */
export function insideOf(
  { index }: Known,
  containers: readonly Recognised[],
  members: ReadonlyMap<ProcessId, string>,
): readonly Relation[] {
  const byPlace = containersByPlace(containers);
  return containers.flatMap(({ runtimeId, init, monitor }) => {
    const from = init ?? monitor;
    if (!from) return [];
    const above = ancestorElsewhere(from, runtimeId);
    const inside = above && members.get(above.id);
    if (above && inside !== undefined)
      return [
        relation('inside', containerId(runtimeId), containerId(inside), {
          certainty: 'certain',
          rule: 'container.inside-by-ancestor',
          evidence: [...saidIn(from, 'status'), ...saidIn(above, 'status', 'cgroup')],
        }),
      ];
    const chain = idsOfProcess(from).map((id) => byPlace.get(placeOf(id)));
    const outer = chain.slice(0, Math.max(0, chain.indexOf(runtimeId))).findLast((id) => id !== undefined);
    if (outer === undefined) return [];
    return [
      relation('inside', containerId(runtimeId), containerId(outer), {
        certainty: 'inferred',
        rule: 'container.inside-by-cgroup',
        evidence: saidIn(from, 'cgroup'),
      }),
    ];
  });

  /** The nearest process above that is in a container, and not in this one. */
  function ancestorElsewhere(from: UnresolvedProcess, runtimeId: string): UnresolvedProcess | undefined {
    const seen = new Set<ProcessId>([from.id]);
    for (let at = parentOf(from), self = members.get(from.id); at && !seen.has(at.id); at = parentOf(at)) {
      const container = members.get(at.id);
      if (container !== undefined && container !== runtimeId && container !== self) return at;
      seen.add(at.id);
    }
    return undefined;
  }

  function parentOf(process: UnresolvedProcess): UnresolvedProcess | undefined {
    return process.ppid === undefined ? undefined : index.process.get(processId(process.ppid));
  }
}
