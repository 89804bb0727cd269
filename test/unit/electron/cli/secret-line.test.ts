import { expect, it } from 'vitest';
import { SecretLine } from '../../../../electron/cli/secret-line.ts';

const typed = (...keys: readonly string[]): string | null | undefined => {
  const line = new SecretLine();
  let result: string | null | undefined;
  for (const key of keys) result = line.type(Buffer.from(key, 'latin1'));
  return result;
};

it('is what was typed before Enter', () => {
  expect(typed('s', 'e', 's')).toBeUndefined();
  expect(typed('s', 'e', 's', '\r')).toBe('ses');
  expect(typed('pasted at once\n')).toBe('pasted at once');
  expect(typed('\r')).toBe('');
});
it('takes characters of several bytes in pieces, and takes them back whole', () => {
  expect(typed('a', '\xc3', '\xa9', '\r')).toBe('aé');
  expect(typed('a', '\xc3\xa9', '\x7f', 'b\r')).toBe('ab');
});
it('can be corrected', () => {
  expect(typed('wrong\x08\x08g\r')).toBe('wrog');
  expect(typed('wrong\x15right\r')).toBe('right');
  expect(typed('\x7fa\r')).toBe('a');
});
it('can be given up', () => {
  expect(typed('half', '\x03')).toBeNull();
  expect(typed('\x04')).toBeNull();
  expect(typed('half\x04', '\r')).toBe('half');
});
