// Which of a process's numbers counts in which PID namespace, and whom a number on a command line means.
import { describe, expect, it } from 'vitest';
import { explain } from '../../../../shared/explain/explain.ts';
import type { Entities } from '../../../../shared/model/entities.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, aLink, anEntities, aNamespace, aProcess, net } from '../../../helpers/entities.ts';

const host = aHost({ initialNamespaces: { pid: { id: 'pid:[1]', certainty: 'certain' } } });
const outer = aProcess(1, { namespaces: { pid: 1 }, ppid: 0 });
const engine = aProcess(10, { argv: 'dockerd', namespaces: { pid: 2 }, nsPids: [10, 1] });
const inner = aProcess(20, { argv: 'nginx', namespaces: { pid: 3 }, nsPids: [20, 7, 1], ppid: 10 });

const numbers = (fields: Partial<Entities>, pid: number) =>
  resolveModel(anEntities({ host, ...fields }))
    .processes.find((one) => one.pid === pid)
    ?.numbers?.map((one) => `${one.pid} in ${one.namespace}, ${one.certainty}`);

describe('the numbers of a process', () => {
  it('count each in its own PID namespace, from the reader’s inwards', () => {
    const processes = [outer, engine, inner];
    expect(numbers({ processes }, 20)).toEqual([
      '20 in pid:[1], certain',
      '7 in pid:[2], certain',
      '1 in pid:[3], certain',
    ]);
    expect(numbers({ processes }, 1)).toBeUndefined();
  });

  it('are as sure as what they follow from', () => {
    const assumed = aHost({ initialNamespaces: { pid: { id: 'pid:[1]', certainty: 'inferred' } } });
    expect(numbers({ host: assumed, processes: [engine] }, 10)).toEqual([
      '10 in pid:[1], inferred',
      '1 in pid:[2], certain',
    ]);
  });

  it('are left out where nobody tells the PID namespace between', () => {
    expect(numbers({ processes: [outer, { ...inner, ppid: 1 }] }, 20)).toEqual([
      '20 in pid:[1], certain',
      '1 in pid:[3], certain',
    ]);
  });

  it('are said with the PID namespace and its name; without, where one is not known', () => {
    const insideOf = (fields: Partial<Entities>) =>
      explain(resolveModel(anEntities({ host, ...fields })), 'process:20')
        ?.groups.flatMap(({ facts }) => facts)
        .filter(({ label }) => label === 'PID inside')
        .map(({ value }) => value);
    expect(insideOf({ processes: [outer, engine, inner] })).toEqual([
      '7 in pid:[2] (ns of dockerd[10])',
      '1 in pid:[3] (ns of nginx[20])',
    ]);
    expect(insideOf({ processes: [outer, { ...inner, ppid: 1 }] })).toEqual(['7 › 1']);
  });
});

describe('a number on the command line of a process inside a PID namespace', () => {
  const device = { kind: 'tun', data: { type: 'tap' } };
  const server = aProcess(12, {
    argv: 'slirp4netns 7 tap0',
    namespaces: { pid: 2, net: 1 },
    nsPids: [12, 3],
    ppid: 10,
  });
  const servedBy = (processes: Entities['processes'], namespaces: Entities['namespaces'] = []) =>
    resolveModel(
      anEntities({
        host,
        namespaces,
        processes,
        links: [aLink(net(7), 2, 'tap0', device), aLink(net(9), 2, 'tap0', device)],
      }),
    )
      .relations.filter(({ kind, certainty }) => kind === 'served-by' && certainty !== 'ambiguous')
      .map(({ from }) => from);
  const meant = aProcess(20, { namespaces: { pid: 2, net: 7 }, nsPids: [20, 7], ppid: 10 });

  it('is the one in there', () => {
    expect(servedBy([outer, engine, server, meant])).toEqual(['link:net:[7]/2']);
  });

  it('is also somebody’s further in, whose number in there it is', () => {
    const below = { ...meant, nsPids: [20, 7, 1], namespaces: { pid: 'pid:[3]', net: 'net:[7]' } } as const;
    expect(servedBy([outer, engine, server, below], [aNamespace('pid:[3]', { parent: 'pid:[2]' })])).toEqual([
      'link:net:[7]/2',
    ]);
    expect(servedBy([outer, engine, server, below], [aNamespace('pid:[3]', { parent: 'pid:[4]' })])).toEqual([]);
  });

  it('is nobody where the number outside is somebody else’s: which /proc is meant is not known', () => {
    const other = aProcess(7, { namespaces: { pid: 1, net: 9 } });
    expect(servedBy([outer, engine, server, meant, other])).toEqual([]);
  });
});
