// Masters and devices below others: by name in one namespace, by a known netns id across two, never by an index alone.
import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aLink, anEntities, at, net } from '../../../helpers/entities.ts';

const relationsOf = (kind: 'master' | 'lower', entities: Partial<Entities>) =>
  resolveModel(anEntities(entities))
    .relations.filter((one) => one.kind === kind)
    .map((one) => `${one.from} ${one.to} ${one.certainty} ${one.rule}`);
const observed = (observer: number, netnsid: number, netns: number) => ({
  observer: net(observer),
  netnsid,
  netns: net(netns),
  evidence: [at('nsid')],
});

describe('masters', () => {
  it('are of the same namespace, whatever their kind', () => {
    const links = [
      aLink(net(1), 3, 'bond0', { kind: 'bond' }),
      aLink(net(1), 4, 'eth0', { masterName: 'bond0' }),
      aLink(net(2), 3, 'bond0', { kind: 'bond' }),
      aLink(net(2), 5, 'vrf-blue', { kind: 'vrf' }),
      aLink(net(2), 6, 'eth1', { masterName: 'vrf-blue' }),
    ];
    expect(relationsOf('master', { links })).toEqual([
      'link:net:[1]/4 link:net:[1]/3 certain master.name',
      'link:net:[2]/6 link:net:[2]/5 certain master.name',
    ]);
  });

  it('that were not listed are said', () => {
    const model = resolveModel(anEntities({ links: [aLink(net(1), 4, 'eth0', { masterName: 'br7' })] }));
    expect(model.findings.map((one) => one.rule)).toContain('master.not-seen');
  });
});

describe('devices below', () => {
  it('are named in the same namespace', () => {
    const links = [
      aLink(net(1), 2, 'eth0'),
      aLink(net(1), 3, 'eth0.5', { kind: 'vlan', lower: { name: 'eth0' } }),
      aLink(net(1), 4, 'vxlan7', { kind: 'vxlan', data: { link: 'eth0' } }),
    ];
    expect(relationsOf('lower', { links })).toEqual([
      'link:net:[1]/3 link:net:[1]/2 certain lower.name',
      'link:net:[1]/4 link:net:[1]/2 certain lower.name',
    ]);
  });

  const macvlan = aLink(net(2), 7, 'eth0', { kind: 'macvlan', lower: { ifindex: 2, netnsid: 0 } });
  const others = [aLink(net(1), 2, 'ens5'), aLink(net(3), 2, 'ens6'), aLink(net(3), 1, 'lo')];

  it('in another namespace are found by its netns id', () => {
    expect(relationsOf('lower', { links: [macvlan, ...others], netnsIds: [observed(2, 0, 3)] })).toEqual([
      'link:net:[2]/7 link:net:[3]/2 certain lower.netns-id',
    ]);
  });

  it('in another namespace are found by the netns id that a veth pair taught', () => {
    const pair = [
      aLink(net(2), 9, 'v9', { kind: 'veth', lower: { ifindex: 8, netnsid: 0 } }),
      aLink(net(1), 8, 'v8', { kind: 'veth', lower: { ifindex: 9, netnsid: 3 } }),
    ];
    expect(relationsOf('lower', { links: [macvlan, ...others, ...pair], netnsIds: [observed(1, 3, 2)] })).toEqual([
      'link:net:[2]/7 link:net:[1]/2 certain lower.netns-id',
    ]);
  });

  it('by an index alone are candidates, and known ids strike them out', () => {
    expect(relationsOf('lower', { links: [macvlan, ...others] })).toEqual([
      'link:net:[2]/7 link:net:[1]/2 ambiguous lower.index-only',
      'link:net:[2]/7 link:net:[3]/2 ambiguous lower.index-only',
    ]);
    expect(relationsOf('lower', { links: [macvlan, ...others], netnsIds: [observed(2, 1, 3)] })).toEqual([
      'link:net:[2]/7 link:net:[1]/2 ambiguous lower.index-only',
    ]);
  });

  it('nowhere to be seen are undiscovered', () => {
    expect(relationsOf('lower', { links: [macvlan] })).toEqual([
      'link:net:[2]/7 undiscovered:net:[2]/netnsid/0 certain lower.undiscovered',
    ]);
  });
});
