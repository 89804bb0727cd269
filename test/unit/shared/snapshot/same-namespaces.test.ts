import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import { closedNetnsId } from '../../../../shared/model/id.ts';
import type { NamespaceId } from '../../../../shared/model/id.ts';
import type { Keeper } from '../../../../shared/model/namespace.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { sameNamespaces } from '../../../../shared/snapshot/same-namespaces.ts';
import { aHost, anEntities, aNamespace, aProcess, at, net } from '../../../helpers/entities.ts';

const model = (fields: Partial<Entities>, bootId = 'one') =>
  resolveModel(
    anEntities({
      ...fields,
      host: {
        ...aHost({ initialNamespaces: fields.host?.initialNamespaces ?? {} }),
        bootId: bootId === '' ? undefined : bootId,
      },
    }),
  );
const between = (
  before: Partial<Entities>,
  after: Partial<Entities>,
  boots: readonly [string, string] = ['one', 'one'],
) =>
  sameNamespaces(model(before, boots[0]), model(after, boots[1])).map(
    (match) => `${match.before} ${match.after} ${match.how} ${match.by} ${match.certainty}`,
  );
const kept = (keeper: Keeper): Partial<Entities> => ({
  processes: [aProcess(7, { startTicks: 70 })],
  namespaces: [aNamespace(net(5), { keptBy: [keeper] })],
});
const evidence = [at('fd')];
const mounted = (path: string): Keeper => ({
  by: 'mount',
  path,
  mountNamespace: undefined,
  reachableAs: path,
  evidence,
});

describe('the same namespace without a process in it', () => {
  it('is inferred from the process that keeps it, and from where it is mounted', () => {
    const fd: Keeper = { by: 'fd', process: 'process:7', fd: 3, evidence };
    expect(between(kept(fd), kept(fd))).toEqual(['net:[5] net:[5] same holder inferred']);
    expect(between(kept(mounted('/run/netns/a')), kept(mounted('/run/netns/a')))).toEqual([
      'net:[5] net:[5] same mount inferred',
    ]);
    expect(between(kept(mounted('/run/netns/a')), kept(mounted('/run/netns/b')))).toEqual([]);
    const another = { ...kept(fd), processes: [aProcess(7, { startTicks: 71 })] };
    expect(between(kept(fd), another)).toEqual([]);
  });

  it('is certain from those it owns: what a PID namespace belongs to is for life', () => {
    const owned = {
      processes: [aProcess(7, { namespaces: { pid: 9 } })],
      namespaces: [aNamespace('pid:[9]', { owner: 'user:[8]' }), aNamespace('user:[8]')],
    };
    expect(between(owned, owned)).toEqual([
      'pid:[9] pid:[9] same process certain',
      'user:[8] user:[8] same namespace certain',
    ]);
  });
});

describe('a container’s namespace', () => {
  const id = 'd8e2d622b3d7c1f60b94a27e5538fa0dd1c6be9047a3f2856b1e09cd74f3a85b';
  const container = (pid: number, inode: number): Partial<Entities> => ({
    processes: [aProcess(pid, { namespaces: { net: inode }, nsPids: [pid, 1], cgroup: `/docker/${id}` })],
  });

  it('is itself while its processes last, and has a successor when it is started again, also after a reboot', () => {
    expect(between(container(7, 5), container(7, 5))).toEqual(['net:[5] net:[5] same process inferred']);
    expect(between(container(7, 5), container(8, 6))).toEqual(['net:[5] net:[6] successor container certain']);
    expect(between(container(7, 5), container(8, 5))).toEqual(['net:[5] net:[5] successor container certain']);
    expect(between(container(7, 5), container(7, 5), ['one', 'two'])).toEqual([
      'net:[5] net:[5] successor container certain',
    ]);
  });

  it('has its runtime’s id for its identity', () => {
    expect(model(container(7, 5)).namespaces.map(({ identity }) => identity)).toEqual([`container/${id}/net`]);
  });
});

describe('without a boot id', () => {
  it('nothing is the same', () => {
    const one = { processes: [aProcess(7, { namespaces: { pid: 9 } })] };
    expect(between(one, one, ['', ''])).toEqual([]);
  });
});

describe('identity', () => {
  it('is of what lasts longest: the oldest process, else a mount, else a keeper', () => {
    const fd: Keeper = { by: 'fd', process: 'process:7', fd: 3, evidence };
    const told = (fields: Partial<Entities>) => model(fields).namespaces.map(({ identity }) => identity);
    const processes = [
      aProcess(7, { startTicks: 70, namespaces: { net: 5 } }),
      aProcess(6, { startTicks: 90, namespaces: { net: 5 } }),
    ];
    expect(told({ processes })).toEqual(['one/net/5/7@70']);
    expect(told(kept(mounted('/run/netns/a')))).toEqual(['one/net/5/mount:/run/netns/a']);
    expect(told(kept(fd))).toEqual(['one/net/5/fd:7@70/3']);
  });
});

describe('the same network namespace, whose number was closed one time', () => {
  const id = closedNetnsId(70);
  const closed = (pids: readonly number[], more: Partial<Entities> = {}): Partial<Entities> => ({
    ...more,
    processes: pids.map((pid) => ({
      ...aProcess(pid, { startTicks: pid }),
      namespaces: { net: id },
      netnsBy: { rule: 'netns.proc-net-closed', evidence },
    })),
    namespaces: [
      {
        ...{ id, kind: 'net', procNet: { devInode: 70, localAddresses: [] }, leaderIds: [], keptBy: [], evidence },
        processIds: pids.map((pid): `process:${number}` => `process:${pid}`),
      },
    ],
  });
  const numbered = (places: Readonly<Record<number, number>>, more: Partial<Entities> = {}): Partial<Entities> => ({
    ...more,
    processes: Object.entries(places).map(([pid, inode]) =>
      aProcess(Number(pid), { startTicks: Number(pid), namespaces: { net: inode } }),
    ),
  });

  it('is inferred from the processes in it, and certain for the host’s own', () => {
    expect(between(closed([7, 8]), numbered({ 7: 5, 9: 6 }))).toEqual([`${id} net:[5] same process inferred`]);
    expect(between(numbered({ 7: 5 }), closed([7]))).toEqual([`net:[5] ${id} same process inferred`]);
    const initial = (net: NamespaceId) => ({
      host: aHost({ initialNamespaces: { net: { id: net, certainty: 'certain' } } }),
    });
    expect(between(closed([1], initial(id)), numbered({ 1: 5 }, initial(net(5))))).toEqual([
      `${id} net:[5] same initial certain`,
    ]);
  });

  it('is not told where its processes are in two, where none stayed, or after another boot', () => {
    expect(between(closed([7, 8]), numbered({ 7: 5, 8: 6 }))).toEqual([]);
    expect(between(numbered({ 7: 5, 8: 6 }), closed([7, 8]))).toEqual([]);
    expect(between(closed([7]), numbered({ 8: 5 }))).toEqual([]);
    expect(between(closed([7]), numbered({ 7: 5 }), ['one', 'two'])).toEqual([]);
    expect(between(numbered({ 7: 5 }), numbered({ 7: 6 }))).toEqual([]);
  });
});
