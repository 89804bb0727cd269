// Mounts of a mount namespace that somebody made: shared, slave, private, read-only, over one another, from the host.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../../shared/explain/explain.ts';
import { namespaceId } from '../../../shared/model/id.ts';
import type { Mount } from '../../../shared/model/mount.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import type { Collected } from './collect-from.ts';
import { collectFrom } from './collect-from.ts';

/** Prints `PID INODE`, and then PATH OPTIONS PROPAGATION as findmnt says it. */
const script = `
  mkdir -p /srv/data/deep "/tmp/a b" /tmp/over/below
  mount -t tmpfs volume /srv/data
  mkdir /srv/data/deep
  unshare --mount --propagation unchanged bash -c '
    mkdir -p /tmp/shared /tmp/slave /tmp/both /tmp/alone /tmp/volume
    mount --make-rprivate /tmp
    mount -t tmpfs shared /tmp/shared && mount --make-shared /tmp/shared
    mount --bind /tmp/shared /tmp/slave && mount --make-slave /tmp/slave
    mount --bind /tmp/shared /tmp/both && mount --make-slave /tmp/both && mount --make-shared /tmp/both
    mount -t tmpfs alone /tmp/alone && mount --make-unbindable /tmp/alone
    mount --bind /srv/data/deep /tmp/volume && mount -o remount,bind,ro /tmp/volume
    mount -t tmpfs blank "/tmp/a b" && mount --make-private "/tmp/a b"
    mount -t tmpfs below /tmp/over/below && mount -t tmpfs over /tmp/over
    touch /tmp/done
    exec sleep infinity' </dev/null >/dev/null 2>&1 &
  until [ -e /proc/$!/root/tmp/done ] && [ "$(readlink /proc/$!/exe)" = /usr/bin/sleep ]; do sleep 0.01; done
  echo "$! $(stat -L -c %i /proc/$!/ns/mnt)"
  nsenter -t $! -m findmnt --raw --noheadings -o TARGET,VFS-OPTIONS,PROPAGATION`;

describe('mounts', () => {
  let host: BareHost;
  let collected: Collected;
  let pid: number;
  let inode: number;
  let told: ReadonlyMap<string, string>;
  beforeAll(async () => {
    host = await startBareHost();
    const [first = '', ...lines] = (await host.script(script)).trim().split('\n');
    [pid = 0, inode = 0] = first.split(' ').map(Number);
    told = new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')).replaceAll('\\x20', ' '), line]));
    // mountinfo is open to everybody; whose namespace it is only to root.
    collected = await collectFrom(host, 'root');
  });
  afterAll(() => host.stop());

  const table = () => {
    const id = namespaceId('mnt', inode);
    const found = collected.model.mountTables.find(({ mountNamespace }) => mountNamespace === id);
    if (!found) throw new Error(`no mounts of ${id}`);
    return found;
  };
  const at = (path: string): Mount => {
    const found = table().mounts.filter((mount) => mount.path === path);
    if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} mounts at ${path}`);
    return found[0];
  };

  test('are all there, with the options and the propagation that findmnt says', () => {
    expect(table().readThrough).toBe(`process:${pid}`);
    expect(table().mounts).toHaveLength(table().count);
    for (const [path, line] of told) {
      const { options, propagation } = at(path);
      const words = [
        propagation.shared === undefined ? 'private' : 'shared',
        ...(propagation.master === undefined ? [] : ['slave']),
        ...(propagation.unbindable ? ['unbindable'] : []),
      ];
      expect(line.split(' ').slice(-2), path).toEqual([options, words.join(',')]);
    }
    expect(told.size).toBe(new Set(table().mounts.map(({ path }) => path)).size);
  });

  test('their peer groups are the same numbers in all mount namespaces', () => {
    const shared = at('/tmp/shared').propagation.shared;
    expect(shared).toBeGreaterThan(0);
    expect(at('/tmp/slave').propagation).toEqual({ master: shared });
    expect(at('/tmp/both').propagation).toMatchObject({ master: shared });
    const own = collected.model.mountTables.find(({ readThrough }) => readThrough === 'process:1');
    const root = own?.mounts.find(({ path }) => path === '/');
    expect(at('/').propagation).toEqual(root?.propagation);
    expect(at('/')).toMatchObject({ asOnHost: true });
  });

  test('what is covered, read-only, unbindable, or has a blank in its name', () => {
    expect(at('/tmp/over/below')).toMatchObject({ covered: true, source: 'below' });
    expect(at('/tmp/over')).not.toHaveProperty('covered');
    expect(at('/tmp/volume')).toMatchObject({
      root: '/deep',
      source: 'volume',
      options: expect.stringMatching(/^ro,/) as string,
    });
    expect(at('/tmp/alone').propagation).toEqual({ unbindable: true });
    expect(at('/tmp/a b').propagation).toEqual({});
  });

  test('the inspector says what is its own, and the path on the host', () => {
    const facts = explain(collected.model, namespaceId('mnt', inode))?.groups.find(
      ({ title }) => title === 'Mounts',
    )?.facts;
    const said = facts?.map(({ value }) => value) ?? [];
    const volume = /^\/tmp\/volume · \/srv\/data\/deep of the host · read-only · shared:\d+ with host$/;
    expect(said).toContainEqual(expect.stringMatching(volume));
    expect(said).toContain('/tmp/over/below · below · covered by another mount');
    expect(said.some((value) => value.startsWith('/home'))).toBe(false);
    expect(facts?.every(({ evidence }) => evidence.length > 0)).toBe(true);
  });

  test('somebody who may not see the namespace sees the mounts of its process', async () => {
    const { model } = await collectFrom(host, 'bob');
    const found = model.mountTables.find(({ readThrough }) => readThrough === `process:${pid}`);
    expect(found?.mounts.map(({ path }) => path)).toContain('/tmp/over/below');
    expect(found).not.toHaveProperty('mountNamespace');
  });
});
