// collect() over this machine's own shell, and over shells that are made to behave badly.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../../electron/collect/collect.ts';
import { LocalShell } from '../../../electron/ssh/local-shell.ts';
import type { RemoteShell } from '../../../electron/ssh/remote-shell.ts';
import { readTranscript } from '../../../shared/collect/read-transcript.ts';
import type { SectionProgress } from '../../../shared/collect/frame-counter.ts';
import { leftAfter } from '../../helpers/script-run.ts';

const shell = new LocalShell();
const never = { sudo: 'never', signal: new AbortController().signal } as const;
/** Starts another command than asked for. */
const instead = (change: (command: string) => string): RemoteShell => ({
  run: (command, signal) => shell.run(change(command), signal),
  close: () => shell.close(),
});

describe.runIf(process.platform === 'linux')('collect', () => {
  it('brings a whole transcript and tells of its progress', async () => {
    const told = new Map<string, SectionProgress>();
    let started = 0;
    const collected = await collect(shell, {
      ...never,
      onStarted: () => (started += 1),
      onProgress: (progress) => told.set(progress.section, progress),
    });
    expect(collected).toMatchObject({ complete: true });
    expect(collected.reason).toBeUndefined();
    const { frames, complete } = readTranscript(collected.transcript);
    expect(complete).toBe(true);
    expect(started).toBe(1);
    for (const [section, { frames: count }] of told)
      expect(count).toBe(frames.filter((frame) => frame.section === section).length);
    expect([...told.keys()].sort()).toEqual([...new Set(frames.map(({ section }) => section))].sort());
  });

  it('gives each run a token of its own', async () => {
    const quick = instead(() => 'head -n 1 | sed "s/token=/nsatlas-transcript 1 /"; cat >/dev/null');
    const first = await collect(quick, never);
    const second = await collect(quick, never);
    expect(Buffer.from(first.transcript).toString()).toMatch(/^nsatlas-transcript 1 [0-9a-f]{32}\n$/);
    expect(first.transcript).not.toEqual(second.transcript);
    expect(first).toMatchObject({ complete: false, reason: 'The script ended before it was through.' });
  });

  it('is cancelled at once, and leaves nothing behind', async () => {
    const mark = `NSATLAS_TEST_MARK=cancel-${process.pid}`;
    const stop = new AbortController();
    const slow = instead((command) => `${mark}; export NSATLAS_TEST_MARK; { cat; echo 'sleep 60'; } | ${command}`);
    const run = collect(slow, { ...never, signal: stop.signal, onStarted: () => stop.abort() });
    await expect(run).rejects.toMatchObject({ name: 'CollectFailure', code: 'cancelled' });
    expect(await leftAfter(mark, 2000)).toEqual([]);
    await expect(collect(shell, { ...never, signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('keeps what came before the host took too long', async () => {
    const silent = instead(() => `head -n 1 | sed 's/token=/nsatlas-transcript 1 /'; sleep 60`);
    const collected = await collect(silent, { ...never, limits: { runSeconds: 0.2, questionSeconds: 0.2 } });
    expect(collected).toMatchObject({ complete: false, reason: 'The host took too long.' });
    expect(readTranscript(collected.transcript).version).toBe(1);
  });

  it('does not take in more than a snapshot may hold', async () => {
    const endless = instead(() => `head -n 1 | sed 's/token=/nsatlas-transcript 1 /'; yes`);
    const collected = await collect(endless, { ...never, limits: { transcriptBytes: 100_000 } });
    expect(collected).toMatchObject({ complete: false, reason: 'The host said more than a snapshot may hold.' });
  });

  it('says what the host said instead of a transcript', async () => {
    const closed = instead(() => `echo 'This account is currently not available.'; exit 1`);
    await expect(collect(closed, never)).rejects.toMatchObject({
      code: 'no-transcript',
      reason: "The host's shell ended (status 1) without running it: This account is currently not available.",
    });
    const missing = instead(() => 'no-such-shell -s');
    await expect(collect(missing, never)).rejects.toMatchObject({
      code: 'no-transcript',
      reason: expect.stringContaining('no-such-shell'),
    });
  });

  it('keeps what came before the connection broke', async () => {
    const breaking: RemoteShell = {
      run: async (command, signal) => {
        const running = await shell.run(`${command} | head -c 3000`, signal);
        return {
          ...running,
          finished: running.finished.then(() => Promise.reject(new Error('The connection broke.'))),
        };
      },
      close: () => shell.close(),
    };
    const collected = await collect(breaking, never);
    expect(collected).toMatchObject({ complete: false, reason: 'The connection broke.' });
    expect(readTranscript(collected.transcript).frames.length).toBeGreaterThan(1);
    const dead: RemoteShell = {
      ...breaking,
      run: async (_, signal) => {
        const running = await shell.run('true', signal);
        return {
          ...running,
          finished: running.finished.then(() => Promise.reject(new Error('The connection broke.'))),
        };
      },
    };
    await expect(collect(dead, never)).rejects.toThrow('The connection broke.');
  });
});

describe.runIf(process.platform === 'linux')('sudo', () => {
  let folder = '';
  const given: { password: string | undefined; again: boolean }[] = [];
  const answers: (string | undefined)[] = [];
  const sudoPassword = async ({ again }: { readonly again: boolean }) => {
    const password = answers.shift();
    given.push({ password, again });
    await sleep(50);
    return password;
  };
  /** As sudo -S: writes the prompt without a newline, reads one line, up to three times. */
  const sudo = `#!/bin/sh
while [ "$1" != sh ]; do
  case $1 in -p) prompt=$2; shift;; -n) quiet=yes;; esac
  shift
done
[ -n "$REFUSE" ] && { echo "user is not in the sudoers file." >&2; exit 1; }
[ -n "$NOPASSWD" ] && { SUDO_UID=1000 exec "$@"; }
[ -n "$quiet" ] && { echo 'sudo: a password is required' >&2; exit 1; }
for try in 1 2 3; do
  printf '%s' "$prompt" >&2
  IFS= read -r password
  [ "$password" = 'open sesame' ] && { SUDO_UID=1000 exec "$@"; }
  echo 'Sorry, try again.' >&2
done
echo 'sudo: 3 incorrect password attempts' >&2
exit 1
`;
  const withSudo = (variables = '') =>
    instead((command) => `${variables} PATH=${folder}:$PATH; export PATH; ${command}`);
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nsatlas-sudo-'));
    await writeFile(path.join(folder, 'sudo'), sudo);
    await chmod(path.join(folder, 'sudo'), 0o755);
  });
  afterAll(() => rm(folder, { recursive: true }));
  const root = process.getuid?.() === 0 ? 'root' : 'user';
  const privileges = (transcript: Uint8Array) =>
    new Set(readTranscript(transcript).frames.map((frame) => frame.privilege));

  it('is asked for the password, again when it was wrong', async () => {
    answers.splice(0, answers.length, 'wrong', 'open sesame');
    given.length = 0;
    const collected = await collect(withSudo(), { ...never, sudo: 'ask', sudoPassword });
    expect(collected.complete).toBe(true);
    expect(given).toEqual([
      { password: 'wrong', again: false },
      { password: 'open sesame', again: true },
    ]);
    expect(Buffer.from(collected.transcript).includes('open sesame')).toBe(false);
    expect(privileges(collected.transcript)).toEqual(new Set([root]));
  });

  it('fails when the password stays wrong, when the person stops, when sudo refuses', async () => {
    answers.splice(0, answers.length, 'a', 'b', 'c', 'd');
    await expect(collect(withSudo(), { ...never, sudo: 'ask', sudoPassword })).rejects.toMatchObject({
      code: 'sudo-password-wrong',
      reason: 'sudo did not accept the password (sudo: 3 incorrect password attempts).',
    });
    expect(answers).toEqual(['d']);
    answers.splice(0, answers.length, undefined);
    await expect(collect(withSudo(), { ...never, sudo: 'ask', sudoPassword })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const refused = withSudo('REFUSE=1; export REFUSE;');
    await expect(collect(refused, { ...never, sudo: 'ask', sudoPassword })).rejects.toMatchObject({
      code: 'sudo-refused',
      reason: 'sudo did not start (user is not in the sudoers file).',
    });
  });

  it('asks nothing where sudo needs no password', async () => {
    given.length = 0;
    const open = withSudo('NOPASSWD=1; export NOPASSWD;');
    for (const mode of ['ask', 'try'] as const) {
      const { transcript } = await collect(open, { ...never, sudo: mode, sudoPassword });
      expect(privileges(transcript)).toEqual(new Set([root]));
    }
    expect(given).toEqual([]);
  });

  it('is only tried: without it the login user is asked', async () => {
    const { complete, transcript } = await collect(withSudo(), { ...never, sudo: 'try' });
    expect(complete).toBe(true);
    expect(privileges(transcript)).toContain('user');
    expect(privileges(transcript)).not.toContain('root');
  });
});
