// The host's own namespaces. /proc/1 says it where it is open. Where it is closed, the kernel's fixed inodes tell for
// most kinds (include/linux/proc_ns.h since 3.8, cgroup 4.6, time 5.6; include/uapi/linux/nsfs.h: net and mnt 6.18), where
// somebody is in them: the kernel gives them to no others, but a host in a container has its own instead. For the others
// those of the login shell are taken. Both are assumed, and said.
import type { Host } from '../model/host.ts';
import { namespaceId, namespaceKinds } from '../model/id.ts';
import type { NamespaceKind } from '../model/id.ts';
import type { FindingLog } from './finding-log.ts';
import type { ProcessRow } from './process-table.ts';

const fixedInodes: Readonly<Record<NamespaceKind, number>> = {
  mnt: 4026531832,
  net: 4026531833,
  time: 4026531834,
  cgroup: 4026531835,
  pid: 4026531836,
  user: 4026531837,
  uts: 4026531838,
  ipc: 4026531839,
};

type Initial = NonNullable<Host['initialNamespaces'][NamespaceKind]>;

export function initialNamespaces(
  rows: ReadonlyMap<number, ProcessRow>,
  collectorPid: number | undefined,
  log: FindingLog,
): Host['initialNamespaces'] {
  const result: Partial<Record<NamespaceKind, Initial>> = {};
  const assumed: NamespaceKind[] = [];
  const shell = collectorPid === undefined ? undefined : rows.get(collectorPid);
  for (const kind of namespaceKinds) {
    const first = rows.get(1)?.namespaces[kind];
    if (first !== undefined) {
      result[kind] = { id: first, certainty: 'certain', rule: 'initial.first-process' };
      continue;
    }
    const fixed = namespaceId(kind, fixedInodes[kind]);
    const isFixed = [...rows.values()].some(({ namespaces }) => namespaces[kind] === fixed);
    const id = isFixed ? fixed : shell?.namespaces[kind];
    if (id === undefined) continue;
    result[kind] = { id, certainty: 'inferred', rule: isFixed ? 'initial.fixed-inode' : 'initial.login-shell' };
    assumed.push(kind);
  }
  for (const kind of assumed) {
    const evidence = shell?.linkEvidence[kind];
    log.add({
      rule: 'initial.assumed',
      kind: 'assumed',
      subject: result[kind]?.id ?? 'host',
      values: { kinds: assumed.join(', '), ...assumedBy(result, assumed) },
      evidence: evidence ? [evidence] : [],
    });
  }
  return result;
}

function assumedBy(
  result: Partial<Record<NamespaceKind, Initial>>,
  assumed: readonly NamespaceKind[],
): { readonly byInode: string; readonly byShell: string } {
  const by = (rule: string) => assumed.filter((kind) => result[kind]?.rule === rule).join(', ');
  return { byInode: by('initial.fixed-inode'), byShell: by('initial.login-shell') };
}
