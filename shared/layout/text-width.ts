// Widths of text in the bundled fonts, without a renderer: sums of advance widths, kerning left aside.
import { fontAdvances, type FontName } from './font-advances.ts';

/** What is not in the table: other scripts in another font. Wide enough for CJK, generous for the rest. */
const unknownAdvance = 650;
const wideAdvance = 1000;
/** Hangul Jamo; from 0x2200 on everything is taken for wide: symbols, CJK, emoji. */
const firstWide = 0x1100;

/** Code points below this are looked up in one array; it holds all that the bundled fonts' table has. */
const tableEnd = 0x2200;
const tables = new Map<FontName, Uint16Array>();

function tableOf(font: FontName): Uint16Array {
  const known = tables.get(font);
  if (known) return known;
  const table = new Uint16Array(tableEnd).fill(unknownAdvance);
  table.fill(wideAdvance, firstWide, 0x1200);
  for (const [first, count, widths] of fontAdvances[font])
    for (let i = 0; i < count; i++) table[first + i] = widths[i] ?? widths[0] ?? unknownAdvance;
  tables.set(font, table);
  return table;
}

/** In pixels at `size` pixels per em. */
export function textWidth(text: string, font: FontName, size: number): number {
  const table = tableOf(font);
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // The second half of a surrogate pair has been counted with the first.
    if (code >= 0xdc00 && code <= 0xdfff) continue;
    sum += table[code] ?? wideAdvance;
  }
  return (sum * size) / 1000;
}

/**
 * The text, or its beginning and end around an ellipsis where it is wider than `width`: the end of a name or of an
 * address tells things apart as much as the beginning does.
 */
export function elideMiddle(text: string, font: FontName, size: number, width: number): string {
  if (textWidth(text, font, size) <= width) return text;
  const characters = [...text];
  let low = 0;
  let high = characters.length - 1;
  while (low < high) {
    const kept = Math.ceil((low + high) / 2);
    if (textWidth(cut(characters, kept), font, size) <= width) low = kept;
    else high = kept - 1;
  }
  return cut(characters, low);
}

function cut(characters: readonly string[], kept: number): string {
  const head = Math.ceil(kept / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`;
}
