// Containers recognised without asking an engine: each rule, what they make together, and what must not match.
import { describe, expect, it } from 'vitest';
import type { Entities, RuntimeState } from '../../../../shared/model/entities.ts';
import type { Model } from '../../../../shared/model/model.ts';
import { idOfCgroup } from '../../../../shared/resolve/containers/cgroup-id.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, anEntities, aProcess, at } from '../../../helpers/entities.ts';

const id = 'd8e2d622b3d7c1f60b94a27e5538fa0dd1c6be9047a3f2856b1e09cd74f3a85b';
const other = '3f1c9a0b7e44d26583bc10f97ae5d4623c8e7f01b95a6dd2407f18e3c6a9b05d';
const hostPid = 4026531836;

const resolved = (fields: Partial<Entities>): Model =>
  resolveModel(
    anEntities({
      host: aHost({ initialNamespaces: { pid: { id: `pid:[${hostPid}]`, certainty: 'certain' } } }),
      ...fields,
    }),
  );
const state = (fields: Partial<RuntimeState> = {}): RuntimeState => ({
  runtimeId: id,
  initPid: 200,
  initStartTicks: 200,
  path: `/run/containerd/runc/default/${id}/state.json`,
  annotations: {},
  evidence: [at('runtime-state')],
  ...fields,
});

