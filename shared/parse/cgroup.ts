// /proc/PID/cgroup (cgroups(7)) through `grep -aH ''`: hierarchy:controllers:path, the path as the reader's cgroup
// namespace shows it.
//
//   0::/user.slice/user-1000.slice/session-1.scope     version 2
//   5:memory:/docker/0123…                             version 1
//
// A host may have both, and they need not agree: where runc manages version 1 by itself, a Docker container's processes
// say `1:name=systemd:/docker/0123…` and, in version 2, `0::/system.slice/containerd.service`.
import type { Evidence } from '../model/evidence.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';

export interface CgroupPath {
  readonly pid: number;
  /** The version 2 path, or that of the first version 1 hierarchy that is not the root. */
  readonly path: string;
  /** What the first version 1 hierarchy that is not the root says, where `path` is version 2's and another. */
  readonly version1?: { readonly path: string; readonly evidence: Evidence };
  readonly evidence: Evidence;
}

export function parseCgroups(source: Source): Parsed<CgroupPath> {
  const bad: Unparsable[] = [];
  const best = new Map<number, CgroupPath & { readonly rank: number }>();
  const version1 = new Map<number, NonNullable<CgroupPath['version1']>>();
  const unparsable = forEachProcLine(source, (current) => {
    if (!current.isFile('cgroup')) return;
    const { pid, line } = current;
    const isVersion2 = current.startsWith('0::');
    // Every further hierarchy of version 1 says nothing new.
    if (!isVersion2 && version1.has(pid)) return;
    const { content } = current;
    const controllers = content.indexOf(':');
    const path = content.indexOf(':', controllers + 1);
    if (controllers === -1 || path === -1) {
      bad.push(unparsableAt(source, line, content));
      return;
    }
    const value = content.slice(path + 1);
    if (!isVersion2 && value !== '/') version1.set(pid, { path: value, evidence: evidenceAt(source, line) });
    const rank = value === '/' ? (isVersion2 ? 1 : 0) : isVersion2 ? 3 : 2;
    if (rank > (best.get(pid)?.rank ?? -1))
      best.set(pid, { pid, path: value, evidence: evidenceAt(source, line), rank });
  });
  const facts = [...best.values()].map(({ pid, path, evidence }): CgroupPath => {
    const other = version1.get(pid);
    return { pid, path, ...(other === undefined || other.path === path ? {} : { version1: other }), evidence };
  });
  return { facts, unparsable: [...unparsable, ...bad] };
}
