// Docker and podman, root's and a user's, as they are: what each person learns of their containers, and what nobody does.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Container } from '../../../shared/model/container.ts';
import { namespaceId } from '../../../shared/model/id.ts';
import type { Model } from '../../../shared/model/model.ts';
import { engines, ensureLayer } from '../layer.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { folder, installScripts } from './build.ts';
import type { Collected } from './collect-from.ts';
import { collectFrom } from './collect-from.ts';

interface Truth {
  readonly engine: string;
  readonly user: string;
  readonly name: string;
  readonly runtimeId: string;
  readonly pid: number;
  readonly netns: number;
  readonly port: number;
}

let host: BareHost;
let truth: readonly Truth[];
let service: string;
beforeAll(async () => {
  host = await startBareHost(await ensureLayer('engines', engines));
  installScripts(host);
  const answer = await host.script(`${folder}/engines.sh </dev/null`);
  service = /^service (\d+)$/m.exec(answer)?.[1] ?? '';
  truth = [...answer.matchAll(/^container (\S+) (\S+) (\S+) (\S+) (\d+) (\d+) (\d+)$/gm)].map(
    ([, engine = '', user = '', name = '', runtimeId = '', pid, netns, port]) => ({
      engine,
      user,
      name,
      runtimeId,
      pid: Number(pid),
      netns: Number(netns),
      port: Number(port),
    }),
  );
});
afterAll(() => host.stop());

const containerOf = (model: Model, { runtimeId }: Truth): Container | undefined =>
  model.containers.find((one) => one.runtimeId === runtimeId);

/** Everything its engine knows. */
function expectToldAll(model: Model, one: Truth): void {
  const container = containerOf(model, one);
  expect(container, one.name).toMatchObject({ name: one.name, engine: one.engine, init: `process:${one.pid}` });
  expect(container?.image, one.name).toContain('hello');
  const init = model.processes.find((process) => process.pid === one.pid);
  expect(init?.namespaces.net, one.name).toBe(namespaceId('net', one.netns));
  expect(container?.ports, one.name).toMatchObject([
    { protocol: 'tcp', hostIp: '127.0.0.1', hostPort: one.port, containerPort: 80 },
  ]);
  const forwards = model.forwards.filter((forward) => forward.listen.port === one.port);
  expect(forwards, one.name).not.toEqual([]);
  for (const forward of forwards) {
    expect(forward, one.name).toMatchObject({ container: container?.id, target: { port: 80 } });
  }
}

const refusals = ({ model }: Collected): readonly string[] =>
  model.findings
    .filter(({ rule }) => rule === 'engine.not-permitted')
    .map(({ values }) => String(values['socket']))
    .sort();

describe('real engines', () => {
  test('root is told all of all', async () => {
    const collected = await collectFrom(host, 'root');
    expect(truth).toHaveLength(5);
    for (const one of truth) expectToldAll(collected.model, one);
    expect(refusals(collected)).toEqual([]);
    // Each of them answers at a port of the host (the script has asked), and somebody in the container does.
    const hostNet = collected.model.host.initialNamespaces.net?.id;
    for (const one of truth) {
      const at = collected.model.forwards.filter(({ listen }) => listen.port === one.port && listen.netns === hostNet);
      expect(at, one.name).toMatchObject([{ servers: [`process:${one.pid}`] }]);
    }
    expect(collected.model.findings.map(({ rule }) => rule)).not.toContain('forward.nobody-listens');
    const found = (name: string) => collected.model.containers.find((one) => one.name === name);
    expect(found('shop-web')).toMatchObject({ project: 'shop', service: 'web', networks: ['shop_default'] });
    expect(found('web')?.labels['shelf']).toBe('top');
    expect(found('with-bridge')?.attachments).toMatchObject([
      { network: 'mine', subnets: ['10.89.7.0/24'], bridge: 'podman1' },
    ]);
    const bridges = collected.model.relations.filter((one) => one.kind === 'attached-to');
    const names = bridges.map(({ to }) => collected.model.links.find((link) => link.id === to)?.name ?? '').sort();
    expect(names.map((name) => name.replace(/^br-[0-9a-f]{12}$/, 'br-'))).toEqual(['br-', 'podman0', 'podman1']);
    // What podman's service says of a network does not name its bridge.
    const networks = collected.model.links.flatMap(({ name, engineNetworks = [] }) =>
      engineNetworks.map((one) => `${name.slice(0, 8)} ${one.engine} ${one.name} ${one.certainty}`),
    );
    expect(networks.sort()).toEqual([
      expect.stringMatching(/^br-\w{5} docker shop_default certain$/),
      'docker0 docker bridge certain',
    ]);
    expect(bridges.every((one) => one.certainty === 'certain')).toBe(true);
  });

  test('the owner, in the group docker, is told all but what is root’s', async () => {
    const collected = await collectFrom(host, 'ec2-user');
    for (const one of truth.filter(({ user }) => user === 'ec2-user')) expectToldAll(collected.model, one);
    const shop = truth.find(({ engine }) => engine === 'docker');
    expect(shop && containerOf(collected.model, shop)).toMatchObject({
      name: 'shop-web',
      image: 'hello',
      project: 'shop',
    });
    const web = truth.find(({ name }) => name === 'web');
    const container = web && containerOf(collected.model, web);
    expect(container?.name).toBe('web');
    expect(container?.image).toBeUndefined();
    expect(container?.ports).toBeUndefined();
    expect(refusals(collected)).toEqual(['/run/podman/podman.sock']);
  });

  test('nobody special is told what is closed, and nothing else', async () => {
    const collected = await collectFrom(host, 'bob');
    expect(refusals(collected)).toEqual([
      '/run/docker.sock',
      '/run/podman/podman.sock',
      '/run/user/1000/podman/podman.sock',
    ]);
    for (const one of truth) {
      const container = containerOf(collected.model, one);
      expect(container?.engine, one.name).toBe(one.engine);
      expect([container?.image, container?.ports, container?.toldBy], one.name).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
  });

  test('no environment is brought along, and nothing is started or left', async () => {
    const processes = () => host.script("ps -eo pid=,comm= | grep -vE ' (ps|grep|bash|sh|cat)$' || true");
    const before = await processes();
    for (const person of ['root', 'ec2-user'] as const) {
      expect((await collectFrom(host, person)).bytes.includes('swordfish'), person).toBe(false);
    }
    expect(await processes()).toBe(before);
  });

  test('a socket whose engine does not run is not asked: names and images come from its files', async () => {
    await host.script(
      `kill -KILL ${service}; while kill -0 ${service} 2>/dev/null; do sleep 0.02; done; [ -S /run/podman/podman.sock ]`,
    );
    const { model, transcript } = await collectFrom(host, 'root');
    expect(transcript.frames.filter(({ key }) => key.endsWith('/run/podman/podman.sock'))).toEqual([]);
    const web = truth.find(({ name }) => name === 'web');
    const container = web && containerOf(model, web);
    expect(container).toMatchObject({ name: 'web', image: 'localhost/hello:latest' });
    expect(container?.ports).toBeUndefined();
  });
});

test('what docker has paused is paused, until it goes on', async () => {
  const web = truth.find(({ name }) => name === 'shop-web');
  if (!web) throw new Error('no shop-web');
  const freezer = async () => containerOf((await collectFrom(host, 'root')).model, web)?.freezer;
  await host.script('docker pause shop-web');
  expect(await freezer()).toBe('frozen');
  await host.script('docker unpause shop-web');
  expect(await freezer()).toBe('thawed');
});