describe('idOfCgroup', () => {
  it.each([
    [`/system.slice/docker-${id}.scope`, 'docker'],
    [`/docker/${id}`, 'docker'],
    [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope/container`, 'podman'],
    [`/machine.slice/libpod-${id}.scope`, 'podman'],
    [`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-${id}.scope`, 'containerd'],
    [`/kubepods/burstable/pod01234567-89ab-cdef-0123-456789abcdef/${id}`, 'containerd'],
    [`/kubepods.slice/kubepods-pod1.slice/crio-${id}.scope`, 'cri-o'],
    [`/user.slice/user-1000.slice/user@1000.service/user.slice/nerdctl-${id}.scope`, 'containerd'],
    [`/default/${id}`, 'containerd'],
    [`/system.slice/docker-${other}.scope/docker/${id}`, 'docker'],
  ])('%s', (path, engine) => {
    expect(idOfCgroup(path)).toMatchObject({ runtimeId: id, engine });
  });

  it.each([
    '/',
    '/init.scope',
    '/user.slice/user-1000.slice/session-3.scope',
    // conmon's own group, beside the container's.
    `/machine.slice/libpod-conmon-${id}.scope`,
    `/system.slice/docker-${id.slice(0, 12)}.scope`,
    `/${id}`,
    undefined,
  ])('names none: %s', (path) => {
    expect(idOfCgroup(path)).toBeUndefined();
  });

  it('knows the namespace of containerd’s own path', () => {
    expect(idOfCgroup(`/k8s.io/${id}`)).toMatchObject({ engineNamespace: 'k8s.io' });
  });
});

describe('containers', () => {
  it('are merged into one from record, shim and cgroup', () => {
    const model = resolved({
      processes: [
        aProcess(100, { argv: `/usr/bin/containerd-shim-runc-v2 -namespace default -id ${id} -address /run/x.sock` }),
        aProcess(200, {
          argv: 'nginx',
          ppid: 100,
          nsPids: [200, 1],
          namespaces: { pid: 7 },
          cgroup: `/default/${id}`,
        }),
        aProcess(201, { argv: 'nginx', ppid: 200, nsPids: [201, 9], namespaces: { pid: 7 } }),
        aProcess(300, { argv: 'bash', namespaces: { pid: hostPid } }),
      ],
      runtimeStates: [
        state({
          annotations: {
            'nerdctl/name': 'web',
            'nerdctl/networks': '["bridge","front"]',
            'nerdctl/namespace': 'default',
          },
        }),
      ],
    });
    expect(model.containers).toHaveLength(1);
    expect(model.containers[0]).toMatchObject({
      id: `container:${id}`,
      name: 'web',
      engine: 'containerd',
      engineNamespace: 'default',
      init: 'process:200',
      monitor: 'process:100',
      processIds: ['process:200', 'process:201'],
      networks: ['bridge', 'front'],
      recognisedBy: ['runtime-state', 'containerd-shim-argv', 'cgroup-path'],
    });
    expect(model.processes.filter((process) => process.container).map((process) => process.pid)).toEqual([200, 201]);
    expect(model.relations.map((one) => [one.kind, one.certainty, one.rule])).toEqual(
      expect.arrayContaining([
        ['init', 'certain', 'container.runtime-state'],
        ['monitored-by', 'certain', 'container.monitor-is-parent'],
      ]),
    );
  });

  it('do not come back to life with a reused PID', () => {
    const model = resolved({
      processes: [aProcess(200, { argv: 'bash', startTicks: 99_999 })],
      runtimeStates: [state()],
    });
    expect(model.containers).toEqual([]);
    expect(model.findings).toContainEqual(
      expect.objectContaining({ rule: 'container.reused-pid', kind: 'gone', subjects: [`container:${id}`] }),
    );
  });

  it('without a start time need somebody else to vouch for the PID', () => {
    const bash = aProcess(200, { argv: 'bash' });
    const alone = resolved({ processes: [bash], runtimeStates: [state({ initStartTicks: undefined })] });
    expect(alone.containers).toEqual([]);
    const vouched = resolved({
      processes: [{ ...bash, cgroup: `/docker/${id}` }],
      runtimeStates: [state({ initStartTicks: undefined })],
    });
    expect(vouched.containers[0]?.init).toBe('process:200');
    expect(vouched.relations.find((one) => one.kind === 'init')?.certainty).toBe('inferred');
    const byParent = (argv: string) =>
      resolved({
        processes: [aProcess(100, { argv }), { ...bash, ppid: 100 }],
        runtimeStates: [state({ runtimeId: 'web', initStartTicks: undefined, path: '/run/runc/web/state.json' })],
      }).containers.map(({ init }) => init);
    expect(byParent('runc run web')).toEqual(['process:200']);
    expect(byParent('runc run db')).toEqual([]);
  });

  it('are watched by who started the first process, as sure as that is the container’s; else by who names the id', () => {
    const watched = (ppid: number, initStartTicks?: number) =>
      resolved({
        processes: [
          aProcess(100, { uid: 0, argv: `/usr/bin/containerd-shim-runc-v2 -namespace default -id ${id}` }),
          aProcess(200, { argv: 'nginx', ppid, cgroup: `/default/${id}` }),
        ],
        runtimeStates: [state({ initStartTicks })],
      })
        .relations.filter(({ kind }) => kind === 'monitored-by')
        .map(({ to, certainty, rule }) => `${to} ${certainty} ${rule}`);
    expect(watched(100, 200)).toEqual(['process:100 certain container.monitor-is-parent']);
    expect(watched(100)).toEqual(['process:100 inferred container.monitor-is-parent']);
    expect(watched(1, 200)).toEqual(['process:100 inferred container.monitor-command-line']);
  });

  it('of Podman are known by conmon, with their name', () => {
    const model = resolved({
      processes: [
        aProcess(100, {
          argv: `/usr/bin/conmon --api-version 1 -c ${id} -u ${id} -r /usr/bin/crun -b /var/lib/x/userdata -n web -l k8s-file`,
        }),
        aProcess(200, { argv: 'nginx', ppid: 100, nsPids: [200, 1], namespaces: { pid: 7 } }),
      ],
    });
    expect(model.containers[0]).toMatchObject({
      name: 'web',
      engine: 'podman',
      init: 'process:200',
      monitor: 'process:100',
    });
  });

  it('of Docker are known by their cgroups alone, and named by their id', () => {
    const model = resolved({
      processes: [
        aProcess(200, {
          argv: 'nginx',
          nsPids: [200, 1],
          namespaces: { pid: 7 },
          cgroup: `/system.slice/docker-${id}.scope`,
        }),
      ],
    });
    expect(model.containers[0]).toMatchObject({ name: 'd8e2d622b3d7', engine: 'docker', init: 'process:200' });
    expect(model.relations.find((one) => one.kind === 'init')).toMatchObject({
      certainty: 'inferred',
      rule: 'container.cgroup-path',
    });
  });

  it('that share a PID namespace (a pod) are told apart by descent', () => {
    const shim = `/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id ${id} -address /run/x.sock`;
    const model = resolved({
      processes: [
        aProcess(100, { argv: shim }),
        aProcess(200, { argv: '/pause', ppid: 100, nsPids: [200, 1], namespaces: { pid: 7 } }),
        aProcess(300, { argv: 'app', ppid: 100, nsPids: [300, 7], namespaces: { pid: 7 } }),
        aProcess(301, { argv: 'app', ppid: 300, nsPids: [301, 8], namespaces: { pid: 7 } }),
      ],
      runtimeStates: [state(), state({ runtimeId: other, initPid: 300, initStartTicks: 300 })],
    });
    const members = Object.fromEntries(model.containers.map((one) => [one.runtimeId, one.processIds]));
    expect(members).toEqual({ [id]: ['process:200'], [other]: ['process:300', 'process:301'] });
  });

  it('in the host’s PID namespace do not swallow the host', () => {
    const model = resolved({
      processes: [
        aProcess(200, { argv: 'agent', namespaces: { pid: hostPid } }),
        aProcess(300, { argv: 'bash', namespaces: { pid: hostPid } }),
      ],
      runtimeStates: [state()],
    });
    expect(model.containers[0]?.processIds).toEqual(['process:200']);
  });

  it('are not made of labels that are no JSON', () => {
    const model = resolved({
      processes: [aProcess(200, { argv: 'nginx' })],
      runtimeStates: [state({ annotations: { 'nerdctl/networks': '[', 'nerdctl/ports': '{}' } })],
    });
    expect(model.containers[0]?.networks).toEqual([]);
  });
});
