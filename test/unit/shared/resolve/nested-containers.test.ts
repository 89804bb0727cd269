// Containers in containers: which is in which, and by which word.
import { describe, expect, it } from 'vitest';
import type { NamespaceKind } from '../../../../shared/model/id.ts';
import { aProcess } from '../../../helpers/entities.ts';
import { hostPid, id, inside, other, record, resolved } from '../../../helpers/container-engines.ts';

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
