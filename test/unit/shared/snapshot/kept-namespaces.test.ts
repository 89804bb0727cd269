// Namespaces that no process is in: by what lsns lists, by sockets, by threads, by mounts that others cover.
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../shared/model/transcript.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';
import { processFrames as processes } from '../../../helpers/process-frames.ts';

const of = (frames: readonly Frame[]) => assemble(aTranscript(frames));

describe('what lsns adds', () => {
  const lsns = (text: string, version = '2.41') => [
    ...processes([
      { pid: 1, ppid: 0, inodes: { user: 1, pid: 2 } },
      { pid: 9, inodes: { user: 30, net: 31, pid: 2 } },
    ]),
    aFrame('tool', `lsns from util-linux ${version}\n`, { key: 'lsns' }),
    aFrame('lsns', text),
  ];
  const found = (text: string) => new Map(of(lsns(text)).namespaces.map((one) => [one.id, one]));

  it('a hidden parent is a namespace, kept by what is below it; the owner of a user namespace is its parent', () => {
    const byId = found('1 user 0 0 1 0\n|-20 user 1 1 0 1001\n|\\x20`-30 user 20 20 1 1001\n`-31 net 0 30 1 0\n');
    expect(byId.get('user:[20]')).toMatchObject({
      processIds: [],
      parent: 'user:[1]',
      ownerUid: 1001,
      keptBy: [{ by: 'namespace', namespace: 'user:[30]', as: 'parent', evidence: [{ section: 'lsns', line: 3 }] }],
    });
    expect(byId.get('user:[30]')).toMatchObject({ parent: 'user:[20]', keptBy: [], relatedBy: { line: 3 } });
    expect(byId.get('user:[30]')).not.toHaveProperty('owner');
    expect(byId.get('net:[31]')).toMatchObject({ owner: 'user:[30]' });
    expect(byId.get('user:[1]')).not.toHaveProperty('parent');
  });

  it('is there though lsns does not list it, as 2.37 does not', () => {
    expect(found('30 user 20 20 1 0\n').get('user:[20]')).toMatchObject({
      processIds: [],
      keptBy: [{ by: 'namespace', namespace: 'user:[30]' }],
    });
  });

  it('what one lsns may not know another does: its 0 takes nothing back', () => {
    const inside = aFrame('lsns', '30 user 20 20 1 1001\n31 net 0 30 1 0\n', { privilege: 'userns:9' });
    for (const frames of [[inside], [aFrame('lsns', '30 user 0 0 1 1001\n31 net 0 0 1 0\n'), inside]]) {
      const byId = new Map(of([...lsns('').slice(0, -1), ...frames]).namespaces.map((one) => [one.id, one]));
      expect(byId.get('user:[30]')).toMatchObject({ parent: 'user:[20]' });
      expect(byId.get('net:[31]')).toMatchObject({ owner: 'user:[30]' });
    }
    const known = aFrame('lsns', '30 user 20 20 1 1001\n31 net 0 30 1 0\n');
    const blind = aFrame('lsns', '30 user 0 0 1 1001\n31 net 0 0 1 0\n', { privilege: 'userns:9' });
    const byId = new Map(of([...lsns('').slice(0, -1), known, blind]).namespaces.map((one) => [one.id, one]));
    expect(byId.get('user:[30]')).toMatchObject({ parent: 'user:[20]' });
    expect(byId.get('net:[31]')).toMatchObject({ owner: 'user:[30]' });
  });

  it('what nothing else keeps is kept by something unknown, unless a socket was found', () => {
    const listed = lsns('50 net 0 1 0 0\n51 net 0 1 0 0\n');
    const { namespaces } = of([...listed, aFrame('socket-netns', '9 3 net:[51]\n')]);
    const keepers = Object.fromEntries(namespaces.map(({ id, keptBy }) => [id, keptBy]));
    expect(keepers['net:[50]']).toMatchObject([{ by: 'lsns', evidence: [{ line: 1 }] }]);
    expect(keepers['net:[51]']).toMatchObject([{ by: 'socket', process: 'process:9', fd: 3 }]);
  });

  it('a tap’s descriptor keeps where it was opened, and says so of its holder', () => {
    const { namespaces, tunHolders } = of([
      aFrame('fd', '/proc/9/fd/5 /dev/net/tun\n'),
      aFrame('fdinfo', '/proc/9/fdinfo/5:iff:\ttap0\n'),
      aFrame('tun-netns', '9 5 net:[52]\n10 3 net:[52]\n'),
    ]);
    expect(namespaces.find(({ id }) => id === 'net:[52]')?.keptBy).toMatchObject([
      { by: 'tun', process: 'process:9', fd: 5 },
      { by: 'tun', process: 'process:10', fd: 3 },
    ]);
    expect(tunHolders).toMatchObject([{ process: 'process:9', interfaceName: 'tap0', netns: 'net:[52]' }]);
    expect(tunHolders[0]?.evidence.map(({ section }) => section)).toEqual(['fd', 'fdinfo', 'tun-netns']);
  });

  it('what has come meanwhile, with its processes, is left out', () => {
    expect(found('60 net 0 1 2 0\n').has('net:[60]')).toBe(false);
  });

  it.each([
    ['2.34', /who owns.*\(2\.37.*, nor .*\(2\.38\), nor .*socket.*\(2\.41\)/],
    ['2.37.4', /util-linux 2\.37\.4 does not tell namespaces that only others.*, nor .*socket/],
    ['2.40.1', /does not tell network namespaces that only a socket/],
  ])('lsns %s: what it leaves out is said, once', (version, words) => {
    const said = of(lsns('', version)).findings.filter(({ rule }) => rule === 'lsns.old');
    expect(said).toMatchObject([{ kind: 'not-supported', subjects: ['host'] }]);
    expect(said[0]?.message).toMatch(words);
  });

  it('lsns 2.41 leaves nothing out', () => {
    expect(of(lsns('')).findings.filter(({ rule }) => rule === 'lsns.old')).toEqual([]);
  });
});

describe('open files', () => {
  it('keep a namespace once, though a file was seen from outside and from inside', () => {
    const fd = (fields: Partial<Frame> = {}) => aFrame('fd', '/proc/9/fd/3 mnt:[66]\n', fields);
    const { namespaces } = of([...processes([{ pid: 1, ppid: 0 }, { pid: 9 }]), fd(), fd({ privilege: 'userns:9' })]);
    const kept = namespaces.find(({ id }) => id === 'mnt:[66]')?.keptBy;
    expect(kept).toEqual([{ by: 'fd', process: 'process:9', fd: 3, evidence: [expect.objectContaining({ line: 1 })] }]);
  });
});

describe('threads', () => {
  it('keep namespaces their process is not in, and mounts in those', () => {
    const { namespaces } = of([
      ...processes([{ pid: 1, ppid: 0 }, { pid: 9 }]),
      aFrame('threads', '/proc/9/task/10/ns/mnt mnt:[98]\n/proc/9/task/10/ns/net net:[99]\n'),
      aFrame(
        'mountinfo',
        '/proc/9/mountinfo:1 0 8:1 / / rw - ext4 /dev/sda rw\n/proc/9/task/10/mountinfo:8 7 0:4 net:[55] /run/n rw - nsfs nsfs rw\n',
      ),
    ]);
    const keepers = Object.fromEntries(namespaces.map(({ id, keptBy }) => [id, keptBy]));
    expect(keepers['mnt:[98]']).toMatchObject([{ by: 'thread', process: 'process:9', tid: 10 }]);
    expect(keepers['net:[99]']).toMatchObject([{ by: 'thread', process: 'process:9', tid: 10 }]);
    expect(keepers['net:[55]']).toMatchObject([
      { by: 'mount', mountNamespace: 'mnt:[98]', reachableAs: '/proc/9/task/10/root/run/n', evidence: [{ line: 2 }] },
    ]);
  });
});

describe('mounts that others cover', () => {
  const nsfs = (mount: string, inode: number, path: string) => `${mount} 0:4 net:[${inode}] ${path} rw - nsfs nsfs rw`;
  const keepers = (tables: Readonly<Record<number, readonly string[]>>) => {
    const lines = Object.entries(tables).flatMap(([pid, mounts]) =>
      ['1 0 8:1 / / rw - ext4 /dev/sda rw', ...mounts].map((mount) => `/proc/${pid}/mountinfo:${mount}`),
    );
    const { namespaces } = of([
      aFrame('host', '9\n', { key: 'self' }),
      ...processes([{ pid: 8, inodes: { mnt: 70 } }, { pid: 9 }]),
      aFrame('mountinfo', `${lines.join('\n')}\n`),
    ]);
    return (inode: number) => namespaces.find(({ id }) => id === `net:[${inode}]`)?.keptBy;
  };

  it('keep a namespace, and their path is no way into it', () => {
    const of = keepers({ 9: [nsfs('8 1', 55, '/run/netns/a'), nsfs('9 8', 56, '/run/netns/a')] });
    expect(of(55)).toMatchObject([{ by: 'mount', path: '/run/netns/a', covered: true, evidence: [{ line: 2 }] }]);
    expect(of(55)?.[0]).not.toHaveProperty('reachableAs');
    expect(of(56)).toMatchObject([{ path: '/run/netns/a', reachableAs: '/run/netns/a' }]);
    expect(of(56)?.[0]).not.toHaveProperty('covered');
  });

  it('each has a path of its own where none covers it', () => {
    const of = keepers({ 9: [nsfs('7 1', 55, '/run/netns/a'), nsfs('8 1', 55, '/run/netns/b')] });
    expect(of(55)).toMatchObject([
      { path: '/run/netns/a', reachableAs: '/run/netns/a' },
      { path: '/run/netns/b', reachableAs: '/run/netns/b' },
    ]);
  });

  it('open by another path where it is mounted once more', () => {
    const covering = '9 1 0:5 / /mnt rw - tmpfs x rw';
    const of = keepers({ 9: [nsfs('8 1', 55, '/mnt/a'), covering, nsfs('7 1', 55, '/run/netns/b')] });
    expect(of(55)).toMatchObject([
      { path: '/mnt/a', covered: true, reachableAs: '/run/netns/b' },
      { path: '/run/netns/b', reachableAs: '/run/netns/b' },
    ]);
  });

  it('are not told where the same path still leads there in another mount namespace', () => {
    const covered = [nsfs('8 1', 55, '/run/netns/a'), nsfs('9 8', 56, '/run/netns/a')];
    const of = keepers({ 8: [nsfs('28 1', 55, '/run/netns/a')], 9: covered });
    expect(of(55)).toMatchObject([{ mountNamespace: 'mnt:[70]', reachableAs: '/proc/8/root/run/netns/a' }]);
    expect(of(55)?.[0]).not.toHaveProperty('covered');
  });
});
