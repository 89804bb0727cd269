import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableJson, printableValue } from '../../../../shared/explain/printable.ts';

/** What a terminal obeys, written anew: control characters but the newline, and what turns the direction of text. */

const obeyed = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const nasty = fc.string({
  unit: fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), fc.constantFrom('\u001b', '\n', '\u009b', '\u202e', '"')),
});

describe('text', () => {
  it('shows escape sequences and forged lines as what they are', () => {
    expect(printable('a\u001b[31mb\nnginx · PID 1\u009b2J\u202etxt')).toBe(
      'a\\x1b[31mb\\x0anginx · PID 1\\x9b2J\\u202etxt',
    );
  });
  it('leaves other text alone', () => {
    const text = 'eth0 ↔ veth in nginx-日本 · é 🙂 \\';
    expect(printable(text)).toBe(text);
  });
  it('lets nothing through that a terminal obeys', () => {
    fc.assert(fc.property(nasty, (text) => !obeyed.test(printable(text)) && !printable(text).includes('\n')));
  });
});

describe('a value', () => {
  it('has all its texts made printable, and its ids still name each other', () => {
    const value = { ids: ['a\u001b'], byId: { 'a\u001b': 1 }, none: null, count: 3, whole: true };
    expect(printableValue(value)).toEqual({
      ids: ['a\\x1b'],
      byId: { 'a\\x1b': 1 },
      none: null,
      count: 3,
      whole: true,
    });
  });
});

describe('JSON', () => {
  it('means the same as before, and holds nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.dictionary(nasty, nasty), (value) => {
        const text = printableJson(JSON.stringify(value, null, 2));
        expect(JSON.parse(text)).toEqual(value);
        expect(text).not.toMatch(obeyed);
      }),
    );
  });
});
