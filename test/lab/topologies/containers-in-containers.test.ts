// Containers of a runtime alone, one of them with a runtime and a container inside; and what RootlessKit, pasta and
// bubblewrap make. Who runs inside what and who serves which device is known from having built it so.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namespaceId } from '../../../shared/model/id.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { Transcript } from '../../../shared/model/transcript.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { folder, installScripts } from './build.ts';
import { collectFrom } from './collect-from.ts';

/** `NAME PID NETNS` per line, what follows is the script's own. */
function linesOf(answer: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    answer
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name = '', ...rest]) => [name, rest]),
  );
}

describe('a runtime alone, and a runtime in its container', () => {
  let host: BareHost;
  let truth: ReadonlyMap<string, readonly string[]>;
  let model: Model;
  let transcript: Transcript;
  beforeAll(async () => {
    host = await startBareHost();
    installScripts(host);
    truth = linesOf(await host.script(`${folder}/nested-runc.sh`));
    ({ model, transcript } = await collectFrom(host, 'root'));
  });
  afterAll(() => host.stop());

  const netnsOf = (name: string) => namespaceId('net', Number(truth.get(name)?.[0]));

  test('each is a container with its own network namespace, and the process that is its first', () => {
    expect(model.containers.map(({ runtimeId, engine }) => [runtimeId, engine]).sort()).toEqual([
      ['outer', 'runc'],
      ['outer/web', 'runc'],
      ['web', 'crun'],
    ]);
    for (const { runtimeId, init } of model.containers) {
      const process = model.processes.find((one) => one.id === init);
      expect(process?.namespaces.net, runtimeId).toBe(netnsOf(runtimeId));
      expect(process?.container, runtimeId).toBe(`container:${runtimeId}`);
    }
  });

  test('the inner one runs inside the outer one, certainly, and nothing else inside anything', () => {
    expect(model.relations.filter((one) => one.kind === 'inside')).toMatchObject([
      { from: 'container:outer/web', to: 'container:outer', certainty: 'certain' },
    ]);
  });

  test('runc’s and crun’s annotations are the labels', () => {
    const labels = new Map(model.containers.map((one) => [one.runtimeId, one.labels['lab']]));
    expect([labels.get('outer'), labels.get('outer/web'), labels.get('web')]).toEqual(['outer', 'inner', 'crun']);
  });

  test('a container’s symbolic links are not followed into the host', () => {
    const read = transcript.frames.filter((frame) => frame.section.startsWith('runtime-')).map(({ key }) => key);
    expect(read.filter((key) => key.includes('/root/'))).toHaveLength(1);
    expect(read.filter((key) => key.includes('evil'))).toEqual([]);
  });

  test('for somebody else they are closed, which is said', async () => {
    const { model: seen } = await collectFrom(host, 'bob');
    expect(seen.containers).toEqual([]);
    expect(seen.relations.filter((one) => one.kind === 'inside')).toEqual([]);
    expect(seen.findings.some((one) => one.kind === 'not-permitted')).toBe(true);
  });
});

describe('RootlessKit’s network drivers, pasta and bubblewrap', () => {
  let host: BareHost;
  let truth: ReadonlyMap<string, readonly string[]>;
  beforeAll(async () => {
    host = await startBareHost();
    installScripts(host);
    truth = linesOf(await host.script(`${folder}/rootless-networks.sh`));
  });
  afterAll(() => host.stop());

  const netnsOf = (name: string) => namespaceId('net', Number(truth.get(name)?.[0]));
  const serverOf = (name: string) => `process:${truth.get(name)?.[1] ?? ''}`;

  test.each(['root', 'ec2-user'] as const)(
    'as %s: each tap is served by its own process, and leaves by the host’s NIC',
    async (person) => {
      const { model } = await collectFrom(host, person);
      const names =
        person === 'root'
          ? ['plain', 'pasta', 'pasta-detached', 'unnamed', 'command']
          : ['plain', 'pasta', 'pasta-detached', 'unnamed'];
      const served = model.relations.filter((one) => one.kind === 'served-by');
      expect(served.map((one) => [one.from.replace(/\/\d+$/, ''), one.to]).sort()).toEqual(
        names.map((name) => [`link:${netnsOf(name)}`, serverOf(name)]).sort(),
      );
      const nic = model.links.find((one) => one.name === 'ens5' && one.kind === 'veth')?.id;
      const ways = model.relations.filter((one) => one.kind === 'leaves-through');
      expect(ways.map((one) => [one.from, one.to]).sort()).toEqual(names.map((name) => [serverOf(name), nic]).sort());
    },
  );

  test('RootlessKit’s child without --detach-netns is found by its process, and bubblewrap’s sandbox by bubblewrap', async () => {
    const { model } = await collectFrom(host, 'root');
    const nameOf = (name: string) => model.namespaces.find((one) => one.id === netnsOf(name))?.name;
    expect(nameOf('plain')).toBe('RootlessKit child · ec2-user · plain');
    expect(nameOf('pasta-detached')).toBe('RootlessKit child · ec2-user · pasta-detached · detached');
    const rules = new Map(
      model.relations.filter((one) => one.kind === 'rootlesskit-parent-netns').map((one) => [one.from, one.rule]),
    );
    expect(rules.get(netnsOf('plain'))).toBe('rootlesskit.child-netns');
    expect(rules.get(netnsOf('pasta-detached'))).toBe('rootlesskit.netns-file');
    expect(nameOf('unnamed')).toMatch(/^RootlessKit child · ec2-user · rootlesskit\w+ · detached$/);
    expect(rules.get(netnsOf('unnamed'))).toBe('rootlesskit.netns-file');
    expect(
      model.sandboxes.map(({ kind, namespaceIds }) => [kind, namespaceIds.includes(netnsOf('bubblewrap'))]),
    ).toEqual([['bubblewrap', true]]);
  });
});
