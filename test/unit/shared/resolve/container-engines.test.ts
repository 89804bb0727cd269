// Every engine's containers, by lines as they are on real hosts: cgroup paths, command lines, records.
import { describe, expect, it } from 'vitest';
import type { Entities, RuntimeState } from '../../../../shared/model/entities.ts';
import type { NamespaceKind } from '../../../../shared/model/id.ts';
import type { Model } from '../../../../shared/model/model.ts';
import { idOfCgroup, idsOfCgroup } from '../../../../shared/resolve/containers/cgroup-id.ts';
import { engineOfStatePath } from '../../../../shared/resolve/containers/engine.ts';
import { podFromName } from '../../../../shared/resolve/containers/pod.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, anEntities, aProcess, at } from '../../../helpers/entities.ts';

const id = 'b08be0f4a5536647b2ec2c5c8bd03d928ca897b483528848e716ce80ed37ec69';
const other = 'd4e8e05a546c86b6443f101966c618e47753ed01fa9929cae00d3b692f7a9f80';
const podId = '2df19026a989667f0c9956723a45b25ccd32c0efaec19d375727d37622709040';
const hostPid = 4026531836;

const resolved = (fields: Partial<Entities>): Model =>
  resolveModel(
    anEntities({
      host: aHost({ initialNamespaces: { pid: { id: `pid:[${hostPid}]`, certainty: 'certain' } } }),
      ...fields,
    }),
  );
const only = (model: Model) => {
  expect(model.containers.map((one) => one.name)).toHaveLength(1);
  return model.containers[0];
};
const inside = (
  pid: number,
  argv: string | readonly string[],
  ppid: number,
  cgroup: string,
  namespaces: Partial<Record<NamespaceKind, number>> = {},
) => aProcess(pid, { argv, ppid, cgroup, nsPids: [pid, 1], namespaces: { pid, ...namespaces } });
const record = (fields: Partial<RuntimeState>): RuntimeState => ({
  runtimeId: id,
  initPid: 200,
  initStartTicks: 200,
  path: `/run/runc/${id}/state.json`,
  annotations: {},
  evidence: [at('runtime-state')],
  ...fields,
});

