// Mounts over single files, from mountinfo (its form is in mountinfo.ts): container engines mount their own resolv.conf,
// hosts and hostname over those of the image.
import type { Evidence } from '../model/evidence.ts';
import { parseMount } from './mountinfo.ts';
import { evidenceAt } from './parsed.ts';
import type { Parsed, Source } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';

export interface FileMount {
  readonly pid: number;
  readonly mountPoint: string;
  /** Path in the file system it comes from, whose own root need not be the host's. */
  readonly root: string;
  readonly evidence: Evidence;
}

/** Those over one of `paths`; the last one over a path hides those before it. Lines nobody can read are told elsewhere. */
export function parseFileMounts(source: Source, paths: readonly string[]): Parsed<FileMount> {
  const last = new Map<string, FileMount>();
  const wanted = paths.map((path) => ` ${path} `);
  forEachProcLine(source, ({ pid, content, line }) => {
    if (!wanted.some((path) => content.includes(path))) return;
    const mount = parseMount(content);
    if (!mount || !paths.includes(mount.mountPoint)) return;
    const { mountPoint, root } = mount;
    last.set(`${pid} ${mountPoint}`, { pid, mountPoint, root, evidence: evidenceAt(source, line) });
  });
  return { facts: [...last.values()], unparsable: [] };
}
