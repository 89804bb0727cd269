// A host that changes while it is asked, and one that hides processes.
import { describe, expect, test } from 'vitest';
import type { BareHost } from './bare-host.ts';
import { withBareHost } from './bare-host.ts';
import { buildPlan } from './build.ts';
import { collectFrom } from './collect-from.ts';
import { deviations, openTo } from './deviations.ts';
import { randomPlan } from './random-plan.ts';

/** Starts a process that makes and ends namespaces, processes and veths all the time; returns what ends it. */
async function startUnrest(host: BareHost): Promise<() => Promise<string>> {
  const pid = await host.script(`
    unrest() {
      number=0
      while :; do
        number=$((number + 1))
        ip netns add "unrest$number"
        ip link add "u$number" type veth peer name eth0 netns "unrest$number"
        nsenter --net="/run/netns/unrest$number" sleep 0.01 &
        unshare --user --map-root-user --net --uts sleep 0.02 &
        unshare --net sh -c 'ip link add a type veth peer name b; exec sleep 0.01' &
        wait
        ip netns del "unrest$number"
      done
    }
    unrest </dev/null >/dev/null 2>&1 &
    echo $!`);
  return () => host.script(`kill ${pid.trim()}`);
}

test('processes and networks that come and go cost what stays nothing', async () => {
  await withBareHost(async (host) => {
    const truth = await buildPlan(host, randomPlan(4));
    const end = await startUnrest(host);
    for (const person of ['root', 'ec2-user', 'root'] as const) {
      const { model } = await collectFrom(host, person);
      const lasting = new Set<string>(truth.links.map((link) => link.id));
      // A network namespace that ended and one that was made then may have the same number: what was made is left out.
      const links = model.links.filter((link) => lasting.has(link.id));
      const relations = model.relations.filter((one) => lasting.has(one.from) || lasting.has(one.to));
      expect(deviations({ ...model, links, relations }, truth, person), person).toEqual([]);
    }
    await end();
  });
});

describe('hidepid', () => {
  test('what is hidden is said, and one’s own is seen in full', async () => {
    await withBareHost(async (host) => {
      const truth = await buildPlan(host, randomPlan(4));
      const seenBefore = (await collectFrom(host, 'ec2-user')).model;
      expect(seenBefore.findings.filter((one) => one.kind === 'hidden')).toEqual([]);
      expect(seenBefore.processes.some((one) => one.pid === 1)).toBe(true);
      await host.script('mount -o remount,hidepid=2 /proc');

      const { model, transcript } = await collectFrom(host, 'ec2-user');
      const hidden = model.findings.filter((one) => one.kind === 'hidden');
      expect(hidden).toHaveLength(1);
      // The kernel counts the processes of the machine, not of the host: more is not told from inside its PID namespace.
      expect(hidden[0]?.values).toMatchObject({ hidepid: 'invisible', elsewhere: 1 });
      const said = Number(hidden[0]?.values['hidden']);
      const [evidence] = hidden[0]?.evidence.slice(1) ?? [];
      const links = transcript.frames.find(({ index }) => index === evidence?.frame)?.output.split('\n')[0];
      expect(links).toMatch(/^\d+ links$/);
      expect(new Set(model.processes.map((one) => one.uid))).toEqual(new Set([1000]));
      expect(deviations(model, truth, 'ec2-user')).toEqual([]);
      expect(openTo('ec2-user', truth).size).toBeGreaterThan(2);

      const asRoot = (await collectFrom(host, 'root')).model;
      expect(asRoot.findings.filter((one) => one.kind === 'hidden')).toEqual([]);
      expect(deviations(asRoot, truth, 'root')).toEqual([]);
      const hiddenHere = asRoot.processes.filter(({ uid }) => uid !== 1000).length;
      expect(hiddenHere).toBeGreaterThan(0);
      expect(said).toBeGreaterThanOrEqual(hiddenHere);
    });
  });

  test('hidepid=1: how many show no more than their PID is known', async () => {
    await withBareHost(async (host) => {
      await buildPlan(host, randomPlan(4));
      await host.script('mount -o remount,hidepid=1 /proc');
      const { model } = await collectFrom(host, 'ec2-user');
      const asRoot = (await collectFrom(host, 'root')).model;
      // The collector's own processes, as root, are not the same number each time.
      const others = asRoot.processes.filter(({ uid }) => uid !== 1000).length;
      const [hidden] = model.findings.filter((one) => one.kind === 'hidden');
      expect(hidden?.values['hidepid']).toBe('noaccess');
      expect(Math.abs(Number(hidden?.values['hidden']) - others)).toBeLessThanOrEqual(4);
    });
  });

  test('hides nothing from the group that may look, which is no finding', async () => {
    await withBareHost(async (host) => {
      await host.script('mount -o remount,hidepid=2,gid=1000 /proc');
      const { model } = await collectFrom(host, 'ec2-user');
      expect(model.processes.some((one) => one.pid === 1)).toBe(true);
      expect(model.findings.filter((one) => one.kind === 'hidden')).toEqual([]);
    });
  });
});
