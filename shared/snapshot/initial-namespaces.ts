// The host's own namespaces. /proc/1 says it where it is open. Where it is closed, the kernel's fixed inodes tell for
// most kinds (include/linux/proc_ns.h, since 3.8; cgroup 4.6, time 5.6), and for the others those of the login shell
// are taken, which is assumed, and said.
import type { Host } from '../model/host.ts';
import { namespaceId, namespaceKinds } from '../model/id.ts';
import type { NamespaceId, NamespaceKind } from '../model/id.ts';
import type { FindingLog } from './finding-log.ts';
import type { ProcessRow } from './process-table.ts';

const fixedInodes: Readonly<Partial<Record<NamespaceKind, number>>> = {
  time: 4026531834,
  cgroup: 4026531835,
  pid: 4026531836,
  user: 4026531837,
  uts: 4026531838,
  ipc: 4026531839,
};

export function initialNamespaces(
  rows: ReadonlyMap<number, ProcessRow>,
  collectorPid: number | undefined,
  isSeen: (id: NamespaceId) => boolean,
  log: FindingLog,
): Host['initialNamespaces'] {
  const result: Record<string, { readonly id: NamespaceId; readonly certainty: 'certain' | 'inferred' }> = {};
  const assumed: NamespaceKind[] = [];
  const shell = collectorPid === undefined ? undefined : rows.get(collectorPid);
  for (const kind of namespaceKinds) {
    const first = rows.get(1)?.namespaces[kind];
    if (first !== undefined) {
      result[kind] = { id: first, certainty: 'certain' };
      continue;
    }
    const inode = fixedInodes[kind];
    const fixed = inode === undefined ? undefined : namespaceId(kind, inode);
    const id = fixed !== undefined && isSeen(fixed) ? fixed : shell?.namespaces[kind];
    if (id === undefined) continue;
    result[kind] = { id, certainty: 'inferred' };
    assumed.push(kind);
  }
  for (const kind of assumed) {
    const evidence = shell?.linkEvidence[kind];
    log.add({
      rule: 'initial.assumed',
      kind: 'assumed',
      subject: result[kind]?.id ?? 'host',
      values: { kinds: assumed.join(', ') },
      evidence: evidence ? [evidence] : [],
    });
  }
  return result;
}
