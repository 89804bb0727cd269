// The packets of our own connection: each would be sent to us, and be a packet again.
import type { RemoteShell } from '../ssh/remote-shell.ts';

/** A TCP connection as the host sees it. */
export interface OwnConnection {
  readonly peer: string;
  readonly peerPort: number;
  readonly address: string;
  readonly port: number;
}

/** Asked before sudo, which takes the variable away. undefined where the host says none, as this machine does. */
export async function ownConnection(shell: RemoteShell, signal: AbortSignal): Promise<OwnConnection | undefined> {
  const command = await shell.run(`sh -c 'echo "$SSH_CONNECTION"'`, signal);
  command.stdin.end();
  let said = '';
  const read = async (): Promise<void> => {
    for await (const chunk of command.stdout) said = (said + Buffer.from(chunk).toString('latin1')).slice(-longestSaid);
  };
  const ignore = async (): Promise<void> => {
    for await (const chunk of command.stderr) void chunk;
  };
  await Promise.all([read(), ignore(), command.finished]);
  return readSshConnection(said.trimEnd().split('\n').at(-1) ?? '');
}

const longestSaid = 4096;

/** sshd's SSH_CONNECTION (ssh(1)): `192.0.2.7 50122 198.51.100.4 22`; an address may say its zone. */
export function readSshConnection(text: string): OwnConnection | undefined {
  const parts = /^([0-9a-f.:]+)(?:%\S+)? (\d{1,5}) ([0-9a-f.:]+)(?:%\S+)? (\d{1,5})$/i.exec(text.trim());
  if (parts === null) return undefined;
  const [, peer = '', peerPort, address = '', port] = parts;
  return { peer, peerPort: Number(peerPort), address, port: Number(port) };
}

/**
 * A filter for tcpdump, pcap-filter(7). What a person wrote comes last: a word like `vlan` in it changes what the words
 * behind it look at.
 */
export function filterWithout(own: OwnConnection | undefined, filter: string): string {
  const wanted = filter.trim();
  if (own === undefined) return wanted;
  const { peer, peerPort, address, port } = own;
  const ours = `not (tcp and host ${peer} and host ${address} and port ${peerPort} and port ${port})`;
  return wanted === '' ? ours : `${ours} and (${wanted})`;
}
