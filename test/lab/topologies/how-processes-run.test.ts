// Processes that run at other times or in other places than the rest: real-time, nice, on one CPU.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../../shared/explain/explain.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import type { Collected } from './collect-from.ts';
import { collectFrom } from './collect-from.ts';

/** Prints `NAME PID`. */
const script = `
  start() {
    name=$1
    shift
    "$@" sleep infinity </dev/null >/dev/null 2>&1 &
    until [ "$(readlink /proc/$!/exe)" = /usr/bin/sleep ]; do sleep 0.01; done
    echo "$name $!"
  }
  start plain env
  start nice nice -n 7
  start fifo chrt -f 50
  start idle chrt -i 0
  start pinned taskset -c "$(sed -n 's/^Cpus_allowed_list:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/self/status)"`;

describe('how processes run', () => {
  let host: BareHost;
  let numbers: ReadonlyMap<string, number>;
  let collected: Collected;
  beforeAll(async () => {
    host = await startBareHost();
    const said = await host.script(script);
    numbers = new Map(said.split('\n').map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
    // Open to everybody: nobody special sees it of root's processes too.
    collected = await collectFrom(host, 'bob');
  });
  afterAll(() => host.stop());

  const process = (name: string) => collected.model.processes.find(({ pid }) => pid === numbers.get(name));
  const said = (name: string): readonly string[] =>
    explain(collected.model, `process:${numbers.get(name)}`)?.groups.flatMap(({ facts }) =>
      facts
        .filter(({ label }) => ['Scheduling', 'Nice', 'Runs on CPUs'].includes(label))
        .map(({ label, value }) => `${label}: ${value}`),
    ) ?? [];

  test('policy, priority and nice are the kernel’s', () => {
    expect(process('plain')?.scheduling).toMatchObject({ policy: 'SCHED_OTHER', priority: 20, nice: 0 });
    expect(process('nice')?.scheduling).toMatchObject({ policy: 'SCHED_OTHER', priority: 27, nice: 7 });
    expect(process('fifo')?.scheduling).toMatchObject({ policy: 'SCHED_FIFO', priority: -51, realtimePriority: 50 });
    expect(process('idle')?.scheduling).toMatchObject({ policy: 'SCHED_IDLE' });
    expect([said('plain'), said('nice'), said('fifo')]).toEqual([
      [],
      ['Nice: 7'],
      ['Scheduling: SCHED_FIFO, priority 50'],
    ]);
  });

  test('the CPUs of one that is bound to the first', () => {
    const everywhere = process('plain')?.cpus?.list ?? '';
    const first = /^\d+/.exec(everywhere)?.[0];
    expect(process('pinned')?.cpus?.list).toBe(first);
    if (everywhere !== first)
      expect(said('pinned')).toEqual([expect.stringMatching(`Runs on CPUs: ${first} \\(1 of `)]);
  });
});
