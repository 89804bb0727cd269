// Masters and devices below others: by name in one namespace, by a known netns id across two, never by an index alone.
import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import type { LowerReference } from '../../../../shared/model/link.ts';
import type { RelationKind } from '../../../../shared/model/relation.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aLink, anEntities, aNamespace, at, net } from '../../../helpers/entities.ts';

const relationsOf = (kind: RelationKind, entities: Partial<Entities>) =>
  resolveModel(anEntities(entities))
    .relations.filter((one) => one.kind === kind)
    .map((one) => `${one.from} ${one.to} ${one.certainty} ${one.rule}`);
const observed = (observer: number, netnsid: number, netns: number) => ({
  observer: net(observer),
  netnsid,
  netns: net(netns),
  evidence: [at('nsid')],
});
const mounted = (inode: number, path: string, reachableAs = path) =>
  aNamespace(net(inode), {
    keptBy: [{ by: 'mount', path, mountNamespace: undefined, reachableAs, evidence: [at('mountinfo')] }],
  });

describe('masters', () => {
  it('are of the same namespace, whatever their kind', () => {
    const links = [
      aLink(net(1), 3, 'bond0', { kind: 'bond' }),
      aLink(net(1), 4, 'eth0', { masterName: 'bond0' }),
      aLink(net(2), 3, 'bond0', { kind: 'bond' }),
      aLink(net(2), 5, 'vrf-blue', { kind: 'vrf' }),
      aLink(net(2), 6, 'eth1', { masterName: 'vrf-blue' }),
      aLink(net(2), 7, 'eth2', { masterName: 'bond0' }),
    ];
    expect(relationsOf('master', { links })).toEqual([
      'link:net:[1]/4 link:net:[1]/3 certain master.name',
      'link:net:[2]/6 link:net:[2]/5 certain master.name',
      'link:net:[2]/7 link:net:[2]/3 certain master.name',
    ]);
  });

  // Linux, Documentation/networking/net_failover.rst: no kind, one MAC, and two of them are one bus device. netvsc (Azure) does
  // the same with the virtual function of a NIC.
  it('of NICs that stand in for each other: by name, and nothing is taken from equal MACs and bus addresses', () => {
    const nic = (ifindex: number, name: string, parentDevice: string, masterName?: string) =>
      aLink(net(1), ifindex, name, {
        mac: '52:54:00:00:12:53',
        parentBus: 'pci',
        parentDevice,
        ...(masterName !== undefined && { masterName }),
      });
    const links = [
      nic(4, 'ens10', '0000:00:0a.0'),
      nic(5, 'ens10nsby', '0000:00:0a.0', 'ens10'),
      nic(6, 'ens11', '0000:00:0b.0', 'ens10'),
      // A virtual machine's beside it, as another one of the same name and MAC.
      aLink(net(2), 6, 'ens11', { mac: '52:54:00:00:12:53' }),
    ];
    const { relations, findings } = resolveModel(anEntities({ links }));
    expect(relations.map(({ kind, from, to, certainty }) => `${kind} ${from} ${to} ${certainty}`)).toEqual([
      'master link:net:[1]/5 link:net:[1]/4 certain',
      'master link:net:[1]/6 link:net:[1]/4 certain',
    ]);
    expect(findings).toEqual([]);
  });

  it('that were not listed are said', () => {
    const model = resolveModel(anEntities({ links: [aLink(net(1), 4, 'eth0', { masterName: 'br7' })] }));
    expect(model.findings.map((one) => one.rule)).toContain('master.not-seen');
  });

  it('are nobody where two have the name', () => {
    const port = aLink(net(1), 4, 'eth0', { masterName: 'br0' });
    for (const second of [aLink(net(1), 9, 'br0'), aLink(net(1), 9, 'br1', { altNames: ['br0'] })]) {
      const model = resolveModel(anEntities({ links: [aLink(net(1), 8, 'br0'), second, port] }));
      expect(model.relations.filter((one) => one.kind === 'master')).toEqual([]);
      expect(model.findings.find((one) => one.rule === 'master.not-seen')?.message).toContain(
        'several links of that name',
      );
    }
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

  it('are nobody where two have the name, and not who has the index in it', () => {
    const twice = [aLink(net(1), 2, 'if5'), aLink(net(1), 3, 'if5'), aLink(net(1), 5, 'eth0')];
    const vlan = aLink(net(1), 4, 'v', { kind: 'vlan', lower: { name: 'if5' } });
    expect(relationsOf('lower', { links: [...twice, vlan] })).toEqual([]);
    const pair = [
      aLink(net(1), 7, 'v7', { kind: 'veth', lower: { name: 'v8' } }),
      aLink(net(1), 8, 'v8', { kind: 'veth', lower: { name: 'v7' } }),
    ];
    expect(relationsOf('veth-peer', { links: pair })).toHaveLength(1);
    expect(relationsOf('veth-peer', { links: [...pair, aLink(net(1), 9, 'v8', { kind: 'veth' })] })).toEqual([]);
  });

  it('are named ifN where ip knew no name, unless a link is called so', () => {
    const vlan = aLink(net(1), 3, 'eth0.5', { kind: 'vlan', lower: { name: 'if2' } });
    const links = [vlan, aLink(net(1), 2, 'eth0')];
    expect(relationsOf('lower', { links })).toEqual(['link:net:[1]/3 link:net:[1]/2 certain lower.name']);
    expect(relationsOf('lower', { links: [...links, aLink(net(1), 9, 'if2')] })).toEqual([
      'link:net:[1]/3 link:net:[1]/9 certain lower.name',
    ]);
  });

  it('are told by index where no name is', () => {
    const vlan = aLink(net(1), 3, 'eth0.5', { kind: 'vlan', lower: { ifindex: 2 } });
    expect(relationsOf('lower', { links: [aLink(net(1), 1, 'lo'), aLink(net(1), 2, 'eth0'), vlan] })).toEqual([
      'link:net:[1]/3 link:net:[1]/2 certain lower.name',
    ]);
  });

  it('that were named and not listed are said', () => {
    const vlan = aLink(net(1), 3, 'eth0.5', { kind: 'vlan', lower: { name: 'eth0' } });
    const { relations, findings } = resolveModel(anEntities({ links: [vlan] }));
    expect(relations).toEqual([]);
    expect(findings).toMatchObject([{ rule: 'lower.not-seen', kind: 'undiscovered', subjects: ['link:net:[1]/3'] }]);
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
    // A pair that is only likely teaches no more than that.
    expect(relationsOf('lower', { links: [macvlan, ...others, ...pair] })).toEqual([
      'link:net:[2]/7 link:net:[1]/2 inferred lower.inferred-netns-id',
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
    // What another calls it says nothing.
    expect(relationsOf('lower', { links: [macvlan, ...others], netnsIds: [observed(1, 1, 3)] })).toHaveLength(2);
  });

  it('by an index alone are never a loopback, nor one of their own kind', () => {
    const on1 = aLink(net(2), 7, 'eth0', { kind: 'macvlan', lower: { ifindex: 1, netnsid: 0 } });
    const undiscovered = ['link:net:[2]/7 undiscovered:net:[2]/netnsid/0 certain lower.undiscovered'];
    expect(relationsOf('lower', { links: [on1, aLink(net(3), 1, 'lo', { kind: 'loopback' })] })).toEqual(undiscovered);
    const sibling = aLink(net(3), 2, 'eth0', { kind: 'macvlan', lower: { none: true } });
    expect(relationsOf('lower', { links: [macvlan, sibling] })).toEqual(undiscovered);
  });

  it('nowhere to be seen are undiscovered', () => {
    const undiscovered = ['link:net:[2]/7 undiscovered:net:[2]/netnsid/0 certain lower.undiscovered'];
    expect(relationsOf('lower', { links: [macvlan] })).toEqual(undiscovered);
    // Its own network namespace is not the other one.
    expect(relationsOf('lower', { links: [macvlan, aLink(net(2), 2, 'ens7')] })).toEqual(undiscovered);
    // The id says where it was, and it is gone from there.
    const links = [macvlan, aLink(net(1), 2, 'ens5'), aLink(net(3), 1, 'lo')];
    expect(relationsOf('lower', { links, netnsIds: [observed(2, 0, 3)] })).toEqual(undiscovered);
  });
});

describe('devices below, kind by kind', () => {
  // As Linux 6.18 and iproute2 6.1 say it: `link_index` is the vxlan's own, and `veA` is who has index 7 in here.
  const moved = (data: object, ifindex = 21, netnsid = 0) =>
    aLink(net(2), ifindex, 'vx0', { kind: 'vxlan', data: { id: 42, ...data }, lower: { ifindex, netnsid } });
  const made = [aLink(net(1), 7, 'eth7'), aLink(net(1), 21, 'innocent')];
  const netnsIds = [observed(2, 0, 1)];

  it('a vxlan that was moved: by the index behind a name that was looked up in the wrong namespace', () => {
    const wrongName = aLink(net(2), 7, 'veA');
    expect(relationsOf('lower', { links: [moved({ link: 'veA' }), wrongName, ...made], netnsIds })).toEqual([
      'link:net:[2]/21 link:net:[1]/7 certain lower.netns-id',
    ]);
    expect(relationsOf('lower', { links: [moved({ link: 'if7' }), ...made], netnsIds })).toEqual([
      'link:net:[2]/21 link:net:[1]/7 certain lower.netns-id',
    ]);
  });

  it('a vxlan that was moved and has none: its own index names nobody', () => {
    const links = [moved({}), ...made];
    expect(relationsOf('lower', { links, netnsIds })).toEqual([]);
    expect(relationsOf('lower', { links })).toEqual([]);
    expect(relationsOf('underlay', { links, netnsIds })).toEqual(['link:net:[2]/21 net:[1] certain underlay.netns-id']);
    expect(relationsOf('underlay', { links })).toEqual([
      'link:net:[2]/21 undiscovered:net:[2]/netnsid/0 certain underlay.undiscovered',
    ]);
  });

  it('a tunnel without one: index 0, and the namespace its packets leave in', () => {
    const tunnel = aLink(net(2), 7, 'ipip0', { kind: 'ipip', lower: { none: true, netnsid: 0 } });
    expect(relationsOf('lower', { links: [tunnel, ...made], netnsIds })).toEqual([]);
    expect(relationsOf('underlay', { links: [tunnel, ...made], netnsIds })).toEqual([
      'link:net:[2]/7 net:[1] certain underlay.netns-id',
    ]);
  });

  it('a tunnel whose packets leave where a name says, or an id that is only likely', () => {
    const tunnel = (lower: LowerReference) =>
      aLink(net(2), 7, 'ipip0', { kind: 'ipip', lower: { none: true, ...lower } });
    const pair = [
      aLink(net(2), 9, 'v9', { kind: 'veth', lower: { ifindex: 8, netnsid: 0 } }),
      aLink(net(1), 8, 'v8', { kind: 'veth', lower: { ifindex: 9, netnsid: 3 } }),
    ];
    expect(relationsOf('underlay', { links: [tunnel({ netnsid: 0 }), ...pair] })).toEqual([
      'link:net:[2]/7 net:[1] inferred underlay.inferred-netns-id',
    ]);
    const namespaces = [mounted(1, '/run/netns/blue')];
    expect(relationsOf('underlay', { links: [tunnel({ netnsName: 'blue' })], namespaces })).toEqual([
      'link:net:[2]/7 net:[1] certain underlay.netns-name',
    ]);
    expect(relationsOf('underlay', { links: [tunnel({ netnsid: -1 })] })).toEqual([
      'link:net:[2]/7 undiscovered:net:[2]/link/7 certain underlay.undiscovered',
    ]);
  });

  it('a kind that is not known: not by its own index in another namespace', () => {
    const strange = (ifindex: number) => aLink(net(2), 7, 'x0', { kind: 'x', lower: { ifindex, netnsid: 0 } });
    expect(relationsOf('lower', { links: [strange(7), ...made], netnsIds })).toEqual([]);
    expect(relationsOf('lower', { links: [strange(21), ...made], netnsIds })).toEqual([
      'link:net:[2]/7 link:net:[1]/21 certain lower.netns-id',
    ]);
  });

  it('a tunnel names its device in its own data where ip prints no link; none is its own device', () => {
    const gre = aLink(net(1), 8, 'gre1', { kind: 'gre', data: { link: 'eth7', remote: '10.0.0.2' } });
    const itself = aLink(net(1), 9, 'sec0', { kind: 'macsec', lower: { name: 'sec0' } });
    expect(relationsOf('lower', { links: [gre, itself, ...made] })).toEqual([
      'link:net:[1]/8 link:net:[1]/7 certain lower.name',
    ]);
  });

  it('hsr has two, amt calls it dev, macsec and vlan lie on a bond', () => {
    const links = [
      aLink(net(1), 2, 'eth0', { masterName: 'bond0' }),
      aLink(net(1), 3, 'eth1'),
      aLink(net(1), 4, 'eth2'),
      aLink(net(1), 5, 'bond0', { kind: 'bond' }),
      aLink(net(1), 6, 'bond0.5', { kind: 'vlan', lower: { name: 'bond0' } }),
      aLink(net(1), 7, 'sec0', { kind: 'macsec', lower: { name: 'bond0' } }),
      aLink(net(1), 8, 'hsr0', { kind: 'hsr', data: { slave1: 'eth1', slave2: 'eth2' } }),
      aLink(net(1), 9, 'amt0', { kind: 'amt', data: { mode: 'gateway', dev: 'eth1' }, lower: { ifindex: 9 } }),
    ];
    expect(relationsOf('lower', { links })).toEqual([
      'link:net:[1]/6 link:net:[1]/5 certain lower.name',
      'link:net:[1]/7 link:net:[1]/5 certain lower.name',
      'link:net:[1]/8 link:net:[1]/3 certain lower.name',
      'link:net:[1]/8 link:net:[1]/4 certain lower.name',
      'link:net:[1]/9 link:net:[1]/3 certain lower.name',
    ]);
  });

  it('a network namespace is named by the file ip found for its id, in the collector’s mount namespace', () => {
    const macvlan = aLink(net(2), 30, 'mv0', { kind: 'macvlan', lower: { ifindex: 7, netnsName: 'blue' } });
    const links = [macvlan, ...made];
    expect(relationsOf('lower', { links, namespaces: [mounted(1, '/run/netns/blue')] })).toEqual([
      'link:net:[2]/30 link:net:[1]/7 certain lower.netns-name',
    ]);
    expect(
      relationsOf('lower', { links, namespaces: [mounted(1, '/run/netns/blue', '/proc/9/root/run/netns/blue')] }),
    ).toEqual(['link:net:[2]/30 link:net:[1]/7 ambiguous lower.index-only']);
    const pair = [
      aLink(net(2), 40, 'v40', { kind: 'veth', lower: { ifindex: 41, netnsName: 'blue' } }),
      aLink(net(1), 41, 'v41', { kind: 'veth', lower: { ifindex: 40, netnsid: 5 } }),
      aLink(net(3), 41, 'v41', { kind: 'veth', lower: { ifindex: 40, netnsid: 5 } }),
    ];
    expect(relationsOf('veth-peer', { links: pair, namespaces: [mounted(1, '/var/run/netns/blue')] })).toContain(
      'link:net:[1]/41 link:net:[2]/40 certain veth.netns-name',
    );
  });

  it('a name that two network namespaces have is nobody’s', () => {
    const links = [aLink(net(2), 30, 'mv0', { kind: 'macvlan', lower: { ifindex: 7, netnsName: 'blue' } }), ...made];
    const namespaces = [mounted(1, '/run/netns/blue'), mounted(3, '/var/run/netns/blue')];
    expect(relationsOf('lower', { links, namespaces })).toEqual([
      'link:net:[2]/30 link:net:[1]/7 ambiguous lower.index-only',
    ]);
    const [once] = namespaces;
    const twice = mounted(1, '/var/run/netns/blue').keptBy;
    expect(
      relationsOf('lower', { links, namespaces: once ? [{ ...once, keptBy: [...once.keptBy, ...twice] }] : [] }),
    ).toEqual(['link:net:[2]/30 link:net:[1]/7 certain lower.netns-name']);
  });

  it('two ends that name each other’s network namespace are a pair', () => {
    const links = [
      aLink(net(2), 40, 'v40', { kind: 'veth', lower: { ifindex: 41, netnsName: 'blue' } }),
      aLink(net(1), 41, 'v41', { kind: 'veth', lower: { ifindex: 40, netnsName: 'red' } }),
    ];
    const namespaces = [mounted(1, '/run/netns/blue'), mounted(2, '/run/netns/red')];
    expect(relationsOf('veth-peer', { links, namespaces })).toEqual([
      'link:net:[1]/41 link:net:[2]/40 certain veth.netns-name',
    ]);
  });

  it('an end that names a network namespace has its peer there and nowhere else', () => {
    const links = [
      aLink(net(2), 40, 'v40', { kind: 'veth', lower: { ifindex: 41, netnsName: 'blue' } }),
      aLink(net(3), 41, 'v41', { kind: 'veth', lower: { ifindex: 40, netnsid: 5 } }),
    ];
    const namespaces = [mounted(1, '/run/netns/blue')];
    expect(relationsOf('veth-peer', { links, namespaces, netnsIds: [observed(3, 5, 2)] })).toEqual([
      'link:net:[2]/40 undiscovered:net:[2]/link/40 certain veth.peer-undiscovered',
      'link:net:[3]/41 undiscovered:link/net:[2]/40 inferred veth.peer-undiscovered',
    ]);
  });
});

describe('virtual functions', () => {
  const nic = aLink(net(1), 2, 'ens1', {
    parentBus: 'pci',
    parentDevice: '0000:3b:00.0',
    hardware: { virtualFunctions: [{ index: 0, device: '0000:3b:02.0' }], evidence: [at('net-device')] },
  });
  const moved = aLink(net(2), 9, 'net1', { parentBus: 'pci', parentDevice: '0000:3b:02.0' });

  it('are found by their bus address, wherever they were moved to', () => {
    expect(relationsOf('vf-of', { links: [nic, moved] })).toEqual([
      'link:net:[2]/9 link:net:[1]/2 certain vf.bus-address',
    ]);
    const { parentDevice: _, ...older } = moved;
    expect(relationsOf('vf-of', { links: [nic, older] })).toEqual([]);
  });

  it('name their NIC too; by the name in sysfs alone it is inferred', () => {
    const hardware = { device: '0000:3b:02.0', physicalFunction: '0000:3b:00.0', evidence: [at('net-device')] };
    const here = aLink(net(1), 3, 'ens1v0', { hardware });
    expect(relationsOf('vf-of', { links: [nic, here] })).toEqual([
      'link:net:[1]/3 link:net:[1]/2 inferred vf.sysfs-name',
    ]);
  });

  it('of a device with two ports are ambiguous', () => {
    const second = aLink(net(1), 4, 'ens1d1', { parentBus: 'pci', parentDevice: '0000:3b:00.0' });
    expect(relationsOf('vf-of', { links: [nic, second, moved] })).toEqual([
      'link:net:[2]/9 link:net:[1]/2 ambiguous vf.several-ports',
      'link:net:[2]/9 link:net:[1]/4 ambiguous vf.several-ports',
    ]);
  });
});
