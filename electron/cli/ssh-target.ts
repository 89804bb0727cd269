// The host of a command line as a target for SSH, and the files that say which hosts are known.
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { agentSocket } from '../ssh/agent.ts';
import { defaultKnownHostsFiles } from '../ssh/known-hosts-files.ts';
import { readPrivateKey } from '../ssh/private-key.ts';
import { checkName } from '../ssh/tcp.ts';
import type { KnownHostsFiles, SshAuthentication, SshTarget } from '../ssh/target.ts';
import type { Source } from './command.ts';
import { CliFailure } from './failure.ts';
import { ownKnownHostsFile } from './own-files.ts';

export type HostSource = Extract<Source, { readonly from: 'host' }>;

/** `canAsk`: there is a terminal for passphrases and passwords. Rejects with CliFailure or SshFailure. */
export async function sshTarget(source: HostSource, canAsk: boolean): Promise<SshTarget> {
  const { host, port, keyFile } = source;
  const user = source.user ?? userInfo().username;
  const authentication = keyFile === undefined ? await usualWays(canAsk) : [{ kind: 'key', keyFile } as const];
  if (authentication.length > 0) return { host, port, user, authentication };
  // A name that nobody knows is what is wrong first.
  await checkName({ host, port, user });
  throw new CliFailure({
    attempted: `log in as ${user}@${host}`,
    reason: 'There is no key to show, no agent (SSH_AUTH_SOCK), and no terminal to ask for a password.',
    advice: 'Name a private key: -i KEY',
  });
}

/** As ssh tries them: the agent, the user's usual keys, a password. */
async function usualWays(canAsk: boolean): Promise<readonly SshAuthentication[]> {
  const ways: SshAuthentication[] = [];
  const socket = agentSocket();
  if (socket !== undefined) ways.push({ kind: 'agent', socket });
  for (const name of ['id_ed25519', 'id_ecdsa', 'id_rsa']) {
    const keyFile = path.join(homedir(), '.ssh', name);
    // One that is not there, or cannot be used, was not asked for by name: others may do.
    const key = await readPrivateKey(keyFile).catch(() => undefined);
    if (key !== undefined && (canAsk || !key.encrypted)) ways.push({ kind: 'key', keyFile });
  }
  if (canAsk) ways.push({ kind: 'password' });
  return ways;
}

export function knownHosts({ knownHostsFile }: HostSource): KnownHostsFiles & { readonly append: string } {
  if (knownHostsFile !== undefined) return { read: [], append: knownHostsFile };
  return { read: defaultKnownHostsFiles(), append: ownKnownHostsFile(process.env, process.platform) };
}
