// Who serves a tap device, by what is held open: where it was opened, and whether it is the only one of its name.
import { describe, expect, it } from 'vitest';
import { aHost, aLink, aNamespace, aProcess, net } from '../../../helpers/entities.ts';
import { holds, served, tap } from '../../../helpers/tap-servers.ts';

describe('tap servers', () => {
  it('a holder in the namespace of the device serves it', () => {
    const openvpn = (pid: number, at: number) => aProcess(pid, { argv: 'openvpn', namespaces: { net: at } });
    expect(
      served({
        processes: [openvpn(10, 1), openvpn(20, 2)],
        links: [tap(net(1), 'tun0'), tap(net(2), 'tun0')],
        tunHolders: [holds(10, 'tun0'), holds(20, 'tun0')],
      }),
    ).toEqual([
      'link:net:[1]/2 process:10 inferred tap.holder-same-netns',
      'link:net:[2]/2 process:20 inferred tap.holder-same-netns',
    ]);
  });

  it('but not where elsewhere one of the name must have a server, and nobody else is seen to be it', () => {
    const processes = [aProcess(10, { argv: 'openvpn', namespaces: { net: 1 } })];
    expect(
      served({ processes, links: [tap(net(1), 'tun0'), tap(net(2), 'tun0')], tunHolders: [holds(10, 'tun0')] }),
    ).toEqual([
      'link:net:[1]/2 process:10 ambiguous tap.several-of-its-name',
      'link:net:[2]/2 process:10 ambiguous tap.several-of-its-name',
    ]);
  });

  it('one of several of the name: each is a candidate', () => {
    const processes = [aProcess(10, { argv: 'qemu', namespaces: { net: 1 } })];
    expect(served({ processes, links: [tap(net(2)), tap(net(3))], tunHolders: [holds(10, 'tap0')] })).toEqual([
      'link:net:[2]/2 process:10 ambiguous tap.several-of-its-name',
      'link:net:[3]/2 process:10 ambiguous tap.several-of-its-name',
    ]);
  });

  const root = aHost({
    user: { name: 'root', uid: 0 },
    initialNamespaces: { pid: { id: 'pid:[4026531836]', certainty: 'certain' } },
  });
  const qemu = aProcess(10, { argv: 'qemu', namespaces: { net: 1, pid: 4026531836 } });
  const lo = aLink(net(1), 1, 'lo');
  const held = tap(net(2));
  const persistent = aLink(net(2), 2, 'tap0', { kind: 'tun', data: { type: 'tap', persist: true }, flags: [] });

  it('the only one of the name is certain when everything was seen, else inferred', () => {
    const links = [held, lo];
    const tunHolders = [holds(10, 'tap0')];
    expect(served({ host: root, links, processes: [qemu], tunHolders })).toEqual([
      'link:net:[2]/2 process:10 certain tap.only-one-of-its-name',
    ]);
    expect(served({ links, processes: [qemu], tunHolders })).toEqual([
      'link:net:[2]/2 process:10 inferred tap.only-seen-of-its-name',
    ]);
    const closed = { host: root, links, processes: [qemu], tunHolders, namespaces: [aNamespace(net(9))] };
    expect(served(closed)).toEqual(['link:net:[2]/2 process:10 inferred tap.only-seen-of-its-name']);
  });

  it('one that needs no server is not certain, and one that can have none has none', () => {
    const tunHolders = [holds(10, 'tap0')];
    expect(served({ host: root, links: [persistent, lo], processes: [qemu], tunHolders })).toEqual([
      'link:net:[2]/2 process:10 inferred tap.only-seen-of-its-name',
    ]);
    const up = { ...persistent, flags: ['NO-CARRIER', 'UP'] };
    expect(served({ host: root, links: [up, lo], processes: [qemu], tunHolders })).toEqual([]);
    const gone = { ...persistent, data: { type: 'tap', persist: false } };
    expect(served({ host: root, links: [gone, lo], processes: [qemu], tunHolders })).toEqual([
      'link:net:[2]/2 process:10 certain tap.only-one-of-its-name',
    ]);
    const slirp = aProcess(11, { argv: 'slirp4netns 10 tap0', namespaces: { net: 1 } });
    expect(served({ links: [up], processes: [aProcess(10, { namespaces: { net: 2 } }), slirp] })).toEqual([]);
  });

  it('of two that hold one of the name neither is certain', () => {
    const processes = [qemu, aProcess(20, { argv: 'qemu', namespaces: { net: 1, pid: 4026531836 } })];
    const tunHolders = [holds(10, 'tap0'), holds(20, 'tap0')];
    expect(served({ host: root, links: [held, lo], processes, tunHolders })).toEqual([
      'link:net:[2]/2 process:10 inferred tap.only-seen-of-its-name',
      'link:net:[2]/2 process:20 inferred tap.only-seen-of-its-name',
    ]);
  });

  describe('where a descriptor was opened', () => {
    const openedIn = (pid: number, inode: number) => ({ ...holds(pid, 'tap0'), netns: net(inode) });
    const second = aProcess(20, { argv: 'qemu', namespaces: { net: 1, pid: 4026531836 } });
    const [there, elsewhere] = [tap(net(2)), tap(net(3))];
    const all = { host: root, processes: [qemu, second], links: [there, elsewhere, lo] };

    it('there is its device: certain when everything was seen', () => {
      const tunHolders = [openedIn(10, 3), openedIn(20, 2)];
      expect(served({ ...all, tunHolders })).toEqual([
        'link:net:[2]/2 process:20 certain tap.descriptor-netns',
        'link:net:[3]/2 process:10 certain tap.descriptor-netns',
      ]);
      const { host: _, ...asUser } = all;
      expect(served({ ...asUser, tunHolders })).toEqual([
        'link:net:[2]/2 process:20 inferred tap.descriptor-netns',
        'link:net:[3]/2 process:10 inferred tap.descriptor-netns',
      ]);
    });

    it('not certain where another holds one that was opened there, or may have been', () => {
      for (const other of [openedIn(20, 2), holds(20, 'tap0')]) {
        const links = [there, lo];
        expect(served({ ...all, links, tunHolders: [openedIn(10, 2), other] })).toContain(
          'link:net:[2]/2 process:10 inferred tap.descriptor-netns',
        );
      }
    });

    it('not certain where the device needs no server: another may have been moved there', () => {
      expect(served({ ...all, links: [persistent, lo], tunHolders: [openedIn(10, 2)] })).toEqual([
        'link:net:[2]/2 process:10 inferred tap.descriptor-netns',
      ]);
    });

    it('not where one of the name elsewhere lacks a server: it may have been moved there', () => {
      expect(served({ ...all, tunHolders: [openedIn(10, 2)] })).toEqual([
        'link:net:[2]/2 process:10 ambiguous tap.several-of-its-name',
        'link:net:[3]/2 process:10 ambiguous tap.several-of-its-name',
      ]);
      // Nor is who holds another one of the name the server of that.
      expect(served({ ...all, tunHolders: [openedIn(10, 2), openedIn(20, 2)] })).toContain(
        'link:net:[2]/2 process:10 ambiguous tap.several-of-its-name',
      );
    });

    it('where nobody could look: no device that was seen is it', () => {
      const namespaces = [aNamespace(net(9))];
      expect(served({ ...all, namespaces, links: [there, lo], tunHolders: [openedIn(10, 9)] })).toEqual([]);
    });

    it('where there is none any more: the only one that is left', () => {
      expect(served({ ...all, links: [there, lo, aLink(net(3), 1, 'lo')], tunHolders: [openedIn(10, 3)] })).toEqual([
        'link:net:[2]/2 process:10 certain tap.only-one-of-its-name',
      ]);
    });

    it('overrules the command line, and makes it certain where both say the same', () => {
      const slirp = (child: number) => aProcess(11, { argv: `slirp4netns ${child} tap0`, namespaces: { net: 1 } });
      const children = [aProcess(30, { namespaces: { net: 2 } }), aProcess(40, { namespaces: { net: 3 } })];
      for (const child of [30, 40]) {
        const processes = [...children, slirp(child)];
        const links = [there, { ...elsewhere, data: { persist: true }, flags: [] }, lo];
        expect(served({ host: root, processes, links, tunHolders: [openedIn(11, 2)] })).toEqual([
          'link:net:[2]/2 process:11 certain tap.descriptor-netns',
        ]);
      }
    });
  });
});
