import { describe, expect, it } from 'vitest';
import { parseHidepid, parseMount, parseNamespaceMounts, unescapeOctal } from '../../../../shared/parse/mountinfo.ts';
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
      root: '/mnt1',
      mountPoint: '/mnt2',
      options: 'rw,noatime',
      type: 'ext3',
      superOptions: 'rw,errors=continue',
    });
    expect(parseMount('36 35 98:0 /mnt1 /mnt2 rw')).toBeUndefined();
  });

  it.each([
    ['a\\040b', 'a b'],
    ['\\011\\012\\134', '\t\n\\'],
    ['no\\9escape', 'no\\9escape'],
  ])('unescapes %j as %j', (escaped, text) => expect(unescapeOctal(escaped)).toBe(text));

  it('keeps the rest when one line is bad', () => {
    const text = '/proc/1/mountinfo:rubbish\n/proc/1/mountinfo:9 1 0:4 net:[5] /run/n rw - nsfs nsfs rw\n';
    const { facts, unparsable } = parseNamespaceMounts(aFrame('mountinfo', text));
    expect(facts).toMatchObject([{ id: 'net:[5]', covered: false }]);
    expect(unparsable).toMatchObject([{ evidence: { line: 1 } }]);
  });

  it.each([
    ['23 28 0:21 / /proc rw,nosuid shared:5 - proc proc rw', '0'],
    ['23 28 0:21 / /proc rw,nosuid shared:5 - proc proc rw,hidepid=2,gid=4', '2'],
    ['23 28 0:21 / /proc rw shared:5 - proc proc rw,hidepid=invisible', 'invisible'],
    ['23 28 0:21 / /proc/sys/fs rw - binfmt_misc x rw', undefined],
  ])('reads hidepid of %j', (line, value) => expect(parseHidepid(aFrame('host', line))?.value).toBe(value));
});
