// Open vSwitch as it is: what its database says joins devices that `ip` does not, and who may not read it is told so.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../../shared/explain/explain.ts';
import { networkGraph } from '../../../shared/graph/network-view.ts';
import { namespaceId } from '../../../shared/model/id.ts';
import type { Link } from '../../../shared/model/link.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { RelationKind } from '../../../shared/model/relation.ts';
import { prove } from '../../../shared/explain/prove.ts';
import { ensureLayer, switches } from '../layer.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { folder, installScripts } from './build.ts';
import type { Collected } from './collect-from.ts';
import { collectFrom } from './collect-from.ts';

describe('Open vSwitch', () => {
  let host: BareHost;
  let inode: ReadonlyMap<string, number>;
  beforeAll(async () => {
    host = await startBareHost(await ensureLayer('switches', switches));
    installScripts(host);
    const said = await host.script(`${folder}/open-vswitch.sh </dev/null`);
    inode = new Map([...said.matchAll(/^netns (\S+) (\d+)$/gm)].map(([, name = '', number]) => [name, Number(number)]));
  }, 300_000);
  afterAll(() => host.stop());

  const device = (model: Model, name: string): Link => {
    const netns = namespaceId('net', inode.get('host') ?? 0);
    const found = model.links.find((link) => link.netns === netns && link.name === name);
    if (!found) throw new Error(`no device ${name}`);
    return found;
  };
  const joined = ({ relations, links }: Model, kind: RelationKind): readonly string[] => {
    const nameOf = (id: string) => links.find((link) => link.id === id)?.name ?? id;
    return relations
      .filter((one) => one.kind === kind)
      .map((one) => `${nameOf(one.from)} ${nameOf(one.to)} ${one.certainty}`)
      .sort();
  };

  describe('as root', () => {
    let collected: Collected;
    beforeAll(async () => {
      collected = await collectFrom(host, 'root');
    });

    test('every device that is a port is one of its bridge, for certain, by lines of the database', () => {
      const { model, transcript } = collected;
      expect(joined(model, 'switch-port')).toEqual([
        'int0 br0 certain',
        'port1 br0 certain',
        'port2 br0 certain',
        'port3 br0 certain',
        'port4 br0 certain',
      ]);
      const port = model.relations.find(
        ({ kind, from }) => kind === 'switch-port' && from === device(model, 'port1').id,
      );
      const lines = (port?.evidence ?? []).flatMap(
        (one) => prove(transcript, one)?.lines.map(({ text }) => text) ?? [],
      );
      expect(lines.join('\n')).toMatch(/"port1",\s+10,/);
    });

    test('bridges that patches join', () => {
      const ends = joined(collected.model, 'patch');
      expect(ends).toHaveLength(1);
      expect(ends[0]).toMatch(/^(br0 br-tun|br-tun br0) certain$/);
    });

    test('VLANs, bonds, tunnels and what does not work, in words', () => {
      const { model } = collected;
      const facts = (name: string) =>
        explain(model, device(model, name).id)?.groups.flatMap(({ facts }) =>
          facts.map((one) => `${one.label}: ${one.value}`),
        ) ?? [];
      expect(facts('port1')).toEqual(expect.arrayContaining(['VLAN: 10', 'Port of: br0 in host']));
      expect(facts('port2')).toContain('VLAN: 10,20');
      expect(facts('port3')).toContain('Part of the bond: bond0 active-backup');
      expect(facts('br-tun')).toEqual(
        expect.arrayContaining([
          'Port: vx0 · vxlan to 192.0.2.7, key 42',
          'Port: patch-int · patch to patch-tun',
          'Datapath: netdev',
        ]),
      );
      expect(facts('br0')).toEqual(expect.arrayContaining(['Fail mode: secure', 'Port: port1 in host']));
      const findings = model.findings.map(({ rule, message }) => `${rule}: ${message}`);
      expect(findings).toEqual(
        expect.arrayContaining([
          expect.stringMatching(
            /^switch-port\.error: Open vSwitch cannot use absent as a port of br0: .*No such device/,
          ),
          expect.stringMatching(/^switch-port\.not-seen: away of br0 is not in the network namespace of Open vSwitch/),
        ]),
      );
    });

    test('a bridge is a bar in the picture, with its ports along it', () => {
      const { model } = collected;
      const graph = networkGraph(model);
      expect(graph.nodes.find(({ id }) => id === device(model, 'br0').id)?.kind).toBe('bridge');
      const ports = graph.edges.filter(({ kind, target }) => kind === 'port' && target === device(model, 'br0').id);
      expect(ports.length).toBeGreaterThanOrEqual(5);
    });

    test('no pre-shared key is brought along', () => {
      expect(collected.bytes.toString()).not.toContain('everybody');
      expect(collected.bytes.toString()).toContain('["psk","-"]');
    });
  });

  test('to somebody else it is closed, which is said', async () => {
    const { model } = await collectFrom(host, 'bob');
    expect(model.ovsBridges).toEqual([]);
    expect(joined(model, 'switch-port')).toEqual([]);
    expect(model.findings.find(({ rule }) => rule === 'engine.not-permitted')?.message).toMatch(
      /^Open vSwitch’s database at .* is closed/,
    );
  });
});
