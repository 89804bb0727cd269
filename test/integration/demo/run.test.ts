// Whole runs as the window sees them, against the demo host over real SSH.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDemoHost } from '../../../electron/demo/demo-host.ts';
import type { DemoHost } from '../../../electron/demo/demo-host.ts';
import { Prompts } from '../../../electron/main/prompts.ts';
import { runSteps } from '../../../electron/main/run-steps.ts';
import { Runs } from '../../../electron/main/runs.ts';
import { SnapshotStore } from '../../../electron/store/snapshots.ts';
import type { CollectEvent, Profile } from '../../../shared/ipc/contract.ts';

const token = '0123456789abcdef0123456789abcdef';
const frame = (section: string, key: string, output: string): string =>
  `${token} begin user ${section} ${key}\n${token} run x\n${output}\n${token} end 0 200 -\n`;
const whole = [
  `nsatlas-transcript 1 ${token}\n`,
  frame('host', 'id', 'uid=1000(ec2-user) gid=1000(ec2-user)\n'),
  frame('tool', 'ip', 'ip utility, iproute2-6.15.0\n'),
  frame('ns', '', '/proc/1/ns/net net:[4026531840]\n'),
  `${token} done 900\n`,
].join('');

let folder: string;
let snapshots: SnapshotStore;
let host: DemoHost;
let runs: Runs;
let prompts: Prompts;
const events: CollectEvent[] = [];
const asked: string[] = [];

async function prepare(transcript: string, trusted = true): Promise<Profile> {
  host = await startDemoHost(Buffer.from(transcript));
  const { port, user, privateKey, hostKey } = host;
  const target = { host: '127.0.0.1', port, user, authentication: [{ kind: 'held-key', privateKey } as const] };
  const connection = {
    target: trusted ? { ...target, trustedHostKeys: [hostKey] } : target,
    knownHosts: { read: [], append: path.join(folder, 'known_hosts') },
  };
  runs = new Runs(
    runSteps(() => Promise.resolve(connection), snapshots, '0.1.0'),
    prompts,
    ({ event }) => events.push(event),
  );
  return { id: 'p1', name: 'Demo', host: '127.0.0.1', port, user, authentication: 'key', sudo: 'never' };
}
const ended = async (): Promise<void> =>
  expect.poll(() => events.at(-1)?.step, { timeout: 8000 }).toMatch(/saved|failed|cancelled/);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nsatlas-run-'));
  snapshots = await SnapshotStore.open(path.join(folder, 'snapshots'));
  events.length = 0;
  asked.length = 0;
  prompts = new Prompts(({ promptId, prompt }) => {
    asked.push(prompt.kind);
    prompts.answer(promptId, { accept: false });
  });
});
afterEach(async () => {
  await runs.cancelAll();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a run', () => {
  it('tells its steps in order and ends with a snapshot', async () => {
    const profile = await prepare(whole);
    runs.start(profile);
    expect(events).toEqual([]);
    await ended();
    const steps = events.map((event) => (event.step === 'section' ? event.section : event.step));
    expect(steps.filter((step, index) => step !== steps[index - 1])).toEqual([
      'connecting',
      'authenticating',
      'started',
      'host',
      'tool',
      'ns',
      'saved',
    ]);
    const { snapshots: list } = await snapshots.list();
    expect(list).toMatchObject([{ hostLabel: 'Demo', user: 'ec2-user', profileId: 'p1', complete: true }]);
    expect(events.at(-1)).toEqual({ step: 'saved', snapshot: list[0] });
    const { transcript } = await snapshots.read(list[0]?.id ?? '');
    const mine = /^nsatlas-transcript 1 ([0-9a-f]{32})\n/.exec(Buffer.from(transcript).toString())?.[1] ?? '';
    expect(mine).not.toBe(token);
    expect(Buffer.from(transcript).toString()).toBe(whole.replaceAll(token, mine));
    expect(asked).toEqual([]);
  });
  it('that breaks off keeps what came and says why it is not whole', async () => {
    const profile = await prepare(whole.slice(0, whole.indexOf('/proc/1')));
    runs.start(profile);
    await ended();
    expect(events.at(-1)).toMatchObject({
      step: 'saved',
      snapshot: { complete: false },
      failure: { code: 'not-whole', attempted: 'collect from Demo' },
    });
  });
  it('cancelled in the middle ends at once and keeps nothing', async () => {
    const profile = await prepare(whole);
    const id = runs.start(profile);
    await expect.poll(() => events.at(-1)?.step, { timeout: 8000 }).toBe('section');
    const before = performance.now();
    runs.cancel(id);
    await ended();
    expect(performance.now() - before).toBeLessThan(500);
    await runs.cancelAll();
    expect(events.at(-1)).toEqual({ step: 'cancelled' });
    expect(events.filter((event) => /saved|failed|cancelled/.test(event.step))).toHaveLength(1);
    expect((await snapshots.list()).snapshots).toEqual([]);
  });
  it('whose host key is refused fails with the reason', async () => {
    const profile = await prepare(whole, false);
    runs.start(profile);
    await ended();
    expect(asked).toEqual(['unknown-host-key']);
    expect(events.at(-1)).toMatchObject({ step: 'failed', failure: { code: 'host-key-rejected' } });
  });
  it('cannot reach a host that is gone', async () => {
    const profile = await prepare(whole);
    await host.close();
    runs.start(profile);
    await ended();
    expect(events.at(-1)).toMatchObject({ step: 'failed', failure: { code: 'refused' } });
  });
});
