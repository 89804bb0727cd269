// Of all that was read about a process, the lines that say one thing.
import type { Evidence } from '../model/evidence.ts';
import type { NamespaceKind } from '../model/id.ts';
import type { Process } from '../model/process.ts';

type Told = Pick<Process, 'evidence' | 'namespaceEvidence' | 'netnsBy'>;

/** From /proc/PID/status, stat, cmdline or cgroup; what there is where that was not read. */
export function saidIn(
  process: Told,
  ...sections: readonly ('status' | 'stat' | 'cmdline' | 'cgroup')[]
): readonly Evidence[] {
  const said = process.evidence.filter((one) => (sections as readonly string[]).includes(one.section));
  return said.length > 0 ? said : process.evidence.slice(0, 1);
}

/** The link in /proc/PID/ns, or what stood for it. */
export function isIn(process: Told, kind: NamespaceKind): readonly Evidence[] {
  if (kind === 'net' && process.netnsBy) return process.netnsBy.evidence;
  const link = process.namespaceEvidence?.[kind];
  return link ? [link] : process.evidence.slice(0, 1);
}
