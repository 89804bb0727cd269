// OpenSSH's own server on loopback, as the user who runs the tests: own host key, own configuration, a free port, ended
// by its process id. Nothing is installed: where there is no sshd, Debian's package is unpacked into the cache.
//
// As root sshd insists on the user `sshd` and the folder /run/sshd (privilege separation). It gets both inside a mount
// namespace of its own, so the machine stays as it was.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cache } from '../../build/run/paths.mjs';

export interface Sshd {
  readonly port: number;
  readonly user: string;
  /** Of its host key: type and base64, as in a known_hosts line. */
  readonly hostKey: string;
  /** Lets a public key in (one line of authorized_keys). */
  authorize(publicKey: string): Promise<void>;
  log(): Promise<string>;
  close(): Promise<void>;
}

export async function startSshd(settings: readonly string[] = []): Promise<Sshd> {
  const program = await findSshd();
  const folder = await mkdtemp(path.join(tmpdir(), 'nsatlas-sshd-'));
  const file = (name: string): string => path.join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file('host_key')]);
  const port = await freePort();
  await writeFile(file('authorized_keys'), '', { mode: 0o600 });
  await writeFile(
    file('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${file('host_key')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      `PidFile ${file('pid')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      'PrintMotd no',
      ...settings,
      '',
    ].join('\n'),
  );
  const run = `exec ${program.file} -D -e -f ${file('sshd_config')} 2>${file('log')}`;
  const asRoot = [
    'mount -t tmpfs -o mode=755 sshd /run && mkdir /run/sshd',
    `cp /etc/passwd ${file('passwd')}`,
    `grep -q ^sshd: /etc/passwd || echo sshd:x:65533:65534::/run/sshd:/bin/false >>${file('passwd')}`,
    `mount --bind ${file('passwd')} /etc/passwd`,
    run,
  ].join(' && ');
  const root = process.getuid?.() === 0;
  const [command, args] = root ? ['unshare', ['-m', 'sh', '-c', asRoot]] : ['sh', ['-c', run]];
  const child = spawn(command, args as string[], { env: { ...process.env, ...program.env }, stdio: 'ignore' });
  const log = async (): Promise<string> => readFile(file('log'), 'utf8').catch(() => '');
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  for (let waited = 0; !(await answers(port)); waited += 50) {
    if (waited > 5000 || child.exitCode !== null) {
      const said = await log();
      await close();
      throw new Error(`sshd did not start: ${said}`);
    }
    await sleep(50);
  }
  const [type, base64] = (await readFile(file('host_key.pub'), 'utf8')).split(' ');
  return {
    port,
    user: userInfo().username,
    hostKey: `${type ?? ''} ${base64?.trim() ?? ''}`,
    authorize: (key) => writeFile(file('authorized_keys'), `${key.trim()}\n`, { flag: 'a' }),
    log,
    close,
  };
}

interface Program {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

async function findSshd(): Promise<Program> {
  const installed = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((file) => existsSync(file));
  if (installed !== undefined) return { file: installed, env: {} };
  if (!existsSync('/etc/debian_version')) throw new Error("These tests need OpenSSH's server: install sshd.");
  const folder = path.join(cache, 'debian-sshd');
  if (!existsSync(folder)) await unpackDebianSshd(folder);
  const libraries = path.join(folder, 'usr/lib');
  const triplets = (await readdir(libraries)).filter((name) => name.includes('-linux-'));
  const paths = triplets.map((name) => path.join(libraries, name)).join(':');
  return { file: path.join(folder, 'usr/sbin/sshd'), env: { LD_LIBRARY_PATH: paths } };
}

/** sshd itself and the one library of its that nothing else brings. */
async function unpackDebianSshd(folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(path.join(cache, '.draft-sshd-'));
  try {
    execFileSync('apt-get', ['download', 'openssh-server', 'libwrap0'], { cwd: draft, stdio: 'pipe' });
    for (const name of await readdir(draft))
      if (name.endsWith('.deb')) execFileSync('dpkg', ['-x', name, 'x'], { cwd: draft });
    await rename(path.join(draft, 'x'), folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
