// Against others who look at the same host at the same time: what lsns lists and what plotnetcfg draws is in our model, with
// the same numbers. Where plotnetcfg and we differ about a link, the truth decides, and it is not plotnetcfg's.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { linkId, parseNamespaceId } from '../../../shared/model/id.ts';
import type { LinkId, NamespaceId } from '../../../shared/model/id.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { BareHost, Person } from './bare-host.ts';
import { withBareHost } from './bare-host.ts';
import { buildPlan } from './build.ts';
import { collectFrom } from './collect-from.ts';
import { lendProgram } from './machine-program.ts';
import { randomPlan } from './random-plan.ts';
import type { Truth } from './truth.ts';

type Words = readonly string[];

/** `4026531840 net` for each namespace. */
async function listedByLsns(host: BareHost, person: Person, lsns: Words): Promise<readonly NamespaceId[]> {
  const { stdout } = await host.execAs(person, [...lsns, '-n', '-r', '-o', 'NS,TYPE']);
  return stdout
    .toString()
    .split('\n')
    .flatMap((line) => parseNamespaceId(line.replace(/^(\d+) (\w+)$/, '$2:[$1]'))?.id ?? []);
}

/** Its owners and parents, as sentences; 0, which is unknown or none, is left out. */
async function relatedByLsns(
  host: BareHost,
  person: Person,
  lsns: Words,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await host.execAs(person, [...lsns, '-n', '-l', '-r', '-o', 'NS,TYPE,PNS,ONS']);
  const rows = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  return new Map(
    rows.map(([inode, kind = '', parent, owner]) => [
      `${kind}:[${inode}]`,
      [
        ...(parent === '0' ? [] : [`parent ${kind}:[${parent}]`]),
        ...(owner === '0' || kind === 'user' ? [] : [`owner user:[${owner}]`]),
      ],
    ]),
  );
}

/** Those it lists before and after: the namespaces of what came and went meanwhile are nobody's. */
async function lastingByLsns(
  host: BareHost,
  person: Person,
  lsns: Words,
  between: () => Promise<void>,
): Promise<readonly string[]> {
  const before = new Set(await listedByLsns(host, person, lsns));
  await between();
  return (await listedByLsns(host, person, lsns)).filter((id) => before.has(id));
}

interface Drawn {
  readonly namespaces: readonly {
    /** Empty for PID 1's, a name under /run/netns, or `PID 66 (sleep)`. */
    readonly name: string;
    readonly interfaces: readonly {
      readonly id: string;
      readonly name: string;
      readonly peer?: { readonly target: string };
      readonly parent?: { readonly target: string };
    }[];
  }[];
}

function netnsNamed(name: string, model: Model, truth: Truth): NamespaceId | undefined {
  if (name === '') return truth.netns[0]?.id;
  const pid = /^PID (\d+) /.exec(name)?.[1];
  if (pid === undefined) return truth.netns.find((netns) => netns.name === name)?.id;
  return model.processes.find((process) => process.pid === Number(pid))?.namespaces.net;
}

/** What our model has and the other tool has not, a line each: out/test/beyond-other-tools.txt. */
const beyond: string[] = [];
afterAll(() => {
  const folder = path.join(import.meta.dirname, '../../../out/test');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'beyond-other-tools.txt'), `${beyond.join('\n')}\n`);
});

/** Why a namespace is there, in a word: who is in it, or what keeps it. */
const reasonOf = ({ keptBy, processIds }: Model['namespaces'][number]): string =>
  processIds.length > 0
    ? `${processIds.length} processes`
    : [...new Set(keptBy.map(({ by }) => `kept by ${by}`))].join(', ') || 'named by what was asked in it';

