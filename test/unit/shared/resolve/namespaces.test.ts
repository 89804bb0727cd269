// What namespaces are called, whose they are, and what is said where somebody is closed to us.
import { describe, expect, it } from 'vitest';
import type { NamespaceId } from '../../../../shared/model/id.ts';
import type { Model } from '../../../../shared/model/model.ts';
import type { IdMapRange } from '../../../../shared/model/namespace.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, aLink, anEntities, aNamespace, aProcess, at, net } from '../../../helpers/entities.ts';
import { childNet, hostNet, nginxNet, referenceEntities } from '../../../helpers/reference-entities.ts';

const called = (model: Model, id: NamespaceId) => {
  const found = model.namespaces.find((one) => one.id === id);
  return found && `${found.role}: ${found.name}`;
};

describe('parents', () => {
  it('that would be above themselves are not believed, those beside them are', () => {
    const told = (id: NamespaceId, parent: NamespaceId) => aNamespace(id, { parent, relatedBy: at('lsns') });
    const model = resolveModel(
      anEntities({
        namespaces: [
          aNamespace('pid:[1]'),
          told('pid:[2]', 'pid:[3]'),
          told('pid:[3]', 'pid:[2]'),
          told('pid:[4]', 'pid:[3]'),
          told('pid:[5]', 'pid:[1]'),
          told('user:[6]', 'user:[6]'),
        ],
      }),
    );
    expect(model.relations.filter(({ kind }) => kind === 'parent')).toMatchObject([
      { from: 'pid:[4]', to: 'pid:[3]', certainty: 'certain', rule: 'parent.lsns', evidence: [at('lsns')] },
      { from: 'pid:[5]', to: 'pid:[1]' },
    ]);
    expect(model.findings.find(({ rule }) => rule === 'parent.contradiction')?.subjects).toEqual([
      'pid:[2]',
      'pid:[3]',
      'user:[6]',
    ]);
  });
});

