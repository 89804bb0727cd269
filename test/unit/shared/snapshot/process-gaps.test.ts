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

  it('of one that was not read to its end: nothing is gone for that', () => {
    const [answer, ...rest] = swept('', ['/proc/9/ns/user', '/proc/9/ns/uts']);
    if (!answer) throw new Error('no answer');
    for (const frame of [
      { ...answer, cut: 'too-large' as const },
      { ...answer, status: undefined },
    ])
      expect(gaps([frame, ...rest])).not.toContain('processes.gone: process:9');
  });

  it('of one that some are closed of: denied, not gone', () => {
    const said = "find: '/proc/9/ns/user': Permission denied";
    expect(gaps(swept(said, ['/proc/9/ns/user']))).toEqual(['processes.namespaces-not-permitted: process:9']);
  });
});

describe('a process whose main thread has ended', () => {
  const kinds = ['cgroup', 'ipc', 'mnt', 'net', 'time', 'uts'];
  const state = 'State:\tZ (zombie)';
  const status = (threads: number): Frame =>
    aFrame('status', `/proc/9/status:Name:\tx\n/proc/9/status:${state}\n/proc/9/status:Threads:\t${threads}\n`);
  const own = aFrame('ns', '/proc/9/ns/net \n/proc/9/ns/pid pid:[5]\n/proc/9/ns/user user:[7]\n');
  const ofThreads = aFrame(
    'threads',
    kinds
      .flatMap((kind) => [`/proc/9/task/11/ns/${kind} ${kind}:[20]`, `/proc/9/task/12/ns/${kind} ${kind}:[30]`])
      .join('\n'),
  );
  const files = aFrame('fd', '/proc/9/task/11/fd/4 net:[40]\n/proc/9/task/11/fd/5 /dev/net/tun\n');
  const tap = aFrame('fdinfo', '/proc/9/task/11/fdinfo/5:iff:\ttap0\n');

  it('is where the first of the living is, and holds what that one has open', () => {
    const { processes, namespaces, tunHolders, findings } = assemble(
      aTranscript([own, status(3), ofThreads, files, tap]),
    );
    expect(processes).toMatchObject([
      { pid: 9, livingThread: 11, namespaces: { net: 'net:[20]', time: 'time:[20]', user: 'user:[7]' } },
    ]);
    const kept = (id: string) => namespaces.find((one) => one.id === id)?.keptBy;
    expect(kept('net:[20]')).toEqual([]);
    expect(kept('net:[30]')).toMatchObject([{ by: 'thread', process: 'process:9', tid: 12 }]);
    expect(kept('net:[40]')).toMatchObject([{ by: 'fd', process: 'process:9', tid: 11, fd: 4 }]);
    expect(tunHolders).toMatchObject([{ process: 'process:9', fd: 5, interfaceName: 'tap0' }]);
    expect(findings.map(({ rule, kind }) => `${kind} ${rule}`)).toEqual(['note processes.main-thread-ended']);
  });

  it('is no zombie: where no thread tells, something is missing', () => {
    expect(gaps([own, status(3)])).toContain('processes.main-thread-ended: process:9');
    expect(assemble(aTranscript([own, status(1), ofThreads])).processes[0]).not.toHaveProperty('livingThread');
  });
});
