// Captures as the app runs them: events in their order, the file, questions, the end of everything.
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Captures } from '../../../electron/main/captures.ts';
import { Prompts } from '../../../electron/main/prompts.ts';
import { SshFailure } from '../../../electron/ssh/failure.ts';
import { LocalShell } from '../../../electron/ssh/local-shell.ts';
import type { CaptureEvent, CaptureWish, Profile } from '../../../shared/ipc/contract.ts';
import { packetsOf, pcapFile } from '../../helpers/pcap.ts';

const profile: Profile = {
  ...{ id: 'p1', name: 'web', host: 'web.example.org', port: 22, user: 'me' },
  ...{ authentication: 'agent', sudo: 'never' },
};
const wish: CaptureWish = {
  target: { netns: { name: 'host', inode: 1, marks: [], ways: [] } },
  filter: '',
  includeOwn: true,
  sudo: 'never',
};
const octal = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
const one = octal(pcapFile([Buffer.from('first')]));
const begins = `read -r line; eval "$line"; echo "$token as root" >&2; echo "$token"`;
const untilTheEnd = 'while read -r _; do :; done';

let folder: string;
let events: CaptureEvent[];
let asked: string[];
let captures: Captures;
const file = (): string => path.join(folder, 'a.pcap');
const last = (): CaptureEvent | undefined => events.at(-1);
const ended = (): Promise<void> => expect.poll(() => last()?.step, { timeout: 9000 }).toMatch(/saved|failed|cancelled/);

/** On a host whose shell runs this instead; a person there refuses everything. */
function on(instead: string | ((command: string) => string)): void {
  const prompts = new Prompts(({ promptId, prompt }) => {
    asked.push(prompt.kind);
    prompts.answer(promptId, { accept: false });
  });
  const local = new LocalShell();
  captures = new Captures({
    connect: async () => ({
      run: (command, signal) => local.run(typeof instead === 'string' ? instead : instead(command), signal),
      close: () => local.close(),
    }),
    prompts,
    send: ({ event }) => events.push(event),
  });
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nsatlas-captures-'));
  [events, asked] = [[], []];
});
afterEach(async () => {
  await captures.stopAll();
  await rm(folder, { recursive: true, force: true });
});

describe.runIf(process.platform === 'linux')('a capture', () => {
  it('tells its steps in order, writes while it lasts, and is stopped with what it has', async () => {
    on(`${begins}; printf '${one}'; ${untilTheEnd}; echo '0 packets dropped by kernel' >&2`);
    const id = captures.start(profile, wish, file());
    expect(events).toEqual([]);
    await expect.poll(() => last()?.step).toBe('counted');
    expect(packetsOf(await readFile(file()))).toEqual([Buffer.from('first')]);
    captures.stop(id);
    await ended();
    expect(events.map(({ step }) => step)).toEqual(['connecting', 'starting', 'listening', 'counted', 'saved']);
    expect(last()).toEqual({
      ...{ step: 'saved', file: 'a.pcap', ended: 'stopped' },
      ...{ packets: 1, bytes: 45, droppedByKernel: 0 },
    });
    expect(captures.fileOf(id)).toBe(file());
    expect(captures.fileOf('another')).toBeUndefined();
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('counts no more often than anybody reads, and tells the last', async () => {
    on(
      `${begins}; printf '${one}'; for _ in 1 2 3 4 5 6 7 8 9; do printf '${octal(pcapFile([Buffer.from('x')]).subarray(24))}'; sleep 0.01; done; ${untilTheEnd}`,
    );
    captures.start(profile, wish, file());
    await expect.poll(() => last()).toMatchObject({ step: 'counted', packets: 10 });
    expect(events.filter(({ step }) => step === 'counted').length).toBeLessThan(8);
  });

  it('that cannot begin fails in the usual words, and makes no file', async () => {
    on('read -r line; eval "$line"; echo "$token as me" >&2; echo "$token no-tcpdump" >&2; exit 1');
    captures.start(profile, wish, file());
    await ended();
    expect(last()).toMatchObject({ step: 'failed', failure: { code: 'no-tcpdump', attempted: expect.any(String) } });
    expect(await readdir(folder)).toEqual([]);
  });

  it('that breaks off says both what there is and why', async () => {
    on(`${begins}; printf '${one}'; echo 'tcpdump: eth0: gone' >&2; exit 1`);
    captures.start(profile, wish, file());
    await ended();
    expect(last()).toMatchObject({ step: 'saved', ended: 'failed', packets: 1, failure: { code: 'tcpdump-failed' } });
  });

  it('into a folder that is not there ends, on the host too', async () => {
    on(`${begins}; printf '${one}'; ${untilTheEnd}`);
    captures.start(profile, wish, path.join(folder, 'none', 'a.pcap'));
    await ended();
    expect(last()).toMatchObject({ step: 'saved', failure: { code: 'file-unwritable' } });
  });

  it('asks for the password of sudo; who gives none has cancelled', async () => {
    on((command) => `echo ${/-p '(\S+)'/.exec(command)?.[1]} >&2; ${untilTheEnd}`);
    captures.start(profile, { ...wish, sudo: 'ask' }, file());
    await ended();
    expect(asked).toEqual(['sudo-password']);
    expect(last()).toEqual({ step: 'cancelled' });
  });

  it('on a host that cannot be reached fails as connecting does', async () => {
    const words = { code: 'refused', attempted: 'connect', reason: 'Nothing listens.', advice: 'Check.' } as const;
    captures = new Captures({
      connect: () => Promise.reject(new SshFailure(words)),
      prompts: new Prompts(() => undefined),
      send: ({ event }) => events.push(event),
    });
    captures.start(profile, wish, file());
    await ended();
    expect(events).toEqual([{ step: 'connecting' }, { step: 'failed', failure: words }]);
  });

  it('all are stopped when the app ends', async () => {
    on(`${begins}; printf '${one}'; ${untilTheEnd}`);
    captures.start(profile, wish, file());
    captures.start(profile, wish, path.join(folder, 'b.pcap'));
    await expect.poll(() => events.filter(({ step }) => step === 'counted')).toHaveLength(2);
    await captures.stopAll();
    expect(events.filter(({ step }) => step === 'saved')).toHaveLength(2);
  });
});
