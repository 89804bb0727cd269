// collect over SSH, against OpenSSH's own server on loopback, where nobody can be asked.
import { execFileSync } from 'node:child_process';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Model } from '../../../shared/model/model.ts';
import { newCommandLine } from '../../helpers/command-line.ts';
import type { CommandLine, Ended } from '../../helpers/command-line.ts';
import { startSshd } from '../../helpers/sshd.ts';
import type { Sshd } from '../../helpers/sshd.ts';

let sshd: Sshd;
let cli: CommandLine;
const inFolder = (name: string): string => path.join(cli.folder, name);
const newKey = (name: string, passphrase = ''): void =>
  void execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', '', '-f', inFolder(name)]);

beforeAll(async () => {
  [sshd, cli] = await Promise.all([startSshd(), newCommandLine()]);
  newKey('key');
  newKey('locked', 'sesame');
  newKey('stranger');
  for (const name of ['key', 'locked']) await sshd.authorize(await readFile(inFolder(`${name}.pub`), 'utf8'));
});
afterAll(async () => {
  await sshd.close();
  await cli.clear();
});

const collect = (...options: readonly string[]): Promise<Ended> =>
  cli.run(['collect', `${sshd.user}@127.0.0.1`, '-p', String(sshd.port), '-o', 'x.nsatlas', ...options]);
const fingerprint = (): string => {
  const line = execFileSync('ssh-keygen', ['-lf', '-'], { input: `${sshd.hostKey}\n`, encoding: 'utf8' });
  return line.split(' ')[1] ?? '';
};

it('an unknown host is not asked anything', async () => {
  const { status, stderr } = await collect('-i', 'key', '--known-hosts', 'hosts');
  expect(status).toBe(1);
  expect(stderr).toContain('The host is not known yet, and there is no terminal to ask.');
  expect(stderr).toContain(fingerprint());
  expect(stderr).toContain('--accept-new-host-key');
  expect(await readdir(cli.folder)).not.toContain('hosts');
  expect(await sshd.log()).not.toContain('Accepted');
});
it('a new host is accepted when told, kept, and known from then on', async () => {
  const first = await collect('-i', 'key', '--known-hosts', 'hosts', '--accept-new-host-key');
  expect([0, 3]).toContain(first.status);
  const name = `[127.0.0.1]:${sshd.port}`;
  expect(first.stderr.split('\n')[0]).toBe(`${name} is new: ssh-ed25519 ${fingerprint()} is kept in hosts.`);
  expect(await readFile(inFolder('hosts'), 'utf8')).toBe(`${name} ${sshd.hostKey}\n`);
  const second = await collect('-i', 'key', '--known-hosts', 'hosts');
  expect(second.status).toBe(first.status);
  expect(second.stderr).not.toContain('is new');
  const shown = await cli.run(['show', 'x.nsatlas', '--format', 'json']);
  expect((JSON.parse(shown.stdout.toString()) as Model).host.user.name).toBe(sshd.user);
});
it("without --known-hosts it is kept in nsatlas's own file, and the user's is left alone", async () => {
  const made = await collect('-i', 'key', '--accept-new-host-key');
  expect([0, 3]).toContain(made.status);
  const own = path.join(cli.folder, 'home', 'config', 'nsatlas', 'known_hosts');
  expect(await readFile(own, 'utf8')).toBe(`[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`);
  await expect(stat(path.join(cli.folder, 'home', '.ssh'))).rejects.toThrow('ENOENT');
});
it('a host whose key has changed is refused, told to accept or not', async () => {
  const other = (await readFile(inFolder('stranger.pub'), 'utf8')).trim();
  await writeFile(inFolder('other-hosts'), `[127.0.0.1]:${sshd.port} ${other}\n`);
  const { status, stderr } = await collect('-i', 'key', '--known-hosts', 'other-hosts', '--accept-new-host-key');
  expect(status).toBe(1);
  expect(stderr).toContain('The host shows another key than before.');
  expect(await readFile(inFolder('other-hosts'), 'utf8')).toBe(`[127.0.0.1]:${sshd.port} ${other}\n`);
});
it('a key under a passphrase needs a terminal', async () => {
  const { status, stderr } = await collect('-i', 'locked', '--known-hosts', 'hosts');
  expect(status).toBe(1);
  expect(stderr).toBe(
    'nsatlas: could not unlock the private key locked: It has a passphrase, and there is no terminal to ask for it.\n' +
      '  Run it from a terminal, or let an agent hold the key (ssh-add) and leave out -i.\n',
  );
});
it('the agent is asked when no key is named', async () => {
  const agent = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' });
  const [, socket = ''] = /SSH_AUTH_SOCK=([^;]+)/.exec(agent) ?? [];
  const [, pid = ''] = /SSH_AGENT_PID=(\d+)/.exec(agent) ?? [];
  try {
    cli.env['SSH_AUTH_SOCK'] = socket;
    execFileSync('ssh-add', ['-q', inFolder('key')], { env: cli.env });
    const made = await collect('--known-hosts', 'hosts');
    expect([0, 3]).toContain(made.status);
  } finally {
    delete cli.env['SSH_AUTH_SOCK'];
    process.kill(Number(pid));
  }
});
it('a key that the host does not take is one failure', async () => {
  const { status, stderr } = await collect('-i', 'stranger', '--known-hosts', 'hosts');
  expect(status).toBe(1);
  expect(stderr.split('\n')).toHaveLength(3);
  expect(stderr).toContain('The host refused the key stranger; it takes publickey.');
});
