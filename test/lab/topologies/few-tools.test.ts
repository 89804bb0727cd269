// Hosts with older tools, or without: what is known then is true, what is not is said, with what would tell it.
import { expect, test } from 'vitest';
import { summarise } from '../../../shared/explain/summarise.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { BareHost, Person } from './bare-host.ts';
import { withBareHost } from './bare-host.ts';
import { buildPlan } from './build.ts';
import { busyBoxIn } from './busybox-host.ts';
import { collectFrom } from './collect-from.ts';
import { deviations, deviationsOfNames, openTo } from './deviations.ts';
import { hostNetns } from './plan.ts';
import { randomPlan } from './random-plan.ts';
import type { Truth } from './truth.ts';

const people: readonly Person[] = ['root', 'ec2-user', 'bob'];
const plan = randomPlan(4);

/** Findings that are not about rights. */
const rulesOf = ({ findings }: Model): readonly string[] =>
  findings.filter(({ kind }) => kind === 'not-supported').map(({ rule }) => rule);

/** Without the ids nothing but an inference leads from one network namespace to another. */
const wrong = (model: Model, truth: Truth): readonly string[] =>
  deviations(model, truth, 'ec2-user').filter((one) => !/ are a pair, but (inferred|ambiguous) by /.test(one));

/** Puts a program before the host's own that does as an older version: `refuses` is a case of sh on its words. */
async function older(host: BareHost, program: string, refuses: string): Promise<void> {
  const file = `/usr/local/sbin/${program}`;
  const text = `#!/bin/sh\ncase " $* " in\n${refuses}\nesac\nexec /usr/bin/${program} "$@"\n`;
  await host.script(`[ -x /usr/bin/${program} ] || ln -s "$(command -v ${program})" /usr/bin/${program}
    printf %s '${text.replaceAll("'", "'\\''")}' >${file}
    chmod 755 ${file}`);
}

test('BusyBox and nothing else: all links by name, address and master, and nothing false', async () => {
  await withBareHost(async (host) => {
    const truth = await buildPlan(host, plan);
    const collect = await busyBoxIn(host);
    for (const person of people) {
      const { model, transcript } = await collect(person);
      expect({ complete: transcript.complete, problems: transcript.problems }).toEqual({
        complete: true,
        problems: [],
      });
      expect(deviationsOfNames(model, truth, person), person).toEqual([]);
      expect(rulesOf(model), person).toEqual(expect.arrayContaining(['tools.missing', 'net.kinds-not-told']));
      expect(
        model.findings.filter(({ kind }) => kind === 'unparsable'),
        person,
      ).toEqual([]);
      expect(
        model.links.every(({ counters }) => counters !== undefined),
        person,
      ).toBe(true);
      expect(new Set(model.links.map(({ kind }) => kind)), person).toEqual(new Set(['loopback', 'unknown']));
      expect(model.routes.length, person).toBeGreaterThan(0);
      if (person === 'root')
        expect(summarise(model)).toMatch(/With iproute2 4\.16 or newer on the host: what \d+ links/);
    }
  });
});

test('iproute2 before 4.14: the same links and pairs as with JSON', async () => {
  await withBareHost(async (host) => {
    const truth = await buildPlan(host, plan);
    await older(host, 'ip', `*' -j '*) echo 'Option "-j" is unknown, try "ip -help".' >&2; exit 255 ;;`);
    for (const person of people) {
      const { model } = await collectFrom(host, person);
      expect(deviations(model, truth, person), person).toEqual([]);
      expect(rulesOf(model), person).toEqual(['net.no-json']);
    }
  });
});

test('util-linux before 2.32, without lsns, without nsenter', async () => {
  await withBareHost(async (host) => {
    const truth = await buildPlan(host, plan);
    await older(
      host,
      'lsns',
      `*NETNSID*) echo 'lsns: unknown column: NETNSID' >&2; exit 1 ;;
      *--version*) echo 'lsns from util-linux 2.31.1'; exit ;;`,
    );
    const before = (await collectFrom(host, 'ec2-user')).model;
    expect(wrong(before, truth)).toEqual([]);
    expect(before.findings.find(({ rule }) => rule === 'section.not-supported')).toMatchObject({
      values: { section: 'nsid', example: 'lsns: unknown column: NETNSID' },
      advice: 'util-linux 2.32 or newer on the host answers it.',
    });

    await host.script('rm /usr/local/sbin/lsns /usr/bin/lsns');
    const without = (await collectFrom(host, 'ec2-user')).model;
    expect(wrong(without, truth)).toEqual([]);
    expect(without.host.toolsMissing).toEqual(['lsns']);

    await host.script('rm "$(command -v nsenter)"');
    const { model } = await collectFrom(host, 'root');
    const own = truth.netns.find(({ name }) => name === hostNetns)?.id;
    expect(new Set(model.links.filter(({ kind }) => kind === 'veth').map(({ netns }) => netns))).toEqual(
      new Set([own]),
    );
    // Of those with a process the names.
    const listed = new Set(model.links.map(({ netns }) => netns));
    const populated = model.namespaces.filter(({ kind, processIds }) => kind === 'net' && processIds.length > 0);
    expect(populated.every(({ id }) => listed.has(id))).toBe(true);
    expect(populated.length).toBeGreaterThan(1);
    expect(rulesOf(model)).toEqual(
      expect.arrayContaining(['tools.missing', 'net.names-only', 'gaps.netns-not-entered']),
    );
    const names = new Map(truth.links.map(({ id, name }) => [id as string, name]));
    for (const { id, name } of model.links) expect(name, id).toBe(names.get(id));
    expect(model.findings.find(({ rule }) => rule === 'gaps.netns-not-entered')).toMatchObject({
      kind: 'not-supported',
      advice: 'nsenter enters them: util-linux 2.23 or newer.',
    });
    expect(openTo('root', truth).size).toBe(model.completeness.counts.netns.of);
  });
});
