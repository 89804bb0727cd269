// /proc/PID/mountinfo (proc_pid_mountinfo(5)):
//
//   402 29 0:4 net:[4026532201] /run/netns/blue rw shared:9 - nsfs nsfs rw
//   │   │  │   │                │              │  │           │    │    └ options of the file system
//   │   │  │   │                │              │  │           │    └ source
//   │   │  │   │                │              │  │           └ type
//   │   │  │   │                │              │  └ optional fields, any number, then ` - `: shared:N, master:N,
//   │   │  │   │                │              │    propagate_from:N, unbindable; none: private
//   │   │  │   │                │              └ options of the mount
//   │   │  │   │                └ mount point, seen from the process's root
//   │   │  │   └ root of the mount in its file system; for nsfs: the namespace
//   │   │  └ device
//   │   └ parent's id
//   └ id
//
// Blank, tab, newline and backslash are written as \040 \011 \012 \134.
import type { Evidence } from '../model/evidence.ts';
import type { Propagation } from '../model/mount.ts';
import { evidenceAt } from './parsed.ts';
import type { Source, Unparsable } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';

export interface MountLine {
  readonly id: string;
  readonly parent: string;
  readonly device: string;
  readonly root: string;
  readonly mountPoint: string;
  readonly options: string;
  readonly propagation: Propagation;
  readonly type: string;
  readonly source: string;
  readonly superOptions: string;
}

/** Reads one line; `undefined` when it has not this form. */
export function parseMount(line: string): MountLine | undefined {
  const separator = line.indexOf(' - ');
  if (separator === -1) return undefined;
  const [id, parent, device, root, mountPoint, options, ...optional] = line.slice(0, separator).split(' ');
  const [type, source = '', superOptions = ''] = line.slice(separator + 3).split(' ', 3);
  if (!isNumber(id) || !isNumber(parent)) return undefined;
  if (!device || !root || !mountPoint || options === undefined || !type) return undefined;
  return {
    id,
    parent,
    device,
    root: unescapeOctal(root),
    mountPoint: unescapeOctal(mountPoint),
    options,
    propagation: optional.length === 0 ? isPrivate : propagationOf(optional),
    type,
    source: unescapeOctal(source),
    superOptions,
  };
}

const isNumber = (word: string | undefined): word is string => word !== undefined && /^\d{1,10}$/.test(word);

/** Most mounts of containers are, so they share this. */
const isPrivate: Propagation = {};

/** Kernels may add other fields, which are left out. */
function propagationOf(fields: readonly string[]): Propagation {
  const propagation: { -readonly [K in keyof Propagation]: Propagation[K] } = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    const group = field.slice(colon + 1);
    const name = colon === -1 ? undefined : groupNames.get(field.slice(0, colon));
    if (field === 'unbindable') propagation.unbindable = true;
    else if (name !== undefined && isNumber(group)) propagation[name] = Number(group);
  }
  return propagation;
}

const groupNames: ReadonlyMap<string, 'shared' | 'master' | 'propagateFrom'> = new Map([
  ['shared', 'shared'],
  ['master', 'master'],
  ['propagate_from', 'propagateFrom'],
] as const);

/** The mounts of one process, as they stand in the answer, not yet read. */
export interface MountTableText {
  readonly pid: number;
  /** Set where it is the mount namespace of one thread. */
  readonly tid?: number;
  readonly lines: readonly { readonly content: string; readonly line: number }[];
}

/** Calls `visit` for the mountinfo of each process, or thread, one at a time: there may be very many. */
export function forEachMountTable(source: Source, visit: (table: MountTableText) => void): readonly Unparsable[] {
  let owner: Pick<MountTableText, 'pid' | 'tid'> | undefined;
  let lines: { readonly content: string; readonly line: number }[] = [];
  const flush = () => {
    if (owner) visit({ ...owner, lines });
    lines = [];
  };
  const unparsable = forEachProcLine(source, (current) => {
    if (!current.isFile('mountinfo')) return;
    const { tid } = current;
    if (current.pid !== owner?.pid || tid !== owner.tid) {
      flush();
      owner = { pid: current.pid, ...(tid !== undefined && { tid }) };
    }
    const { content, line } = current;
    lines.push({ content, line });
  });
  flush();
  return unparsable;
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
