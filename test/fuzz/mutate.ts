// A transcript that no honest host would send: a part of one that did, damaged. A seed is a transcript.
import { Dice } from '../helpers/dice.ts';
import { tokenMark, type HonestHost, type Piece } from './corpus.ts';

/** Answers longer than this are mostly given in part, so that a million transcripts can be looked at. */
const usualBytes = 4_000;

/** As the host sent it, for comparison. */
export function honestTranscript({ pieces }: HonestHost): Uint8Array {
  return transcriptOf(1, `${pieces.map(({ text }) => text).join('')}${tokenMark} done 900\n`);
}

/** Pure: the same hosts and the same seed give the same bytes. */
export function mutatedTranscript(hosts: readonly HonestHost[], seed: number): Uint8Array {
  const dice = new Dice(seed);
  const host = dice.one(hosts);
  const all = dice.chance(0.02);
  const share = all ? 1 : dice.integer(10, 90) / 100;
  const pieces = host.pieces
    .filter(() => dice.chance(share))
    .map((piece) => (all || piece.text.length < usualBytes ? piece : inPart(piece, dice)));
  if (dice.chance(0.1)) pieces.push(dice.one(dice.one(hosts).pieces));
  let text = reordered(pieces, dice)
    .map(({ text: said }) => said)
    .join('');
  for (let count = dice.integer(1, 8); count > 0; count--) text = dice.one(damages)(text, dice);
  return transcriptOf(dice.chance(0.01) ? 2 : 1, dice.chance(0.9) ? `${text}${tokenMark} done 900\n` : text);
}

function transcriptOf(version: number, text: string): Uint8Array {
  const token = 'f'.repeat(32);
  return Buffer.from(`nsatlas-transcript ${version} ${token}\n${text.replaceAll(tokenMark, token)}`, 'latin1');
}

/** Some of its lines; the frame's own stay. */
function inPart({ section, text }: Piece, dice: Dice): Piece {
  const lines = text.split('\n');
  const share = usualBytes / text.length;
  return { section, text: lines.filter((line) => line.startsWith(tokenMark) || dice.chance(share)).join('\n') };
}

function reordered(pieces: readonly Piece[], dice: Dice): readonly Piece[] {
  if (dice.chance(0.7)) return pieces;
  return pieces
    .map((piece) => ({ piece, at: dice.integer(0, 1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ piece }) => piece);
}

type Damage = (text: string, dice: Dice) => string;

const somewhere = (text: string, dice: Dice): number => dice.integer(0, text.length);
const replacedAt = (text: string, from: number, length: number, put: string): string =>
  text.slice(0, from) + put + text.slice(from + length);

/** Replaces one match, or every one. */
function replaced(text: string, dice: Dice, pattern: RegExp, put: (match: string) => string): string {
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return text;
  const { index, 0: match } = dice.one(matches);
  return dice.chance(0.05) ? text.replaceAll(pattern, put) : replacedAt(text, index, match.length, put(match));
}

const numbers = [
  '0',
  '-1',
  '1',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '1e999',
  '99999999999999999999',
  'NaN',
  '',
];
const values = [
  'null',
  'true',
  '{}',
  '[]',
  '""',
  '"x"',
  '[[[[[[[[]]]]]]]]',
  '1e999',
  '-0',
  '{"__proto__":{"x":1}}',
  '"\\ud800"',
];
const oddities = [
  '\0',
  '\r',
  '\x1b[31m',
  '\xff\xfe',
  '\n',
  '\n\n',
  ' ',
  '\t',
  '\\',
  '"',
  '[',
  '{',
  ']',
  '}',
  ':',
  '@',
  '%s',
  '__proto__',
  '../..',
  ') R 1 (',
];

const damages: readonly Damage[] = [
  // Bytes flipped.
  (text, dice) => {
    const at = somewhere(text, dice);
    return replacedAt(text, at, 1, String.fromCharCode((text.charCodeAt(at) || 0) ^ dice.integer(1, 255)));
  },
  // A part lost, a part twice, a part of it elsewhere.
  (text, dice) => replacedAt(text, somewhere(text, dice), dice.integer(1, dice.chance(0.5) ? 20 : 4000), ''),
  (text, dice) => {
    const [from, length] = [somewhere(text, dice), dice.integer(1, 2000)];
    return text.slice(0, from + length) + text.slice(from);
  },
  (text, dice) => {
    const [from, length] = [somewhere(text, dice), dice.integer(1, 400)];
    return replacedAt(text, somewhere(text, dice), 0, text.slice(from, from + length));
  },
  // Text that means something to somebody.
  (text, dice) => replacedAt(text, somewhere(text, dice), 0, dice.one(oddities)),
  (text, dice) => replacedAt(text, somewhere(text, dice), 0, dice.one(oddities).repeat(dice.integer(1, 3000))),
  // Sizes, indexes and ids that lie.
  (text, dice) => replaced(text, dice, /\d+/g, () => dice.one(numbers)),
  (text, dice) => {
    const found = [...text.matchAll(/\d+/g)];
    const other = found.length === 0 ? '7' : dice.one(found)[0];
    return replaced(text, dice, /\d+/g, () => other);
  },
  // The same thing everywhere: cycles of parents, everybody's peer.
  (text, dice) => {
    const found = [...text.matchAll(/\b\d{2,}\b/g)];
    if (found.length === 0) return text;
    const [a, b] = [dice.one(found)[0], dice.one(found)[0]];
    return text.replaceAll(new RegExp(`\\b${a}\\b`, 'g'), b);
  },
  // JSON broken, or of another type than anybody expects.
  (text, dice) =>
    replaced(
      text,
      dice,
      /"[^"\n]{0,40}":(?:"[^"\n]*"|-?\d+)/g,
      (match) => `${match.slice(0, match.indexOf('":') + 2)}${dice.one(values)}`,
    ),
  (text, dice) => replaced(text, dice, /[[\]{},:"]/g, () => ''),
  (text, dice) => replaced(text, dice, /"[a-z_]+":/g, () => '"__proto__":'),
  // Frames cut, renamed, ended twice, never ended.
  (text, dice) => replaced(text, dice, new RegExp(`^${tokenMark} (?:begin|run|err|end) `, 'gm'), () => ''),
  (text, dice) => replaced(text, dice, new RegExp(`^${tokenMark} (?:begin|run|err|end) .*\\n`, 'gm'), () => ''),
  (text, dice) => replaced(text, dice, new RegExp(`^${tokenMark} (?:begin|end) .*\\n`, 'gm'), (match) => match + match),
  (text, dice) =>
    replaced(text, dice, new RegExp(`^${tokenMark} begin \\S+ \\S+`, 'gm'), (match) => {
      const names = [...text.matchAll(new RegExp(`^${tokenMark} begin \\S+ (\\S+)`, 'gm'))].map((one) => one[1] ?? '');
      return match.replace(/\S+$/, () => dice.one(names));
    }),
  (text, dice) =>
    replaced(text, dice, new RegExp(`^${tokenMark} end \\d+ \\d+ -`, 'gm'), (match) =>
      match.replace(
        /\d+ \d+ -$/,
        `${dice.integer(0, 255)} ${dice.one(numbers)} ${dice.one(['-', 'too-large', 'timed-out', 'odd', ''])}`,
      ),
    ),
  (text, dice) => replaced(text, dice, /\n/g, () => dice.one(['', '\r\n', '\n \n'])),
  (text, dice) => text.slice(0, somewhere(text, dice)),
];
