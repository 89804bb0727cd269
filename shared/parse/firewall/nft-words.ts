// Words of one line of `nft list ruleset`: blanks part them, quotes and braces keep them together. nft escapes nothing
// inside quotes, and a quote cannot stand inside.

export interface Word {
  readonly text: string;
  /** `"…"`: `text` is what is inside. */
  readonly quoted: boolean;
  /** `{ … }`: `text` is what is inside, an anonymous set or map. */
  readonly braced: boolean;
}

export function wordsOf(line: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    const character = line[at];
    if (character === ' ' || character === '\t') at += 1;
    else if (character === '"') {
      const end = line.indexOf('"', at + 1);
      const to = end === -1 ? line.length : end;
      words.push({ text: line.slice(at + 1, to), quoted: true, braced: false });
      at = to + 1;
    } else if (character === '{') {
      const to = closing(line, at);
      words.push({ text: line.slice(at + 1, to).trim(), quoted: false, braced: true });
      at = to + 1;
    } else {
      let to = at;
      while (to < line.length && line[to] !== ' ' && line[to] !== '\t') to += 1;
      words.push({ text: line.slice(at, to), quoted: false, braced: false });
      at = to;
    }
  }
  return words;
}

function closing(line: string, open: number): number {
  let depth = 0;
  for (let at = open; at < line.length; at += 1) {
    const character = line[at];
    if (character === '"') {
      const end = line.indexOf('"', at + 1);
      if (end === -1) return line.length;
      at = end;
    } else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return line.length;
}

/** `a, b, c`, the elements of a set: parted by commas outside of quotes and braces. */
export function elementsOf(text: string): readonly string[] {
  const elements: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      const end = text.indexOf('"', at + 1);
      at = end === -1 ? text.length : end;
    } else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    if (at >= text.length || (text[at] === ',' && depth <= 0)) {
      const element = text.slice(from, at).trim();
      if (element !== '') elements.push(element);
      from = at + 1;
    }
  }
  return elements;
}

/** As they were printed. */
export const textOf = (words: readonly Word[]): string =>
  words.map(({ text, quoted, braced }) => (quoted ? `"${text}"` : braced ? `{ ${text} }` : text)).join(' ');
