import { describe, expect, it } from 'vitest';
import { forEachMountTable, parseHidepid, parseMount, unescapeOctal } from '../../../../shared/parse/mountinfo.ts';
import { parseNamespaceMounts } from '../../../../shared/parse/namespace-mounts.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';

describe('mountinfo', () => {
  it('finds the detached network namespace twice: where it was, now covered by --copy-up, and where it is', () => {
    const frame = aFrame('mountinfo', sourceText('mountinfo/rootlesskit-copy-up.txt'));
    const { facts, unparsable } = parseNamespaceMounts(frame);
    expect(unparsable).toEqual([]);
    expect(facts).toMatchObject([
      { pid: 92, id: 'net:[4026532255]', mountPoint: '/run/user/1000/containerd-rootless/netns', covered: true },
      {
        pid: 92,
        id: 'net:[4026532255]',
        mountPoint: '/run/.ro2112675765/user/1000/containerd-rootless/netns',
        covered: false,
      },
    ]);
    expect(quoted(frame, facts[1]?.evidence ?? {})).toContain(' - nsfs nsfs rw');
  });

  it('undoes octal escapes, and sees what lies under another mount', () => {
    const { facts } = parseNamespaceMounts(aFrame('mountinfo', sourceText('mountinfo/blank-and-covered.txt')));
    expect(facts.map(({ id, mountPoint, covered }) => [id.slice(0, 3), mountPoint, covered])).toEqual([
      ['net', '/tmp/a b/n\\s', false],
      ['uts', '/tmp/a b/d/over', true],
      ['ipc', '/tmp/a b/c', true],
      ['net', '/tmp/a b/c', false],
    ]);
  });

  it('reads lines with and without optional fields', () => {
    expect(
      parseMount('36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue'),
    ).toEqual({
      id: '36',
      parent: '35',
      device: '98:0',
      root: '/mnt1',
      mountPoint: '/mnt2',
      options: 'rw,noatime',
      propagation: { master: 1, shared: 7 },
      type: 'ext3',
      source: '/dev/root',
      superOptions: 'rw,errors=continue',
    });
    expect(parseMount('36 35 98:0 /mnt1 /mnt2 rw')).toBeUndefined();
  });

  it('reads how mounts spread, and the options of a mount beside those of its file system', () => {
    const mounts = new Map<string, ReturnType<typeof parseMount>>();
    forEachMountTable(aFrame('mountinfo', sourceText('mountinfo/propagation-and-options.txt')), ({ lines }) => {
      for (const mount of lines.map(({ content }) => parseMount(content))) mounts.set(mount?.mountPoint ?? '', mount);
    });
    expect(mounts.get('/mnt')?.propagation).toEqual({});
    expect(mounts.get('/mnt/a')?.propagation).toEqual({ shared: 2 });
    expect(mounts.get('/mnt/b')?.propagation).toEqual({ master: 2 });
    expect(mounts.get('/mnt/c')?.propagation).toEqual({ shared: 3, master: 2 });
    expect(mounts.get('/mnt/e')).toMatchObject({ options: 'ro,relatime', superOptions: 'ro,size=64k' });
    expect(mounts.get('/mnt/f')).toMatchObject({ root: '/dir', options: 'ro,nosuid,relatime', superOptions: 'rw' });
    expect(mounts.get('/mnt/odd - name')).toMatchObject({ type: 'tmpfs', source: 'odd' });
  });

  it.each([
    ['propagate_from:2 master:5', { master: 5, propagateFrom: 2 }],
    ['unbindable', { unbindable: true }],
    ['shared:x newer:3', {}],
    ['', {}],
  ])('reads the optional fields %j', (fields, propagation) => {
    const line = ['9 1 0:4 / /a rw', ...(fields === '' ? [] : [fields]), '- tmpfs x rw'].join(' ');
    expect(parseMount(line)?.propagation).toEqual(propagation);
  });

  it('keeps the tables of processes and of threads apart', () => {
    const line = ':9 1 0:4 / /a rw - tmpfs x rw\n';
    const text = ['/proc/1/mountinfo', '/proc/7/mountinfo', '/proc/7/task/9/mountinfo', '/proc/7/mounts'].map(
      (file) => file + line,
    );
    const tables: unknown[] = [];
    forEachMountTable(aFrame('mountinfo', text.join('')), ({ pid, tid, lines }) => {
      tables.push([pid, tid, lines.map((one) => one.line)]);
    });
    expect(tables).toEqual([
      [1, undefined, [1]],
      [7, undefined, [2]],
      [7, 9, [3]],
    ]);
  });

  it.each([
    ['a\\040b', 'a b'],
    ['\\011\\012\\134', '\t\n\\'],
    ['no\\9escape', 'no\\9escape'],
  ])('unescapes %j as %j', (escaped, text) => expect(unescapeOctal(escaped)).toBe(text));

  it('keeps the rest when one line is bad', () => {
    const text = '/proc/1/mountinfo:rubbish\n/proc/1/mountinfo:9 1 0:4 net:[5] /run/n rw - nsfs nsfs rw\n';
    const { facts } = parseNamespaceMounts(aFrame('mountinfo', text));
    expect(facts).toMatchObject([{ id: 'net:[5]', covered: false }]);
  });

  it.each([
    ['23 28 0:21 / /proc rw,nosuid shared:5 - proc proc rw', '0'],
    ['23 28 0:21 / /proc rw,nosuid shared:5 - proc proc rw,hidepid=2,gid=4', '2'],
    ['23 28 0:21 / /proc rw shared:5 - proc proc rw,hidepid=invisible', 'invisible'],
    ['23 28 0:21 / /proc/sys/fs rw - binfmt_misc x rw', undefined],
    // Mounted over another one: that one is what a path leads to.
    [
      '23 28 0:21 / /proc rw - proc proc rw,hidepid=2\n99 23 0:50 / /proc rw - proc proc rw\n23 28 0:21 / /mnt/proc rw - proc proc rw,hidepid=2',
      '0',
    ],
  ])('reads hidepid of %j', (line, value) => expect(parseHidepid(aFrame('host', line))?.value).toBe(value));
});
