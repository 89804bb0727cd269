// Every kind of link that iproute2 knows: in a sentence, with its details, and what it hangs on. The host is made of all.
import { describe, expect, it } from 'vitest';
import { english } from '../../../../shared/explain/en/english.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import { linkKinds } from '../../../../shared/explain/link-kinds/table.ts';
import { kindDetail } from '../../../../shared/model/kind-detail.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { hostFixture } from '../../../helpers/host-fixture.ts';

const { model } = hostFixture('link-kinds');
const link = (name: string) => {
  const found = model.links.find((one) => one.name === name && one.kind !== 'loopback');
  if (!found) throw new Error(`no link ${name}`);
  return found;
};
const facts = (name: string): readonly string[] =>
  explain(model, link(name).id)?.groups.flatMap(({ title, facts: all }) =>
    all.map(({ label, value, certainty }) => `${title}: ${label}: ${value}${certainty ? ` (${certainty})` : ''}`),
  ) ?? [];
const sentence = (name: string): string | undefined => explain(model, link(name).id)?.sentence;

/** `ip link help` of iproute2 6.15, without those of ports, and kinds that the kernel has and ip makes no more of. */
const kindsOfIproute2 = `amt bareudp bond bridge can dsa dummy erspan geneve gre gretap gtp hsr ifb ip6erspan ip6gre
  ip6gretap ip6tnl ipip ipoib ipvlan ipvtap macsec macvlan macvtap netdevsim netkit nlmon pfcp rmnet sit team vcan veth
  vlan vrf vti vxcan vxlan wwan xfrm virt_wifi
  tun wireguard openvswitch batadv ppp vti6 lowpan ovpn vsockmon`.split(/\s+/);