describe('cgroup paths', () => {
  // From the tests of Falco, cAdvisor, Datadog's agent and node-problem reports; uids are their authors'.
  it.each([
    [
      `/kubepods/burstable/poda0178de9-9963-4c21-a277-14564e7abd2b/${id}`,
      { engine: 'containerd', pod: { id: 'a0178de9-9963-4c21-a277-14564e7abd2b', qos: 'burstable' } },
    ],
    [
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod82ab430e_4231_430d_a929_32bef3ee740d.slice/crio-${id}.scope/container`,
      { engine: 'cri-o', pod: { id: '82ab430e-4231-430d-a929-32bef3ee740d', qos: 'besteffort' } },
    ],
    [
      `/system.slice/containerd.service/kubepods-besteffort-pod214f3ba8_4b69_4bdb_a7d5_5ecc73f04ae9.slice:cri-containerd:${id}`,
      { engine: 'containerd', pod: { id: '214f3ba8-4b69-4bdb-a7d5-5ecc73f04ae9', qos: 'besteffort' } },
    ],
    [
      `/kubepods.slice/kubepods-pod005f082b_5fd9_4650_8ef4_473e63bc2d13.slice/docker-${id}.scope`,
      { engine: 'docker', pod: { id: '005f082b-5fd9-4650-8ef4-473e63bc2d13', qos: 'guaranteed' } },
    ],
    // A static pod's uid is a hash.
    [
      `/kubepods/burstable/pod3a7d8aa8ae3f2f0a5d1e6fb6d5c9d0b2/${id}`,
      { engine: 'containerd', pod: { id: '3a7d8aa8ae3f2f0a5d1e6fb6d5c9d0b2' } },
    ],
    [
      `/machine.slice/machine-libpod_pod_${podId}.slice/libpod-${id}.scope/container`,
      { engine: 'podman', pod: { id: podId } },
    ],
    [`/libpod_parent/${podId}/libpod-${id}`, { engine: 'podman', pod: { id: podId } }],
    [`/libpod_parent/libpod-${id}`, { engine: 'podman' }],
    // Quadlet: --cgroups=split.
    [
      `/user.slice/user-3010.slice/user@3010.service/app.slice/nginx.service/libpod-payload-${id}`,
      { engine: 'podman' },
    ],
    [`/ecs/0123456789abcdef0123456789abcdef/${id}`, { engine: 'docker' }],
    [`/actions_job/${id}`, { engine: 'docker' }],
    [`/../../system.slice/docker-${id}.scope`, { engine: 'docker' }],
  ])('%s', (path, expected) => {
    expect(idOfCgroup(path)).toMatchObject({ runtimeId: id, ...expected });
  });

  it.each([
    ['/lxc.payload.gha-fleet_worker/system.slice/actions.runner.one-job.service', 'gha-fleet_worker', 'lxc'],
    ['/lxc/101/ns/init.scope', '101', 'lxc'],
    ['/machine.slice/systemd-nspawn@media-01.service/payload/init.scope', 'media-01', 'systemd-nspawn'],
    ['/machine.slice/machine-web\\x2d1.scope/payload', 'web-1', 'systemd-nspawn'],
    ['/machine.slice/machine-lxc\\x2d4711\\x2dweb.scope', 'web', 'libvirt-lxc'],
    ['/system.slice/runc-web.scope', 'web', 'runc'],
    ['/user.slice/user-1000.slice/user@1000.service/user.slice/crun-web.scope', 'web', 'crun'],
  ])('by name: %s', (path, name, engine) => {
    expect(idOfCgroup(path)).toMatchObject({ runtimeId: name, name, engine });
  });

  it.each([
    `/system.slice/crio-conmon-${id}.scope`,
    `/machine.slice/machine-libpod_pod_${podId}.slice/libpod-conmon-${id}.scope`,
    '/machine.slice/machine-qemu\\x2d1\\x2dvm.scope',
    '/machine.slice/systemd-nspawn@web.service/supervisor',
    '/lxc.monitor.web',
    '/lxc.monitor/101',
    `/libpod_parent/${podId}`.replace(podId, 'conmon'),
  ])('names none: %s', (path) => {
    expect(idOfCgroup(path)).toBeUndefined();
  });

  it('of containers in containers name each, the outermost first', () => {
    const kind = `/system.slice/docker-${other}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod82ab430e_4231_430d_a929_32bef3ee740d.slice/cri-containerd-${id}.scope`;
    expect(idsOfCgroup(kind).map((one) => one.runtimeId)).toEqual([other, id]);
    expect(idsOfCgroup('/lxc.payload.c1/lxc.payload.c1/init.scope').map((one) => one.runtimeId)).toEqual([
      'c1',
      'c1/c1',
    ]);
  });
});

describe('records', () => {
  it.each([
    [`/run/docker/runtime-runc/moby/${id}/state.json`, 'docker'],
    // Rootless: dockerd's exec root is below XDG_RUNTIME_DIR.
    [`/run/user/1000/docker/runtime-runc/moby/${id}/state.json`, 'docker'],
    [`/run/containerd/runc/moby/${id}/state.json`, 'docker'],
    [`/proc/200/root/run/containerd/runc/k8s.io/${id}/state.json`, 'containerd'],
    [`/run/user/1000/crun/${id}/status`, 'crun'],
    [`/run/youki/${id}/state.json`, 'youki'],
    [`/run/user/1000/runc/${id}/state.json`, 'runc'],
  ])('%s', (path, engine) => {
    expect(engineOfStatePath({ path, annotations: {} })).toBe(engine);
  });

  it('say their engine in the annotations too', () => {
    const path = `/run/crun/${id}/status`;
    expect(engineOfStatePath({ path, annotations: { 'io.container.manager': 'libpod' } })).toBe('podman');
    expect(engineOfStatePath({ path, annotations: { 'io.container.manager': 'cri-o' } })).toBe('cri-o');
  });
});

describe('Docker', () => {
  it('on a host with both versions of cgroups is known by version 1', () => {
    // Docker with the cgroupfs driver on Ubuntu 20.04: containerd's own cgroup is what version 2 says.
    const process = inside(200, 'nginx', 100, '/system.slice/containerd.service');
    const model = resolved({ processes: [{ ...process, cgroupVersion1: `/docker/${id}` }] });
    expect(only(model)).toMatchObject({ engine: 'docker', runtimeId: id });
  });
});

describe('Podman', () => {
  const conmon = (pid: number, runtimeId: string, name: string, pod = true) =>
    aProcess(pid, {
      argv: `/usr/bin/conmon --api-version 1 -c ${runtimeId} -u ${runtimeId} -r /usr/bin/crun -b /var/lib/containers/storage/overlay-containers/${runtimeId}/userdata -p /run/containers/storage/overlay-containers/${runtimeId}/userdata/pidfile -n ${name} --exit-dir /run/libpod/exits --exit-command /usr/bin/podman --exit-command-arg container --exit-command-arg cleanup --exit-command-arg ${runtimeId}`,
      cgroup: `/machine.slice/${pod ? `machine-libpod_pod_${podId}.slice/` : ''}libpod-conmon-${runtimeId}.scope`,
      namespaces: { pid: hostPid },
    });
  const scope = (runtimeId: string) => `/machine.slice/machine-libpod_pod_${podId}.slice/libpod-${runtimeId}.scope`;

  it('runs crun, whose record says less than conmon', () => {
    const model = resolved({
      processes: [
        conmon(100, id, 'web', false),
        inside(200, 'nginx', 100, `/machine.slice/libpod-${id}.scope/container`),
      ],
      runtimeStates: [record({ path: `/run/crun/${id}/status` })],
    });
    expect(only(model)).toMatchObject({ engine: 'podman', name: 'web', init: 'process:200', monitor: 'process:100' });
  });

  it('keeps pods together: the infra container holds the network namespace, which is called as the pod', () => {
    const model = resolved({
      processes: [
        conmon(100, id, `${podId.slice(0, 12)}-infra`),
        conmon(101, other, 'web'),
        inside(200, '/catatonit -P', 100, scope(id), { net: 9 }),
        inside(201, 'nginx', 101, scope(other), { net: 9 }),
      ],
    });
    const containers = [...model.containers].sort((a, b) => a.name.localeCompare(b.name));
    expect(containers.map(({ name, kind, pod }) => [name, kind, pod?.id])).toEqual([
      [`${podId.slice(0, 12)}-infra`, 'pod-sandbox', podId],
      ['web', undefined, podId],
    ]);
    expect(model.namespaces.find((one) => one.id === 'net:[9]')?.name).toBe(`pod ${podId.slice(0, 12)}`);
    expect(model.namespaces.find((one) => one.id === 'pid:[201]')?.name).toBe('web');
  });
});

describe('Kubernetes', () => {
  const pod = 'kubepods/pod005f082b-5fd9-4650-8ef4-473e63bc2d13';
  // labels of a state.json that KubeEdge recorded (config.labels).
  const labels = {
    'io.kubernetes.cri.sandbox-uid': '005f082b-5fd9-4650-8ef4-473e63bc2d13',
    'io.kubernetes.cri.image-name': 'docker.io/poorunga/serve_hostname:latest',
    'io.kubernetes.cri.sandbox-id': '446c65ab43d490ab8d7f693a46050db88f66a2bf657eda0c3de8bc8bab516be4',
    'io.kubernetes.cri.sandbox-name': 'hostname-lb-edge-64df67bd8b-xmzhv',
    'io.kubernetes.cri.sandbox-namespace': 'default',
  };
  const path = (runtimeId: string) => `/run/containerd/runc/k8s.io/${runtimeId}/state.json`;

  it('names a pod, its containers and what they share by the annotations of containerd’s CRI plugin', () => {
    const model = resolved({
      processes: [
        inside(200, '/pause', 100, `/${pod}/${other}`, { net: 9 }),
        inside(201, 'serve_hostname', 100, `/${pod}/${id}`, { net: 9 }),
      ],
      runtimeStates: [
        record({
          runtimeId: other,
          path: path(other),
          annotations: { ...labels, 'io.kubernetes.cri.container-type': 'sandbox' },
        }),
        record({
          initPid: 201,
          initStartTicks: 201,
          path: path(id),
          annotations: {
            ...labels,
            'io.kubernetes.cri.container-type': 'container',
            'io.kubernetes.cri.container-name': 'hostname',
          },
        }),
      ],
    });
    expect(model.containers).toMatchObject([
      {
        name: 'hostname-lb-edge-64df67bd8b-xmzhv/hostname',
        engineNamespace: 'k8s.io',
        pod: {
          id: '005f082b-5fd9-4650-8ef4-473e63bc2d13',
          name: 'hostname-lb-edge-64df67bd8b-xmzhv',
          namespace: 'default',
          qos: 'guaranteed',
        },
      },
      { name: 'pod hostname-lb-edge-64df67bd8b-xmzhv', kind: 'pod-sandbox' },
    ]);
    expect(model.namespaces.find((one) => one.id === 'net:[9]')?.name).toBe(
      'pod default/hostname-lb-edge-64df67bd8b-xmzhv',
    );
  });

  it('knows the sandbox of a pod by /pause where nothing else tells', () => {
    const model = resolved({ processes: [inside(200, '/pause', 100, `/${pod}/${id}`)] });
    expect(only(model)).toMatchObject({ kind: 'pod-sandbox', pod: { qos: 'guaranteed' } });
  });

  it('reads kubelet’s names', () => {
    // From a k3s node under Rancher Desktop, and an article on kube-proxy.
    expect(podFromName('k8s_POD_coredns-54996dc9b4-w7hsp_kube-system_1aa6026e-fee8-4c3b-8e4e-b0f82d1a56c5_4')).toEqual({
      pod: { id: '1aa6026e-fee8-4c3b-8e4e-b0f82d1a56c5', name: 'coredns-54996dc9b4-w7hsp', namespace: 'kube-system' },
      kind: 'pod-sandbox',
    });
    expect(
      podFromName('k8s_kube-proxy_kube-proxy-8cp4h_kube-system_26bed127-e359-44f8-9768-64673aefbcc5_2'),
    ).toMatchObject({ pod: { name: 'kube-proxy-8cp4h' }, container: 'kube-proxy' });
    expect(podFromName('k8s_x')).toBeUndefined();
  });

  it('with CRI-O: conmon’s -n is kubelet’s name', () => {
    const argv = `/usr/bin/conmon -b /run/containers/storage/overlay-containers/${id}/userdata -c ${id} --exit-dir /var/run/crio/exits -l /var/log/pods/default_segfaulter.log --log-level info -n k8s_app_segfaulter_default_aaaa2b4a-f398-41c0-928b-049e1cc4ec40_0 -P /run/x/conmon-pidfile -r /usr/bin/crun`;
    const model = resolved({
      processes: [
        aProcess(100, { argv, cgroup: `/system.slice/crio-conmon-${id}.scope`, namespaces: { pid: hostPid } }),
        inside(200, 'app', 100, `/kubepods.slice/crio-${id}.scope`),
      ],
    });
    expect(only(model)).toMatchObject({ engine: 'cri-o', name: 'segfaulter/app', pod: { namespace: 'default' } });
  });
});

describe('Compose', () => {
  it('project and service come from the labels', () => {
    const model = resolved({
      processes: [inside(200, 'nginx', 100, `/docker/${id}`)],
      runtimeStates: [
        record({ annotations: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' } }),
      ],
    });
    expect(only(model)).toMatchObject({ project: 'shop', service: 'web' });
  });
});

describe('LXC and its relatives', () => {
  // The titles are as pstree and ps print them in LXD's and LXC's own documentation.
  it.each([
    ['[lxc monitor] /var/lib/lxc web', 'lxc'],
    ['[lxc monitor] /var/snap/lxd/common/lxd/containers web', 'lxd'],
    ['[lxc monitor] /var/lib/incus/containers web', 'incus'],
  ])('%s', (title, engine) => {
    const model = resolved({
      processes: [
        aProcess(100, { argv: [title], cgroup: '/lxc.monitor.web', namespaces: { pid: hostPid } }),
        inside(200, '/sbin/init', 100, '/lxc.payload.web/init.scope'),
      ],
    });
    expect(only(model)).toMatchObject({
      name: 'web',
      engine,
      kind: 'machine',
      init: 'process:200',
      monitor: 'process:100',
    });
    expect(model.relations.find((one) => one.kind === 'init')?.rule).toBe('container.lxc-monitor-child');
    expect(model.processes.find((one) => one.pid === 100)?.roles).toEqual(['lxc-monitor']);
  });

  it('is one container where a number was added to its cgroup, beside one that is called so', () => {
    const model = resolved({
      processes: [
        aProcess(100, { argv: ['[lxc monitor] /var/lib/lxc web'], namespaces: { pid: hostPid } }),
        inside(200, '/sbin/init', 100, '/lxc.payload.web-1'),
        inside(201, '/bin/sh', 200, '/lxc.payload.web-1'),
        aProcess(300, { argv: ['[lxc monitor] /var/lib/lxc web-1'], namespaces: { pid: hostPid } }),
        inside(400, '/sbin/init', 300, '/lxc.payload.web-1-1'),
      ],
    });
    expect(model.containers.map(({ name, init, processIds }) => [name, init, processIds.length])).toEqual([
      ['web', 'process:200', 2],
      ['web-1', 'process:400', 1],
    ]);
  });
});

describe('systemd-nspawn', () => {
  const unit = '/machine.slice/systemd-nspawn@jammy.service';
  const nspawn = aProcess(15841, {
    argv: '/usr/bin/systemd-nspawn --quiet --keep-unit --boot --link-journal=try-guest --network-veth -U --machine=jammy',
    cgroup: `${unit}/supervisor`,
    namespaces: { pid: hostPid },
  });
  const init = inside(15844, '/usr/lib/systemd/systemd', 15841, `${unit}/payload/init.scope`);

  it('is known by its command line', () => {
    const model = resolved({ processes: [nspawn, init] });
    expect(only(model)).toMatchObject({
      name: 'jammy',
      engine: 'systemd-nspawn',
      kind: 'machine',
      init: 'process:15844',
      monitor: 'process:15841',
      processIds: ['process:15844'],
    });
    expect(model.relations.find((one) => one.kind === 'init')?.rule).toBe('container.nspawn-child');
  });

  it('is known by machined’s record, when the leader’s cgroup agrees', () => {
    const machine = (leader: number) => ({
      name: 'jammy',
      class: 'container' as const,
      leader,
      unit: 'systemd-nspawn@jammy.service',
      service: 'systemd-nspawn',
      evidence: [at('machine')],
    });
    const model = resolved({ processes: [init], machines: [machine(15844)] });
    expect(only(model)?.recognisedBy).toEqual(['machined-record', 'cgroup-path']);
    expect(model.relations.find((one) => one.kind === 'init')?.rule).toBe('container.machined-record');
    const reused = resolved({ processes: [aProcess(15844, { argv: 'bash' })], machines: [machine(15844)] });
    expect(reused.containers).toEqual([]);
  });
});

describe('namespaces of a container', () => {
  it('are not those that whoever started it is in too', () => {
    // Docker in a network namespace that is not the host's, and a container of it with --network=host.
    const model = resolved({
      processes: [
        aProcess(90, { argv: 'dockerd', namespaces: { net: 5, pid: hostPid } }),
        aProcess(100, {
          argv: `/usr/bin/containerd-shim-runc-v2 -namespace moby -id ${id} -address /run/x.sock`,
          namespaces: { net: 5, pid: hostPid },
        }),
        inside(200, 'nginx', 100, `/docker/${id}`, { net: 5 }),
      ],
    });
    expect(only(model)?.init).toBe('process:200');
    expect(model.namespaces.find((one) => one.id === 'net:[5]')).toMatchObject({ role: 'process' });
    expect(model.namespaces.find((one) => one.id === 'pid:[200]')).toMatchObject({ role: 'container' });
  });
});

describe('bypass4netns', () => {
  it('is said of the container whose sockets are the host’s', () => {
    const model = resolved({
      processes: [inside(200, 'nginx', 100, `/default/${id}`)],
      runtimeStates: [record({ annotations: { 'nerdctl/name': 'web', 'nerdctl/bypass4netns': 'true' } })],
    });
    expect(model.findings).toContainEqual(
      expect.objectContaining({ rule: 'container.bypass4netns', kind: 'note', subjects: [`container:${id}`] }),
    );
    const off = resolved({
      processes: [inside(200, 'nginx', 100, `/default/${id}`)],
      runtimeStates: [record({ annotations: { 'nerdctl/bypass4netns': 'false' } })],
    });
    expect(off.findings.map((one) => one.rule)).not.toContain('container.bypass4netns');
  });
});

describe('containers in containers', () => {
  const outer = `/system.slice/docker-${other}.scope`;
  const shim = (namespaces: Partial<Record<NamespaceKind, number>>) =>
    aProcess(300, {
      argv: `/usr/local/bin/containerd-shim-runc-v2 -namespace moby -id ${id} -address /run/x.sock`,
      ppid: 200,
      cgroup: `${outer}/init.scope`,
      nsPids: [300, 7],
      namespaces,
    });

  it('Docker in Docker: the inner one’s shim is a process of the outer one', () => {
    const model = resolved({
      processes: [
        inside(200, 'dockerd', 100, outer, { pid: 7 }),
        shim({ pid: 7 }),
        { ...inside(400, 'nginx', 300, `${outer}/docker/${id}`), nsPids: [400, 31, 1] },
      ],
    });
    const [inner] = model.containers.filter((one) => one.runtimeId === id);
    expect(inner).toMatchObject({ parent: `container:${other}`, processIds: ['process:400'] });
    expect(model.containers.find((one) => one.runtimeId === other)?.processIds).toEqual(['process:200', 'process:300']);
    expect(model.relations.find((one) => one.kind === 'inside')).toMatchObject({
      certainty: 'certain',
      rule: 'container.inside-by-ancestor',
    });
  });

  it('by their cgroups where the tree of processes does not tell', () => {
    const model = resolved({
      processes: [
        inside(200, 'systemd', 100, outer),
        { ...inside(400, 'nginx', 1, `${outer}/docker/${id}`), nsPids: [400, 31, 1] },
      ],
    });
    expect(model.relations.find((one) => one.kind === 'inside')).toMatchObject({
      from: `container:${id}`,
      to: `container:${other}`,
      certainty: 'inferred',
      rule: 'container.inside-by-cgroup',
    });
  });

  it('whose outer one has no id in its cgroup are told by its record', () => {
    const model = resolved({
      processes: [
        inside(200, 'sleep', 100, '/', { pid: 7, mnt: 70 }),
        { ...inside(400, 'nginx', 200, '/', { mnt: 71 }), nsPids: [400, 31, 1] },
      ],
      runtimeStates: [
        record({ runtimeId: 'web', path: '/run/runc/web/state.json' }),
        record({ runtimeId: 'web', initPid: 31, initStartTicks: 400, path: '/proc/200/root/run/runc/web/state.json' }),
      ],
    });
    expect(model.containers.map(({ runtimeId, name, parent }) => [runtimeId, name, parent])).toEqual([
      ['web', 'web', undefined],
      ['web/web', 'web', 'container:web'],
    ]);
  });

  it('a record from inside counts processes in the PID namespace it was written in', () => {
    const model = resolved({
      processes: [
        aProcess(31, { argv: 'somebody else', startTicks: 400, namespaces: { pid: hostPid } }),
        inside(200, 'sleep', 100, outer, { pid: 7, mnt: 70 }),
        { ...inside(400, 'nginx', 200, outer, { mnt: 71 }), nsPids: [400, 31, 1] },
      ],
      runtimeStates: [
        record({ runtimeId: 'web', initPid: 31, initStartTicks: 400, path: '/proc/200/root/run/runc/web/state.json' }),
      ],
    });
    expect(model.containers.find((one) => one.name === 'web')).toMatchObject({
      runtimeId: `${other}/web`,
      engine: 'runc',
      init: 'process:400',
      parent: `container:${other}`,
    });
  });
});
