import { expect, test } from 'vitest';
import { addressOf, age, bytes, duration } from '../../../../renderer/state/format.ts';

const now = Date.parse('2026-03-10T12:00:00Z');

test.each([
  ['2026-03-10T11:59:31Z', 'now', 0],
  ['2026-03-10T11:59:00Z', 'minute', 1],
  ['2026-03-10T11:00:01Z', 'minute', 59],
  ['2026-03-10T11:00:00Z', 'hour', 1],
  ['2026-03-09T12:00:01Z', 'hour', 23],
  ['2026-03-09T12:00:00Z', 'day', 1],
  ['2026-01-09T12:00:00Z', 'day', 60],
])('%s is %s %i old', (iso, unit, count) => {
  expect(age(iso, now)).toEqual({ unit, count });
});

test('a clock that runs ahead is now, and so is a date that is none', () => {
  expect(age('2026-03-10T12:30:00Z', now)).toEqual({ unit: 'now', count: 0 });
  expect(age('soon', now)).toEqual({ unit: 'now', count: 0 });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1 KB'],
  [184_223, '184 KB'],
  [999_499, '999 KB'],
  [999_500, '1.0 MB'],
  [2_910_211, '2.9 MB'],
  [123_400_000, '123 MB'],
])('%i bytes are %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});

test.each([
  [40, '0.04 s'],
  [1_240, '1.2 s'],
  [125_900, '2 min 5 s'],
])('%i ms are %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

test('an address names the port only where it is not the usual one', () => {
  expect(addressOf({ user: 'ec2-user', host: '172.31.40.91', port: 22 })).toBe('ec2-user@172.31.40.91');
  expect(addressOf({ user: 'ec2-user', host: '172.31.40.91', port: 2222 })).toBe('ec2-user@172.31.40.91:2222');
});
