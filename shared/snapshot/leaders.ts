// The topmost processes of a namespace: those whose parent is in another one, or unknown. Several are normal. The
// representative is the earliest started, the lowest PID on a tie; never the lowest PID alone, for PIDs wrap around.
import type { NamespaceId, NamespaceKind } from '../model/id.ts';
import type { ProcessRow } from './process-table.ts';

/** The representative first. */
export function leadersOf(
  members: readonly ProcessRow[],
  kind: NamespaceKind,
  id: NamespaceId,
  rows: ReadonlyMap<number, ProcessRow>,
): readonly ProcessRow[] {
  return members
    .filter(({ ppid }) => ppid === undefined || rows.get(ppid)?.namespaces[kind] !== id)
    .sort((a, b) => (a.startTicks ?? Infinity) - (b.startTicks ?? Infinity) || a.pid - b.pid);
}
