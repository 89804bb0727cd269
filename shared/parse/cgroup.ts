// /proc/PID/cgroup (cgroups(7)) through `grep -aH ''`: hierarchy:controllers:path, the path as the reader's cgroup
// namespace shows it.
//
//   0::/user.slice/user-1000.slice/session-1.scope     version 2
//   5:memory:/docker/0123…                             version 1
import type { Evidence } from '../model/evidence.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';

export interface CgroupPath {
  readonly pid: number;
  /** The version 2 path, or that of the first version 1 hierarchy that is not the root. */
  readonly path: string;
  readonly evidence: Evidence;
}

export function parseCgroups(source: Source): Parsed<CgroupPath> {
  const bad: Unparsable[] = [];
  const best = new Map<number, CgroupPath & { readonly rank: number }>();
  const unparsable = forEachProcLine(source, (current) => {
    if (!current.isFile('cgroup')) return;
    const { pid, line } = current;
    const version2 = current.startsWith('0::');
    // Nothing of version 1 is better than what is known already.
    if (!version2 && (best.get(pid)?.rank ?? 0) >= 2) return;
    const { content } = current;
    const controllers = content.indexOf(':');
    const path = content.indexOf(':', controllers + 1);
    if (controllers === -1 || path === -1) {
      bad.push(unparsableAt(source, line, content));
      return;
    }
    const value = content.slice(path + 1);
    const rank = value === '/' ? (version2 ? 1 : 0) : version2 ? 3 : 2;
    if (rank > (best.get(pid)?.rank ?? -1))
      best.set(pid, { pid, path: value, evidence: evidenceAt(source, line), rank });
  });
  const facts = [...best.values()].map(({ pid, path, evidence }) => ({ pid, path, evidence }));
  return { facts, unparsable: [...unparsable, ...bad] };
}