describe.each([9, 35])('the network of seed %i', (seed) => {
  test('every namespace that lsns lists, the host’s and the machine’s, for root and for a user', async () => {
    await withBareHost(async (host) => {
      await buildPlan(host, randomPlan(seed));
      const machines = await lendProgram(host, '/usr/bin/lsns');
      for (const [person, lsns] of [
        ['root', ['lsns']],
        ['ec2-user', ['lsns']],
        ['root', machines],
        ['ec2-user', machines],
      ] as const) {
        let model: Model | undefined;
        const lasting = await lastingByLsns(host, person, lsns, async () => {
          ({ model } = await collectFrom(host, person));
        });
        const ours = new Set<string>(model?.namespaces.map((one) => one.id));
        const listed = new Set(lasting);
        for (const one of model?.namespaces ?? []) {
          if (listed.has(one.id)) continue;
          // Of each that lsns has not we can say how we know it.
          expect(one.evidence, one.id).not.toEqual([]);
          beyond.push(`seed ${seed}: ${lsns.at(-1)} as ${person} has not ${one.id} (${one.name}): ${reasonOf(one)}`);
        }
        expect(lasting.length).toBeGreaterThan(8);
        expect(
          lasting.filter((id) => !ours.has(id)),
          person,
        ).toEqual([]);
        // And whose each is, and below which.
        const told = await relatedByLsns(host, person, lsns);
        for (const one of model?.namespaces ?? []) {
          if (!lasting.includes(one.id)) continue;
          const [parent, owner] = [one.parent, one.owner].map((id) =>
            model?.namespaces.find((other) => other.id === id),
          );
          const said = [...(parent ? [`parent ${parent.id}`] : []), ...(owner ? [`owner ${owner.id}`] : [])];
          expect(said, `${one.id} as ${person}`).toEqual(
            expect.arrayContaining([...(told.get(one.id) ?? ['not listed'])]),
          );
        }
      }
    });
  });

  test('every interface that plotnetcfg draws, and every line between two of them that is true', async () => {
    await withBareHost(async (host) => {
      const truth = await buildPlan(host, randomPlan(seed));
      const plotnetcfg = await lendProgram(host, '/usr/sbin/plotnetcfg');
      const { stdout } = await host.execAs('root', [...plotnetcfg, '-f', 'json']);
      const { namespaces } = JSON.parse(stdout.toString()) as Drawn;
      const { model } = await collectFrom(host, 'root');

      const linkOf = new Map<string, LinkId>();
      for (const { name, interfaces } of namespaces) {
        const netns = netnsNamed(name, model, truth);
        for (const one of interfaces) {
          const ours = model.links.find((link) => link.netns === netns && link.name === one.name);
          expect(ours, `${one.id} in ${netns}`).toBeDefined();
          if (netns !== undefined && ours !== undefined) linkOf.set(one.id, linkId(netns, ours.ifindex));
        }
      }
      const certain = new Set(
        model.relations
          .filter((one) => one.certainty === 'certain')
          .flatMap((one) => [`${one.kind} ${one.from} ${one.to}`, `${one.kind} ${one.to} ${one.from}`]),
      );
      const all = namespaces.flatMap((one) => one.interfaces);
      const lines = all.flatMap(({ id, peer, parent }) => [
        ...(peer ? [{ kind: 'veth-peer', ends: [linkOf.get(id), linkOf.get(peer.target)] }] : []),
        ...(parent ? [{ kind: 'master', ends: [linkOf.get(id), linkOf.get(parent.target)] }] : []),
      ]);
      expect(lines.length).toBeGreaterThan(0);
      const pairs = new Set([...truth.veths, ...truth.masters].flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
      const isTrue = lines.filter(({ ends }) => pairs.has(ends.join(' ')));
      expect(isTrue.length).toBeGreaterThan(0);
      expect(isTrue.filter(({ kind, ends }) => !certain.has(`${kind} ${ends.join(' ')}`))).toEqual([]);
      const claims = model.relations.filter((one) => one.kind === 'veth-peer' && one.certainty !== 'ambiguous');
      expect(claims.filter((one) => !pairs.has(`${one.from} ${one.to}`))).toEqual([]);
      // What we have beyond it.
      const drawn = new Set<string>(linkOf.values());
      const more = model.links.filter(({ id }) => !drawn.has(id));
      for (const { netns, name, kind, evidence } of more) {
        expect(evidence, name).not.toEqual([]);
        beyond.push(`seed ${seed}: plotnetcfg has not ${name} (${kind}) in ${netns}`);
      }
      expect(more).not.toEqual([]);
      expect(claims.length).toBeGreaterThan(isTrue.filter(({ kind }) => kind === 'veth-peer').length / 2);
    });
  });
});
