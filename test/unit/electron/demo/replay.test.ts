import { describe, expect, it } from 'vitest';
import { replay, tokenOf } from '../../../../electron/demo/replay.ts';

const old = '0123456789abcdef0123456789abcdef';
const fresh = 'ffffffffffffffffffffffffffffffff';
const captured = Buffer.concat([
  Buffer.from(`nsatlas-transcript 1 ${old}\n${old} begin user host uname\n${old} run uname\nLinux `),
  Buffer.from([0, 255, 10]),
  Buffer.from(
    `\n${old} end 0 40 -\n${old} begin user ns \n${old} run find\nx\n\n${old} end 1 60000 cut\n${old} done 99\n`,
  ),
]);

describe('replay', () => {
  it('is the captured bytes under the new token, one part for each frame', () => {
    const parts = replay(captured, fresh);
    expect(parts).toHaveLength(3);
    const text = Buffer.concat(parts.map((part) => part.bytes)).toString('latin1');
    expect(text).toBe(captured.toString('latin1').replaceAll(old, fresh));
    expect(parts.map((part) => Buffer.from(part.bytes).toString('latin1').endsWith('\n'))).toEqual([true, true, true]);
    expect(Buffer.from(parts[2]?.bytes ?? []).toString()).toBe(`${fresh} done 99\n`);
  });
  it('takes about as long as it took, but nobody waits', () => {
    const delays = replay(captured, undefined).map((part) => part.delay);
    expect(delays.reduce((sum, delay) => sum + delay)).toBeLessThanOrEqual(2502);
    expect(delays[1]).toBeGreaterThan(delays[0] ?? 0);
  });
  it('refuses what is no transcript', () => {
    expect(() => replay(Buffer.from('hello'), fresh)).toThrow(/does not begin/);
  });
});

describe('the token of a script', () => {
  it.each([
    [`token=${fresh}\nset -u\n`, fresh],
    [`run_seconds=5\ntoken='${fresh}'\n`, fresh],
    [`echo token=${fresh}\n`, undefined],
    ['token=ff\n', undefined],
  ])('%j', (script, token) => expect(tokenOf(script)).toBe(token));
});
