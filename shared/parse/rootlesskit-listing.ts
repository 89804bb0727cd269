// A RootlessKit state directory, twice: as the collector sees it, and through /proc/CHILD/root as the child does.
// Each is `ls -lan` (with -i, the inode first: that of a mounted network namespace is the namespace's own).
//
//   # /run/user/1000/containerd-rootless
//   total 12
//   drwxr-xr-x 2 1000 1000  140 Nov 23 15:00 .
//   srwxr-xr-x 1 1000 1000    0 Nov 23 15:00 api.sock
//   -r--r--r-- 1 1000 1000    0 Nov 23 15:00 netns
//   # /proc/122351/root/run/user/1000/containerd-rootless
//   4026532201 -r--r--r-- 1 0 0 0 Nov 23 15:00 netns
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export interface ListedFile {
  /** The directory, as in the line `# PATH`. */
  readonly directory: string;
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'socket' | 'fifo' | 'character-device' | 'block-device' | 'unknown';
  readonly size: number;
  /** Where it was asked for. */
  readonly inode: number | undefined;
  readonly evidence: Evidence;
}

export function parseListing(source: Source): Parsed<ListedFile> {
  const text = source.output;
  const facts: ListedFile[] = [];
  const unparsable: Unparsable[] = [];
  let directory: string | undefined;
  forEachLine(text, (start, end, line) => {
    const content = text.slice(start, end);
    if (content.startsWith('# /')) {
      directory = content.slice(2);
      return;
    }
    if (content === '' || /^total \d+$/.test(content)) return;
    const match = entryPattern.exec(content);
    if (!match || directory === undefined) {
      unparsable.push(unparsableAt(source, line, content));
      return;
    }
    facts.push({
      directory,
      name: match[4] ?? '',
      type: types[match[2] ?? ''] ?? 'unknown',
      // Devices show `major, minor` instead.
      size: /^\d+$/.test(match[3] ?? '') ? Number(match[3]) : 0,
      inode: match[1] === undefined ? undefined : Number(match[1]),
      evidence: evidenceAt(source, line),
    });
  });
  return { facts, unparsable };
}

const entryPattern =
  /^ *(?:(\d+) +)?([bcdlps-])[rwxsStT-]{9}[.+@]? +\d+ +\S+ +\S+ +(\d+(?:, *\d+)?) +[A-Z][a-z]{2} +\d+ +[\d:]+ (.*)$/;

const types: Readonly<Record<string, ListedFile['type']>> = {
  '-': 'file',
  d: 'directory',
  l: 'symlink',
  s: 'socket',
  p: 'fifo',
  c: 'character-device',
  b: 'block-device',
};
