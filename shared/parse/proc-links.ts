// How many processes there are that /proc hides (hidepid). `stat` on /proc counts two links, one for each folder that is always
// there, and one for each process (fs/proc/root.c, proc_root_getattr; nr_processes of kernel/fork.c: of every PID namespace,
// kernel threads and zombies included). Then the folders that show; of those again the ones of other users; and the PID
// namespace:
//
//   183 links
//   /proc
//   /proc/fs
//   /proc/52
//   others
//   /proc/1
//   pid:[4026531836]
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt } from './parsed.ts';
import type { Source } from './parsed.ts';

export interface ProcessCount {
  /** Of the whole machine. Undefined where it cannot be said: another kernel's /proc, or one mounted with subset=pid. */
  readonly all: number | undefined;
  /** That have a folder here. */
  readonly shown: number;
  /** Of those, other users'. */
  readonly shownOfOthers: number;
  /** PID 1 is one of those. */
  readonly firstIsOthers: boolean;
  /** This is the kernel's first PID namespace, which has all of them. */
  readonly inFirst: boolean;
  readonly evidence: Evidence;
}

/** Undefined where that was not asked, or not answered. */
export function parseProcLinks(source: Source): ProcessCount | undefined {
  let links: { readonly count: number; readonly evidence: Evidence } | undefined;
  const folders = { always: 0, shown: 0, shownOfOthers: 0 };
  let [inOthers, firstIsOthers, inFirst] = [false, false, false];
  forEachLine(source.output, (start, end, line) => {
    const text = source.output.slice(start, end);
    const count = /^(\d+) links$/.exec(text)?.[1];
    if (count !== undefined) links = { count: Number(count), evidence: evidenceAt(source, line) };
    else if (text === 'others') inOthers = true;
    else if (text === `pid:[${firstPidNamespace}]`) inFirst = true;
    else if (/^\/proc\/\d+$/.test(text)) {
      folders[inOthers ? 'shownOfOthers' : 'shown'] += 1;
      if (inOthers && text === '/proc/1') firstIsOthers = true;
    } else if (/^\/proc\/[^/]+$/.test(text)) folders.always += 1;
  });
  if (!links || folders.shown === 0) return undefined;
  const { always, shown, shownOfOthers } = folders;
  const all = links.count - 2 - always;
  return {
    all: always > 0 && all >= shown ? all : undefined,
    shown,
    shownOfOthers,
    firstIsOthers,
    inFirst,
    evidence: links.evidence,
  };
}

/** include/linux/proc_ns.h, PROC_PID_INIT_INO */
const firstPidNamespace = 0xeffffffc;
