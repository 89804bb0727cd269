// Open files that matter, from `find /proc/[0-9]*/fd … -printf '%p %l\n'`:
//
//   /proc/9/fd/3 socket:[12345]             inode of a socket
//   /proc/9/fd/7 net:[4026532201]           a namespace kept open
//   /proc/9/fd/8 /dev/net/tun
//   /proc/9/task/11/fd/3 socket:[12346]     of a thread: that of a process whose main thread has ended, or its own
//
// or, where find has no -printf, the same from `ls -l` (see ns-links.ts): `… 8 -> /dev/net/tun` under `/proc/9/fd:`.
// Other targets are left out.
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt } from './parsed.ts';
import type { Parsed, Source } from './parsed.ts';

export type FdLink = {
  readonly pid: number;
  /** Set where it is read of one thread. */
  readonly tid?: number;
  readonly fd: number;
  readonly evidence: Evidence;
} & (
  | { readonly to: 'socket'; readonly inode: number }
  | { readonly to: 'namespace'; readonly id: NamespaceId }
  | { readonly to: 'tun' }
);

export function parseFdLinks(source: Source): Parsed<FdLink> {
  const text = source.output;
  const facts: FdLink[] = [];
  let listed: Owner | undefined;
  forEachLine(text, (start, end, line) => {
    const content = text.slice(start, end);
    if (content.startsWith('/proc/')) {
      const found = findLine.exec(content);
      if (found) add(ownerOf(found), Number(found[3]), found[4] ?? '', line);
      else {
        const heading = headingLine.exec(content);
        listed = heading ? ownerOf(heading) : undefined;
      }
    } else if (listed !== undefined && content.startsWith('l')) {
      const entry = listLine.exec(content);
      if (entry) add(listed, Number(entry[1]), entry[2] ?? '', line);
    }
  });
  // Lines that are none of these are targets nobody asked for, or their second line: a file's name may hold a newline.
  return { facts, unparsable: [] };

  function add(owner: Owner, fd: number, target: string, line: number): void {
    const evidence = evidenceAt(source, line);
    const socket = socketTarget.exec(target);
    if (socket) facts.push({ ...owner, fd, evidence, to: 'socket', inode: Number(socket[1]) });
    else if (target === '/dev/net/tun') facts.push({ ...owner, fd, evidence, to: 'tun' });
    else {
      const namespace = parseNamespaceId(target);
      if (namespace) facts.push({ ...owner, fd, evidence, to: 'namespace', id: namespace.id });
    }
  }
}

type Owner = Pick<FdLink, 'pid' | 'tid'>;
const ownerOf = ([, pid, tid]: RegExpExecArray): Owner =>
  tid === undefined ? { pid: Number(pid) } : { pid: Number(pid), tid: Number(tid) };

const findLine = /^\/proc\/(\d+)\/(?:task\/(\d+)\/)?fd\/(\d+) (.*)$/;
const headingLine = /^\/proc\/(\d+)\/(?:task\/(\d+)\/)?fd\/?:$/;
const listLine = / (\d+) -> (.*)$/;
const socketTarget = /^socket:\[(\d+)\]$/;
