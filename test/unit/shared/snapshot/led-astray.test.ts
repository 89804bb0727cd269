// What was read through a way that leads elsewhere does not count.
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../shared/model/transcript.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';
import { processFrames } from '../../../helpers/process-frames.ts';

const of = (frames: readonly Frame[]) => assemble(aTranscript(frames.map((frame, index) => ({ ...frame, index }))));

const lo = '[{"ifindex":1,"ifname":"lo","link_type":"loopback","addr_info":[]}]\n';

describe('a network namespace whose way in led elsewhere', () => {
  const host = processFrames([
    { pid: 1, ppid: 0, inodes: { net: 1 } },
    { pid: 9, inodes: { net: 5 } },
  ]);
  const links = aFrame('net', lo, { key: 'net:[5]' });
  const entered = (output: string, fields: Partial<Frame> = {}) =>
    aFrame('entered', output, {
      key: 'net:[5]',
      command: 'nsenter --net=/run/n readlink /proc/self/ns/net',
      ...fields,
    });

  it('is not entered, and where it led is told', () => {
    const { links: found, netnsNotEntered } = of([...host, links, entered('net:[6]\n')]);
    expect(found).toEqual([]);
    expect(netnsNotEntered.find(({ netns }) => netns === 'net:[5]')).toMatchObject({
      kind: 'undiscovered',
      example: 'nsenter --net=/run/n leads to net:[6]',
      evidence: [{ section: 'entered' }],
    });
  });

  it('may be entered by another way after that', () => {
    expect(of([...host, links, entered('net:[6]\n'), links]).links).toMatchObject([{ netns: 'net:[5]', name: 'lo' }]);
  });

  it('a refusal takes nothing away', () => {
    const refused = entered('', { status: 1, stderr: 'nsenter: cannot open /run/n: Permission denied' });
    expect(of([...host, links, refused]).links).toHaveLength(1);
    expect(of([...host, refused]).netnsNotEntered.find(({ netns }) => netns === 'net:[5]')).toMatchObject({
      kind: 'not-permitted',
    });
  });
});

describe('a process that went to another namespace while it was read for all in its own', () => {
  const frames = [
    ...processFrames([
      { pid: 1, ppid: 0, inodes: { net: 1, mnt: 2, user: 3, uts: 4 } },
      { pid: 9, inodes: { net: 5, mnt: 6, user: 7, uts: 8 } },
    ]),
    aFrame(
      'socket',
      ['1', '9']
        .map(
          (pid) =>
            `/proc/${pid}/net/tcp:   0: 0100007F:1F9${pid} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4${pid} 1 0 100 0 0 10 0\n`,
        )
        .join(''),
    ),
    aFrame('sockstat', '/proc/1/net/sockstat:TCP: inuse 1\n/proc/9/net/sockstat:TCP: inuse 1\n'),
    aFrame('id-map', '/proc/1/uid_map:  0 0 4294967295\n/proc/9/uid_map:  0 1000 1\n'),
    aFrame('mountinfo', '/proc/9/mountinfo:5 1 0:4 net:[77] /run/n rw - nsfs nsfs rw\n'),
    aFrame('hostname', 'inner\n', { key: 'uts:[8]', command: 'nsenter -t 9 -u cat /proc/sys/kernel/hostname' }),
  ];
  const hostnameOf = (entities: ReturnType<typeof of>) =>
    entities.namespaces.find(({ id }) => id === 'uts:[8]')?.hostname;

  it('counts where it has stayed', () => {
    const stayed = of([...frames, aFrame('moved', '')]);
    expect(stayed.sockets.map(({ netns }) => netns)).toEqual(['net:[1]', 'net:[5]']);
    expect(stayed.socketsSeenIn).toEqual(['net:[1]', 'net:[5]']);
    expect(stayed.namespaces.find(({ id }) => id === 'user:[7]')?.uidMap).toHaveLength(1);
    expect(stayed.namespaces.some(({ id }) => id === 'net:[77]')).toBe(true);
    expect(hostnameOf(stayed)).toBe('inner');
  });

  it.each([
    ['net', 'net:[1]'],
    ['mnt', 'mnt:[2]'],
    ['user', 'user:[3]'],
    ['uts', 'uts:[4]'],
  ])('does not count for %s, and that is said', (kind, target) => {
    const moved = of([...frames, aFrame('moved', `/proc/9/ns/${kind} ${target}\n`)]);
    expect(moved.sockets.map(({ netns }) => netns)).toEqual(kind === 'net' ? ['net:[1]'] : ['net:[1]', 'net:[5]']);
    expect(moved.socketsSeenIn).toHaveLength(kind === 'net' ? 1 : 2);
    expect(moved.namespaces.find(({ id }) => id === 'user:[7]')?.uidMap ?? []).toHaveLength(kind === 'user' ? 0 : 1);
    expect(moved.namespaces.some(({ id }) => id === 'net:[77]')).toBe(kind !== 'mnt');
    expect(hostnameOf(moved)).toBe(kind === 'uts' ? undefined : 'inner');
    expect(moved.findings.filter(({ rule }) => rule === 'processes.moved')).toMatchObject([
      { kind: 'gone', subjects: ['process:9'], evidence: [{ section: 'moved', line: 1 }] },
    ]);
  });
});

describe('the root directory of a process', () => {
  const root = (text: string) =>
    of([...processFrames([{ pid: 1, ppid: 0 }, { pid: 9 }]), aFrame('root', text)]).processes.map(
      ({ rootDirectory }) => rootDirectory?.path,
    );
  it('is said where it is not /, by find', () =>
    expect(root('/proc/9/root /srv/a jail\n')).toEqual([undefined, '/srv/a jail']));
  it('by ls', () =>
    expect(root('lrwxrwxrwx    1 root     root             0 Nov 23 15:36 /proc/9/root -> /srv/jail\n')).toEqual([
      undefined,
      '/srv/jail',
    ]));
});
