// `lsns -n -r --tree=owner -o NS,TYPE,PNS,ONS,NPROCS,UID` (lsns(8); sys-utils/lsns.c of util-linux):
//
//   4026531837 user 0 0 118 0
//   |-4026531840 net 0 4026531837 97 0
//   |-4026532251 user 4026531837 4026531837 0 1000          hidden: nobody is in it
//   |\x20`-4026532329 pid 4026532180 4026532253 1 1000
//
// The tree is drawn before the first column, its blanks as \x20, and other than in ASCII where the locale allows. Columns:
// inode, kind, inode of the parent (user and pid), of the owning user namespace, how many processes, uid. 0 is unknown or
// none: the ioctls are not permitted beyond the reader's own user namespace. The uid is that of the lowest PID in it; only
// where there is no process, of a user namespace the uid that made it (NS_GET_OWNER_UID).
import { namespaceId, namespaceKinds } from '../model/id.ts';
import type { NamespaceId, NamespaceKind } from '../model/id.ts';
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export interface ListedNamespace {
  readonly id: NamespaceId;
  readonly kind: NamespaceKind;
  readonly parent: NamespaceId | undefined;
  readonly owner: NamespaceId | undefined;
  readonly processes: number;
  /** Of a user namespace without a process: who made it, as the reader's user namespace counts. */
  readonly ownerUid: number | undefined;
  readonly evidence: Evidence;
}

export function parseLsns(source: Source): Parsed<ListedNamespace> {
  const facts: ListedNamespace[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const content = source.output.slice(start, end);
    if (content === '') return;
    const match = row.exec(content.replace(treeBefore, ''));
    const kind = namespaceKinds.find((one) => one === match?.[2]);
    if (!match || !kind) {
      unparsable.push(unparsableAt(source, line, content));
      return;
    }
    const [, inode, , parent, owner, processes, uid] = match.map(Number);
    const known = (of: NamespaceKind, number = 0) => (number === 0 ? undefined : namespaceId(of, number));
    facts.push({
      id: namespaceId(kind, inode ?? 0),
      kind,
      parent: kind === 'user' || kind === 'pid' ? known(kind, parent) : undefined,
      owner: known('user', owner),
      processes: processes ?? 0,
      ownerUid: kind === 'user' && processes === 0 ? uid : undefined,
      evidence: evidenceAt(source, line),
    });
  });
  return { facts, unparsable };
}

/** Escapes end in hex digits, so they go before the number is looked for. */
const treeBefore = /^(?:\\x[0-9a-f]{2}|[^0-9\\])+/;
const row = /^(\d+) ([a-z]+) (\d+) (\d+) (\d+) (\d+)$/;

/** `lsns from util-linux 2.38.1`, `lsns from util-linux 2.42-rc1` */
export function parseUtilLinuxVersion(text: string): { readonly text: string; readonly minor: number } | undefined {
  const match = /util-linux (2\.(\d+)\S*)/.exec(text);
  return match?.[1] === undefined ? undefined : { text: match[1], minor: Number(match[2]) };
}
