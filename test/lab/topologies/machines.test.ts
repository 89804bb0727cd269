// System containers of LXC and systemd-nspawn, as they are.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namespaceId, processId } from '../../../shared/model/id.ts';
import { ensureLayer, machines } from '../layer.ts';
import type { BareHost, Person } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { folder, installScripts } from './build.ts';
import { collectFrom } from './collect-from.ts';

interface Truth {
  readonly engine: string;
  readonly name: string;
  readonly pid: number;
  readonly netns: number;
}

describe('system containers', () => {
  let host: BareHost;
  let truth: readonly Truth[];
  beforeAll(async () => {
    host = await startBareHost(await ensureLayer('machines', machines));
    installScripts(host);
    const said = await host.script(`${folder}/machines.sh </dev/null`);
    truth = [...said.matchAll(/^machine (\S+) (\S+) (\d+) (\d+)$/gm)].map(([, engine = '', name = '', pid, netns]) => ({
      engine,
      name,
      pid: Number(pid),
      netns: Number(netns),
    }));
    expect(truth).toHaveLength(2);
  }, 300_000);
  afterAll(() => host.stop());

  test('root sees each by its name, once, with its first process and its network namespace', async () => {
    const { model } = await collectFrom(host, 'root');
    expect(model.containers.map(({ engine, name, kind, init }) => ({ engine, name, kind, init }))).toEqual(
      expect.arrayContaining(
        truth.map(({ engine, name, pid }) => ({ engine, name, kind: 'machine', init: processId(pid) })),
      ),
    );
    expect(model.containers).toHaveLength(truth.length);
    for (const { name, netns } of truth) {
      const found = model.namespaces.find(({ id }) => id === namespaceId('net', netns));
      expect(found, name).toMatchObject({ role: 'container', name });
    }
    const eth0 = model.links.find(
      (link) => link.netns === namespaceId('net', truth[0]?.netns ?? 0) && link.name === 'eth0',
    );
    const peer = model.relations.find(
      ({ kind, from, to }) => kind === 'veth-peer' && [from, to].includes(eth0?.id ?? 'host'),
    );
    expect(peer?.certainty).toBe('certain');
  });

  test.each<Person>(['ec2-user', 'bob'])('%s sees their names, and that the rest is closed', async (person) => {
    const { model } = await collectFrom(host, person);
    expect(model.containers.map(({ name }) => name).sort()).toEqual(truth.map(({ name }) => name).sort());
    expect(model.findings.map(({ rule }) => rule)).toContain('gaps.processes-closed');
  });
});
