// /etc/subuid and /etc/subgid (subuid(5)): `ec2-user:100000:65536`; the account may be given by its uid. `#` comments.
import type { SubordinateRange } from '../model/entities.ts';
import { forEachLine } from './lines.ts';
import { unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export function parseSubordinateRanges(source: Source): Parsed<SubordinateRange> {
  const facts: SubordinateRange[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const content = source.output.slice(start, end).trim();
    if (content === '' || content.startsWith('#')) return;
    const match = /^([^:]+):(\d+):(\d+)$/.exec(content);
    if (match) facts.push({ user: match[1] ?? '', start: Number(match[2]), count: Number(match[3]) });
    else unparsable.push(unparsableAt(source, line, content));
  });
  return { facts, unparsable };
}
