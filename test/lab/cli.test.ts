// The command line against a real host: every way in, every right, the questions it asks on a terminal, and its end.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Model } from '../../shared/model/model.ts';
import { newCommandLine } from '../helpers/command-line.ts';
import type { CommandLine, Ended } from '../helpers/command-line.ts';
import { onTerminalOf } from '../helpers/on-terminal.ts';
import { schemaErrors } from '../helpers/validate-model.ts';
import type { LabHost } from './reference-host.ts';
import { startReferenceHost } from './reference-host.ts';
import { runOrThrow } from './run-command.ts';

let host: LabHost;
let cli: CommandLine;
beforeAll(async () => {
  host = await startReferenceHost({ sudo: 'password', passwordLogin: true });
  cli = await newCommandLine();
});
afterAll(async () => {
  await host.stop();
  await cli.clear();
});

const inFolder = (name: string): string => path.join(cli.folder, name);
const from = (user: string, ...options: readonly string[]): readonly string[] => [
  'collect',
  `${user}@${host.address}`,
  '--known-hosts',
  host.knownHostsFile,
  ...options,
];
const onTerminal = (
  args: readonly string[],
  answers: readonly (readonly [awaited: string, typed: string])[],
): ReturnType<typeof onTerminalOf> => onTerminalOf(cli, args, answers);
const byKey = (user: string, output: string): Promise<Ended> => cli.run(from(user, '-i', host.keyFile, '-o', output));

async function model(file: string): Promise<Model> {
  const { status, stdout } = await cli.run(['show', file, '--format', 'json']);
  expect(status).toBe(0);
  const shown = JSON.parse(stdout.toString()) as Model;
  expect(schemaErrors(shown)).toEqual([]);
  return shown;
}

/** Everything that runs on the host but its own sshd's connection to us, as `PID args`. */
async function processes(): Promise<readonly string[]> {
  const { stdout } = await host.execAsRoot('ps -eo pid=,args=');
  return stdout.split('\n').filter((line) => !/sshd|ps -eo|nsenter|sh -c/.test(line));
}

describe('over SSH with a key', () => {
  test('as ec2-user: what this user may see, and status 3', async () => {
    const { status, stdout, stderr } = await byKey('ec2-user', 'user.nsatlas');
    expect(status).toBe(3);
    expect(stdout).toHaveLength(0);
    expect(stderr).toMatch(/^Seen: 4 of 5 network namespaces, \d+ of \d+ processes’ namespaces\. With sudo: \d+ more/m);
    const { containers, forwards, host: seen } = await model('user.nsatlas');
    expect(seen.hostname).toBe(host.name);
    expect(containers.map(({ name }) => name).sort()).toEqual(host.containers.map(({ name }) => name).sort());
    expect(forwards.map(({ listen }) => listen.port)).toEqual([8080]);
  });
  test('as root: everything, and status 0', async () => {
    const { status, stderr } = await byKey('root', 'root.nsatlas');
    expect(stderr).toContain('Nothing is closed to root');
    expect(status).toBe(0);
  });
  test('as bob: a stranger sees little, and is told so', async () => {
    expect((await byKey('bob', 'bob.nsatlas')).status).toBe(3);
    const { stdout } = await cli.run(['show', 'bob.nsatlas']);
    expect(stdout.toString()).toMatch(/^Seen: 1 of at most \d+ network namespaces, .*\. With sudo: /m);
  });
  test('the picture of it', async () => {
    await byKey('ec2-user', 'picture.nsatlas');
    expect((await cli.run(['export', 'picture.nsatlas', '-o', 'host.svg'])).status).toBe(0);
    const svg = await readFile(inFolder('host.svg'), 'utf8');
    for (const text of ['slirp4netns', 'nerdctl0', 'tap0', 'eth0', host.name]) expect(svg).toContain(`>${text}<`);
  });
});

