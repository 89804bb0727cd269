// Who has namespaces of their own without being a container; the command lines and cgroups are as on real desktops.
import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import type { Model } from '../../../../shared/model/model.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { unitOf } from '../../../../shared/resolve/sandboxes/units.ts';
import { aHost, anEntities, aNamespace, aProcess } from '../../../helpers/entities.ts';

const resolved = (fields: Partial<Entities>): Model =>
  resolveModel(
    anEntities({
      host: aHost({
        initialNamespaces: {
          net: { id: 'net:[1]', certainty: 'certain' },
          mnt: { id: 'mnt:[1]', certainty: 'certain' },
          user: { id: 'user:[1]', certainty: 'certain' },
          pid: { id: 'pid:[1]', certainty: 'certain' },
        },
      }),
      ...fields,
    }),
  );
const host = { net: 1, mnt: 1, user: 1, pid: 1 };
const nameOf = (model: Model, id: string) => model.namespaces.find((one) => one.id === id)?.name;

describe('unitOf', () => {
  const user = '/user.slice/user-1000.slice/user@1000.service';
  it.each([
    ['/system.slice/systemd-resolved.service', 'systemd-unit', 'systemd-resolved.service'],
    [`${user}/app.slice/pipewire.service`, 'systemd-unit', 'pipewire.service'],
    [`${user}/app.slice/app-flatpak-org.mozilla.firefox-2971616599.scope`, 'flatpak', 'org.mozilla.firefox'],
    [`${user}/app.slice/snap.firefox.firefox-8d3f1834-c397-4085-b29d-3b2538c9ff4e.scope`, 'snap', 'firefox'],
    [`${user}/app.slice/snap.firefox.firefox.7d9b4142-0288-47c3-a5f6-ab77b8803604.scope`, 'snap', 'firefox'],
    ['/system.slice/snap.lxd.daemon.service', 'snap', 'lxd'],
  ])('%s', (path, kind, name) => {
    expect(unitOf(path)).toMatchObject({ kind, name });
  });

  it.each(['/', '/init.scope', `${user}/init.scope`, user, '/user.slice/user-1000.slice/session-3.scope', undefined])(
    'none: %s',
    (path) => {
      expect(unitOf(path)).toBeUndefined();
    },
  );
});

describe('a systemd unit', () => {
  const cgroup = '/system.slice/systemd-resolved.service';

  it('has the namespaces its first process is in and nobody else', () => {
    const model = resolved({
      processes: [
        aProcess(500, { argv: '/usr/lib/systemd/systemd-resolved', cgroup, namespaces: { ...host, mnt: 5, net: 6 } }),
        aProcess(501, { argv: 'helper', ppid: 500, cgroup, namespaces: { ...host, mnt: 7, net: 6 } }),
        aProcess(600, { argv: 'sshd', cgroup: '/system.slice/ssh.service', namespaces: host }),
      ],
    });
    expect(model.sandboxes).toMatchObject([
      {
        id: `sandbox:systemd-unit:${cgroup}`,
        kind: 'systemd-unit',
        name: 'systemd-resolved.service',
        processIds: ['process:500', 'process:501'],
        rule: 'sandbox.unit-cgroup',
      },
    ]);
    // What a child made for itself is the child's.
    expect([...(model.sandboxes[0]?.namespaceIds ?? [])].sort()).toEqual(['mnt:[5]', 'net:[6]']);
    expect(nameOf(model, 'net:[6]')).toBe('unit systemd-resolved.service');
    expect(nameOf(model, 'mnt:[7]')).toBe('ns of helper[501]');
  });

  it('has none that others are in too', () => {
    const model = resolved({
      processes: [
        aProcess(500, { argv: 'a', cgroup, namespaces: { ...host, net: 6 } }),
        aProcess(600, { argv: 'b', cgroup: '/system.slice/b.service', namespaces: { ...host, net: 6 } }),
      ],
    });
    expect(model.sandboxes).toEqual([]);
  });

  it('does not take those of a container that it started', () => {
    const id = 'b08be0f4a5536647b2ec2c5c8bd03d928ca897b483528848e716ce80ed37ec69';
    const model = resolved({
      processes: [
        aProcess(500, {
          argv: 'nginx',
          cgroup: `/user.slice/user-1000.slice/user@1000.service/app.slice/nginx.service/libpod-payload-${id}`,
          nsPids: [500, 1],
          namespaces: { ...host, net: 6, pid: 7 },
        }),
      ],
    });
    expect(model.containers).toHaveLength(1);
    expect(model.sandboxes).toEqual([]);
  });

  it('is explained by its namespaces, its processes and the rule', () => {
    const model = resolved({
      processes: [aProcess(500, { argv: 'systemd-resolved', cgroup, namespaces: { ...host, mnt: 5 } })],
    });
    const told = explain(model, `sandbox:systemd-unit:${cgroup}`);
    expect(told).toMatchObject({ title: 'systemd-resolved.service', what: 'systemd unit' });
    const values = told?.groups.flatMap((group) => group.facts.map((fact) => fact.value));
    expect(values).toEqual(expect.arrayContaining(['mnt:[5]', 'systemd-resolve[500]']));
  });
});

