import { describe, expect, test } from 'vitest';
import type { Bridge, CaptureEvent, CaptureWish, Events, Profile } from '../../../../shared/ipc/contract.ts';
import { Captures } from '../../../../renderer/state/captures.svelte.ts';
import type { Capturing } from '../../../../renderer/state/capturing.svelte.ts';

const profile: Profile = {
  ...{ id: 'p1', name: 'web', host: 'web.example.org', port: 22, user: 'me' },
  ...{ authentication: 'agent', sudo: 'never' },
};
const wish: CaptureWish = {
  target: { netns: { name: 'nginx', inode: 7, marks: [], ways: [] } },
  filter: '',
  includeOwn: false,
  sudo: 'never',
};
const failure = { code: 'filter-refused', attempted: 'capture', reason: 'No filter.', advice: 'Another.' };

/** The other side of the bridge; `answer`: to `capture:start`. */
function otherSide(answer: unknown = { ok: true, value: { captureId: 'c1' } }) {
  const heard: unknown[][] = [];
  const listeners = new Map<string, ((payload: never) => void)[]>();
  const bridge = {
    call: (name: string, ...args: unknown[]) => {
      heard.push([name, ...args]);
      return Promise.resolve(name === 'capture:start' ? answer : null);
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
  const tell = (event: CaptureEvent, captureId = 'c1'): void => emit('capture:event', { captureId, event });
  return { bridge, heard, emit, tell, listening: () => [...listeners.values()].flat().length };
}

function only(captures: Captures): Capturing {
  const [one, more] = captures.list;
  if (!one || more) throw new Error(`${captures.list.length} captures`);
  return one;
}

test('from the dialog to a file: steps, counts, what it is called, and nobody listens any more', async () => {
  const side = otherSide();
  const captures = new Captures(side.bridge);
  const started = captures.start(profile, wish);
  expect(captures.list).toEqual([]);
  side.tell({ step: 'connecting' }); // may overtake the answer that names it
  expect(await started).toBe(true);
  expect(only(captures).step).toBe('connecting');
  side.tell({ step: 'starting' });
  side.tell({ step: 'listening' });
  side.tell({ step: 'counted', packets: 3, bytes: 400 });
  side.tell({ step: 'counted', packets: 99, bytes: 9999 }, 'another');
  expect(only(captures)).toMatchObject({ step: 'listening', busy: true, count: { packets: 3, bytes: 400 } });
  const saved = { step: 'saved', file: 'a.pcap', ended: 'limit', packets: 4, bytes: 500, droppedByKernel: 0 } as const;
  side.tell(saved);
  expect(only(captures)).toMatchObject({ step: 'saved', busy: false, saved, count: { packets: 4, bytes: 500 } });
  expect(side.listening()).toBe(0);
  await only(captures).showFile();
  expect(side.heard.at(-1)).toEqual(['capture:show-file', 'c1']);
  captures.dismiss(only(captures));
  expect(captures.list).toEqual([]);
});

test('a dialog that is dismissed leaves nothing', async () => {
  const side = otherSide(null);
  const captures = new Captures(side.bridge);
  expect(await captures.start(profile, wish)).toBe(false);
  expect(captures.list).toEqual([]);
  expect(side.listening()).toBe(0);
});

describe('it is stopped', () => {
  test('and says so until it has ended; how it begins is of no interest any more', async () => {
    const side = otherSide();
    const captures = new Captures(side.bridge);
    await captures.start(profile, wish);
    const one = only(captures);
    await one.stop();
    expect(side.heard.at(-1)).toEqual(['capture:stop', 'c1']);
    side.tell({ step: 'listening' });
    expect(one).toMatchObject({ step: 'stopping', busy: true });
    side.tell({ step: 'saved', file: 'a.pcap', ended: 'stopped', packets: 0, bytes: 24 });
    expect(one.step).toBe('saved');
  });
  test('before it began, it is gone', async () => {
    const side = otherSide();
    const captures = new Captures(side.bridge);
    await captures.start(profile, wish);
    await only(captures).stop();
    side.tell({ step: 'cancelled' });
    expect(captures.list).toEqual([]);
  });
});

test('a failure stays until it is put away; what broke off has both', async () => {
  const side = otherSide();
  const captures = new Captures(side.bridge);
  await captures.start(profile, wish);
  side.tell({ step: 'failed', failure });
  expect(only(captures)).toMatchObject({ step: 'failed', failure, saved: undefined });
  captures.dismiss(only(captures));
  await captures.start(profile, wish);
  side.tell({ step: 'saved', file: 'a.pcap', ended: 'failed', packets: 1, bytes: 90, failure });
  expect(only(captures)).toMatchObject({ step: 'saved', failure, saved: { file: 'a.pcap' } });

  const refusing = new Captures(otherSide({ ok: false, failure }).bridge);
  expect(await refusing.start(profile, wish)).toBe(true);
  expect(only(refusing)).toMatchObject({ step: 'failed', failure });
});

test('what it is asked on the way is answered once', async () => {
  const side = otherSide();
  const captures = new Captures(side.bridge);
  await captures.start(profile, wish);
  const prompt = { kind: 'sudo-password', user: 'me', host: 'web', again: false } as const;
  side.emit('collect:prompt', { runId: 'a run', promptId: 'q0', prompt });
  expect(captures.asking).toBeUndefined();
  side.emit('collect:prompt', { runId: 'c1', promptId: 'q1', prompt });
  expect(captures.asking?.prompt).toEqual({ id: 'q1', prompt });
  await captures.asking?.answer({ accept: true, secret: 's' });
  expect(side.heard.at(-1)).toEqual(['collect:answer', 'q1', { accept: true, secret: 's' }]);
  expect(captures.asking).toBeUndefined();
});