describe('on a terminal', () => {
  test('asks for the password, and for that of sudo, and shows neither', async () => {
    const { status, shown } = await onTerminal(from('ec2-user', '--sudo', 'ask', '-o', 'sudo.nsatlas'), [
      ['Password of ec2-user', 'wrong\r'],
      ['That was wrong. Password of ec2-user', 'ec2-user\r'],
      ['Password for sudo', 'ec2-user\r'],
    ]);
    expect(shown).not.toMatch(/: (wrong|ec2-user)[\r\n]/);
    expect(shown).toContain('Nothing is closed to root');
    expect(status).toBe(0);
    expect((await model('sudo.nsatlas')).host.privileges).toContain('root');
  });
  test('asks for the passphrase of a key', async () => {
    const key = inFolder('locked');
    await runOrThrow('cp', [host.keyFile, key]);
    await runOrThrow('ssh-keygen', ['-q', '-p', '-N', 'sesame', '-f', key]);
    const { status, shown } = await onTerminal(from('root', '-i', 'locked', '-o', 'locked.nsatlas'), [
      ['Passphrase of locked', 'open\r'],
      ['That was wrong. Passphrase of locked', 'sesame\r'],
    ]);
    expect(shown).not.toContain('sesame');
    expect(status).toBe(0);
  });
  test('shows the fingerprint of an unknown host, and goes on only with a yes', async () => {
    const args = ['collect', `root@${host.address}`, '-i', host.keyFile, '--known-hosts', 'seen', '-o', 'seen.nsatlas'];
    const no = await onTerminal(args, [['[yes/no]', 'no\r']]);
    expect(no.shown).toMatch(/Its key is ssh-ed25519 SHA256:[\w+/]{43}\./);
    expect(no.status).toBe(1);
    await expect(stat(inFolder('seen'))).rejects.toThrow('ENOENT');
    const yes = await onTerminal(args, [
      ['[yes/no]', 'y\r'],
      ['yes or no?', 'yes\r'],
    ]);
    expect(yes.status).toBe(0);
    expect(await readFile(host.knownHostsFile, 'utf8')).toContain((await readFile(inFolder('seen'), 'utf8')).trim());
  });
  test('shows how far it is in one line', async () => {
    const { shown } = await onTerminal(from('root', '-i', host.keyFile, '-o', 'line.nsatlas'), []);
    expect(shown).toContain('\r\u001b[KStarting the script …');
    expect(shown.split('\n').filter((line) => line.includes('answered')).length).toBeLessThanOrEqual(1);
  });
});

describe('Ctrl+C', () => {
  test('ends the run at once, keeps nothing, and leaves no process on the host', async () => {
    // A host that takes its time: the first `ip` of the search path waits.
    const slow = '#!/bin/sh\\nsleep 60\\n';
    await host.execAsRoot(`printf '${slow}' >/usr/local/sbin/ip && chmod 755 /usr/local/sbin/ip`);
    const before = await processes();
    const begin = performance.now();
    const { status, shown } = await onTerminal(from('ec2-user', '-i', host.keyFile, '-o', 'none.nsatlas'), [
      ['answered', '\u0003'],
    ]);
    const took = performance.now() - begin;
    await host.execAsRoot('rm /usr/local/sbin/ip');
    expect(shown).toContain('nsatlas: stopped');
    expect(status).toBe(130);
    expect(took).toBeLessThan(10_000);
    await expect(stat(inFolder('none.nsatlas'))).rejects.toThrow('ENOENT');
    await expect.poll(processes, { timeout: 5000 }).toEqual(before);
  });
});

test('failures name the host and say what to do', async () => {
  const key = ['-i', host.keyFile, '-o', 'x'];
  const stranger = await cli.run(from('nobody', ...key));
  expect(stranger.status).toBe(1);
  expect(stranger.stderr).toMatch(/^nsatlas: could not log in as nobody@[\d.]+ port 22: .*\n {2}Check the user name/);
  const closed = await cli.run(from('root', ...key, '-p', '23'));
  expect(closed.status).toBe(1);
  expect(closed.stderr).toContain('nothing listens on port 23.\n  Check the port, and that sshd runs there.\n');
});
