// What the inspector and the text say of forwarding, and of what is let in.
import { describe, expect, it } from 'vitest';
import { describeText } from '../../../../shared/explain/describe-text.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import type { EntityId } from '../../../../shared/model/id.ts';
import type { Netconf } from '../../../../shared/model/netconf.ts';
import { TraceNetwork } from '../../../helpers/trace-model.ts';

function router(settings: readonly (readonly [at: string, more: Partial<Netconf>])[]) {
  const network = new TraceNetwork();
  const netns = network.netns(1, 'r');
  const eth0 = network.link(netns, 'eth0', 'veth', ['10.0.0.1/24']);
  network.link(netns, 'eth1', 'veth', ['10.1.0.1/24']);
  for (const [at, more] of settings) network.netconf(netns, at, more);
  const model = network.model();
  const state = (id: EntityId): readonly string[] =>
    (explain(model, id)?.groups.find(({ title }) => title === 'State')?.facts ?? [])
      .filter(({ label }) => ['IP forwarding', 'rp_filter', 'proxy_arp'].includes(label))
      .map(({ label, value }) => `${label}: ${value}`);
  return { link: state(eth0), netns: state(netns), text: describeText(model) };
}
const inet6 = (forwarding: boolean): Partial<Netconf> => ({ family: 'inet6', forwarding });

describe('forwarding', () => {
  it('of IPv4 as the link has it, of IPv6 as the network namespace', () => {
    const told = router([
      ['eth0', {}],
      ['eth1', { forwarding: false }],
      ['all', { forwarding: false }],
      ['eth0', inet6(true)],
      ['all', inet6(false)],
    ]);
    expect(told.link).toEqual(['IP forwarding: IPv4 on, IPv6 off']);
    expect(told.netns).toEqual(['IP forwarding: IPv4 on at eth0, IPv6 off']);
    expect(told.text).toContain('forwards IPv4 that comes in at eth0\n');
  });

  it('where all forward, and where none does', () => {
    const all = router([
      ['eth0', {}],
      ['eth1', {}],
      ['all', inet6(true)],
    ]);
    expect(all.netns).toEqual(['IP forwarding: IPv4 on, IPv6 on']);
    expect(all.text).toContain('forwards IPv4, IPv6\n');
    const none = router([
      ['eth0', { forwarding: false }],
      ['eth1', { forwarding: false }],
      ['all', inet6(false)],
    ]);
    expect(none.netns).toEqual(['IP forwarding: IPv4 off, IPv6 off']);
    expect(none.text).not.toContain('forwards IPv');
  });

  it('nothing where nothing was told', () => {
    expect(router([])).toMatchObject({ link: [], netns: [] });
  });
});

it('rp_filter in force, and proxy_arp, where they are on', () => {
  const told = router([
    ['eth0', { forwarding: false, rpFilter: 'strict' }],
    ['eth1', { forwarding: false }],
    ['all', { forwarding: false, rpFilter: 'loose', proxyNeighbour: true }],
  ]);
  expect(told.link).toEqual(['IP forwarding: IPv4 off', 'rp_filter: loose', 'proxy_arp: IPv4']);
});
