// Netns ids that are none: -1 is what the kernel says where a network namespace has no id for another one.
import { describe, expect, it } from 'vitest';
import type { NetnsIdObservation } from '../../../../shared/model/entities.ts';
import type { Link, LowerReference } from '../../../../shared/model/link.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aLink, anEntities, at, net } from '../../../helpers/entities.ts';

const veth = (netns: number, ifindex: number, lower: LowerReference): Link =>
  aLink(net(netns), ifindex, `veth${ifindex}`, { kind: 'veth', lower });
const observed = (observer: number, netnsid: number, netns: number): NetnsIdObservation => ({
  observer: net(observer),
  netnsid,
  netns: net(netns),
  evidence: [at('nsid')],
});
const resolved = (links: readonly Link[], netnsIds: readonly NetnsIdObservation[] = []) => {
  const { relations, findings } = resolveModel(anEntities({ links, netnsIds }));
  return {
    relations: relations
      .filter(({ kind }) => kind === 'veth-peer' || kind === 'lower')
      .map(({ from, to, certainty }) => `${from} ${to} ${certainty}`.replaceAll(/link:net:\[(\d+)\]/g, '$1')),
    rules: findings.map(({ rule }) => rule),
  };
};

describe('a netns id of -1', () => {
  it('is no id: two links that have it need not lead to the same network namespace', () => {
    const links = [veth(1, 5, { ifindex: 2, netnsid: -1 }), veth(1, 6, { ifindex: 3, netnsid: -1 })];
    expect(resolved(links).relations).toEqual([
      '1/5 undiscovered:net:[1]/link/5 certain',
      '1/6 undiscovered:net:[1]/link/6 certain',
    ]);
    const others = [veth(2, 2, { ifindex: 5, netnsid: 0 }), veth(2, 3, { ifindex: 6, netnsid: 0 })];
    expect(resolved([...links, ...others, veth(3, 3, { ifindex: 6, netnsid: 0 })]).relations).toEqual([
      '1/5 2/2 inferred',
      '1/6 2/3 ambiguous',
      '1/6 3/3 ambiguous',
    ]);
  });

  it('of a vxlan that was moved: the device below it is undiscovered by itself', () => {
    const vxlan = (ifindex: number) =>
      aLink(net(1), ifindex, `vx${ifindex}`, { kind: 'vxlan', data: { link: 'if7' }, lower: { ifindex, netnsid: -1 } });
    expect(resolved([vxlan(20), vxlan(21)]).relations).toEqual([
      '1/20 undiscovered:net:[1]/link/20 certain',
      '1/21 undiscovered:net:[1]/link/21 certain',
    ]);
  });

  it('for several others is no contradiction: none of the links leads to either', () => {
    const links = [
      veth(1, 5, { ifindex: 2, netnsid: 0 }),
      veth(2, 2, { ifindex: 5, netnsid: 0 }),
      veth(3, 2, { ifindex: 5, netnsid: 0 }),
      veth(4, 2, { ifindex: 5, netnsid: 0 }),
    ];
    const { relations, rules } = resolved(links, [observed(1, -1, 2), observed(1, -1, 3)]);
    expect(rules).not.toContain('netnsid.contradiction');
    expect(relations).toContain('1/5 4/2 inferred');
  });
});
