// Root directories that are not /, from `find /proc/[0-9]*/root -maxdepth 0 -type l ! -lname / -printf '%p %l\n'`:
//
//   /proc/56/root /srv/jail
//
// or, where find has no -printf (BusyBox), from `ls -ld /proc/[0-9]*/root`:
//
//   lrwxrwxrwx    1 root     root             0 Nov 23 15:36 /proc/56/root -> /srv/jail
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export interface RootLink {
  readonly pid: number;
  readonly path: string;
  readonly evidence: Evidence;
}

export function parseRootLinks(source: Source): Parsed<RootLink> {
  const facts: RootLink[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const content = source.output.slice(start, end);
    const [, pid, path] = linkLine.exec(content) ?? [];
    if (pid !== undefined && path !== undefined) {
      facts.push({ pid: Number(pid), path, evidence: evidenceAt(source, line) });
    } else if (content !== '' && !unreadableLine.test(content)) unparsable.push(unparsableAt(source, line, content));
  });
  return { facts, unparsable };
}

const linkLine = /^(?:l\S* .* )?\/proc\/(\d+)\/root (?:-> )?(\/.*)$/;
/** A link that could not be read. */
const unreadableLine = /^(?:l\S* .* )?\/proc\/\d+\/root ?$/;
