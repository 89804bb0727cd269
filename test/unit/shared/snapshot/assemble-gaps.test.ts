// What could not be read and why, on small transcripts.
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../shared/model/transcript.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';
import { processFrames as processes } from '../../../helpers/process-frames.ts';

const of = (frames: readonly Frame[], fields = {}) => assemble(aTranscript(frames, fields));
const rules = (frames: readonly Frame[], fields = {}) =>
  of(frames, fields).findings.map(({ rule, subjects }) => `${rule}: ${subjects.join(' ')}`);

describe('a RootlessKit that did not tell its ports', () => {
  const key = '7 8 /run/user/1000/r';
  const denied = `ls: cannot access '/run/user/1000/r': Permission denied`;
  const refused = 'curl: (7) Failed to connect to rootlesskit port 80 after 0 ms: Could not connect to server';
  const listing = '# /run/user/1000/r\nsrwxr-xr-x 1 1000 1000 0 Nov 26 02:27 api.sock\n';
  const asked = (list: Partial<Frame>, ports: Partial<Frame>) =>
    of([
      aFrame('rootlesskit', list.output ?? '# /run/user/1000/r\n', { key, ...list }),
      aFrame('rootlesskit-ports', '', { key, ...ports }),
    ]).rootlessKits[0]?.portsRefused;

  it.each([
    ['not-permitted', { stderr: denied, status: 2 }, { stderr: refused, status: 7 }, denied],
    [
      'not-permitted',
      { output: listing },
      { stderr: 'curl: (7) Permission denied', status: 7 },
      'curl: (7) Permission denied',
    ],
    ['undiscovered', { output: listing }, { stderr: refused, status: 7 }, refused],
    // What is closed is the child's view of a directory that is open.
    ['undiscovered', { output: listing, stderr: denied, status: 2 }, { stderr: refused, status: 7 }, refused],
    [
      'not-supported',
      { stderr: denied, status: 2 },
      { stderr: 'sh: rootlessctl: not found', status: 127 },
      'sh: rootlessctl: not found',
    ],
  ])('says why: %s', (kind, list, ports, example) => {
    expect(asked(list, ports)).toMatchObject({ kind, example });
  });

  it('has nothing to say where it answered, or was not asked', () => {
    expect(asked({ output: listing }, { output: '[]', status: 0 })).toBeUndefined();
    expect(of([aFrame('rootlesskit', listing, { key })]).rootlessKits[0]?.portsRefused).toBeUndefined();
  });
});

