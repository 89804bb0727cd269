// fd and fdinfo.
import { describe, expect, it } from 'vitest';
import { namespaceKinds } from '../../../../shared/model/id.ts';
import { parseFdLinks } from '../../../../shared/parse/fd-links.ts';
import { parseFdinfo } from '../../../../shared/parse/fdinfo.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

describe('open files', () => {
  it('finds a namespace held open', () => {
    expect(parseFdLinks(aFrame('fd', sourceText('fd-links/netns-held-open.txt'))).facts).toMatchObject([
      { pid: 11286, fd: 7, to: 'namespace', id: 'net:[4026532480]', evidence: { line: 1 } },
    ]);
  });

  it.each(namespaceKinds)('finds one of kind %s', (kind) => {
    const open = parseFdLinks(aFrame('fd', `/proc/9/fd/7 ${kind}:[4026532480]\n/proc/9/fd/8 pidfd:[4026532480]\n`));
    expect(open.facts).toMatchObject([{ pid: 9, fd: 7, to: 'namespace', id: `${kind}:[4026532480]` }]);
  });

  it('reads what BusyBox lists', () => {
    expect(parseFdLinks(aFrame('fd', sourceText('fd-links/busybox-ls.txt'))).facts).toMatchObject([
      { pid: 15206, fd: 7, to: 'namespace', id: 'net:[4026532480]' },
      { pid: 28816, fd: 6, to: 'socket', inode: 132222 },
      { pid: 28816, fd: 7, to: 'socket', inode: 132224 },
    ]);
  });

  it('is not taken in by files that are called like namespaces', () => {
    const text =
      '/proc/1/fd/3 /tmp/net:[4026531840]\n/proc/1/fd/4 /tmp/socket:[1]\n/proc/1/fd/5 net:[1]x\n/proc/1/fd/6 /dev/net/tun\n';
    expect(parseFdLinks(aFrame('fd', text)).facts).toMatchObject([{ fd: 6, to: 'tun' }]);
  });

  it('reads the device of a tun descriptor, or that it has none yet', () => {
    expect(parseFdinfo(aFrame('fdinfo', sourceText('fdinfo/slirp4netns.txt'))).facts).toMatchObject([
      { pid: 113, fd: 6, interfaceName: 'tap0' },
    ]);
    expect(parseFdinfo(aFrame('fdinfo', '/proc/9/fdinfo/5:iff:\t\n')).facts).toMatchObject([
      { interfaceName: undefined },
    ]);
  });
});
