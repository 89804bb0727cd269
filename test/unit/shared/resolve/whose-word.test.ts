// Whose word it is: what a user writes, or calls his processes, makes nobody else's container his; and what is honest is
// one container still, whoever its processes run as.
import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import type { Model } from '../../../../shared/model/model.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, aNamespace, anEntities, aProcess, net } from '../../../helpers/entities.ts';
import { answer, said } from '../../../helpers/engine-answers.ts';
import { hostPid, id, other, record } from '../../../helpers/container-engines.ts';

const hostUser = 4026531837;
const resolved = (fields: Partial<Entities>): Model =>
  resolveModel(
    anEntities({
      host: aHost({
        initialNamespaces: {
          pid: { id: `pid:[${hostPid}]`, certainty: 'certain' },
          user: { id: `user:[${hostUser}]`, certainty: 'certain' },
        },
      }),
      ...fields,
    }),
  );

const onHost = { pid: hostPid, user: hostUser };
const root = { uid: 0, user: 'root' };
const bob = { uid: 1001, user: 'bob' };
const owner = { uid: 1000, user: 'ec2-user' };

/** Root's container: its process is in a cgroup of its id. */
const nginx = aProcess(200, {
  ...root,
  argv: 'nginx',
  ppid: 100,
  nsPids: [200, 1],
  namespaces: { user: hostUser, pid: 7, net: 9 },
  cgroup: `/system.slice/docker-${id}.scope`,
});
const shim = aProcess(100, {
  ...root,
  argv: `/usr/bin/containerd-shim-runc-v2 -namespace moby -id ${id} -address /run/containerd/containerd.sock`,
  namespaces: onHost,
});
const rootsRecord = record({ path: `/run/docker/runtime-runc/moby/${id}/state.json`, annotations: { who: 'root' } });

/** What bob has made with `unshare -Urn`. */
const sleep = aProcess(300, { ...bob, argv: 'sleep', ppid: 290, namespaces: { pid: hostPid, user: 50, net: 51 } });
const bobsUser = aNamespace('user:[50]', { uidMap: [{ inside: 0, outside: 1001, length: 1 }] });
const bobsRecord = record({
  path: `/run/user/1001/runc/${id}/state.json`,
  initPid: 300,
  initStartTicks: 300,
  annotations: { 'com.docker.compose.project': 'evil', 'nerdctl/name': 'evil' },
});
const bobsMonitor = (words: string) => aProcess(290, { ...bob, argv: words, namespaces: onHost });
const conmon = bobsMonitor(`conmon -c ${id} -n nginx-prod`);

const container = (model: Model, runtimeId: string) => model.containers.find((one) => one.runtimeId === runtimeId);
const called = (model: Model, inode: number) => {
  const namespace = model.namespaces.find((one) => one.id === net(inode));
  return namespace && [namespace.role, namespace.name];
};

