// A host with many network namespaces, to be asked over SSH: the lab's bare host, and this machine's sshd on loopback
// whose every command runs inside it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SshTarget } from '../../electron/ssh/target.ts';
import { startSshd } from '../helpers/sshd.ts';
import type { BareHost } from '../lab/topologies/bare-host.ts';
import { startBareHost } from '../lab/topologies/bare-host.ts';
import { lendProgram } from '../lab/topologies/machine-program.ts';

export interface ManyNetworks {
  readonly host: BareHost;
  readonly netns: number;
  /** root's login. */
  readonly target: SshTarget;
  /** The same login, for those who want files. */
  readonly keyFile: string;
  readonly knownHostsFile: string;
  /** The words that run plotnetcfg there; without a format, which is DOT. */
  readonly plotnetcfg: readonly string[];
  stop(): Promise<void>;
}

const script = readFileSync(path.join(import.meta.dirname, 'many-networks.sh'), 'utf8');

/** Needs root; 1,000 network namespaces take half a minute. */
export async function startManyNetworks(netns: number): Promise<ManyNetworks> {
  const host = await startBareHost();
  try {
    const made = await host.execAs('root', ['bash', '-s', String(netns)], script);
    if (made.status !== 0) throw new Error(`The host was not built: ${made.stderr}`);
    const plotnetcfg = await lendProgram(host, '/usr/sbin/plotnetcfg');
    const inside = `nsenter --all --target ${host.initPid} env -i PATH=/usr/sbin:/usr/bin sh -c "$SSH_ORIGINAL_COMMAND"`;
    const sshd = await startSshd([`ForceCommand exec ${inside}`]);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'nsatlas-bench-'));
    const [keyFile, knownHostsFile] = [path.join(folder, 'key'), path.join(folder, 'known_hosts')];
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', keyFile]);
    await sshd.authorize(readFileSync(`${keyFile}.pub`, 'utf8'));
    writeFileSync(knownHostsFile, `[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`);
    return {
      host,
      netns,
      plotnetcfg,
      keyFile,
      knownHostsFile,
      target: {
        host: '127.0.0.1',
        port: sshd.port,
        user: sshd.user,
        authentication: [{ kind: 'key', keyFile }],
        trustedHostKeys: [Buffer.from(sshd.hostKey.split(' ')[1] ?? '', 'base64')],
      },
      stop: async () => {
        rmSync(folder, { recursive: true, force: true });
        await sshd.close();
        await host.stop();
      },
    };
  } catch (error) {
    await host.stop();
    throw error;
  }
}

/** Starts the hosts for one piece of work and ends them whatever happens. */
export async function withManyNetworks<T>(
  sizes: readonly number[],
  work: (...hosts: readonly ManyNetworks[]) => Promise<T>,
): Promise<T> {
  const hosts: ManyNetworks[] = [];
  try {
    for (const size of sizes) hosts.push(await startManyNetworks(size));
    return await work(...hosts);
  } finally {
    for (const host of hosts) await host.stop();
  }
}
