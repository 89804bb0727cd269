// Lines of a ruleset. A comment, or a log's prefix, may have line breaks, which nft and iptables-save print as they are:
//
//   		ip daddr 10.88.0.1 accept comment "old rule, was:
//   tcp dport 80 drop
//   " # handle 3
//
// So what is quoted goes on until its quote ends.
import { forEachLine } from '../lines.ts';

export interface QuotedLine {
  /** Without blanks at its ends, a blank in place of each line break. */
  readonly text: string;
  /** Where it begins. */
  readonly line: number;
  /** It may be several: there seem to be rules in it, or its quote has no end. The name of a device may have a quote. */
  readonly unsure: boolean;
}

export interface Quoting {
  /** Whether a quote is open at the end of a line. */
  readonly isOpen: (text: string, before: boolean) => boolean;
  /** As a line with a rule ends, and begins. */
  readonly ends: RegExp;
  readonly begins: RegExp;
}

/** nft escapes nothing: each quote opens one or ends it. */
export const nftQuoting: Quoting = {
  isOpen: (text, before) => {
    let isOpen = before;
    for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) isOpen = !isOpen;
    return isOpen;
  },
  ends: /# handle \d+$/,
  begins: /^(?!)/,
};

/** In iptables-save a word begins with it, and one inside has a backslash. */
export const iptablesQuoting: Quoting = {
  isOpen: (text, before) => {
    if (!text.includes('"')) return before;
    let isOpen = before;
    for (let at = 0; at < text.length; at += 1) {
      if (isOpen && text[at] === '\\') at += 1;
      else if (text[at] === '"' && (isOpen || at === 0 || text[at - 1] === ' ')) isOpen = !isOpen;
    }
    return isOpen;
  },
  ends: /^(?!)/,
  begins: /^(?:\[\d+:\d+\] )?-A /,
};

export function forEachQuotedLine(output: string, quoting: Quoting, visit: (line: QuotedLine) => void): void {
  let parts: string[] = [];
  let first = 1;
  let isQuoted = false;
  const end = () => {
    const seemSeveral =
      parts.slice(0, -1).some((part) => quoting.ends.test(part)) ||
      parts.slice(1).some((part) => quoting.begins.test(part));
    visit({ text: parts.join(' ').trim(), line: first, unsure: isQuoted || seemSeveral });
    parts = [];
  };
  forEachLine(output, (start, to, line) => {
    const text = output.slice(start, to);
    if (parts.length === 0) first = line;
    parts.push(text);
    isQuoted = quoting.isOpen(text, isQuoted);
    if (!isQuoted) end();
  });
  if (parts.length > 0) end();
}
