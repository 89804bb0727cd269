// Mount tables: whose they are, what is as on the host, and where the list ends.
import { describe, expect, it } from 'vitest';
import { FindingLog } from '../../../../shared/snapshot/finding-log.ts';
import { Frames } from '../../../../shared/snapshot/frames.ts';
import { readMountTables } from '../../../../shared/snapshot/mount-tables.ts';
import type { MountLimits } from '../../../../shared/snapshot/mount-tables.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript, quoted, sourceText } from '../../../helpers/frames.ts';
import { processFrames } from '../../../helpers/process-frames.ts';

const hosts = [
  '20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
  '21 20 0:5 / /proc rw shared:2 - proc proc rw',
  '22 20 0:6 / /home rw shared:3 - tmpfs tmpfs rw',
];
const unit = [
  '50 40 8:1 / / rw,relatime master:1 - ext4 /dev/sda1 rw',
  '51 50 0:5 / /proc ro master:2 - proc proc rw',
  '52 50 0:6 / /home rw master:3 - tmpfs tmpfs rw',
  '53 50 0:9 / /tmp rw - tmpfs tmpfs rw',
  '54 52 0:10 / /home rw - tmpfs inaccessible rw',
];
const mountinfo = (tables: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(tables).flatMap(([file, lines]) => lines.map((line) => `/proc/${file}:${line}\n`));
const answer = (tables: Readonly<Record<string, readonly string[]>>) => aFrame('mountinfo', mountinfo(tables).join(''));

describe('mount tables', () => {
  // The host's own stands last: the order of an answer decides nothing.
  const frame = answer({ '30/mountinfo': unit, '1/mountinfo': hosts });
  const { mountTables, findings } = assemble(
    aTranscript([
      ...processFrames([
        { pid: 1, ppid: 0 },
        { pid: 30, inodes: { mnt: 77 } },
      ]),
      frame,
    ]),
  );
  const of = (id: string) => mountTables.find(({ mountNamespace }) => mountNamespace === id);

  it('tell what is a namespace’s own, what is as on the host, and what lies under something else', () => {
    expect(of('mnt:[77]')).toMatchObject({ readThrough: 'process:30', count: 5, countAsOnHost: 2 });
    expect(of('mnt:[77]')?.mounts.map(({ path, asOnHost, covered }) => [path, asOnHost, covered])).toEqual([
      ['/', true, undefined],
      // Read-only here.
      ['/proc', undefined, undefined],
      ['/home', true, true],
      ['/tmp', undefined, undefined],
      ['/home', undefined, undefined],
    ]);
    expect(of('mnt:[3]')).toMatchObject({ readThrough: 'process:1', count: 3, countAsOnHost: 0 });
    expect(findings).toEqual([]);
  });

  it('lead back to the lines', () => {
    const [first] = of('mnt:[77]')?.mounts ?? [];
    expect(quoted(frame, first?.evidence ?? {})).toBe(`/proc/30/mountinfo:${unit[0]}`);
    expect(first).toMatchObject({ mountId: 50, parentId: 40, device: '8:1', source: '/dev/sda1', type: 'ext4' });
  });

  it('are kept where the namespace is closed, by the process they were read through', () => {
    const closed = assemble(
      aTranscript([
        ...processFrames([
          { pid: 1, ppid: 0 },
          { pid: 30, inodes: null },
        ]),
        answer({ '1/mountinfo': hosts, '30/mountinfo': unit }),
      ]),
    );
    const [table] = closed.mountTables.filter(({ readThrough }) => readThrough === 'process:30');
    expect(table).toMatchObject({ count: 5, countAsOnHost: 2 });
    expect(table).not.toHaveProperty('mountNamespace');
  });

  it('are those of a thread too, and of no process that is not known', () => {
    const { mountTables: tables } = assemble(
      aTranscript([
        ...processFrames([{ pid: 1, ppid: 0 }]),
        aFrame('threads', '/proc/1/task/9/ns/mnt mnt:[88]\n'),
        answer({ '1/task/9/mountinfo': unit, '999/mountinfo': unit }),
      ]),
    );
    expect(tables.map(({ mountNamespace }) => mountNamespace)).toEqual(['mnt:[88]']);
  });

  it('cost a bad line, and say so once', () => {
    const bad = assemble(
      aTranscript([
        ...processFrames([{ pid: 1, ppid: 0 }]),
        answer({ '1/mountinfo': ['rubbish', '23 20 0:4 net:[5] /run/n rw - nsfs nsfs rw', ...hosts] }),
      ]),
    );
    expect(bad.mountTables).toMatchObject([{ count: 4 }]);
    expect(bad.findings).toMatchObject([{ rule: 'section.unparsable', values: { count: 1, section: 'mountinfo' } }]);
  });

  it('cut long options', () => {
    const overlay = `20 1 0:9 / / rw - overlay overlay rw,lowerdir=${'/layer:'.repeat(500)}`;
    const { mountTables: tables } = assemble(
      aTranscript([...processFrames([{ pid: 1, ppid: 0 }]), answer({ '1/mountinfo': [overlay] })]),
    );
    expect(tables[0]?.mounts[0]?.superOptions).toMatch(/^rw,lowerdir=\/layer:.{200,250}…$/);
  });

  it('of RootlessKit’s child: what --copy-up moved away is covered', () => {
    const { mountTables: tables } = assemble(
      aTranscript([
        ...processFrames([{ pid: 92, inodes: { mnt: 77 } }]),
        aFrame('mountinfo', sourceText('mountinfo/rootlesskit-copy-up.txt')),
      ]),
    );
    const covered = tables[0]?.mounts.filter((mount) => mount.covered).map(({ path }) => path);
    expect(covered).toContain('/run/user/1000/containerd-rootless/netns');
    expect(covered).not.toContain('/run/containerd');
  });
});

describe('very many mounts', () => {
  const read = (limits: MountLimits) => {
    const log = new FindingLog();
    const frame = answer({ '1/mountinfo': hosts, '30/mountinfo': unit, '31/mountinfo': unit });
    const owners = {
      mountNamespaceOf: ({ pid }: { readonly pid: number }) => `mnt:[${pid}]` as const,
      isShown: () => true,
      host: 'mnt:[1]' as const,
    };
    const tables = readMountTables(new Frames(aTranscript([frame])), log, owners, limits);
    return { tables, findings: log.findings(() => ({ message: '' })) };
  };
  const listed = (limits: MountLimits) => read(limits).tables.map(({ mounts }) => mounts.length);

  it('are counted; copies of the host’s are left out without a word', () => {
    const { tables, findings } = read({ own: 100, asOnHost: 3 });
    expect(tables.map(({ count, countAsOnHost, mounts }) => [count, countAsOnHost, mounts.length])).toEqual([
      [3, 0, 3],
      [5, 2, 5],
      [5, 2, 4],
    ]);
    expect(findings).toEqual([]);
  });

  it('those of its own are left out with a word', () => {
    const { findings } = read({ own: 7, asOnHost: 0 });
    expect(listed({ own: 7, asOnHost: 0 })).toEqual([3, 3, 1]);
    expect(findings).toMatchObject([
      { rule: 'mounts.cut', kind: 'too-large', subjects: ['mnt:[31]'], values: { limit: 7, count: 1 } },
    ]);
    expect(findings[0]?.evidence).toHaveLength(1);
  });
});
