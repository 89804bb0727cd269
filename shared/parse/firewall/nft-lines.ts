// Lines of `nft list ruleset`. A comment or a log's prefix may have line breaks, which nft prints as they are:
//
//   		ip daddr 10.88.0.1 accept comment "old rule, was:
//   tcp dport 80 drop
//   " # handle 3
//
// nft escapes nothing in quotes: where a line has an odd number of them, what is quoted goes on in the next one.
import { forEachLine } from '../lines.ts';

export interface NftLine {
  /** Without blanks at its ends, a blank in place of each line break. */
  readonly text: string;
  /** Where it begins. */
  readonly line: number;
  /** It may be several: a handle ends a line in it, or its quote has no end. The name of a device may have a quote. */
  readonly unsure: boolean;
}

export function forEachNftLine(output: string, visit: (line: NftLine) => void): void {
  let parts: string[] = [];
  let first = 1;
  let isQuoted = false;
  const end = () => {
    const unsure = isQuoted || parts.slice(0, -1).some((part) => /# handle \d+$/.test(part));
    visit({ text: parts.join(' ').trim(), line: first, unsure });
    parts = [];
  };
  forEachLine(output, (start, to, line) => {
    const text = output.slice(start, to);
    if (parts.length === 0) first = line;
    parts.push(text);
    for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) isQuoted = !isQuoted;
    if (!isQuoted) end();
  });
  if (parts.length > 0) end();
}
