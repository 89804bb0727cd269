import { expect, test, vi } from 'vitest';
import type { Bridge, CollectEvent, Events, Profile } from '../../../../shared/ipc/contract.ts';
import { Collecting } from '../../../../renderer/state/collecting.svelte.ts';

const profile: Profile = {
  ...{ id: 'p1', name: 'web', host: 'web.example.org', port: 22, user: 'me' },
  ...{ authentication: 'agent', sudo: 'never' },
};
const snapshot = {
  ...{ id: 's1', profileId: 'p1', hostLabel: 'web', collectedAt: '2026-03-01T00:00:00Z' },
  ...{ user: 'me', bytes: 1, complete: true },
};

/** The other side of the bridge, as the contract describes it: one run called r1. */
function otherSide() {
  const heard: unknown[][] = [];
  const listeners = new Map<string, ((payload: never) => void)[]>();
  const bridge = {
    call: (name: string, ...args: unknown[]) => {
      heard.push([name, ...args]);
      return Promise.resolve(name === 'collect:start' ? { ok: true, value: { runId: 'r1' } } : null);
    },
    on: (name: string, listener: (payload: never) => void) => {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
      return () =>
        listeners.set(
          name,
          (listeners.get(name) ?? []).filter((one) => one !== listener),
        );
    },
  } as Bridge;
  const emit = <K extends keyof Events>(name: K, payload: Events[K]): void => {
    for (const listener of listeners.get(name) ?? []) listener(payload as never);
  };
  const tell = (event: CollectEvent, runId = 'r1'): void => emit('collect:event', { runId, event });
  return { bridge, heard, emit, tell, listening: () => [...listeners.values()].flat().length };
}

const section = (name: string, frames: number): CollectEvent => ({
  ...{ step: 'section', section: name, frames },
  ...{ bytes: frames * 10, milliseconds: 5 },
});

test('goes from step to step, counts sections in the order in which they began, and hands over what was saved', async () => {
  const side = otherSide();
  const saved = vi.fn();
  const run = new Collecting(side.bridge, profile, saved);
  expect(run.step).toBe('ready');
  await run.start();
  side.tell({ step: 'connecting', host: 'web' });
  side.tell({ step: 'authenticating', user: 'me' });
  expect(run.step).toBe('authenticating');
  side.tell({ step: 'started' });
  for (const event of [section('host', 1), section('ip', 1), section('host', 2)]) side.tell(event);
  expect(run.sections.map((one) => [one.section, one.frames])).toEqual([
    ['host', 2],
    ['ip', 1],
  ]);
  side.tell({ step: 'saved', snapshot });
  expect(run.step).toBe('saved');
  expect(saved).toHaveBeenCalledWith(snapshot, undefined);
  expect(side.listening()).toBe(0);
});

test('what another run says is not heard', async () => {
  const side = otherSide();
  const run = new Collecting(side.bridge, profile, () => undefined);
  await run.start();
  side.tell(section('host', 1), 'r0');
  expect(run.sections).toEqual([]);
});

test('events that overtake the name of their run are not lost', async () => {
  const side = otherSide();
  const run = new Collecting(side.bridge, profile, () => undefined);
  const started = run.start();
  side.tell(section('host', 1));
  await started;
  expect(run.sections).toHaveLength(1);
});

test('cancel is at once, here and there', async () => {
  const side = otherSide();
  const run = new Collecting(side.bridge, profile, () => undefined);
  await run.start();
  await run.cancel();
  expect(run.step).toBe('cancelled');
  expect(side.heard).toContainEqual(['collect:cancel', 'r1']);
  side.tell(section('host', 1));
  expect(run.sections).toEqual([]);
});

test('a run that is cancelled before it has a name is ended when it has one', async () => {
  const side = otherSide();
  const run = new Collecting(side.bridge, profile, () => undefined);
  const started = run.start();
  await run.cancel();
  await started;
  expect(side.heard).toContainEqual(['collect:cancel', 'r1']);
});

test('a question is shown until it is answered; a failure ends the run and can be tried again', async () => {
  const side = otherSide();
  const run = new Collecting(side.bridge, profile, () => undefined);
  await run.start();
  side.emit('collect:prompt', {
    ...{ runId: 'r1', promptId: 'q1' },
    prompt: { kind: 'passphrase', keyFile: '~/.ssh/id', again: false },
  });
  expect(run.prompt?.id).toBe('q1');
  await run.answer({ accept: true, secret: 'x' });
  expect(run.prompt).toBeUndefined();
  expect(side.heard).toContainEqual(['collect:answer', 'q1', { accept: true, secret: 'x' }]);
  const failure = { code: 'x', attempted: 'a', reason: 'b', advice: 'c' };
  side.tell({ step: 'failed', failure });
  expect([run.step, run.failure]).toEqual(['failed', failure]);
  await run.start();
  expect([run.step, run.failure, run.busy]).toEqual(['connecting', undefined, true]);
});
