// What is missing of one process: what cannot be read yet, what it took with it when it ended, and what is closed to us.
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../shared/model/transcript.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';
import { processFrames } from '../../../helpers/process-frames.ts';

const [links, ...others] = processFrames([{ pid: 1, ppid: 0 }, { pid: 9 }]);
/** The links of both, `without` some, and what find said of them. */
const swept = (stderr: string, without: readonly string[] = [], more = ''): readonly Frame[] => [
  aFrame(
    'ns',
    without.reduce((text, link) => text.replace(new RegExp(`^${link} .*\\n`, 'm'), ''), links?.output ?? '') + more,
    {
      command: "find /proc/[0-9]*/ns -type l -printf '%p %l\\n'",
      stderr,
      status: 1,
    },
  ),
  ...others,
];
const gaps = (frames: readonly Frame[]) =>
  assemble(aTranscript(frames)).findings.map(({ rule, subjects }) => `${rule}: ${subjects.join(' ')}`);

describe('namespace links that could not be read', () => {
  it('pid_for_children, before the first child is there: nothing is missing', () => {
    // As find prints it after `unshare --pid` without a fork, on Linux 6.18.
    const said = "find: '/proc/9/ns/pid_for_children': No such file or directory";
    expect(gaps(swept(said, [], '/proc/9/ns/pid_for_children \n'))).toEqual([]);
  });

  it('of a process that ended meanwhile: it is gone, not closed', () => {
    const said = "find: '/proc/9/ns/user': No such file or directory";
    expect(gaps(swept(said, ['/proc/9/ns/user', '/proc/9/ns/uts']))).toEqual(['processes.gone: process:9']);
  });

  it('of one that some are closed of: denied, not gone', () => {
    const said = "find: '/proc/9/ns/user': Permission denied";
    expect(gaps(swept(said, ['/proc/9/ns/user']))).toEqual(['processes.namespaces-not-permitted: process:9']);
  });
});
