// The id and the engine of a container, by lines as they are on real hosts: cgroup paths, records.
import { describe, expect, it } from 'vitest';
import { idOfCgroup, idsOfCgroup } from '../../../../shared/resolve/containers/cgroup-id.ts';
import { engineOfStatePath } from '../../../../shared/resolve/containers/engine.ts';
import { id, other, podId } from '../../../helpers/container-engines.ts';

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