describe('gaps', () => {
  const two = processes([
    { pid: 1, ppid: 0 },
    { pid: 9, inodes: null },
  ]);

  it('zombies and kernel threads are none', () => {
    expect(
      rules(
        processes([
          { pid: 1, ppid: 0 },
          { pid: 9, inodes: null, state: 'Z' },
        ]),
      ),
    ).toEqual([]);
    const thread = '/proc/9/stat:9 (kworker) I 2 0 0 0 0 2129984 0 0 0 0 0 0 0 0 0 0 0 0 5\n';
    expect(rules([two[0]!, two[1]!, aFrame('stat', thread)])).toEqual([]);
  });

  it('a process that came or went is gone, not denied', () => {
    expect(rules(two)).toEqual(['processes.gone: process:9']);
  });

  it('files are denied until a later pass is given them', () => {
    const denied = (pids: readonly number[]) =>
      pids.map((pid) => `find: '/proc/${pid}/fd': Permission denied`).join('\n');
    const first = aFrame('fd', '', { command: 'find /proc/[0-9]*/fd', stderr: denied([1, 9]), status: 1 });
    const again = aFrame('fd', '', { command: 'nsenter -t 9 -U find /proc/9/fd', privilege: 'userns:9' });
    const open = processes([{ pid: 1, ppid: 0 }, { pid: 9 }]);
    expect(rules([...open, first])).toEqual(['processes.files-not-permitted: process:1 process:9']);
    expect(rules([...open, first, again])).toEqual(['processes.files-not-permitted: process:1']);
  });

  it('what the collector itself started is not shown when nothing but its questions is known of it', () => {
    const { processes: shown, findings } = of([
      aFrame('host', '900\n', { key: 'self' }),
      ...processes([
        { pid: 1, ppid: 0 },
        { pid: 900 },
        { pid: 901, ppid: 900, name: 'grep', inodes: null },
        { pid: 902, ppid: 901, name: 'sub', inodes: null },
      ]),
      aFrame('cmdline', '/proc/950/cmdline:sh\0-s\0\n'),
    ]);
    expect(shown.map(({ pid }) => pid)).toEqual([1, 900]);
    expect(findings).toEqual([]);
  });

  it('hidepid is noticed, unless root asked', () => {
    const mount = aFrame('host', '23 28 0:21 / /proc rw - proc proc rw,hidepid=2\n', { key: 'proc-mount' });
    const id = (text: string) => aFrame('host', text, { key: 'id' });
    expect(rules([mount, id('uid=1000(a)')])).toEqual(['processes.hidden: host']);
    expect(rules([mount, id('uid=0(root) gid=0(root)')])).toEqual([]);
  });

  it('one finding for each cause, with all that it is about', () => {
    const failed = (netns: string, stderr: string) => aFrame('net', '[]\n', { key: netns, stderr, status: 1 });
    const frames = ['net:[4]', 'net:[5]'].map((netns) =>
      failed(netns, 'RTNETLINK answers: Operation not supported\nDump terminated\nCommand failed -:4'),
    );
    expect(of(frames).findings).toMatchObject([
      {
        rule: 'net.command-failed',
        // The kernel's answer is shown with the evidence.
        message: '“ip rule show” failed in 2 network namespaces: what it lists is unknown there.',
        kind: 'not-supported',
        subjects: ['net:[4]', 'net:[5]'],
        values: {
          command: 'rule show',
          count: 2,
          example: 'RTNETLINK answers: Operation not supported; Dump terminated',
        },
      },
    ]);
  });

  it('what the kernel answered stands in no title', () => {
    const stderr = 'RTNETLINK answers: Operation not supported\nDump terminated';
    const [found] = of([aFrame('rule6', '', { key: 'net:[4]', status: 1, stderr })]).findings;
    expect(found).toMatchObject({
      rule: 'section.not-supported',
      message: "The question “rule6” is not supported by the host's kernel",
      values: { example: 'RTNETLINK answers: Operation not supported' },
    });
    expect(found?.advice).toBeUndefined();
  });

  it.each([
    [{ cut: 'too-large' } as const, 'section.too-large: host'],
    [{ cut: 'timed-out', status: 143 } as const, 'section.timed-out: host'],
    [{ cut: 'connection-lost', status: undefined } as const, 'section.connection-lost: host'],
    [{ status: 127, stderr: 'sh: grep: not found' } as const, 'section.not-supported: host'],
    [{ status: 2, stderr: 'grep: out of memory' } as const, 'section.undiscovered: host'],
    [{ status: 2, stderr: 'grep: /proc/7/cgroup: No such file or directory' } as const, undefined],
  ])('a frame that ended with %j', (fields, expected) => {
    expect(rules([aFrame('cgroup', '', fields)])).toEqual(expected === undefined ? [] : [expected]);
  });

  it('missing tools, lines nobody can read, a run that broke off', () => {
    const tools = [
      aFrame('tool', '', { key: 'lsns', status: 127 }),
      aFrame('tool', 'ip utility, 6.1\n', { key: 'ip' }),
    ];
    expect(of(tools)).toMatchObject({
      host: { tools: { ip: 'ip utility, 6.1' } },
      findings: [{ rule: 'tools.missing', values: { tools: 'lsns' } }],
    });
    expect(of([aFrame('ns', 'rubbish\nmore\n')]).findings).toMatchObject([
      {
        rule: 'section.unparsable',
        values: { section: 'ns', count: 2, example: 'rubbish' },
        evidence: [{ line: 1 }, { line: 2 }],
      },
    ]);
    expect(rules([], { complete: false, problems: ['There is text outside of the answers.'] })).toEqual([
      'transcript.incomplete: host',
      'transcript.unreadable: host',
    ]);
  });

  it('versions, as each tool says its own', () => {
    const tool = (key: string, fields: Partial<Frame>) => aFrame('tool', '', { key, ...fields });
    const { host, findings } = of([
      tool('ss', { status: 127, stderr: 'sh: ss: not found' }),
      tool('curl', { output: 'curl 8.14.1\nProtocols: file\n' }),
      tool('nsenter', { stderr: 'nsenter from util-linux 2.37' }),
      tool('find', {
        status: 1,
        stderr: "find: unrecognized option '--version'\nBusyBox v1.36.1 (Debian) multi-call binary.",
      }),
      tool('grep', { status: 2, stderr: 'grep: unknown option -- version' }),
    ]);
    expect(host.tools).toEqual({
      curl: 'curl 8.14.1',
      nsenter: 'nsenter from util-linux 2.37',
      find: 'BusyBox v1.36.1',
    });
    expect(findings).toEqual([]);
  });

  it('files that need not be there are no failure', () => {
    const absent = { status: 1, stderr: 'cat: /etc/subuid: No such file or directory' };
    expect(
      rules([aFrame('host', '', { key: 'subuid', ...absent }), aFrame('host', '', { key: 'netns-dir', ...absent })]),
    ).toEqual([]);
  });
});
