import { describe, expect, it } from 'vitest';
import { parseLsns, parseUtilLinuxVersion } from '../../../../shared/parse/lsns.ts';
import { parseSocketNetns } from '../../../../shared/parse/socket-netns.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';

describe('what lsns lists', () => {
  it('reads inode, parent, owner and processes behind the tree; 0 is unknown', () => {
    const frame = aFrame('lsns', sourceText('lsns/hidden-and-kept-2.41.txt'));
    const { facts, unparsable } = parseLsns(frame);
    expect(unparsable).toEqual([]);
    expect(facts).toHaveLength(21);
    expect(facts[0]).toMatchObject({ id: 'user:[4026531837]', parent: undefined, owner: undefined, processes: 16 });
    const netns = facts.find(({ id }) => id === 'net:[4026533536]');
    expect(netns).toMatchObject({ parent: undefined, owner: 'user:[4026533465]', processes: 0, ownerUid: undefined });
    expect(quoted(frame, netns?.evidence ?? {})).toBe(String.raw`|\x20${'`'}-4026533536 net 0 4026533465 0 0`);
    expect(facts.find(({ id }) => id === 'pid:[4026533609]')).toMatchObject({ parent: 'pid:[4026533255]' });
  });

  it('takes the uid for the owner’s only of a user namespace without a process: else it is that of some process', () => {
    const { facts } = parseLsns(aFrame('lsns', sourceText('lsns/hidden-and-kept-2.41.txt')));
    const told = facts.filter(({ ownerUid }) => ownerUid !== undefined);
    expect(told.map(({ id, ownerUid }) => `${id} ${ownerUid}`)).toEqual([
      'user:[4026533605] 0',
      'user:[4026533822] 1001',
    ]);
  });

  it('reads the same behind a tree that is drawn in UTF-8, whose escapes look like digits', () => {
    const { facts, unparsable } = parseLsns(aFrame('lsns', sourceText('lsns/utf-8-tree-2.38.txt')));
    expect(unparsable).toEqual([]);
    expect(facts.map(({ id, parent }) => `${id} ${parent}`)).toEqual([
      'user:[4026531837] undefined',
      'uts:[4026532178] undefined',
      'user:[4026532253] user:[4026531837]',
      'pid:[4026532329] pid:[4026532180]',
      'net:[4026532330] undefined',
      'pid:[4026532180] pid:[4026531836]',
    ]);
  });

  it('loses only the lines it cannot read', () => {
    const { facts, unparsable } = parseLsns(
      aFrame('lsns', '1 user 0 0 1 0\n2 flavour 0 1 1 0\n3 net 0\n4 net 0 1 1 0\n'),
    );
    expect(facts.map(({ id }) => id)).toEqual(['user:[1]', 'net:[4]']);
    expect(unparsable.map(({ evidence }) => evidence.line)).toEqual([2, 3]);
  });

  it('knows the version from the words of the tool', () => {
    expect(parseUtilLinuxVersion('lsns from util-linux 2.38.1\n')).toEqual({ text: '2.38.1', minor: 38 });
    expect(parseUtilLinuxVersion('BusyBox v1.36.1')).toBeUndefined();
  });
});

describe('where sockets lead', () => {
  it('reads process, descriptor and network namespace', () => {
    const frame = aFrame('socket-netns', `${sourceText('socket-netns/one.txt')}7 8 /etc\n`);
    expect(parseSocketNetns(frame).facts).toMatchObject([{ pid: 106, fd: 3, id: 'net:[4026533751]' }]);
    expect(parseSocketNetns(frame).unparsable).toHaveLength(1);
  });
});
