// Words of a host in commands that can be pasted.
import { describe, expect, it } from 'vitest';
import { quoted } from '../../../../shared/explain/try-it.ts';

describe('a word for a shell', () => {
  it.each([
    ['eth0', 'eth0'],
    ['$(reboot)', `'$(reboot)'`],
    ["it's", String.raw`'it'\''s'`],
    ['back\\slash', String.raw`'back\slash'`],
    ['br\ufffdff', String.raw`$'br\xff'`],
    ["'\\\ufffdfe0", String.raw`$'\'\\\xfe0'`],
    ['a\ufffdb', `'a\ufffdb'`],
  ])('%s', (text, word) => {
    expect(quoted(text)).toBe(word);
  });
});
