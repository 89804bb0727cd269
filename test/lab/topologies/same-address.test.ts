// A published port is the container's whose address leads to where it is forwarded from: not another's that has the same
// address towards somebody else, and not one of two that both have it there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namespaceId } from '../../../shared/model/id.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { folder, installScripts } from './build.ts';
import { collectFrom } from './collect-from.ts';

describe('containers with the same address', () => {
  let host: BareHost;
  let truth: ReadonlyMap<string, number>;
  let model: Model;
  beforeAll(async () => {
    host = await startBareHost();
    installScripts(host);
    const said = await host.script(`${folder}/same-address.sh`);
    truth = new Map(said.split('\n').map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
    ({ model } = await collectFrom(host, 'root'));
  });
  afterAll(() => host.stop());

  const netnsOf = (name: string) => namespaceId('net', truth.get(name) ?? 0);
  const of = (port: number) => {
    const forward = model.forwards.find((one) => one.listen.port === port);
    const relations = model.relations.filter((one) => one.from === forward?.id);
    return {
      netns: forward?.target.netns,
      container: forward?.container,
      handedTo: relations.filter(({ kind }) => kind === 'forwards-to').map((one) => [one.to, one.certainty]),
      reaches: relations.filter(({ kind }) => kind === 'reaches').length,
    };
  };

  test('all of them are seen', () => {
    expect(model.containers.map(({ name }) => name).sort()).toEqual(['right', 'twin1', 'twin2', 'wrong']);
  });

  test('a link that leads elsewhere does not count, even if nobody listens where it is handed on to', () => {
    expect(of(8004)).toEqual({
      netns: netnsOf('right'),
      container: 'container:right',
      handedTo: [['container:right', 'certain']],
      reaches: 0,
    });
    expect(model.findings.find(({ rule }) => rule === 'forward.nobody-listens')?.subjects).toContain('container:right');
  });

  test('nor where what has it is no container', () => {
    expect(of(8007)).toEqual({ netns: netnsOf('plain'), container: undefined, handedTo: [], reaches: 0 });
  });

  test('nor one that the route does not lead to', async () => {
    expect(of(8009)).toEqual({ netns: netnsOf('routed'), container: undefined, handedTo: [], reaches: 0 });
    expect(await host.script('ip route get 10.9.0.2')).toContain('dev routed');
  });

  test('of two behind one bridge neither is certain, whoever listens', () => {
    expect(of(8006)).toEqual({
      netns: undefined,
      container: undefined,
      handedTo: [
        ['container:twin1', 'ambiguous'],
        ['container:twin2', 'ambiguous'],
      ],
      reaches: 0,
    });
  });
});
