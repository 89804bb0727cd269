// In which network namespace open sockets are, and where tun and tap descriptors were opened: PID, descriptor and the link that
// `nsenter -t PID -N FD readlink /proc/self/ns/net` shows.
//
//   2214 3 net:[4026532480]
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export interface SocketNetns {
  readonly pid: number;
  readonly fd: number;
  readonly id: NamespaceId;
  readonly evidence: Evidence;
}

export function parseSocketNetns(source: Source): Parsed<SocketNetns> {
  const facts: SocketNetns[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const content = source.output.slice(start, end);
    const [, pid, fd, target = ''] = /^(\d+) (\d+) (\S+)$/.exec(content) ?? [];
    const namespace = parseNamespaceId(target);
    if (namespace?.kind === 'net') {
      facts.push({ pid: Number(pid), fd: Number(fd), id: namespace.id, evidence: evidenceAt(source, line) });
    } else if (content !== '') unparsable.push(unparsableAt(source, line, content));
  });
  return { facts, unparsable };
}
