// What is UTF-8 is read as it is; what is none stays apart, and can be turned back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, decode } from '../../../../shared/collect/bytes-as-text.ts';

const plain = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
// Made of what could be taken for one another.
const pieces = fc.constantFrom(
  ...[
    'ff',
    'f',
    'b',
    '7f',
    'BD',
    '\\xff',
    '\ufffd',
    '\ufffdff',
    '\ufeff',
    '\u0800',
    '\ud7ff',
    '\u{10ffff}',
    '日本',
    '🙂',
  ].map((text) => Buffer.from(text)),
  ...[
    [0xff],
    [0xef, 0xbf],
    [0xef],
    [0xbf, 0xbd],
    [0xc0, 0x80],
    [0xe0, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x9f],
  ].map((bytes) => Buffer.from(bytes)),
  Buffer.from([0xf4, 0x90, 0x80, 0x80]),
);
const nasty = fc.oneof(
  fc.array(pieces).map((parts) => new Uint8Array(Buffer.concat(parts))),
  fc.uint8Array(),
);

describe('bytes as text', () => {
  it('can be turned back, so that no two are the same', () => {
    fc.assert(
      fc.property(nasty, (bytes) => {
        expect([...bytesOf(decode(bytes))]).toEqual([...bytes]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is Unicode that nothing refuses or changes', () => {
    fc.assert(
      fc.property(nasty, (bytes) => {
        const text = decode(bytes);
        expect(Buffer.from(text).toString()).toBe(text);
        expect(() => encodeURIComponent(text)).not.toThrow();
      }),
    );
  });

  it('is what the bytes say where they are UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = Buffer.from(text);
        if (!text.includes('\ufffd')) expect(decode(bytes)).toBe(plain(bytes));
      }),
    );
    for (const text of [
      '',
      'eth0',
      'a\ufffdb',
      '\ufffd',
      '\ufffd\ufffd',
      '\ufffd7f',
      '\ufeffx',
      'br\\xff',
      'ü日本🙂',
    ]) {
      expect(decode(Buffer.from(text))).toBe(text);
    }
  });

  it.each([
    [[0x62, 0x72, 0xff], 'br\ufffdff'],
    [[0x62, 0x72, 0xfe], 'br\ufffdfe'],
    [[0xe6, 0x97], '\ufffde6\ufffd97'],
    [[...Buffer.from('br\ufffdff')], 'br\ufffdef\ufffdbf\ufffdbdff'],
  ])('%j reads %s', (bytes, text) => {
    expect(decode(Uint8Array.from(bytes))).toBe(text);
  });

  it('needs time in proportion to the length', () => {
    const noise = new Uint8Array(4_000_000).fill(0xff);
    expect(decode(noise)).toHaveLength(12_000_000);
  });
});
