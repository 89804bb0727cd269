// Writes shared/layout/font-advances.ts: how wide each character of the bundled fonts is, so that text can be measured
// without a renderer. Run it when a font's version changes: `node build/font-metrics.mjs`.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './run/paths.mjs';

const fonts = {
  'sans 400': 'inter/400Regular/Inter_400Regular.ttf',
  'sans 500': 'inter/500Medium/Inter_500Medium.ttf',
  'sans 600': 'inter/600SemiBold/Inter_600SemiBold.ttf',
  'mono 400': 'jetbrains-mono/400Regular/JetBrainsMono_400Regular.ttf',
  'mono 500': 'jetbrains-mono/500Medium/JetBrainsMono_500Medium.ttf',
};
/** Printable Latin-1, general punctuation, arrows: what names, addresses and our own words are made of. */
const ranges = [
  [0x20, 0x7e],
  [0xa0, 0xff],
  [0x2010, 0x2027],
  [0x2190, 0x2199],
];

/**
 * Advance widths in thousandths of an em by code point: cmap format 4 and hmtx of the OpenType specification.
 * @param {Buffer} font @returns {Map<number, number>}
 */
function advances(font) {
  /** @type {Map<string, number>} */
  const tables = new Map();
  for (let i = 0, at = 12; i < font.readUInt16BE(4); i++, at += 16)
    tables.set(font.toString('latin1', at, at + 4), font.readUInt32BE(at + 8));
  /** @param {string} name */
  const table = (name) => {
    const offset = tables.get(name);
    if (offset === undefined) throw new Error(`the font has no ${name} table`);
    return offset;
  };
  const unitsPerEm = font.readUInt16BE(table('head') + 18);
  const metrics = font.readUInt16BE(table('hhea') + 34);
  const glyphOf = characterMap(font, table('cmap'));
  const widths = new Map();
  for (const [from, to] of ranges)
    for (let code = Number(from); code <= Number(to); code++) {
      const glyph = glyphOf(code);
      if (glyph === 0) continue;
      const units = font.readUInt16BE(table('hmtx') + Math.min(glyph, metrics - 1) * 4);
      widths.set(code, Math.round((units * 1000) / unitsPerEm));
    }
  return widths;
}

/** @param {Buffer} font @param {number} cmap offset of the table @returns {(code: number) => number} glyph index, 0: none */
function characterMap(font, cmap) {
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const at = cmap + font.readUInt32BE(cmap + 4 + i * 8 + 4);
    if (font.readUInt16BE(at) !== 4) continue;
    const segments = font.readUInt16BE(at + 6) / 2;
    const [ends, starts] = [at + 14, at + 16 + segments * 2];
    const [deltas, offsets] = [starts + segments * 2, starts + segments * 4];
    return (code) => {
      for (let s = 0; s < segments; s++) {
        if (code > font.readUInt16BE(ends + s * 2)) continue;
        const start = font.readUInt16BE(starts + s * 2);
        if (code < start) return 0;
        const delta = font.readUInt16BE(deltas + s * 2);
        const offset = font.readUInt16BE(offsets + s * 2);
        if (offset === 0) return (code + delta) & 0xffff;
        const glyph = font.readUInt16BE(offsets + s * 2 + offset + (code - start) * 2);
        return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
      }
      return 0;
    };
  }
  throw new Error('the font has no character map of format 4');
}

/** Runs of consecutive code points, so that the file stays small: [first, widths]. @param {Map<number, number>} widths */
function runs(widths) {
  /** @type {[number, number[]][]} */
  const found = [];
  for (const [code, width] of widths) {
    const last = found.at(-1);
    if (last && last[0] + last[1].length === code) last[1].push(width);
    else found.push([code, [width]]);
  }
  return found;
}

const parts = await Promise.all(
  Object.entries(fonts).map(async ([name, file]) => {
    const font = await readFile(path.join(root, 'node_modules/@expo-google-fonts', file));
    const lines = runs(advances(font)).map(([first, widths]) => {
      // A font with one width for all needs to say it once.
      const same = widths.every((width) => width === widths[0]);
      return `    [${first}, ${widths.length}, [${same ? widths[0] : widths.join(', ')}]],`;
    });
    return `  '${name}': [\n${lines.join('\n')}\n  ],`;
  }),
);
await writeFile(
  path.join(root, 'shared/layout/font-advances.ts'),
  `// Made by build/font-metrics.mjs from the bundled fonts: do not edit.
// Advance widths in thousandths of an em: [first code point, how many, widths]; one width stands for all of its run.
// Inter 4 and JetBrains Mono 2, both under the SIL Open Font License 1.1.

export type FontName = ${Object.keys(fonts)
    .map((name) => `'${name}'`)
    .join(' | ')};

// prettier-ignore
export const fontAdvances: Readonly<Record<FontName, readonly (readonly [number, number, readonly number[]])[]>> = {
${parts.join('\n')}
};
`,
);
