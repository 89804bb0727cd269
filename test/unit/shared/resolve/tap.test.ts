// Who serves a tap device: by command line where there is one; what is held open has the last word, a name never alone.
import { describe, expect, it } from 'vitest';
import type { Link } from '../../../../shared/model/link.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aLink, anEntities, aNamespace, aProcess, aRoute, at, net } from '../../../helpers/entities.ts';
import { childNet, hostNet, referenceEntities } from '../../../helpers/reference-entities.ts';
import { holds, served, tap } from '../../../helpers/tap-servers.ts';

describe('tap servers', () => {
  it('slirp4netns names the namespace through its mount in another mount namespace', () => {
    const model = resolveModel(referenceEntities());
    expect(model.relations.find((one) => one.kind === 'served-by')).toMatchObject({
      from: `link:${childNet}/2`,
      to: 'process:122373',
      certainty: 'inferred',
      rule: 'tap.slirp4netns-command-line',
    });
    expect(model.relations.find((one) => one.kind === 'leaves-through')).toMatchObject({
      from: 'process:122373',
      to: `link:${hostNet}/2`,
      certainty: 'inferred',
    });
  });

  it('two users with a tap0 each: each slirp4netns serves its own', () => {
    const slirp = (pid: number, child: number) =>
      aProcess(pid, { argv: `slirp4netns -r 3 ${child} tap0`, namespaces: { net: 1 } });
    expect(
      served({
        processes: [
          aProcess(10, { namespaces: { net: 2 } }),
          aProcess(20, { namespaces: { net: 3 } }),
          slirp(11, 20),
          slirp(21, 10),
        ],
        links: [tap(net(2)), tap(net(3))],
        tunHolders: [holds(11, 'tap0'), holds(21, 'tap0')],
      }),
    ).toEqual([
      'link:net:[2]/2 process:21 inferred tap.slirp4netns-command-line',
      'link:net:[3]/2 process:11 inferred tap.slirp4netns-command-line',
    ]);
  });

  it('what it holds open has the last word over its command line', () => {
    const processes = [
      aProcess(10, { namespaces: { net: 2 } }),
      aProcess(11, { argv: 'slirp4netns 10 tap0', namespaces: { net: 1 } }),
    ];
    expect(served({ processes, links: [tap(net(2))], tunHolders: [holds(11, 'tap9')] })).toEqual([]);
  });

  it('what others hold open says nothing about it', () => {
    const processes = [
      aProcess(10, { namespaces: { net: 2 } }),
      aProcess(11, { argv: 'slirp4netns 10 tap0', namespaces: { net: 1 } }),
      aProcess(12, { argv: 'openvpn', namespaces: { net: 1 } }),
    ];
    expect(served({ processes, links: [tap(net(2))], tunHolders: [holds(12, 'tun0')] })).toEqual([
      'link:net:[2]/2 process:11 inferred tap.slirp4netns-command-line',
    ]);
  });

  it('a device of another name is not the one that was named, which is missed where all were listed', () => {
    const said = (links: readonly Link[]) => {
      const processes = [
        aProcess(10, { namespaces: { net: 2 } }),
        aProcess(11, { argv: 'slirp4netns 10 tap7', namespaces: { net: 1 } }),
      ];
      const { relations, findings } = resolveModel(anEntities({ processes, links }));
      expect(relations.filter(({ kind }) => kind === 'served-by')).toEqual([]);
      return findings.some(({ rule }) => rule === 'tap.no-such-device');
    };
    expect(said([tap(net(2))])).toBe(true);
    expect(said([])).toBe(false);
  });

  it('a path means what was mounted there before the server went into a sandbox of its own', () => {
    const path = '/run/user/1000/netns/netns-32ef1b12-df81-1a12-d64c-dba4b64b4733';
    const mount = (inode: number, covered?: true) => ({
      by: 'mount' as const,
      path,
      ...(covered && { covered }),
      mountNamespace: `mnt:[${inode}]` as const,
      reachableAs: path,
      evidence: [at('mountinfo')],
    });
    const pasta = aProcess(11, { argv: `pasta --config-net --netns ${path}`, namespaces: { net: 1, mnt: 90 } });
    const links = [tap(net(2), 'eth0'), tap(net(3), 'eth0')];
    const one = [aNamespace(net(2), { keptBy: [mount(80)] })];
    expect(served({ processes: [pasta], links, namespaces: one })).toEqual([
      'link:net:[2]/2 process:11 inferred tap.pasta-command-line',
    ]);
    const two = [...one, aNamespace(net(3), { keptBy: [mount(81)] })];
    expect(served({ processes: [pasta], links, namespaces: two })).toEqual([]);
    // Where it still is in that mount namespace, one of the two may have covered the other since it was opened.
    const beside = aProcess(11, { argv: `pasta --config-net --netns ${path}`, namespaces: { net: 1, mnt: 80 } });
    expect(served({ processes: [beside], links, namespaces: two })).toEqual([
      'link:net:[2]/2 process:11 inferred tap.pasta-command-line',
    ]);
    const covered = [...one, aNamespace(net(3), { keptBy: [mount(80, true)] })];
    expect(served({ processes: [beside], links, namespaces: covered })).toEqual([]);
    // What is mounted elsewhere, or is no network namespace, is not it.
    const other = aNamespace(net(2), { keptBy: [{ ...mount(80), path: '/run/other' }] });
    expect(served({ processes: [beside], links, namespaces: [other] })).toEqual([]);
    const uts = aNamespace('uts:[4]', { keptBy: [mount(80)] });
    expect(served({ processes: [beside], links, namespaces: [...one, uts] })).toHaveLength(1);
    // Alone it may be meant, by a symbolic link to it.
    expect(served({ processes: [beside], links, namespaces: covered.slice(1) })).toHaveLength(1);
  });

  it('a PID on a command line is one of the PID namespace the server is in', () => {
    const inside = (pid: number, own: number, argv: string, ppid: number, netns: number) =>
      aProcess(pid, { argv, ppid, nsPids: [pid, own], namespaces: { pid: 7, net: netns } });
    expect(
      served({
        processes: [inside(1092, 92, '/proc/self/exe', 1090, 2), inside(1100, 100, 'slirp4netns 92 tap0', 1090, 1)],
        links: [tap(net(2)), tap(net(3))],
      }),
    ).toEqual(['link:net:[2]/2 process:1100 inferred tap.slirp4netns-command-line']);
  });

  it('pasta with a command of its own serves the namespace of its child', () => {
    const processes = [
      aProcess(10, { argv: 'pasta --config-net bash', namespaces: { net: 1 } }),
      aProcess(11, { argv: 'bash', ppid: 10, namespaces: { net: 2 } }),
    ];
    expect(served({ processes, links: [tap(net(2), 'ens5'), tap(net(3), 'ens5')] })).toEqual([
      'link:net:[2]/2 process:10 inferred tap.pasta-child',
    ]);
    const beside = (netns: number) => aProcess(12, { argv: 'bash', ppid: 10, namespaces: { net: netns } });
    const links = [tap(net(1), 'ens5'), tap(net(2), 'ens5'), tap(net(3), 'ens5')];
    expect(served({ processes: [...processes, beside(1)], links })).toHaveLength(1);
    // Its children are in two: nothing tells which one it made.
    expect(served({ processes: [...processes, beside(3)], links })).toEqual([]);
  });

  it('a server that is closed to us leaves from where the RootlessKit is that started it', () => {
    const model = resolveModel(
      anEntities({
        processes: [
          aProcess(10, { argv: 'rootlesskit --net=pasta sleep 9', namespaces: { net: 1 } }),
          aProcess(11, { argv: '/proc/self/exe --net=pasta sleep 9', ppid: 10, namespaces: { net: 2 } }),
          aProcess(12, { argv: 'pasta --foreground --ns-ifname=tap0 11', ppid: 10 }),
        ],
        rootlessKits: [
          {
            stateDir: '/run/user/1000/r',
            parent: 'process:10',
            child: 'process:11',
            detached: false,
            evidence: [at('rootlesskit')],
          },
        ],
        links: [tap(net(2)), aLink(net(1), 3, 'eth0')],
        routes: [aRoute(net(1), 'default', aLink(net(1), 3, 'eth0'))],
      }),
    );
    expect(model.relations.find((one) => one.kind === 'leaves-through')).toMatchObject({
      from: 'process:12',
      to: `link:${net(1)}/3`,
      certainty: 'inferred',
      rule: 'leaves-through.where-its-parent-is',
    });
  });

  it.each([
    ['vpnkit', 'process:12'],
    ['gvisor-tap-vsock', 'process:10'],
  ])('RootlessKit’s --net=%s: its child holds the device for another', (driver, server) => {
    const argv = `rootlesskit --state-dir=/run/user/1000/r --net=${driver} sleep 9`;
    const kit = {
      stateDir: '/run/user/1000/r',
      parent: 'process:10' as const,
      child: 'process:11' as const,
      detached: false,
      evidence: [at('rootlesskit')],
    };
    const entities = {
      processes: [
        aProcess(10, { argv, namespaces: { net: 1 } }),
        aProcess(11, { argv: argv.replace('rootlesskit', '/proc/self/exe'), ppid: 10, namespaces: { net: 2 } }),
        aProcess(12, {
          argv: 'vpnkit --ethernet /run/user/1000/r/vpnkit-ethernet.sock --mtu 1500 --host-ip 0.0.0.0',
          ppid: 10,
          namespaces: { net: 1 },
        }),
      ],
      rootlessKits: [kit],
      links: [tap(net(2)), tap(net(3))],
      tunHolders: [holds(11, 'tap0')],
    };
    expect(served(entities)).toEqual([`link:net:[2]/2 ${server} inferred tap.rootlesskit-driver`]);
    expect(resolveModel(anEntities(entities)).relations).toContainEqual(
      expect.objectContaining({ kind: 'works-for', from: 'process:12', to: 'process:10' }),
    );
  });

  it('says where nobody was seen to serve it', () => {
    const { findings } = resolveModel(anEntities({ links: [tap(net(2))] }));
    expect(findings.map((one) => one.rule)).toContain('tap.server-not-seen');
    const down = { ...tap(net(2)), flags: ['NO-CARRIER', 'UP'] };
    expect(resolveModel(anEntities({ links: [down] })).findings).toEqual([]);
  });

  it('leaves through the default route of the lowest metric; equal ones are ambiguous', () => {
    const [eth0, wlan0] = [aLink(net(1), 3, 'eth0'), aLink(net(1), 4, 'wlan0')];
    const ways = (metrics: readonly number[]) =>
      resolveModel(
        anEntities({
          processes: [
            aProcess(10, { namespaces: { net: 2 } }),
            aProcess(11, { argv: 'slirp4netns 10 tap0', namespaces: { net: 1 } }),
          ],
          links: [eth0, wlan0, tap(net(2))],
          routes: [
            aRoute(net(1), 'default', eth0, { metric: metrics[0] ?? 0 }),
            aRoute(net(1), 'default', wlan0, { metric: metrics[1] ?? 0 }),
          ],
        }),
      )
        .relations.filter((one) => one.kind === 'leaves-through')
        .map((one) => `${one.to} ${one.certainty}`);
    expect(ways([600, 100])).toEqual([`${wlan0.id} inferred`]);
    expect(ways([100, 100])).toEqual([`${eth0.id} ambiguous`, `${wlan0.id} ambiguous`]);
  });

  it('leaves through a route of its own network namespace, of table main, that leads somewhere, for each family', () => {
    const [eth0, wlan0, six0] = [aLink(net(1), 3, 'eth0'), aLink(net(1), 4, 'wlan0'), aLink(net(1), 5, 'six0')];
    const elsewhere = aLink(net(3), 3, 'eth0');
    const { relations } = resolveModel(
      anEntities({
        processes: [
          aProcess(10, { namespaces: { net: 2 } }),
          aProcess(11, { argv: 'slirp4netns 10 tap0', namespaces: { net: 1 } }),
        ],
        links: [eth0, wlan0, six0, elsewhere, tap(net(2))],
        routes: [
          aRoute(net(1), 'default', eth0, { metric: 600 }),
          aRoute(net(1), 'default', wlan0, { metric: 1, table: '51820' }),
          aRoute(net(1), 'default', wlan0, { metric: 2, type: 'unreachable' }),
          aRoute(net(1), 'default', wlan0, { metric: 3, tos: '0x10' }),
          aRoute(net(1), 'default', wlan0, { metric: 3, from: 'fd00::/64', family: 'inet6' }),
          aRoute(net(1), '10.0.0.0/8', wlan0, { metric: 3 }),
          aRoute(net(3), 'default', elsewhere, { metric: 4 }),
          aRoute(net(1), 'default', six0, { metric: 1024, family: 'inet6' }),
        ],
      }),
    );
    expect(relations.filter(({ kind }) => kind === 'leaves-through').map(({ to }) => to)).toEqual([eth0.id, six0.id]);
  });
});
