import { describe, expect, it } from 'vitest';
import { parseNamespaceLinks } from '../../../../shared/parse/ns-links.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';

const links = (text: string) => parseNamespaceLinks(aFrame('ns', text));

describe('namespace links', () => {
  it('reads find -printf: own links, and the one for children that leads elsewhere', () => {
    const frame = aFrame('ns', sourceText('ns-links/pid-for-children-elsewhere.txt'));
    const { facts, unparsable } = parseNamespaceLinks(frame);
    expect(unparsable).toEqual([]);
    expect(facts).toHaveLength(17);
    expect(facts.filter(({ forChildren }) => forChildren).map(({ pid, id }) => `${pid} ${id}`)).toEqual([
      '11283 pid:[4026532499]',
    ]);
    const net = facts.find(({ pid, kind }) => pid === 11282 && kind === 'net');
    expect(net).toMatchObject({ id: 'net:[4026532480]', inode: 4026532480, forChildren: false });
    expect(quoted(frame, net?.evidence ?? {})).toBe('/proc/11282/ns/net net:[4026532480]');
  });

  it.each(['ns-links/busybox-ls.txt', 'ns-links/gnu-ls.txt'])('reads the same from %s', (name) => {
    const { facts, unparsable } = links(sourceText(name));
    expect(unparsable).toEqual([]);
    expect(facts.every(({ pid }) => pid === 11283)).toBe(true);
    expect(facts.map(({ id, forChildren }) => `${id}${forChildren ? ' for children' : ''}`)).toEqual([
      'cgroup:[4026531835]',
      'ipc:[4026531839]',
      'mnt:[4026531832]',
      'net:[4026531833]',
      'pid:[4026531836]',
      'pid:[4026532499] for children',
      'time:[4026531834]',
      'user:[4026531837]',
      'uts:[4026531838]',
    ]);
  });

  it('tells a thread from its process', () => {
    expect(links('/proc/9/task/11/ns/net net:[4026532001]\n').facts).toMatchObject([{ pid: 9, tid: 11 }]);
  });

  it('loses only the lines it cannot read', () => {
    const { facts, unparsable } = links(
      '/proc/9/ns/net net:[1]\n/proc/9/ns/net mnt:[2]\n/proc/9/ns/uts uts:[x]\nrubbish\n/proc/9/ns/ipc ipc:[3]\n',
    );
    expect(facts.map(({ id }) => id)).toEqual(['net:[1]', 'ipc:[3]']);
    expect(unparsable.map(({ evidence }) => evidence.line)).toEqual([2, 3, 4]);
  });
});
