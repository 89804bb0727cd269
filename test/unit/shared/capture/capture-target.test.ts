import { describe, expect, it } from 'vitest';
import { captureTarget } from '../../../../shared/capture/capture-target.ts';
import type { CaptureTarget } from '../../../../shared/capture/capture-target.ts';
import { linkId, namespaceId, processId } from '../../../../shared/model/id.ts';
import type { Model } from '../../../../shared/model/model.ts';
import type { Keeper } from '../../../../shared/model/namespace.ts';
import { hostFixture } from '../../../helpers/host-fixture.ts';
import { ModelBuilder } from '../../../helpers/model-builder.ts';

const found = (target: ReturnType<typeof captureTarget>): CaptureTarget => {
  if ('problem' in target) throw new Error(target.problem);
  return target;
};

describe('the reference host, as its user', () => {
  const { model } = hostFixture('reference-host');
  const of = (name: RegExp) => {
    const netns = model.namespaces.find((one) => one.kind === 'net' && name.test(one.name));
    return netns ?? model.namespaces[0]!;
  };

  it('a container: through its process’s user namespace', () => {
    const netns = of(/nginx/);
    const link = model.links.find((one) => one.netns === netns.id && one.name === 'eth0');
    const target = found(captureTarget(model, netns.id, link?.id));
    expect(target.netns.inode).toBe(netns.inode);
    expect(target.netns.marks).toEqual([`${link?.ifindex}/${link?.mac}`]);
    expect(target.bootId).toBe(model.host.bootId);
    expect(target.link).toEqual({ name: 'eth0', ifindex: link?.ifindex, withoutIp: false });
    const pid = netns.leaderIds[0]?.slice('process:'.length);
    expect(target.netns.ways).toContain(`${pid}:/proc/${pid}/ns/net`);
  });

  it('RootlessKit’s: the mount that keeps it comes first', () => {
    const target = found(captureTarget(model, of(/RootlessKit/).id));
    expect(target.netns.ways[0]).toMatch(/^\d+:\/proc\/\d+\/root\/.*\/netns$/);
    expect(target.link).toBeUndefined();
  });

  it('every one that has an inode has a way in, each once', () => {
    for (const { id, kind, inode } of model.namespaces) {
      if (kind !== 'net' || inode === undefined) continue;
      const { ways } = found(captureTarget(model, id)).netns;
      expect(ways.length, id).toBeGreaterThan(0);
      expect(new Set(ways).size).toBe(ways.length);
    }
  });
});

describe('ways in', () => {
  const netns = namespaceId('net', 7);
  function kept(...keptBy: readonly Keeper[]): Model {
    const build = new ModelBuilder({
      hostname: 'a',
      initialNamespaces: { user: { id: namespaceId('user', 1), certainty: 'certain' } },
    });
    build.namespace('net', 7, 'bare', 'blue');
    const model = build.build();
    return { ...model, namespaces: model.namespaces.map((one) => ({ ...one, keptBy })) };
  }
  const mount = (path: string, more = {}): Keeper => ({
    by: 'mount',
    path,
    mountNamespace: undefined,
    reachableAs: path,
    evidence: [],
    ...more,
  });
  const process = processId(9);
  const evidence: readonly [] = [];

  it.each<readonly [Keeper, readonly string[]]>([
    [mount('/run/netns/blue'), [':/run/netns/blue']],
    [mount('/run/netns/blue', { covered: true }), []],
    [mount('/run/netns/blue', { reachableAs: undefined }), []],
    [mount('/tmp/a b'), []],
    [mount('/tmp/net:[1]'), []],
    [{ by: 'fd', process, fd: 3, evidence }, [':/proc/9/fd/3']],
    [{ by: 'thread', process, tid: 11, evidence }, [':/proc/9/task/11/ns/net']],
    [{ by: 'socket', process, fd: 3, evidence }, ['@9/3']],
    [{ by: 'tun', process, fd: 4, evidence }, ['@9/4']],
    [{ by: 'lsns', evidence }, []],
  ])('%o', (keeper, ways) => {
    expect(found(captureTarget(kept(keeper), netns)).netns.ways).toEqual(ways);
  });
});

describe('what cannot be captured', () => {
  function withLink(name: string): Model {
    const build = new ModelBuilder({ hostname: 'a' });
    const netns = build.namespace('net', 7, 'bare', 'blue');
    build.link(netns, 2, name, 'veth');
    return build.build();
  }
  const netns = namespaceId('net', 7);
  const link = linkId(netns, 2);

  it.each(['any', '12', 'nflog', 'usbmon0', 'bluetooth-monitor'])(
    '%s is what libpcap takes for something else',
    (name) => {
      expect(captureTarget(withLink(name), netns, link)).toEqual({ problem: 'name-taken' });
    },
  );
  it.each(['any0', 'eth12', 'nflog0', '-r'])('%s is an interface', (name) => {
    expect(found(captureTarget(withLink(name), netns, link)).link?.name).toBe(name);
  });
  it('what is not there, or in another network namespace', () => {
    const model = withLink('eth0');
    expect(captureTarget(model, namespaceId('net', 8))).toEqual({ problem: 'unknown' });
    expect(captureTarget(model, netns, linkId(netns, 3))).toEqual({ problem: 'unknown' });
    expect(captureTarget(model, netns, linkId(namespaceId('net', 8), 2))).toEqual({ problem: 'unknown' });
  });
  it('a network namespace whose number is closed', () => {
    const model = withLink('eth0');
    const { inode: _, ...closed } = model.namespaces[0]!;
    expect(captureTarget({ ...model, namespaces: [closed] }, netns)).toEqual({ problem: 'closed-netns' });
  });
});
