// Open files that matter, from `find /proc/[0-9]*/fd … -printf '%p %l\n'`:
//
//   /proc/9/fd/3 socket:[12345]             inode of a socket
//   /proc/9/fd/7 net:[4026532201]           a namespace kept open
//   /proc/9/fd/8 /dev/net/tun
//
// or, where find has no -printf, the same from `ls -l` (see ns-links.ts): `… 8 -> /dev/net/tun` under `/proc/9/fd:`.
// Other targets are left out.
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt } from './parsed.ts';
import type { Parsed, Source } from './parsed.ts';

export type FdLink = { readonly pid: number; readonly fd: number; readonly evidence: Evidence } & (
  | { readonly to: 'socket'; readonly inode: number }
  | { readonly to: 'namespace'; readonly id: NamespaceId }
  | { readonly to: 'tun' }
);

export function parseFdLinks(source: Source): Parsed<FdLink> {
  const text = source.output;
  const facts: FdLink[] = [];
  let listedPid: number | undefined;
  forEachLine(text, (start, end, line) => {
    const content = text.slice(start, end);
    if (content.startsWith('/proc/')) {
      const found = findLine.exec(content);
      if (found) add(Number(found[1]), Number(found[2]), found[3] ?? '', line);
      else listedPid = numberOf(headingLine.exec(content)?.[1]);
    } else if (listedPid !== undefined && content.startsWith('l')) {
      const entry = listLine.exec(content);
      if (entry) add(listedPid, Number(entry[1]), entry[2] ?? '', line);
    }
  });
  // Lines that are none of these are targets nobody asked for, or their second line: a file's name may hold a newline.
  return { facts, unparsable: [] };

  function add(pid: number, fd: number, target: string, line: number): void {
    const evidence = evidenceAt(source, line);
    const socket = socketTarget.exec(target);
    if (socket) facts.push({ pid, fd, evidence, to: 'socket', inode: Number(socket[1]) });
    else if (target === '/dev/net/tun') facts.push({ pid, fd, evidence, to: 'tun' });
    else {
      const namespace = parseNamespaceId(target);
      if (namespace) facts.push({ pid, fd, evidence, to: 'namespace', id: namespace.id });
    }
  }
}

const findLine = /^\/proc\/(\d+)\/fd\/(\d+) (.*)$/;
const headingLine = /^\/proc\/(\d+)\/fd\/?:$/;
const listLine = / (\d+) -> (.*)$/;
const socketTarget = /^socket:\[(\d+)\]$/;
const numberOf = (word: string | undefined) => (word === undefined ? undefined : Number(word));