describe('names', () => {
  it('of the article’s host', () => {
    const model = resolveModel(referenceEntities());
    expect(called(model, hostNet)).toBe('host: host');
    expect(called(model, childNet)).toBe('rootlesskit-child: RootlessKit child · ec2-user · detached');
    expect(called(model, 'user:[4026532152]')).toBe('rootlesskit-child: RootlessKit child · ec2-user');
    expect(called(model, nginxNet)).toBe('container: nginx-d8e2d');
    expect(called(model, 'time:[4026531834]')).toBe('host: host');
  });

  it('of what programs make and what is kept', () => {
    const evidence = [at('mountinfo')];
    const model = resolveModel(
      anEntities({
        processes: [aProcess(4211, { argv: '/opt/chrome', namespaces: { net: 5 } }), aProcess(7, { argv: 'snapd' })],
        namespaces: [
          aNamespace(net(6), {
            keptBy: [
              {
                by: 'mount',
                path: '/run/netns/blue',
                mountNamespace: 'mnt:[1]',
                reachableAs: '/run/netns/blue',
                evidence,
              },
            ],
          }),
          aNamespace(net(7), { keptBy: [{ by: 'fd', process: 'process:7', fd: 4, evidence }] }),
          aNamespace('pid:[8]', { keptBy: [{ by: 'for-children', process: 'process:7', evidence }] }),
          aNamespace(net(9), { keptBy: [{ by: 'thread', process: 'process:7', tid: 12, evidence }] }),
          aNamespace(net(10)),
        ],
      }),
    );
    expect(called(model, net(5))).toBe('process: ns of chrome[4211]');
    expect(called(model, net(6))).toBe('bare: netns blue');
    expect(called(model, net(7))).toBe('bare: held open by snapd[7]');
    expect(called(model, 'pid:[8]')).toBe('process: for children of snapd[7]');
    expect(called(model, net(9))).toBe('process: thread 12 of snapd[7]');
    expect(called(model, net(10))).toBe('bare: net:[10]');
  });

  it('are told apart by the inode where two would be the same', () => {
    const evidence = [at('mountinfo')];
    const kept = (id: NamespaceId) =>
      aNamespace(id, {
        keptBy: [
          { by: 'mount', path: '/run/netns/blue', mountNamespace: undefined, reachableAs: '/run/netns/blue', evidence },
        ],
      });
    const model = resolveModel(anEntities({ namespaces: [kept(net(6)), kept(net(7))] }));
    expect([called(model, net(6)), called(model, net(7))]).toEqual(['bare: netns blue · 6', 'bare: netns blue · 7']);
  });

  it('are unique within a kind', () => {
    for (const kind of ['net', 'mnt', 'user', 'pid']) {
      const names = resolveModel(referenceEntities())
        .namespaces.filter((one) => one.kind === kind)
        .map((one) => one.name);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('owners and parents', () => {
  const owner = (model: Model, id: string) => model.relations.find((one) => one.kind === 'owner' && one.from === id);

  it('are certain from lsns, inferred from the first process', () => {
    const model = resolveModel(
      anEntities({
        processes: [aProcess(5, { namespaces: { net: 5, uts: 5, user: 3 } })],
        namespaces: [aNamespace(net(5), { owner: 'user:[2]', relatedBy: at('lsns', 3) }), aNamespace('user:[2]')],
      }),
    );
    expect(owner(model, 'net:[5]')).toMatchObject({ to: 'user:[2]', certainty: 'certain', rule: 'owner.lsns' });
    expect(owner(model, 'net:[5]')?.evidence).toEqual([at('lsns', 3)]);
    expect(owner(model, 'uts:[5]')).toMatchObject({ to: 'user:[3]', certainty: 'inferred' });
    expect(model.namespaces.find((one) => one.id === 'net:[5]')?.owner).toBe('user:[2]');
    expect(owner(model, 'user:[3]')).toBeUndefined();
  });

  it.each([
    ['certain', 'certain', 'certain'],
    ['certain', 'inferred', 'inferred'],
    ['inferred', 'certain', 'inferred'],
  ] as const)('of the host’s own, which is %s, is its user namespace, which is %s: %s', (own, user, certainty) => {
    const initialNamespaces = {
      net: { id: net(1), certainty: own },
      user: { id: 'user:[1]', certainty: user },
    } as const;
    const model = resolveModel(
      anEntities({ host: aHost({ initialNamespaces }), namespaces: [aNamespace(net(1)), aNamespace('user:[1]')] }),
    );
    expect(owner(model, 'net:[1]')).toMatchObject({ to: 'user:[1]', certainty, rule: 'owner.initial' });
  });

  const parentsIn = (entities: Parameters<typeof anEntities>[0]) =>
    resolveModel(anEntities(entities))
      .relations.filter((one) => one.kind === 'parent')
      .map((one) => `${one.from} ${one.to} ${one.certainty}`);

  it('of a PID namespace one level down is the reader’s, whoever started it, as sure as that is known', () => {
    for (const certainty of ['certain', 'inferred'] as const) {
      const host = aHost({ initialNamespaces: { pid: { id: 'pid:[1]', certainty } } });
      const processes = [aProcess(10, { namespaces: { pid: 2 }, nsPids: [10, 1], ppid: 9 })];
      expect(parentsIn({ host, processes, namespaces: [aNamespace('pid:[1]')] })).toEqual([
        `pid:[2] pid:[1] ${certainty}`,
      ]);
    }
  });

  it('of a user namespace is not told by how deep its PIDs are', () => {
    const initialNamespaces = {
      pid: { id: 'pid:[1]', certainty: 'certain' },
      user: { id: 'user:[1]', certainty: 'certain' },
    } as const;
    const processes = [
      aProcess(10, { namespaces: { user: 2, pid: 2 }, nsPids: [10, 1], ppid: 9 }),
      aProcess(20, { namespaces: { user: 3, pid: 2 }, nsPids: [20, 5], ppid: 10 }),
    ];
    expect(parentsIn({ host: aHost({ initialNamespaces }), processes })).toContain('user:[3] user:[2] inferred');
  });

  it('has none above the host’s own, though that is assumed', () => {
    const host = aHost({ initialNamespaces: { user: { id: 'user:[5]', certainty: 'inferred' } } });
    const processes = [aProcess(40, { namespaces: { user: 4 } }), aProcess(50, { namespaces: { user: 5 }, ppid: 40 })];
    expect(parentsIn({ host, processes })).toEqual([]);
  });

  it('of a PID namespace one level down is the reader’s; of deeper ones the nearest ancestor with one number less says it', () => {
    const host = aHost({ initialNamespaces: { pid: { id: 'pid:[1]', certainty: 'certain' } } });
    const model = resolveModel(
      anEntities({
        host,
        processes: [
          aProcess(1, { namespaces: { pid: 1 }, ppid: 0 }),
          aProcess(10, { namespaces: { pid: 2 }, nsPids: [10, 1] }),
          aProcess(20, { namespaces: { pid: 3 }, nsPids: [20, 7, 1], ppid: 10 }),
          // Started by somebody who entered from outside: its own parent is two levels up, and says nothing.
          aProcess(30, { namespaces: { pid: 4 }, nsPids: [30, 9, 1], ppid: 1 }),
          aProcess(40, { namespaces: { pid: 5 }, nsPids: [40, 8, 2, 1], ppid: 41 }),
          aProcess(41, { namespaces: { pid: 3 }, nsPids: [41, 5, 2], ppid: 20 }),
        ],
      }),
    );
    const parents = model.relations.filter((one) => one.kind === 'parent');
    expect(parents.map((one) => `${one.from} ${one.to} ${one.certainty}`)).toEqual([
      'pid:[2] pid:[1] certain',
      'pid:[3] pid:[2] certain',
      'pid:[5] pid:[3] certain',
    ]);
  });

  describe('of a user namespace', () => {
    const range = (outside: number, length: number, inside = 0) => ({ inside, outside, length });
    const all = [range(0, 2 ** 32 - 1)];
    const parentsOf = (
      own: readonly IdMapRange[],
      between: readonly IdMapRange[],
      starter = aProcess(1, { ppid: 0 }),
    ) =>
      parentsIn({
        processes: [
          { ...starter, namespaces: { user: 'user:[1]' } },
          aProcess(10, { namespaces: { user: 2 }, ppid: 9 }),
          aProcess(20, { namespaces: { user: 3 }, ppid: starter.pid }),
        ],
        namespaces: [
          aNamespace('user:[1]', { uidMap: all }),
          aNamespace('user:[2]', { uidMap: between }),
          aNamespace('user:[3]', { uidMap: own }),
        ],
      });
    const inferred = ['user:[3] user:[1] inferred'];

    it('is not inferred from who adopts orphans where another could be between', () => {
      const systemd = aProcess(900, { argv: '/usr/lib/systemd/systemd --user' });
      for (const starter of [aProcess(1, { ppid: 0 }), systemd]) {
        expect(parentsOf([range(1000, 1)], [range(1001, 1)], starter)).toEqual(inferred);
        expect(parentsOf([range(1000, 1)], [range(1000, 1)], starter)).toEqual([]);
      }
      expect(parentsOf([range(1000, 1)], [range(1000, 1)], aProcess(900, { argv: 'bash' }))).toEqual(inferred);
    });

    it('could be one that maps all of its ids', () => {
      const own = [range(1000, 1), range(100000, 65536, 1)];
      expect(parentsOf(own, own)).toEqual([]);
      expect(parentsOf(own, [range(1000, 1)])).toEqual(inferred);
      expect(parentsOf(own, [range(1000, 1), range(100000, 10, 1)])).toEqual(inferred);
    });
  });
});

describe('gaps', () => {
  it('are counted by whose they are; kernel threads apart, zombies and the dead not at all', () => {
    const model = resolveModel(
      anEntities({
        processes: [
          aProcess(1, { uid: 0, user: 'root' }),
          aProcess(2, { uid: 0, user: 'root', kernelThread: true }),
          aProcess(3, { state: 'Z' }),
          aProcess(4, { user: 'bob', uid: 1001 }),
          aProcess(5, { user: 'bob', uid: 1001 }),
          aProcess(6, { namespaces: { net: 1 } }),
        ],
        links: [aLink(net(1), 1, 'lo')],
        namespaces: [aNamespace(net(2))],
        netnsNotEntered: [{ netns: net(2), kind: 'not-permitted', evidence: [] }],
      }),
    );
    const said = (rule: string) => model.findings.find((one) => one.rule === rule);
    expect(said('gaps.processes-closed')?.message).toBe(
      'The namespaces of 3 of 4 processes are closed to ec2-user (bob 2, root 1).',
    );
    expect(said('gaps.processes-closed')?.subjects).toEqual(['process:1', 'process:4', 'process:5']);
    expect(said('gaps.kernel-threads-closed')?.subjects).toEqual(['process:2']);
    expect(said('gaps.netns-not-entered')?.subjects).toEqual(['net:[2]']);
  });

  it('leave out what came or went meanwhile: that is told already', () => {
    const gone = {
      id: 'finding:processes.gone/',
      kind: 'gone',
      rule: 'processes.gone',
      subjects: ['process:5'],
      message: '',
      values: {},
      evidence: [],
    } as const;
    const processes = [aProcess(4, { user: 'bob' }), aProcess(5, { user: 'bob' })];
    const model = resolveModel(anEntities({ processes, findings: [gone] }));
    expect(model.findings.find(({ rule }) => rule === 'gaps.processes-closed')?.subjects).toEqual(['process:4']);
  });
});

describe('the collector', () => {
  const roles = (collectorPid: number, processes: Parameters<typeof anEntities>[0]) =>
    resolveModel(anEntities({ collectorPid, ...processes }))
      .processes.filter((one) => one.roles.includes('collector'))
      .map((one) => one.pid);

  it('is its shell and what that started, not the sshd above', () => {
    const processes = [
      aProcess(10, { argv: ['sshd: ec2-user@notty'] }),
      aProcess(11, { argv: 'sh -s', ppid: 10 }),
      aProcess(12, { argv: 'timeout 20 ip', ppid: 11 }),
      aProcess(13, { argv: 'ip', ppid: 12 }),
      aProcess(14, { argv: 'bash', ppid: 10 }),
    ];
    expect(roles(11, { processes })).toEqual([11, 12, 13]);
  });

  it('is also the sudo and the login shell it was started through', () => {
    const processes = [
      aProcess(10, { argv: ['sshd: ec2-user@notty'] }),
      aProcess(11, { argv: ['bash', '-c', 'sudo -n sh -s'], ppid: 10 }),
      aProcess(12, { argv: 'sudo -n sh -s', ppid: 11 }),
      aProcess(13, { argv: 'sh -s', ppid: 12 }),
    ];
    expect(roles(13, { processes })).toEqual([11, 12, 13]);
  });
});
