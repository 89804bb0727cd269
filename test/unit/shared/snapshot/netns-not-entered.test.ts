// A network namespace that was not entered says why: closed, cut, gone and never asked are not the same, nor is an empty one.
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../shared/model/transcript.ts';
import { netnsNotEntered } from '../../../../shared/snapshot/netns-not-entered.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';

const attempt = (fields: Partial<Frame>) => aFrame('net', '', { key: 'net:[7]', status: 1, ...fields });
const seen = [{ id: 'net:[7]', evidence: [] }] as const;
const why = (attempts: readonly Frame[], complete = true) =>
  netnsNotEntered(aTranscript(attempts, { complete }), seen, new Set());

describe('a network namespace that was not entered', () => {
  it.each<[string, readonly Partial<Frame>[], string]>([
    [
      'is closed',
      [{ stderr: "nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted" }],
      'not-permitted',
    ],
    ['ended', [{ stderr: 'nsenter: cannot open /proc/9/ns/net: No such file or directory' }], 'gone'],
    ['cannot be entered here', [{ stderr: 'nsenter: not found', status: 127 }], 'not-supported'],
    ['said too much', [{ cut: 'too-large' }], 'too-large'],
    ['did not answer in time', [{ cut: 'timed-out', status: 143 }], 'timed-out'],
    ['was being asked when the connection broke', [{ status: undefined }], 'connection-lost'],
    ['answered nothing that is known', [{ stderr: 'nsenter: out of memory' }], 'undiscovered'],
    ['was asked by nobody', [], 'undiscovered'],
    [
      'of several attempts by the one that will fail again',
      [
        { stderr: 'nsenter: cannot open /proc/9/ns/net: No such file or directory' },
        { stderr: 'nsenter: cannot open /proc/8/ns/net: Permission denied' },
        { cut: 'timed-out' },
      ],
      'not-permitted',
    ],
  ])('%s', (_, attempts, kind) => expect(why(attempts.map(attempt))).toMatchObject([{ netns: 'net:[7]', kind }]));

  it('shows what was said, and where', () => {
    const stderr = 'warning\nnsenter: cannot open /proc/8/ns/net: Permission denied';
    expect(why([attempt({ stderr })])).toMatchObject([
      { example: 'nsenter: cannot open /proc/8/ns/net: Permission denied', evidence: [{ frame: 0, section: 'net' }] },
    ]);
  });

  it('was to be asked when the run broke off', () => {
    expect(why([], false)).toMatchObject([{ kind: 'connection-lost' }]);
  });

  it('is none that was listed', () => {
    const transcript = aTranscript([attempt({ stderr: 'Permission denied' })]);
    expect(netnsNotEntered(transcript, seen, new Set(['net:[7]']))).toEqual([]);
  });
});
