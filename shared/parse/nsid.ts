// `lsns -t net -n -r -o NS,NETNSID` run inside one network namespace: what that one calls the others.
//
//   4026531840 0
//   4026532201 unassigned       it has none for that one (nor, mostly, for itself)
//   4026532277                  not told: lsns asks by way of a process, and nobody is in that one
import { namespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export interface NetnsIdLine {
  readonly netns: NamespaceId;
  /** -1: there is none, the kernel's NETNSA_NSID_NOT_ASSIGNED. */
  readonly netnsid: number;
  readonly evidence: Evidence;
}

/** Only the lines that say something about an id. */
export function parseNetnsIds(source: Source): Parsed<NetnsIdLine> {
  const facts: NetnsIdLine[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const content = source.output.slice(start, end);
    const match = /^ *(\d+)(?: +(\d+|unassigned|-1)?)? *$/.exec(content);
    if (!match) {
      if (content !== '' && !/^ *NS +NETNSID *$/.test(content)) unparsable.push(unparsableAt(source, line, content));
      return;
    }
    if (match[2] === undefined) return;
    facts.push({
      netns: namespaceId('net', Number(match[1])),
      netnsid: match[2] === 'unassigned' ? -1 : Number(match[2]),
      evidence: evidenceAt(source, line),
    });
  });
  return { facts, unparsable };
}
