// Every engine’s containers, by lines as they are on real hosts: cgroup paths, command lines, records.
import { describe, expect, it } from 'vitest';
import { podFromName } from '../../../../shared/resolve/containers/pod.ts';
import { aProcess } from '../../../helpers/entities.ts';
import { hostPid, id, inside, only, other, podId, record, resolved } from '../../../helpers/container-engines.ts';

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
