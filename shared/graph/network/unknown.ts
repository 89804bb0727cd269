// What is there but could not be placed: processes whose network namespace is closed to us, ends that were not discovered.
import type { UndiscoveredId } from '../../model/id.ts';
import { hasEnded } from '../../model/process.ts';
import type { Process } from '../../model/process.ts';
import { compareNatural } from '../natural-order.ts';
import { groupBy } from '../grouping.ts';
import { plural } from './boxes.ts';
import type { Picture, Sight } from './sight.ts';

export const closedBoxId = 'unknown:processes';

export function addUnknown(sight: Sight, picture: Picture): void {
  addClosedProcesses(sight, picture);
  addUndiscoveredEnds(sight, picture);
}

function addClosedProcesses(sight: Sight, picture: Picture): void {
  const closed = sight.model.processes.filter(isClosed);
  if (closed.length === 0) return;
  picture.nodes.push({
    id: closedBoxId,
    kind: 'unknown',
    parent: 'host',
    label: 'unknown network namespace',
    lines: [`${plural(closed.length, 'process', 'processes')} closed to ${sight.model.host.user.name}`],
    tags: ['closed'],
  });
  if (sight.options.folded.has(closedBoxId)) {
    for (const process of closed) picture.nodeOf.set(process.id, closedBoxId);
    return;
  }
  const byUser = groupBy(closed, (process) => process.user ?? `uid ${process.uid ?? 'unknown'}`);
  for (const [user, processes] of [...byUser].sort((a, b) => compareNatural(a[0], b[0]))) {
    const id = `unknown:user/${user}`;
    picture.nodes.push({
      id,
      kind: 'process',
      parent: closedBoxId,
      label: user,
      lines: [plural(processes.length, 'process', 'processes')],
      tags: ['fold', 'user'],
      count: processes.length,
    });
    for (const process of processes) picture.nodeOf.set(process.id, id);
  }
}

/** Zombies have no namespaces left, and kernel threads are nobody's question. */
const isClosed = (process: Process): boolean =>
  process.namespaces.net === undefined &&
  !process.kernelThread &&
  !hasEnded(process) &&
  process.container === undefined &&
  !process.roles.includes('collector');

function addUndiscoveredEnds(sight: Sight, picture: Picture): void {
  const ends = new Map<UndiscoveredId, string[]>();
  for (const kind of ['veth-peer', 'lower'] as const)
    for (const { from, to } of sight.relations.get(kind) ?? [])
      for (const [end, other] of [
        [from, to],
        [to, from],
      ] as const) {
        if (!end.startsWith('undiscovered:') || picture.nodeOf.has(end)) continue;
        const name = sight.links.get(other as never)?.name;
        const names = ends.get(end as UndiscoveredId) ?? [];
        ends.set(end as UndiscoveredId, name === undefined ? names : [...names, name]);
      }
  for (const [id, names] of ends) {
    const shown = names.sort(compareNatural).slice(0, 2).join(', ') + (names.length > 2 ? ' …' : '');
    picture.nodes.push({
      id,
      kind: 'unknown',
      parent: 'host',
      entity: id,
      label: 'not discovered',
      lines: shown === '' ? [] : [`other end of ${shown}`],
      tags: ['undiscovered'],
    });
    picture.nodeOf.set(id, id);
  }
}
