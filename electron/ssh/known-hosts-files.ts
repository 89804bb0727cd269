// The files behind known-hosts.ts. The user's own are read and never written.
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { SshFailure } from './failure.ts';
import { knownHostsLine, parseKnownHosts } from './known-hosts.ts';
import type { KnownHost } from './known-hosts.ts';
import type { KnownHostsFiles } from './target.ts';

/** Where OpenSSH looks by default on this system. */
export function defaultKnownHostsFiles(): readonly string[] {
  const home = path.join(homedir(), '.ssh');
  const system =
    process.platform === 'win32' ? path.join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'ssh') : '/etc/ssh';
  return [path.join(home, 'known_hosts'), path.join(home, 'known_hosts2'), path.join(system, 'ssh_known_hosts')];
}

/** All entries of all files, ours first. Fails when a file exists but cannot be read: a revoked key may stand in it. */
export async function readKnownHosts(files: KnownHostsFiles): Promise<readonly KnownHost[]> {
  const all = files.append === undefined ? files.read : [files.append, ...files.read];
  return (await Promise.all(all.map(readOne))).flat();
}

async function readOne(file: string): Promise<readonly KnownHost[]> {
  try {
    return parseKnownHosts(await readFile(file, 'utf8'), file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new SshFailure(
      {
        code: 'known-hosts-unreadable',
        attempted: `read the known host keys in ${file}`,
        reason: `It cannot be read (${code ?? String(error)}).`,
        advice: 'Make the file readable for you: without it nobody can tell whether the host is the one it was.',
      },
      error,
    );
  }
}

/** Appends one accepted key to our own file, which is made readable for its owner alone. */
export async function rememberHostKey(
  file: string,
  host: string,
  port: number,
  keyType: string,
  key: Uint8Array,
): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const present = await readFile(file, 'utf8').catch(() => '');
  const separator = present === '' || present.endsWith('\n') ? '' : '\n';
  await appendFile(file, separator + knownHostsLine(host, port, keyType, key), { mode: 0o600 });
}
