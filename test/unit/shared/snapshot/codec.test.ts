import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSnapshot, encodeSnapshot } from '../../../../shared/snapshot/codec.ts';
import type { SnapshotHeader } from '../../../../shared/snapshot/codec.ts';
import { SnapshotError } from '../../../../shared/snapshot/snapshot-error.ts';

const header: SnapshotHeader = {
  formatVersion: 1,
  host: 'ec2-user@172.31.40.91',
  collectedAt: '2025-12-10T14:40:00.000Z',
  user: 'ec2-user',
  nsatlas: '0.1.0',
  tools: { ip: 'ip utility, iproute2-6.10.0' },
  complete: true,
};
const text = (value: string) => new TextEncoder().encode(value);
const codeOf = (bytes: Uint8Array): string => {
  try {
    decodeSnapshot(bytes);
    return 'decoded';
  } catch (error) {
    return error instanceof SnapshotError ? error.code : String(error);
  }
};

describe('a snapshot file', () => {
  it('gives back any header and transcript, byte for byte', () => {
    const headers = fc.record({
      host: fc.string({ unit: 'binary', maxLength: 50 }),
      user: fc.string({ unit: 'binary', maxLength: 20 }),
      tools: fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        fc.string({ unit: 'binary' }),
      ),
      complete: fc.boolean(),
    });
    fc.assert(
      fc.property(headers, fc.uint8Array(), (fields, transcript) => {
        const decoded = decodeSnapshot(encodeSnapshot({ ...header, ...fields }, transcript));
        expect(decoded.header).toEqual({ ...header, ...fields });
        expect([...decoded.transcript]).toEqual([...transcript]);
      }),
    );
  });

  it('begins with one line of ASCII', () => {
    const bytes = encodeSnapshot({ ...header, host: '本番\n😀' }, text('x'));
    const line = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(10)));
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(line)).toMatchObject({ formatVersion: 1, host: '本番\n😀' });
  });

  it('keeps a profile id where there is one', () => {
    expect(decodeSnapshot(encodeSnapshot({ ...header, profileId: 'p1' }, text(''))).header.profileId).toBe('p1');
    expect(decodeSnapshot(encodeSnapshot(header, text(''))).header).not.toHaveProperty('profileId');
  });

  it('says so when it is of a newer nsatlas', () => {
    const newer = text(`${JSON.stringify({ formatVersion: 2, anything: true })}\n`);
    expect(codeOf(newer)).toBe('newer-format');
    expect(() => decodeSnapshot(newer)).toThrow(/format 2.*up to format 1/);
  });

  it.each([
    ['', 'not-a-snapshot'],
    ['nsatlas-transcript 1 abc\n', 'not-a-snapshot'],
    ['{"formatVersion":1', 'not-a-snapshot'],
    ['null\n', 'not-a-snapshot'],
    ['{}\n', 'not-a-snapshot'],
    ['{"formatVersion":"1"}\n', 'not-a-snapshot'],
    ['{"formatVersion":1}\n', 'invalid-header'],
    [`${JSON.stringify({ ...header, collectedAt: 'yesterday' })}\n`, 'invalid-header'],
  ])('refuses %j as %s', (content, code) => expect(codeOf(text(content))).toBe(code));

  it('refuses any bytes with one of its own errors', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['not-a-snapshot', 'invalid-header', 'newer-format']).toContain(codeOf(bytes));
      }),
    );
  });
});