describe('sandboxed applications', () => {
  it('Flatpak: the scope says the application', () => {
    const cgroup =
      '/user.slice/user-1000.slice/user@1000.service/app.slice/app-flatpak-com.github.tchx84.Flatseal-2005139353.scope';
    const model = resolved({
      processes: [
        aProcess(700, { argv: 'bwrap --args 41 com.github.tchx84.Flatseal', cgroup, namespaces: { ...host, user: 2 } }),
        aProcess(701, {
          argv: 'com.github.tchx84.Flatseal',
          ppid: 700,
          cgroup,
          namespaces: { ...host, user: 3, pid: 4 },
        }),
      ],
    });
    expect(model.sandboxes).toMatchObject([
      { kind: 'flatpak', name: 'com.github.tchx84.Flatseal', rule: 'sandbox.flatpak-cgroup' },
    ]);
    expect(nameOf(model, 'pid:[4]')).toBe('Flatpak com.github.tchx84.Flatseal');
  });

  it('Snap: all of a snap share a mount namespace', () => {
    const scope = (name: string) =>
      `/user.slice/user-1000.slice/user@1000.service/app.slice/snap.firefox.${name}.scope`;
    const model = resolved({
      processes: [
        aProcess(700, { argv: 'firefox', cgroup: scope('firefox-1'), namespaces: { ...host, mnt: 5 } }),
        aProcess(701, { argv: 'geckodriver', cgroup: scope('geckodriver-2'), namespaces: { ...host, mnt: 5 } }),
      ],
    });
    expect(model.sandboxes).toMatchObject([
      { kind: 'snap', name: 'firefox', namespaceIds: ['mnt:[5]'], rule: 'sandbox.snap-cgroup' },
    ]);
  });

  it.each([
    [
      'bwrap --unshare-net --ro-bind / / bash',
      'bubblewrap',
      'bubblewrap of bash[802]',
      'sandbox.bubblewrap-descendants',
    ],
    ['/usr/bin/firejail --net=none bash', 'firejail', 'Firejail of bash[802]', 'sandbox.firejail-descendants'],
  ])('%s', (argv, kind, name, rule) => {
    const own = { ...host, net: 6, mnt: 7 };
    const model = resolved({
      processes: [
        aProcess(800, { argv, namespaces: host }),
        aProcess(801, { argv, ppid: 800, namespaces: own }),
        aProcess(802, { argv: 'bash', ppid: 801, namespaces: own }),
        aProcess(900, { argv: 'bash', namespaces: host }),
      ],
    });
    expect(model.sandboxes).toMatchObject([{ kind, rule, processIds: ['process:800', 'process:801', 'process:802'] }]);
    expect(nameOf(model, 'net:[6]')).toBe(name);
  });

  it.each([
    ['/opt/google/chrome/chrome', '/opt/google/chrome/chrome --type=zygote', 'sandbox of chrome[1000]'],
    [
      '/usr/lib/firefox/firefox',
      '/usr/lib/firefox/firefox -contentproc -isForBrowser -prefsLen 30971',
      'sandbox of firefox[1000]',
    ],
  ])('a browser’s: %s', (main, helper, name) => {
    const own = { ...host, user: 2, pid: 3, net: 4 };
    const model = resolved({
      processes: [
        aProcess(1000, { argv: main, namespaces: host }),
        aProcess(1001, { argv: helper, ppid: 1000, namespaces: own }),
        // Electron writes all of its arguments into the first.
        aProcess(1002, { argv: [helper.replace('zygote', 'renderer')], ppid: 1001, namespaces: own }),
      ],
    });
    expect(model.sandboxes).toMatchObject([
      { kind: 'browser', processIds: ['process:1001', 'process:1002'], rule: 'sandbox.browser-helpers' },
    ]);
    expect(nameOf(model, 'net:[4]')).toBe(name);
  });
});

describe('rootless Podman', () => {
  it('names what its pause process keeps, and the network its bridges are in', () => {
    const model = resolved({
      processes: [aProcess(300, { argv: 'catatonit -P', namespaces: { ...host, user: 8, mnt: 9 } })],
      namespaces: [
        aNamespace('net:[10]', {
          keptBy: [
            {
              by: 'mount',
              path: '/run/user/1000/containers/networks/rootless-netns/rootless-netns',
              mountNamespace: 'mnt:[9]',
              reachableAs: '/proc/300/root/run/user/1000/containers/networks/rootless-netns/rootless-netns',
              evidence: [],
            },
          ],
        }),
      ],
    });
    expect(nameOf(model, 'user:[8]')).toBe('rootless Podman · ec2-user');
    expect(nameOf(model, 'net:[10]')).toBe('rootless Podman’s network · ec2-user');
  });
});