describe('kinds of links', () => {
  it('are all known, and each is called something', () => {
    expect(kindsOfIproute2.filter((kind) => !linkKinds.has(kind))).toEqual([]);
    expect([...linkKinds.keys()].filter((kind) => english.linkWhats[kind] === undefined)).toEqual([]);
  });

  it('have a word for every detail that is shown', () => {
    const members = [...linkKinds.values()].flatMap(({ details }) => details.map(({ member }) => member));
    const without = members.filter((member) => english.linkDetails[member] === undefined);
    expect(new Set(without)).toEqual(new Set());
  });

  it.each([
    ['bond0.20', 'VLAN 20 on bond0.'],
    ['svc7', 'VLAN 7 (802.1ad) on bond0.'],
    ['bond0', 'A bond of 2 links: active-backup, active ens2.'],
    ['vxlan42', 'VXLAN 42 to 10.0.0.2 through ens1.'],
    ['vxmoved', 'VXLAN 77 to 10.0.0.9 through ens1.'],
    ['geneve7', 'Geneve 7 to 10.0.0.3.'],
    ['gre1', 'GRE tunnel from 10.20.0.11 to 10.0.0.4 through ens1.'],
    ['tunl0', 'IPIP tunnel.'],
    ['mv0', 'macvlan on ens1, mode bridge.'],
    ['ipvl0', 'ipvlan on ens1, mode l2.'],
    ['hsr0', 'A ring or a pair of networks on ens4 and ens5, every frame sent twice.'],
    ['macsec0', 'MACsec on bond0: signs, and may encrypt, every frame.'],
    ['vrf-blue', 'A VRF: 1 link with routing table 10 of their own.'],
    ['team0', 'A team of 1 link.'],
    ['wg0', 'A WireGuard interface with 2 peers.'],
    ['xfrm7', 'IPsec by XFRM interface id 0x7 through ens1.'],
    ['odd0', 'A oddkind interface in host.'],
  ])('%s: %s', (name, text) => {
    expect(sentence(name)).toBe(text);
  });

  it('show what is particular to them, and leave out what goes without saying', () => {
    expect(facts('bond0')).toEqual(
      expect.arrayContaining([
        'Details: Mode: active-backup',
        'Details: Active member: ens2',
        'Details: MII interval: 100 ms',
        'Details: Up delay: 200 ms',
      ]),
    );
    expect(facts('bond0').join('\n')).not.toMatch(/Down delay|ARP interval|Least links/);
    expect(facts('br0')).toEqual(
      expect.arrayContaining([
        'Details: Spanning tree: on',
        'Details: VLAN filtering: on',
        'Details: Forgets after: 300 s',
        'Details: Root bridge: 8000.2:0:0:0:0:8',
        'Details: VLAN: 1, frames without a tag, sent without a tag',
      ]),
    );
    expect(facts('macsec0')).toEqual(expect.arrayContaining(['Details: Encrypts: on', 'Details: Validation: strict']));
    expect(facts('tap0')).toEqual(
      expect.arrayContaining(['Details: User: libvirt', 'Details: Several queues: yes', 'Details: Queues: 2']),
    );
  });

  it('of which nothing is known show all they say', () => {
    expect(facts('odd0')).toEqual(expect.arrayContaining(['Details: colour: green', 'Details: depth: {"fathoms":3}']));
  });

  it('as ports of a bridge, a bond', () => {
    expect(facts('tap0')).toEqual(
      expect.arrayContaining([
        'As a port: State: forwarding',
        'As a port: Isolated: yes',
        'As a port: Hairpin: yes',
        'Details: VLAN: 30–35',
      ]),
    );
    expect(facts('bond0.20').join('\n')).not.toMatch(/Isolated|Hairpin|Floods/);
    expect(facts('ens3')).toEqual(
      expect.arrayContaining([
        'As a port: State: BACKUP',
        'As a port: MII status: DOWN',
        'As a port: Link failures: 3',
        'Hardware: Own MAC address: 02:00:00:00:00:04',
      ]),
    );
  });

  it('hardware, and virtual functions wherever they are', () => {
    expect(facts('ens1')).toEqual(
      expect.arrayContaining([
        'Details: Alias: rack 7, port 12',
        'Hardware: Driver: ixgbe',
        'Hardware: Bus address: pci 0000:3b:00.0',
        'Hardware: Virtual function: 0, 02:00:00:3b:02:00, VLAN 7, at most 1000 Mbit/s',
        'Hardware: Virtual function: 1, 02:00:00:3b:02:01, no spoof check, trusted, link disable',
        'Connected to: Virtual function: net1 in netns blue (certain)',
      ]),
    );
    expect(facts('net1')).toContain('Connected to: Virtual function of: ens1 in host (certain)');
    expect(facts('net1').join('\n')).not.toContain('Driver');
    expect(facts('enP1s1')).toEqual(expect.arrayContaining(['Connected to: Port of: eth8 in host (certain)']));
  });

  it('where a tunnel sends that was moved', () => {
    expect(facts('ipip-moved')).toContain('Connected to: Sends in: host (certain)');
    expect(facts('vxmoved')).toEqual(
      expect.arrayContaining([
        'Connected to: On top of: ens1 in host (certain)',
        'Connected to: Sends in: host (certain)',
      ]),
    );
  });

  it('forwarding tables without what everybody has', () => {
    const table = (name: string) => facts(name).filter((fact) => fact.startsWith('Forwarding'));
    expect(table('tap0')).toEqual([
      'Forwarding table: Forwards: 52:54:00:12:34:56 vlan 20',
      'Forwarding table: Forwards: 02:bb:00:00:00:09 vlan 20 static',
    ]);
    expect(table('vxlan42')).toEqual([
      'Forwarding table: Forwards: 00:00:00:00:00:00 dst 10.0.0.2 via ens1 permanent',
      'Forwarding table: Forwards: 02:cc:00:00:00:01 dst 10.0.0.2 extern_learn',
    ]);
    expect(table('ens1')).toEqual([]);
  });

  it('WireGuard’s peers by a fingerprint', () => {
    expect(facts('wg0').filter((fact) => fact.startsWith('WireGuard'))).toEqual([
      'WireGuard peers: Listens on UDP port: 51820',
      'WireGuard peers: Peer: bQ1cEJ9k… · 203.0.113.7:51820 · 10.70.0.2/32 fd70::2/128 · handshake 20 s ago',
      'WireGuard peers: Peer: Xk3r0pQ2… · 10.70.0.3/32 · no handshake yet',
    ]);
  });
});

describe('kinds of links in the picture', () => {
  const graph = networkGraph(model);
  const lines = (name: string) => graph.nodes.find((node) => node.id === link(name).id)?.lines;
  const label = (from: string, kind: string) =>
    graph.edges.find((edge) => edge.relation?.startsWith(`${kind} ${link(from).id} `))?.label;

  it('say what they are on their plate, where form and name do not', () => {
    expect(lines('bond0.20')).toEqual(['vlan 20']);
    expect(lines('gre1')).toEqual(['gre to 10.0.0.4', '192.168.9.1/30']);
    expect(lines('br0')).toEqual(['10.50.0.1/24']);
    expect(lines('tunl0')).toEqual(['ipip']);
    expect(kindDetail(link('tap0'))).toBe('tap');
  });

  it('say it on the line too, where it leads to another network namespace', () => {
    expect(label('mv0', 'lower')).toBe('macvlan bridge');
    expect(label('net1', 'vf-of')).toBe('virtual function');
    expect(label('bond0.20', 'lower')).toBeUndefined();
  });
});