describe('a user’s word', () => {
  it.each<readonly [string, Partial<Entities> & Pick<Entities, 'processes'>]>([
    ['a record, where root’s is closed', { processes: [nginx, sleep], runtimeStates: [bobsRecord] }],
    ['a record beside root’s', { processes: [nginx, sleep], runtimeStates: [bobsRecord, rootsRecord] }],
    ['a conmon', { processes: [nginx, conmon, sleep] }],
    ['a conmon beside root’s shim', { processes: [shim, nginx, conmon, sleep], runtimeStates: [rootsRecord] }],
  ])('%s, does not take a container over', (_, fields) => {
    const model = resolved({ ...fields, namespaces: [bobsUser] });
    const real = container(model, id);
    expect(real).toMatchObject({ init: 'process:200', processIds: ['process:200'], name: id.slice(0, 12) });
    expect(real?.labels).toEqual(fields.runtimeStates?.includes(rootsRecord) ? { who: 'root' } : {});
    expect(real?.monitor).toBe(fields.processes.includes(shim) ? 'process:100' : undefined);
    expect(called(model, 9)).toEqual(['container', id.slice(0, 12)]);
    expect(container(model, `1001/${id}`)).toMatchObject({ init: 'process:300', processIds: ['process:300'] });
    expect(called(model, 51)?.[1]).not.toContain(id.slice(0, 12));
  });

  it('makes no process of another’s a container', () => {
    for (const path of [bobsRecord.path, `/proc/300/root/run/docker/runtime-runc/moby/${id}/state.json`]) {
      const model = resolved({
        namespaces: [bobsUser],
        processes: [{ ...nginx, cgroup: '/' }, sleep],
        runtimeStates: [{ ...bobsRecord, path, initPid: 200, initStartTicks: 200 }],
      });
      expect(model.containers).toEqual([]);
      expect(model.findings.find(({ rule }) => rule === 'container.record-not-theirs')).toMatchObject({
        subjects: ['process:200'],
        values: { writer: 'bob', pid: 200 },
      });
    }
  });

  it('adds nothing to what root says of a process that runs as him', () => {
    const his = { ...nginx, ...bob };
    const model = resolved({
      processes: [shim, his],
      runtimeStates: [{ ...bobsRecord, initPid: 200, initStartTicks: 200 }],
    });
    expect(model.containers).toHaveLength(1);
    expect(model.containers[0]).toMatchObject({ name: id.slice(0, 12), labels: {}, engine: 'docker' });
  });

  it.each([
    `/usr/bin/containerd-shim-runc-v2 -namespace moby -id ${other} -address /run/containerd/containerd.sock`,
    `conmon -c ${other} -n rootpod`,
    `conmon -c ${id} -n nginx-prod`,
  ])('is no container without a process: %s', (words) => {
    const model = resolved({ processes: [nginx, bobsMonitor(words)] });
    expect(model.containers.map(({ runtimeId, name }) => [runtimeId, name])).toEqual([[id, id.slice(0, 12)]]);
  });

  it('in a cgroup’s path is his where the cgroup is his', () => {
    const cgroup = `/user.slice/user-1001.slice/user@1001.service/docker-${id}.scope`;
    const model = resolved({ processes: [{ ...sleep, startTicks: 1, cgroup }, nginx] });
    expect(container(model, id)).toMatchObject({ init: 'process:200', processIds: ['process:200'] });
    expect(container(model, `1001/${id}`)?.processIds).toEqual(['process:300']);
  });

  it('is his when he has a set-user-ID program say it', () => {
    const rights = { uids: [1001, 0, 0, 0], capabilities: {}, evidence: [] };
    const su = aProcess(290, { ...root, rights, argv: `conmon -c ${id} -n nginx-prod`, namespaces: onHost });
    const model = resolved({ namespaces: [bobsUser], processes: [shim, nginx, su, sleep] });
    expect(container(model, id)).toMatchObject({ name: id.slice(0, 12), monitor: 'process:100' });
  });

  it('inside a container is not root’s on the host', () => {
    const inside = { ...root, nsPids: [290, 5], cgroup: `/docker/${other}` };
    const model = resolved({
      processes: [
        shim,
        nginx,
        aProcess(280, { ...inside, nsPids: [280, 1], argv: 'sh', namespaces: { pid: 8, user: hostUser } }),
        aProcess(290, { ...inside, argv: `conmon -c ${id} -n evil`, namespaces: { pid: 8, user: hostUser } }),
        aProcess(300, { ...inside, nsPids: [300, 6, 1], ppid: 290, argv: 'sleep', namespaces: { pid: 12 } }),
      ],
    });
    expect(container(model, id)).toMatchObject({ name: id.slice(0, 12), monitor: 'process:100', init: 'process:200' });
    expect(container(model, `${other}/0/${id}`)?.name).toBe('evil');
  });
});

describe('an engine’s answer', () => {
  const dockerd = aProcess(80, { ...bob, argv: 'dockerd -H unix:///home/bob/x.sock', namespaces: onHost });
  const evil = { containers: [said({ runtimeId: id, name: 'evil', labels: { evil: 'yes' } })] };
  const file = (question: string) => answer({ engine: 'podman', question, complete: false, ...evil });
  const folder = bobsMonitor(`conmon -c ${other} -n x -b /srv/x/overlay-containers/${other}/userdata`);

  it.each([
    ['an engine of his', answer({ by: 'process:80', ...evil })],
    ['a file in his home', file('/home/bob/.local/share/containers/storage/overlay-containers/containers.json')],
    ['a file in /run/user', file('/run/user/1001/networks/aardvark-dns/x')],
    ['a file where his conmon says', file('/srv/x/overlay-containers/containers.json')],
    ['a file of somebody’s', file('/srv/y/overlay-containers/containers.json')],
  ])('is a user’s word about his own: %s', (_, engineAnswer) => {
    const model = resolved({
      namespaces: [bobsUser],
      processes: [nginx, dockerd, folder, sleep],
      runtimeStates: [bobsRecord],
      engineAnswers: [engineAnswer],
    });
    expect(container(model, id)).toMatchObject({ name: id.slice(0, 12), labels: {} });
    expect(container(model, `1001/${id}`)?.name).toBe('evil');
  });

  it.each([
    ['an engine of root’s', answer({ by: 'process:80', ...evil })],
    ['a file of root’s', file('/var/lib/containers/storage/overlay-containers/containers.json')],
  ])('is root’s about the one that is root’s: %s', (_, engineAnswer) => {
    const model = resolved({
      namespaces: [bobsUser],
      processes: [nginx, { ...dockerd, ...root }, sleep],
      runtimeStates: [{ ...bobsRecord, annotations: {} }],
      engineAnswers: [engineAnswer],
    });
    expect(container(model, id)?.name).toBe('evil');
    expect(container(model, `1001/${id}`)?.name).toBe(`1001/${id.slice(0, 12)}`);
  });
});

