import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameCounter } from '../../../../shared/collect/frame-counter.ts';
import type { SectionProgress } from '../../../../shared/collect/frame-counter.ts';
import { aWrittenFrame, token, transcriptBytes } from '../../../helpers/transcript-bytes.ts';

const frames = [
  aWrittenFrame({ section: 'host', milliseconds: 10 }),
  aWrittenFrame({ section: 'host', milliseconds: 20 }),
  aWrittenFrame({ section: 'ns', output: Buffer.alloc(5000, 'x'), milliseconds: 30 }),
  aWrittenFrame({ section: 'net', errors: ['ip: no'], status: 1, milliseconds: 40 }),
];
const bytes = transcriptBytes(frames);

function feed(pieces: readonly Uint8Array[]): { counter: FrameCounter; last: Map<string, SectionProgress> } {
  const counter = new FrameCounter();
  const last = new Map<string, SectionProgress>();
  for (const piece of pieces) for (const progress of counter.add(piece)) last.set(progress.section, progress);
  return { counter, last };
}

describe('FrameCounter', () => {
  it('counts by section', () => {
    const { counter, last } = feed([bytes]);
    expect(counter).toMatchObject({ started: true, complete: true, section: 'net' });
    expect([...last.values()]).toMatchObject([
      { section: 'host', frames: 2, milliseconds: 30 },
      { section: 'ns', frames: 1, milliseconds: 30 },
      { section: 'net', frames: 1, milliseconds: 40 },
    ]);
    expect(last.get('ns')?.bytes).toBeGreaterThan(5000);
  });

  it('counts the same, in whatever pieces it comes', () => {
    const whole = feed([bytes]).last;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 })), (lengths) => {
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (const length of lengths) {
          pieces.push(bytes.subarray(at, at + length));
          at += length;
        }
        const { counter, last } = feed([...pieces, bytes.subarray(at)]);
        expect(last).toEqual(whole);
        expect(counter.complete).toBe(true);
      }),
    );
  });

  it('tells which section is running before it has answered', () => {
    const counter = new FrameCounter();
    expect(counter.started).toBe(false);
    counter.add(Buffer.from(`Welcome\nnsatlas-transcript 1 ${token}\n`));
    expect(counter.started).toBe(true);
    const told = counter.add(Buffer.from(`${token} begin user fd \n`));
    expect(told).toEqual([{ section: 'fd', frames: 0, bytes: 0, milliseconds: 0 }]);
  });

  it('is not fooled by text that looks like its lines', () => {
    const said = Buffer.from(`${'e'.repeat(32)} done 1\n ${token} done 1\n`);
    const { counter } = feed([transcriptBytes([aWrittenFrame({ output: said })], '')]);
    expect(counter.complete).toBe(false);
  });
});
