// Control groups that are really frozen: a container's, one below another, and names that are not for paths.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorScript } from '../../../electron/collect/collector-script.ts';
import { describeText } from '../../../shared/explain/describe-text.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import type { Collected } from './collect-from.ts';
import { collectFrom } from './collect-from.ts';

const id = '0123456789abcdef'.repeat(4);

/** Prints `NAME PID`, or nothing where the machine keeps cgroup2 to itself. */
const script = `
  top=/sys/fs/cgroup
  mkdir -p $top/system.slice 2>/dev/null || exit 0
  start() {
    mkdir -p "$top/$2"
    # In namespaces of its own, as a container is.
    unshare --mount --uts --ipc sleep infinity </dev/null >/dev/null 2>&1 &
    echo $! >"$top/$2/cgroup.procs"
    until [ "$(readlink /proc/$!/exe)" = /usr/bin/sleep ]; do sleep 0.01; done
    echo "$1 $!"
  }
  start paused system.slice/docker-${id}.scope
  start below outer/inner
  start running system.slice/other.service
  start blank 'a b/$(reboot) [0-9] *'
  for group in system.slice/docker-${id}.scope outer 'a b'; do
    echo 1 >"$top/$group/cgroup.freeze"
    until grep -q 'frozen 1' "$top/$group/cgroup.events"; do sleep 0.01; done
  done`;

describe('control groups', () => {
  let host: BareHost;
  let pids: ReadonlyMap<string, number>;
  let collected: Collected;
  beforeAll(async () => {
    host = await startBareHost();
    const said = (await host.script(script)).trim().split('\n');
    pids = new Map(
      said.flatMap((line) => (line === '' ? [] : [[line.split(' ')[0] ?? '', Number(line.split(' ')[1])]])),
    );
    // Open to everybody.
    collected = await collectFrom(host, 'bob');
  });
  afterAll(() => host.stop());

  const freezer = (name: string) => collected.model.processes.find(({ pid }) => pid === pids.get(name))?.freezer?.state;

  test('are frozen, by themselves or by one above, or not', (context) => {
    if (pids.size === 0) context.skip();
    expect(['paused', 'below', 'running'].map(freezer)).toEqual(['frozen', 'frozen', 'thawed']);
  });

  test('of a container: it is paused', (context) => {
    if (pids.size === 0) context.skip();
    const container = collected.model.containers.find(({ runtimeId }) => runtimeId === id);
    expect(container).toMatchObject({ freezer: 'frozen', init: `process:${pids.get('paused')}` });
    expect(describeText(collected.model)).toContain('paused');
  });

  test('are one question; those with blanks and brackets in their names are not asked', (context) => {
    if (pids.size === 0) context.skip();
    expect(freezer('blank')).toBeUndefined();
    const frames = collected.transcript.frames.filter(({ section }) => section === 'frozen');
    expect(frames).toMatchObject([{ key: '2 / /sys/fs/cgroup 0', status: 0, stderr: '' }]);
    expect(frames[0]?.output.trim().split('\n')).toHaveLength(3);
  });

  test('beyond the limit are counted', async (context) => {
    if (pids.size === 0) context.skip();
    const few = collectorScript.replace(/^few_cgroups=\d+$/m, 'few_cgroups=1');
    const { transcript, model } = await collectFrom(host, 'root', few);
    expect(transcript.frames.find(({ section }) => section === 'frozen')?.key).toBe('2 / /sys/fs/cgroup 2');
    expect(model.findings).toContainEqual(expect.objectContaining({ rule: 'cgroups.not-asked', kind: 'too-large' }));
  });
});
