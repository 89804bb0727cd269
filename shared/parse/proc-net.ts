// The numbers of files below /proc/PID/net, and beside them where /proc/PID/ns/net leads, where that may be read:
//
//   /proc/9/net/dev 4026532188                                              find -printf '%p %i %l\n'
//   /proc/9/task/11/net/dev 4026532188                                      of a thread, where its main thread has ended
//   /proc/9/ns/net 6072821 net:[4026532182]
//   4026532188 -r--r--r-- 1 0 0 0 Nov 26 02:26 /proc/9/net/dev              ls -ldin
//   6072821 lrwxrwxrwx 1 0 0 0 Nov 26 02:26 /proc/9/ns/net -> net:[4026532182]
//
// Every network namespace has its own entries below /proc/PID/net, and each entry has a number of its own, like the
// namespaces themselves (fs/proc/generic.c, proc_register and proc_alloc_inum; fs/proc/proc_net.c, get_proc_task_net, which
// asks for no right). So equal numbers of net/dev are one network namespace, and different ones are two.
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export type ProcNetLine =
  /** net/dev has this number. */
  | { readonly of: 'file'; readonly pid: number; readonly number: number; readonly evidence: Evidence }
  /** The link in ns leads to it. */
  | { readonly of: 'link'; readonly pid: number; readonly netns: NamespaceId; readonly evidence: Evidence };

export function parseProcNet(source: Source): Parsed<ProcNetLine> {
  const facts: ProcNetLine[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const text = source.output.slice(start, end);
    if (text === '' || closedLink.test(text)) return;
    const fact = read(text);
    if (fact) facts.push({ ...fact, evidence: evidenceAt(source, line) });
    else unparsable.push(unparsableAt(source, line, text));
  });
  return { facts, unparsable };
}

/** find prints the number of a link that it may not read, ls its name. */
const closedLink = /^\/proc\/\d+\/(?:task\/\d+\/)?ns\/net \d+ ?$|^\d+ l.* \/proc\/\d+\/(?:task\/\d+\/)?ns\/net$/;

type Read =
  | { readonly of: 'file'; readonly pid: number; readonly number: number }
  | { readonly of: 'link'; readonly pid: number; readonly netns: NamespaceId };

function read(text: string): Read | undefined {
  const file = /^\/proc\/(\d+)\/(?:task\/\d+\/)?net\/dev (\d+) ?$/.exec(text);
  if (file) return { of: 'file', pid: Number(file[1]), number: Number(file[2]) };
  const listed = /^ *(\d+) -.* \/proc\/(\d+)\/(?:task\/\d+\/)?net\/dev$/.exec(text);
  if (listed) return { of: 'file', pid: Number(listed[2]), number: Number(listed[1]) };
  const link =
    /^\/proc\/(\d+)\/(?:task\/\d+\/)?ns\/net \d+ (net:\[\d+\])$/.exec(text) ??
    /^ *\d+ l.* \/proc\/(\d+)\/(?:task\/\d+\/)?ns\/net -> (net:\[\d+\])$/.exec(text);
  const netns = parseNamespaceId(link?.[2] ?? '');
  return link && netns ? { of: 'link', pid: Number(link[1]), netns: netns.id } : undefined;
}
