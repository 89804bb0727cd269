// /proc/PID/uid_map and gid_map (user_namespaces(7)) through `grep -aH ''`: inside, outside, length.
//
//   /proc/9/uid_map:         0       1000          1
//   /proc/9/uid_map:         1     100000      65536
//
// `outside` counts in the user namespace of the process that reads. No line: nothing is mapped yet.
import type { Evidence } from '../model/evidence.ts';
import type { IdMapRange } from '../model/namespace.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';

export interface IdMapLine {
  readonly pid: number;
  readonly of: 'uid' | 'gid';
  readonly range: IdMapRange;
  readonly evidence: Evidence;
}

export function parseIdMaps(source: Source): Parsed<IdMapLine> {
  const facts: IdMapLine[] = [];
  const bad: Unparsable[] = [];
  const unparsable = forEachProcLine(source, ({ pid, file, content, line }) => {
    const match = range.exec(content);
    if (!match || (file !== 'uid_map' && file !== 'gid_map')) {
      bad.push(unparsableAt(source, line, content));
      return;
    }
    facts.push({
      pid,
      of: file === 'uid_map' ? 'uid' : 'gid',
      range: { inside: Number(match[1]), outside: Number(match[2]), length: Number(match[3]) },
      evidence: evidenceAt(source, line),
    });
  });
  return { facts, unparsable: [...unparsable, ...bad] };
}

const range = /^ *(\d+) +(\d+) +(\d+)$/;