describe('an honest word', () => {
  const subuids = [{ user: 'ec2-user', start: 100_000, count: 65_536 }];
  const rootless = [
    { inside: 0, outside: 1000, length: 1 },
    { inside: 1, outside: 100_000, length: 65_536 },
  ];
  const cgroup = `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`;
  const theirs = aProcess(200, {
    uid: 100_032,
    argv: 'nginx',
    ppid: 100,
    nsPids: [200, 1],
    namespaces: { user: 60, pid: 7, net: 9 },
    cgroup,
  });
  const podman = aProcess(100, { ...owner, argv: `conmon -c ${id} -n web`, namespaces: { pid: hostPid, user: 60 } });
  const { user: _, ...rest } = theirs.namespaces;
  const closed = { ...theirs, namespaces: rest };

  it.each([
    ['with what is in /etc/subuid', { subuids, namespaces: [aNamespace('user:[60]', { uidMap: rootless })] }],
    ['by the id map alone', { namespaces: [aNamespace('user:[60]', { uidMap: rootless })] }],
  ])('rootless podman, whose process runs as a subordinate id: %s', (_title, fields) => {
    const path = `/run/user/1000/crun/${id}/status`;
    const model = resolved({ ...fields, processes: [podman, theirs], runtimeStates: [record({ path })] });
    expect(model.containers).toHaveLength(1);
    expect(model.containers[0]).toMatchObject({
      runtimeId: id,
      name: 'web',
      monitor: 'process:100',
      recognisedBy: ['runtime-state', 'conmon-argv', 'cgroup-path'],
    });
  });

  it.each([
    ['in /etc/subuid', { subuids }],
    ['nowhere', {}],
  ])('rootless podman seen by somebody else, with its ids %s', (_title, fields) => {
    const processes = [{ ...podman, namespaces: {} }, closed];
    const model = resolved({ ...fields, processes });
    expect(model.containers.map(({ runtimeId, name }) => [runtimeId, name])).toEqual([[id, 'web']]);
  });

  it('rootless nerdctl, whose record is in the file system of RootlessKit’s child', () => {
    const path = `/proc/90/root/run/containerd/runc/default/${id}/state.json`;
    const child = aProcess(90, { ...owner, argv: 'containerd', namespaces: { pid: hostPid, user: 60 } });
    const model = resolved({
      namespaces: [aNamespace('user:[60]', { uidMap: rootless })],
      processes: [child, { ...theirs, cgroup: `/default/${id}` }],
      runtimeStates: [record({ path, annotations: { 'nerdctl/name': 'web' } })],
    });
    expect(model.containers).toHaveLength(1);
    expect(model.containers[0]).toMatchObject({ runtimeId: id, name: 'web' });
    expect(model.relations.find(({ kind }) => kind === 'init')?.certainty).toBe('certain');
  });

  it.each([
    ['podman’s keep-id: a user namespace below', 1000],
    ['and the root of that one', 100_000],
  ])('%s', (_title, uid) => {
    const model = resolved({
      namespaces: [
        aNamespace('user:[60]', { uidMap: rootless, parent: `user:[${hostUser}]` }),
        aNamespace('user:[61]', { parent: 'user:[60]' }),
      ],
      processes: [podman, { ...theirs, uid, namespaces: { ...theirs.namespaces, user: 'user:[61]' } }],
      runtimeStates: [record({ path: `/run/user/1000/crun/${id}/status` })],
    });
    expect(model.containers).toHaveLength(1);
    expect(model.containers[0]?.recognisedBy).toContain('runtime-state');
  });

  it('Docker with userns-remap, and a container that runs as a user', () => {
    for (const uid of [100_000, 1001]) {
      const model = resolved({ processes: [shim, { ...nginx, uid }], runtimeStates: [rootsRecord] });
      expect(model.containers).toHaveLength(1);
      expect(model.containers[0]).toMatchObject({ runtimeId: id, monitor: 'process:100', labels: { who: 'root' } });
    }
  });

  it('two users may each have a container of one name', () => {
    const monitor = (pid: number, fields: object) =>
      aProcess(pid, { ...fields, argv: ['[lxc monitor] /home/lxc web'], namespaces: onHost });
    const init = (pid: number, ppid: number, uid: number) =>
      aProcess(pid, { uid, argv: '/sbin/init', ppid, nsPids: [pid, 1], namespaces: { pid } });
    const model = resolved({
      processes: [monitor(100, owner), init(101, 100, 100_000), monitor(200, bob), init(201, 200, 300_000)],
    });
    expect(model.containers.map(({ runtimeId, init: first }) => [runtimeId, first])).toEqual([
      ['1000/web', 'process:101'],
      ['1001/web', 'process:201'],
    ]);
  });
});
