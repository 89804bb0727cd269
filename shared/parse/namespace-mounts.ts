// Namespaces mounted over files (nsfs), from mountinfo (its form is in mountinfo.ts).
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Evidence } from '../model/evidence.ts';
import { coverTest } from './mount-cover.ts';
import { forEachMountTable, parseMount } from './mountinfo.ts';
import type { MountLine, MountTableText } from './mountinfo.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

/** As one process's mount namespace shows it. */
export interface NamespaceMount {
  readonly pid: number;
  /** Set where it is the mount namespace of one thread. */
  readonly tid?: number;
  readonly id: NamespaceId;
  readonly mountPoint: string;
  /** Another mount lies over it: the mount point's path does not lead to it. */
  readonly covered: boolean;
  readonly evidence: Evidence;
}

/** Lines that are no mounts at all are told with the mount tables (mount-table.ts). */
export function parseNamespaceMounts(source: Source): Parsed<NamespaceMount> {
  const facts: NamespaceMount[] = [];
  const bad: Unparsable[] = [];
  forEachMountTable(source, (table) => {
    // Most processes have no namespace mounted: theirs is not looked at any closer.
    if (table.lines.some(({ content }) => content.includes(' - nsfs '))) readTable(source, table, facts, bad);
  });
  return { facts, unparsable: bad };
}

function readTable(source: Source, table: MountTableText, facts: NamespaceMount[], bad: Unparsable[]): void {
  const { lines, ...owner } = table;
  const mounts: MountLine[] = [];
  const found: { readonly mount: MountLine; readonly id: NamespaceId; readonly line: number }[] = [];
  for (const { content, line } of lines) {
    const mount = parseMount(content);
    if (!mount) continue;
    mounts.push(mount);
    const namespace = mount.type === 'nsfs' ? parseNamespaceId(mount.root) : undefined;
    if (namespace) found.push({ mount, id: namespace.id, line });
    else if (mount.type === 'nsfs') bad.push(unparsableAt(source, line, content));
  }
  const isCovered = coverTest(mounts);
  for (const { mount, id, line } of found) {
    const covered = isCovered(mount);
    facts.push({ ...owner, id, mountPoint: mount.mountPoint, covered, evidence: evidenceAt(source, line) });
  }
}
