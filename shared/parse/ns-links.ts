// The links of /proc/PID/ns (namespaces(7)), from `find … -printf '%p %l\n'`:
//
//   /proc/1/ns/net net:[4026531840]
//   /proc/1/ns/pid_for_children pid:[4026531836]
//   /proc/1/task/7/ns/net net:[4026532001]          a thread's own
//   /proc/1/ns/net                                   the link could not be read (some finds print the path all the same)
//
// or, where find has no -printf (BusyBox), from `ls -l /proc/[0-9]*/ns`:
//
//   /proc/1/ns:                                      or  /proc/1/ns/:
//   total 0
//   lrwxrwxrwx    1 root     root             0 Nov 23 15:36 net -> net:[4026531840]
//
// Refusals are on standard error (refusals.ts).
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId, NamespaceKind } from '../model/id.ts';
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export interface NamespaceLink {
  readonly pid: number;
  /** Set for a link of one thread. */
  readonly tid?: number;
  /** pid_for_children, time_for_children: not where the process is, but where its next child will be. */
  readonly forChildren: boolean;
  readonly id: NamespaceId;
  readonly kind: NamespaceKind;
  readonly inode: number;
  readonly evidence: Evidence;
}

/** A link for children is given where it leads elsewhere than the process's own before it: else it says nothing new. */
export function parseNamespaceLinks(source: Source): Parsed<NamespaceLink> {
  const text = source.output;
  const facts: NamespaceLink[] = [];
  const unparsable: Unparsable[] = [];
  const known = new Map<string, ReturnType<typeof parseNamespaceId>>();
  let listed: Owner | undefined;
  let own: { readonly pid: number; readonly of: Partial<Record<NamespaceKind, NamespaceId>> } = { pid: 0, of: {} };

  const add = (owner: Owner, name: string, target: string, line: number): boolean => {
    if (target === '') return true;
    if (!known.has(target)) known.set(target, parseNamespaceId(target));
    const namespace = known.get(target);
    const forChildren = name.endsWith('_for_children');
    if (!namespace || (forChildren ? name !== `${namespace.kind}_for_children` : name !== namespace.kind)) return false;
    const { id, kind, inode } = namespace;
    if (forChildren) {
      if (own.pid === owner.pid && own.of[kind] === id) return true;
    } else if (owner.tid === undefined) {
      if (own.pid !== owner.pid) own = { pid: owner.pid, of: {} };
      own.of[kind] = id;
    }
    const evidence = evidenceAt(source, line);
    const { pid, tid } = owner;
    facts.push(
      tid === undefined
        ? { pid, forChildren, id, kind, inode, evidence }
        : { pid, tid, forChildren, id, kind, inode, evidence },
    );
    return true;
  };

  forEachLine(text, (start, end, line) => {
    const content = text.slice(start, end);
    const found = findLine.exec(content);
    let read: boolean;
    if (found) {
      read = add(ownerOf(found[1], found[2]), found[3] ?? '', found[4] ?? '', line);
    } else if (content.startsWith('/proc/')) {
      const heading = headingLine.exec(content);
      listed = heading ? ownerOf(heading[1], heading[2]) : undefined;
      read = heading !== null;
    } else if (listed && content.startsWith('l')) {
      // A link that could not be read is listed without its arrow.
      const entry = listLine.exec(content);
      read = entry ? add(listed, entry[1] ?? '', entry[2] ?? '', line) : unreadableLine.test(content);
    } else {
      read = content === '' || totalLine.test(content);
    }
    if (!read) unparsable.push(unparsableAt(source, line, content));
  });
  return { facts, unparsable };
}

type Owner = { readonly pid: number; readonly tid?: number };
const ownerOf = (pid: string | undefined, tid: string | undefined): Owner =>
  tid === undefined ? { pid: Number(pid) } : { pid: Number(pid), tid: Number(tid) };

const findLine = /^\/proc\/(\d+)\/(?:task\/(\d+)\/)?ns\/([a-z_]+)(?: (.*))?$/;
const headingLine = /^\/proc\/(\d+)\/(?:task\/(\d+)\/)?ns\/?:$/;
const listLine = / ([a-z_]+) -> ([a-z]+:\[\d+\])$/;
const unreadableLine = / [a-z_]+$/;
const totalLine = /^total \d+$/;
