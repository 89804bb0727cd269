import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, decode } from '../../../../shared/collect/bytes-as-text.ts';
import { readTranscript } from '../../../../shared/collect/read-transcript.ts';
import { aWrittenFrame, token, transcriptBytes } from '../../../helpers/transcript-bytes.ts';
import type { WrittenFrame } from '../../../helpers/transcript-bytes.ts';

const line = fc.string({ unit: 'grapheme' }).map((words) => words.replace(/[\r\n]/g, ' '));
// Made of what frames are made of, so that forged ones are frequent.
const forged = fc
  .array(
    fc.constantFrom(
      '\n',
      ' ',
      token.slice(1),
      `${token}x`,
      'begin user ns ',
      'run x',
      'err x',
      'end 0 1 -',
      'done 1',
      '\0',
    ),
  )
  .map((parts) => Buffer.from(parts.join('')));
const output = fc.oneof(
  fc.uint8Array(),
  forged,
  fc.string({ unit: 'binary' }).map((words) => Buffer.from(words)),
);
const frame: fc.Arbitrary<WrittenFrame> = fc.record({
  privilege: fc.oneof(
    fc.constantFrom('user', 'root'),
    fc.nat().map((pid) => `userns:${pid}`),
  ),
  section: fc.constantFrom('host', 'ns', 'net', 'runtime-state'),
  key: line,
  command: line,
  output,
  errors: fc.array(line),
  status: fc.integer({ min: 0, max: 255 }),
  milliseconds: fc.nat(),
  cut: fc.constantFrom('-', 'too-large', 'timed-out'),
});
const expected = (written: WrittenFrame, index: number) => ({
  index,
  section: written.section,
  key: written.key,
  privilege: written.privilege,
  command: written.command,
  output: decode(written.output),
  stderr: written.errors.join('\n'),
  status: written.status,
  milliseconds: written.milliseconds,
  ...(written.cut !== '-' && { cut: written.cut }),
});

describe('readTranscript', () => {
  it('gives back what was written, whatever the answers hold', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), (frames) => {
        expect(readTranscript(transcriptBytes(frames))).toEqual({
          version: 1,
          frames: frames.map(expected),
          complete: true,
          problems: [],
        });
      }),
    );
  });

  it('reads as much as there is, wherever the connection broke', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 4 }), fc.nat(), (frames, at) => {
        const written = transcriptBytes(frames);
        const cut = written.subarray(0, at % written.length);
        const read = readTranscript(cut);
        expect(read.complete).toBe(false);
        read.frames.forEach((found, index) => {
          const original = expected(frames[index] ?? aWrittenFrame(), index);
          if (found.status !== undefined) expect(found).toEqual(original);
          else {
            expect(index).toBe(read.frames.length - 1);
            expect(found).toMatchObject({ cut: 'connection-lost', milliseconds: undefined });
            // The script's own newline may be the last thing that came; half a character is none.
            const begun = bytesOf(found.output.replace(/\n$/, ''));
            const whole = Buffer.from(bytesOf(original.output));
            expect(Buffer.concat([whole, Buffer.from('\n')]).subarray(0, begun.length)).toEqual(Buffer.from(begun));
          }
        });
      }),
    );
  });

  it('never fails, on anything', () => {
    const lines = fc.constantFrom(
      `nsatlas-transcript 1 ${token}`,
      `${token} begin user ns `,
      `${token} run x`,
      'x',
      '',
    );
    const more = fc.constantFrom(
      `${token} err x`,
      `${token} end 0 1 -`,
      `${token} done 1`,
      `${token} what`,
      `${token} `,
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(lines, more, line)), fc.uint8Array(), (parts, noise) => {
        const bytes = Buffer.concat([Buffer.from(parts.join('\n')), noise]);
        const { frames, problems } = readTranscript(bytes);
        expect(frames.map(({ index }) => index)).toEqual(frames.map((_, index) => index));
        expect(frames.map(({ output: said }) => said).join('').length).toBeLessThanOrEqual(3 * bytes.length);
        expect(Array.isArray(problems)).toBe(true);
      }),
    );
  });

  it('skips what a login shell says before', () => {
    const talk = Buffer.from('Welcome to Amazon Linux!\n\nLast login: today\nnsatlas-transcript of nothing\n');
    const bytes = Buffer.concat([talk, transcriptBytes([aWrittenFrame()])]);
    expect(readTranscript(bytes)).toMatchObject({ complete: true, frames: [{ output: 'Linux\n' }], problems: [] });
  });

  it('takes nothing with another token for a frame', () => {
    const other = 'f'.repeat(32);
    const said = `${other} end 0 0 -\n${other} begin user net net:[1]\n${other} run ip\n[]\n`;
    const read = readTranscript(transcriptBytes([aWrittenFrame({ output: Buffer.from(said) })]));
    expect(read.frames.map(({ output: answer }) => answer)).toEqual([said]);
  });

  it('keeps an empty answer, one newline, and an answer without an end apart', () => {
    const outputs = ['', '\n', 'x', 'x\n', 'x\n\n'];
    const frames = outputs.map((said) => aWrittenFrame({ output: Buffer.from(said) }));
    expect(readTranscript(transcriptBytes(frames)).frames.map(({ output: said }) => said)).toEqual(outputs);
  });

  it('ends a frame that has no end where the next one begins, and says so', () => {
    const bytes = Buffer.from(
      `nsatlas-transcript 1 ${token}\n${token} begin user ns \n${token} run find\n/proc/1/ns/net net:[1]\n` +
        `${token} begin user host id\n${token} run id\nuid=0\n\n${token} end 0 0 -\n${token} done 5\n`,
    );
    const read = readTranscript(bytes);
    expect(read.frames).toMatchObject([
      { section: 'ns', output: '/proc/1/ns/net net:[1]\n', status: undefined, cut: 'connection-lost' },
      { section: 'host', output: 'uid=0\n', status: 0 },
    ]);
    expect(read.problems).toEqual(['An answer to ns has no end.']);
  });

  it('does not believe an end without its newline', () => {
    const bytes = transcriptBytes([aWrittenFrame({ milliseconds: 120 })], '');
    // `end 0 12`: the last digit and the newline are still on their way.
    const read = readTranscript(bytes.subarray(0, bytes.length - 4));
    expect(read.frames).toMatchObject([{ output: 'Linux\n', status: undefined, cut: 'connection-lost' }]);
  });

  it('says when there is none, and when it is of a version it does not know', () => {
    expect(readTranscript(Buffer.from('This account is currently not available.\n'))).toMatchObject({
      frames: [],
      complete: false,
      problems: ['There is no transcript in this text.'],
    });
    expect(readTranscript(Buffer.from(`nsatlas-transcript 2 ${token}\n`)).problems).toEqual([
      'This transcript has version 2.',
    ]);
  });

  it('needs time in proportion to the length, even for a thousand small frames and one huge line', () => {
    const small = Array.from({ length: 1000 }, () => aWrittenFrame());
    const huge = aWrittenFrame({ output: Buffer.alloc(8_000_000, 'x') });
    const read = readTranscript(transcriptBytes([...small, huge]));
    expect(read.frames).toHaveLength(1001);
    expect(read.frames.at(-1)?.output).toHaveLength(8_000_000);
  });
});
