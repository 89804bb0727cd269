// /proc/PID/mountinfo (proc_pid_mountinfo(5)):
//
//   402 29 0:4 net:[4026532201] /run/netns/blue rw shared:9 - nsfs nsfs rw
//   │   │  │   │                │              │  │           │    │    └ options of the file system
//   │   │  │   │                │              │  │           │    └ source
//   │   │  │   │                │              │  │           └ type
//   │   │  │   │                │              │  └ optional fields, any number, then ` - `
//   │   │  │   │                │              └ options of the mount
//   │   │  │   │                └ mount point, seen from the process's root
//   │   │  │   └ root of the mount in its file system; for nsfs: the namespace
//   │   │  └ device
//   │   └ parent's id
//   └ id
//
// Blank, tab, newline and backslash are written as \040 \011 \012 \134.
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Evidence } from '../model/evidence.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';

export interface Mount {
  readonly id: string;
  readonly parent: string;
  readonly root: string;
  readonly mountPoint: string;
  readonly options: string;
  readonly type: string;
  readonly superOptions: string;
}

/** Reads one line; `undefined` when it has not this form. */
export function parseMount(line: string): Mount | undefined {
  const separator = line.indexOf(' - ');
  if (separator === -1) return undefined;
  const [id, parent, , root, mountPoint, options] = line.slice(0, separator).split(' ', 6);
  const [type, , superOptions = ''] = line.slice(separator + 3).split(' ', 3);
  if (!id || !parent || !root || !mountPoint || options === undefined || !type) return undefined;
  return {
    id,
    parent,
    root: unescapeOctal(root),
    mountPoint: unescapeOctal(mountPoint),
    options,
    type,
    superOptions,
  };
}

/** A namespace mounted over a file (nsfs), as one process's mount namespace shows it. */
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

/** The nsfs mounts in the mountinfo of several processes. */
export function parseNamespaceMounts(source: Source): Parsed<NamespaceMount> {
  const facts: NamespaceMount[] = [];
  const bad: Unparsable[] = [];
  let owner: Owner | undefined;
  let lines: { readonly content: string; readonly line: number }[] = [];
  let wanted = false;

  // Most processes have no namespace mounted: theirs is not looked at any closer.
  const flush = () => {
    if (owner && wanted) readNamespaceMounts(source, owner, lines, facts, bad);
    lines = [];
    wanted = false;
  };

  const unparsable = forEachProcLine(source, (current) => {
    const tid = current.isFile('mountinfo') ? undefined : tidOf(current.file);
    if (tid === 'another file') return;
    if (current.pid !== owner?.pid || tid !== owner.tid) {
      flush();
      owner = { pid: current.pid, ...(tid !== undefined && { tid }) };
    }
    const { content, line } = current;
    lines.push({ content, line });
    wanted ||= content.includes(' - nsfs ');
  });
  flush();
  return { facts, unparsable: [...unparsable, ...bad] };
}

type Owner = Pick<NamespaceMount, 'pid' | 'tid'>;

/** `task/11/mountinfo` */
function tidOf(file: string): number | 'another file' {
  const match = /^task\/(\d+)\/mountinfo$/.exec(file);
  return match ? Number(match[1]) : 'another file';
}

function readNamespaceMounts(
  source: Source,
  owner: Owner,
  lines: readonly { readonly content: string; readonly line: number }[],
  facts: NamespaceMount[],
  bad: Unparsable[],
): void {
  const table = new Map<string, Mount>();
  const found: { readonly mount: Mount; readonly id: NamespaceId; readonly line: number }[] = [];
  for (const { content, line } of lines) {
    const mount = parseMount(content);
    const namespace = mount?.type === 'nsfs' ? parseNamespaceId(mount.root) : undefined;
    if (mount) table.set(mount.id, mount);
    if (namespace && mount) found.push({ mount, id: namespace.id, line });
    else if (!mount || mount.type === 'nsfs') bad.push(unparsableAt(source, line, content));
  }
  const isCovered = coverTest(table);
  for (const { mount, id, line } of found) {
    const covered = isCovered(mount);
    facts.push({ ...owner, id, mountPoint: mount.mountPoint, covered, evidence: evidenceAt(source, line) });
  }
}

/**
 * Tells whether a path still leads to a mount. It does not when, on the way from the root, some other mount was put on
 * one of its ancestors at the path or above it. Asked by the (few) prefixes of the path, not by all mounts.
 */
function coverTest(table: ReadonlyMap<string, Mount>): (mount: Mount) => boolean {
  const children = new Map<string, Mount[]>();
  for (const mount of table.values()) {
    const key = `${mount.parent} ${mount.mountPoint}`;
    const same = children.get(key);
    if (same) same.push(mount);
    else children.set(key, [mount]);
  }
  return (mount) => {
    const chain = new Set<Mount>();
    let below: Mount = mount;
    for (let at: Mount | undefined = mount; at && !chain.has(at) && chain.size < 64; at = table.get(at.parent)) {
      chain.add(at);
      const target: string = at === mount ? mount.mountPoint : below.mountPoint;
      for (const path of prefixesOf(target)) {
        const others = children.get(`${at.id} ${path}`);
        if (others?.some((other) => other !== below && !chain.has(other))) return true;
      }
      below = at;
    }
    return false;
  };
}

/** `/run/netns/a` → itself, `/run/netns`, `/run`, `/`. */
function prefixesOf(path: string): readonly string[] {
  const prefixes = [path];
  for (let slash = path.lastIndexOf('/'); slash > 0 && prefixes.length < 64; slash = path.lastIndexOf('/', slash - 1)) {
    prefixes.push(path.slice(0, slash));
  }
  if (path !== '/') prefixes.push('/');
  return prefixes;
}

/** `\040` → blank. Each escape is one byte; those of UTF-8 are never escaped by the kernel. */
export function unescapeOctal(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))
    : text;
}

/**
 * How /proc hides processes from this user (proc(5), hidepid): `0` nothing, `1`, `2`, `4` or the words newer kernels
 * use (`off`, `noaccess`, `invisible`, `ptraceable`). From mountinfo lines of /proc; the last mount counts.
 */
export function parseHidepid(source: Source): { readonly value: string; readonly evidence: Evidence } | undefined {
  let result: { readonly value: string; readonly evidence: Evidence } | undefined;
  source.output.split('\n').forEach((text, at) => {
    const mount = parseMount(text);
    if (mount?.type !== 'proc' || mount.mountPoint !== '/proc') return;
    const option = mount.superOptions.split(',').find((word) => word.startsWith('hidepid='));
    result = { value: option?.slice('hidepid='.length) ?? '0', evidence: evidenceAt(source, at + 1) };
  });
  return result;
}
