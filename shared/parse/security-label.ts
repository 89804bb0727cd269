// /proc/PID/attr/current through `grep -aHs ^` (proc_pid_attr(5)): what the host's security module calls the process.
//
//   /proc/812/attr/current:unconfined
//   /proc/900/attr/current:docker-default (enforce)                         AppArmor: profile (mode)
//   /proc/900/attr/current:system_u:system_r:container_t:s0:c1,c2\0          SELinux: a context, ended by NUL
import type { Evidence } from '../model/evidence.ts';
import { evidenceAt } from './parsed.ts';
import type { Parsed, Source } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';

export interface SecurityLabel {
  readonly pid: number;
  readonly label: string;
  readonly evidence: Evidence;
}

export function parseSecurityLabels(source: Source): Parsed<SecurityLabel> {
  const facts: SecurityLabel[] = [];
  const unparsable = forEachProcLine(source, (current) => {
    if (!current.isFile('attr/current')) return;
    const label = current.content.replace(/\0+$/, '');
    if (label !== '') facts.push({ pid: current.pid, label, evidence: evidenceAt(source, current.line) });
  });
  return { facts, unparsable };
}
