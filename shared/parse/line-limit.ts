// `grep -m N` over several files gives at most N lines of each: which files had at least so many, and so may have more.
import { forEachLine } from './lines.ts';
import { evidenceAt } from './parsed.ts';
import type { Source } from './parsed.ts';
import type { Evidence } from '../model/evidence.ts';

export interface FullFile {
  /** As grep printed it. */
  readonly path: string;
  readonly lines: number;
  /** The last line that came. */
  readonly evidence: Evidence;
}

/** `command`: as it ran, `grep -aHvm 200 …`. Nothing where it has no such limit. */
export function filesAtLineLimit(source: Source, command: string): readonly FullFile[] {
  const limit = Number(limitPattern.exec(command)?.[1] ?? Infinity);
  const text = source.output;
  const full: FullFile[] = [];
  let prefix = '';
  let count = 0;
  forEachLine(text, (start, end, line) => {
    if (prefix !== '' && text.startsWith(prefix, start)) count += 1;
    else {
      const content = text.slice(start, end);
      prefix = content.slice(0, content.indexOf(':') + 1);
      count = 1;
    }
    if (count === limit) full.push({ path: prefix.slice(0, -1), lines: count, evidence: evidenceAt(source, line) });
  });
  return full;
}

const limitPattern = /\bgrep -[a-zA-Z]*m ?(\d+) /;
