// LXC and systemd-nspawn, by lines as they are on real hosts.
import { describe, expect, it } from 'vitest';
import { aProcess, at } from '../../../helpers/entities.ts';
import { hostPid, inside, only, resolved } from '../../../helpers/container-engines.ts';

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
