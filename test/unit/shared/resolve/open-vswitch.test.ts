// Which devices are ports of Open vSwitch: only what name and index agree on, in the one network namespace it works in.
import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import type { OvsBridge, OvsInterface } from '../../../../shared/model/open-vswitch.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aLink, anEntities, aProcess, at, net } from '../../../helpers/entities.ts';

const evidence = [at('ovs')];
const anInterface = (name: string, fields: Partial<OvsInterface> = {}): OvsInterface => ({
  name,
  type: 'system',
  evidence,
  ...fields,
});
const aBridge = (name: string, interfaces: readonly OvsInterface[]): OvsBridge => ({
  id: `ovs-bridge:${name}`,
  name,
  datapathType: 'system',
  ports: interfaces.map((one) => ({ name: one.name, trunks: [], interfaces: [one], evidence })),
  evidence,
});
const daemon = (pid: number, inode: number) => aProcess(pid, { comm: 'ovs-vswitchd', namespaces: { net: inode } });

const links = [
  aLink(net(1), 4, 'ovs-system', { kind: 'openvswitch' }),
  aLink(net(1), 5, 'br0', { kind: 'openvswitch', masterName: 'ovs-system' }),
  aLink(net(1), 6, 'veth1', { masterName: 'ovs-system' }),
  aLink(net(2), 6, 'veth1'),
  aLink(net(1), 7, 'br1', { kind: 'openvswitch', masterName: 'ovs-system' }),
];
const br0 = aBridge('br0', [
  anInterface('br0', { type: 'internal', ifindex: 5 }),
  anInterface('veth1', { ifindex: 6 }),
  anInterface('p0', { type: 'patch', peer: 'p1' }),
]);
const br1 = aBridge('br1', [
  anInterface('br1', { type: 'internal', ifindex: 7 }),
  anInterface('p1', { type: 'patch', peer: 'p0' }),
]);

const model = (fields: Partial<Entities>) => resolveModel(anEntities({ links, ovsBridges: [br0, br1], ...fields }));
const joined = (fields: Partial<Entities>) =>
  model(fields)
    .relations.filter(({ kind }) => kind === 'switch-port' || kind === 'patch')
    .map(({ kind, from, to, certainty }) => `${kind} ${from} ${to} ${certainty}`);

describe('ports of Open vSwitch', () => {
  it('are devices of the network namespace that ovs-vswitchd runs in', () => {
    expect(joined({ processes: [daemon(9, 1), daemon(10, 1)] })).toEqual([
      'patch link:net:[1]/5 link:net:[1]/7 certain',
      'switch-port link:net:[1]/6 link:net:[1]/5 certain',
    ]);
  });

  it('are not known where that is several, or none', () => {
    for (const processes of [
      [daemon(9, 1), daemon(10, 2)],
      [],
      [aProcess(9, { comm: 'ovs-vswitchd', namespaces: {} })],
    ]) {
      expect(joined({ processes })).toEqual([]);
      expect(model({ processes }).findings.map(({ rule }) => rule)).toContain('switch-port.switch-not-seen');
    }
  });

  it('are not those that have the name and another index', () => {
    const other = aBridge('br0', [anInterface('br0', { ifindex: 5 }), anInterface('veth1', { ifindex: 60 })]);
    expect(joined({ processes: [daemon(9, 1)], ovsBridges: [other] })).toEqual([]);
    const { findings } = model({ processes: [daemon(9, 1)], ovsBridges: [other] });
    expect(findings.find(({ rule }) => rule === 'switch-port.not-seen')?.message).toMatch(/^veth1 of br0 is not in/);
  });

  it('patches that do not name each other join nothing', () => {
    const lone = aBridge('br1', [anInterface('br1', { ifindex: 7 }), anInterface('p1', { type: 'patch', peer: 'p9' })]);
    expect(joined({ processes: [daemon(9, 1)], ovsBridges: [br0, lone] })).toEqual([
      'switch-port link:net:[1]/6 link:net:[1]/5 certain',
    ]);
  });

  it('are drawn at their bridge, not at the kernel’s datapath', () => {
    const { edges } = networkGraph(model({ processes: [daemon(9, 1)] }));
    const ports = edges.filter(({ source }) => source === 'link:net:[1]/6').map(({ target }) => target);
    expect(ports).toEqual(['link:net:[1]/5']);
  });
});
