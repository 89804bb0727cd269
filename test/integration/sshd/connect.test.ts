import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../electron/ssh/connect.ts';
import type { RemoteShell } from '../../../electron/ssh/remote-shell.ts';
import type { SshAuthentication, SshTarget } from '../../../electron/ssh/target.ts';
import { newDesk, outputOf } from '../../helpers/ssh-target.ts';
import type { Desk } from '../../helpers/ssh-target.ts';
import { startSshd } from '../../helpers/sshd.ts';
import type { Sshd } from '../../helpers/sshd.ts';

let sshd: Sshd;
let desk: Desk;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());
beforeEach(async () => {
  desk = await newDesk();
});
afterEach(() => desk.clear());

const never = (): AbortSignal => new AbortController().signal;
const target = (...authentication: readonly SshAuthentication[]): SshTarget => ({
  host: '127.0.0.1',
  port: sshd.port,
  user: sshd.user,
  authentication,
});

async function newKeyFile(type: string, passphrase = ''): Promise<string> {
  const file = path.join(desk.folder, `id_${type}`);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file]);
  await sshd.authorize(await readFile(`${file}.pub`, 'utf8'));
  return file;
}

async function idOver(shell: RemoteShell): Promise<string> {
  const command = await shell.run('id -un; echo warned >&2; exit 7', never());
  command.stdin.end();
  const { stdout, stderr } = await outputOf(command);
  expect(await command.finished).toEqual({ status: 7 });
  expect(stderr).toBe('warned\n');
  await shell.close();
  return stdout.trim();
}

describe('with a key', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'])('%s', async (type) => {
    const shell = await connect(target({ kind: 'key', keyFile: await newKeyFile(type) }), desk.options());
    expect(await idOver(shell)).toBe(sshd.user);
    expect(`[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`).toBe(await readFile(desk.knownHosts, 'utf8'));
  });
  it('under a passphrase, asked for again', async () => {
    const keyFile = await newKeyFile('ed25519', 'right');
    const shell = await connect(target({ kind: 'key', keyFile }), desk.options({ passphrases: ['wrong', 'right'] }));
    expect(await idOver(shell)).toBe(sshd.user);
    expect(desk.asked.passphrases).toEqual([false, true]);
  });
  it('that is not among the authorized ones', async () => {
    const file = path.join(desk.folder, 'stranger');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
    await expect(connect(target({ kind: 'key', keyFile: file }), desk.options())).rejects.toMatchObject({
      code: 'authentication-failed',
    });
  });
  it('while a password is all we would give', async () => {
    await expect(connect(target({ kind: 'password' }), desk.options({ passwords: ['x'] }))).rejects.toMatchObject({
      code: 'authentication-failed',
      reason: 'The host does not take password; it takes publickey.',
    });
    expect(desk.asked.passwords).toEqual([]);
  });
});

describe('with an ssh-agent', () => {
  let agent: ChildProcess;
  let socket: string;
  beforeEach(async () => {
    socket = path.join(desk.folder, 'agent');
    agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    await expect.poll(() => existsSync(socket)).toBe(true);
  });
  afterEach(async () => {
    agent.kill();
    await once(agent, 'exit');
  });
  const add = (file: string): Buffer =>
    execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' });

  it('that holds the key as its second one', async () => {
    const stranger = path.join(desk.folder, 'stranger');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger]);
    add(stranger);
    add(await newKeyFile('rsa'));
    const shell = await connect(target({ kind: 'agent', socket }), desk.options());
    expect(await idOver(shell)).toBe(sshd.user);
  });
  it('that is empty', async () => {
    await expect(connect(target({ kind: 'agent', socket }), desk.options())).rejects.toMatchObject({
      code: 'agent-empty',
    });
  });
  it('that is not there', async () => {
    const nowhere = path.join(desk.folder, 'nowhere');
    await expect(connect(target({ kind: 'agent', socket: nowhere }), desk.options())).rejects.toMatchObject({
      code: 'agent-unavailable',
    });
  });
});

describe('whom we talk to', () => {
  it('is known from a hashed file that ssh-keygen wrote', async () => {
    await writeFile(desk.usersKnownHosts, `[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', desk.usersKnownHosts], { stdio: 'pipe' });
    expect(await readFile(desk.usersKnownHosts, 'utf8')).toMatch(/^\|1\|/);
    const keyFile = await newKeyFile('ed25519');
    await (await connect(target({ kind: 'key', keyFile }), desk.options({ hostKey: false }))).close();
    expect(desk.asked.hostKeys).toEqual([]);
  });
  it('has changed: refused before anything is offered, and the advice given mends it', async () => {
    const other = path.join(desk.folder, 'other');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', other]);
    const old = (await readFile(`${other}.pub`, 'utf8')).trim();
    await writeFile(desk.usersKnownHosts, `[127.0.0.1]:${sshd.port} ${old}\n`);
    const key = { kind: 'key', keyFile: await newKeyFile('ed25519') } as const;
    const failure = await connect(target(key), desk.options()).catch((error: unknown) => error as { advice: string });
    expect(failure).toMatchObject({ code: 'host-key-changed' });
    const command = /ssh-keygen -R .*$/.exec((failure as { advice: string }).advice)?.[0] ?? '';
    execFileSync('sh', ['-c', command], { stdio: 'pipe' });
    await (await connect(target(key), desk.options())).close();
    expect(desk.asked.hostKeys).toHaveLength(1);
  });
});

describe('while a command runs', () => {
  // Signals reach it only where sshd runs with privilege separation (not for root's own logins): what writes finds out.
  it('cancel leaves no process behind', async () => {
    const keyFile = await newKeyFile('ed25519');
    const shell = await connect(target({ kind: 'key', keyFile }), desk.options());
    const stop = new AbortController();
    const command = await shell.run('while :; do echo $$; sleep 0.1; done', stop.signal);
    let pid = '';
    for await (const chunk of command.stdout) {
      pid = Buffer.from(chunk).toString();
      stop.abort();
    }
    expect(await command.finished).toEqual({ status: undefined });
    await expect.poll(() => existsSync(`/proc/${pid.trim()}`)).toBe(false);
    await shell.close();
  });
  it('a connection cut in the middle keeps what came and says that it broke', async () => {
    const keyFile = await newKeyFile('ed25519');
    const shell = await connect(target({ kind: 'key', keyFile }), desk.options());
    // The parent of the command is the sshd of this connection.
    const command = await shell.run('echo begun; sleep 0.2; kill -9 $PPID; sleep 1', never());
    expect((await outputOf(command)).stdout).toBe('begun\n');
    await expect(command.finished).rejects.toMatchObject({ code: 'channel-lost' });
  });
  it('several run side by side', async () => {
    const keyFile = await newKeyFile('ed25519');
    const shell = await connect(target({ kind: 'key', keyFile }), desk.options());
    const answers = await Promise.all(
      ['a', 'b', 'c'].map(async (word) => {
        const command = await shell.run(`cat; echo ${word}`, never());
        command.stdin.end('in ');
        return (await outputOf(command)).stdout;
      }),
    );
    expect(answers).toEqual(['in a\n', 'in b\n', 'in c\n']);
    await shell.close();
  });
});
