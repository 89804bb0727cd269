// The product's own way from a host to its model, and what is timed beside it: programs on the host itself.
import { createServer, connect as connectTcp } from 'node:net';
import type { AddressInfo } from 'node:net';
import { collect } from '../../electron/collect/collect.ts';
import { connect } from '../../electron/ssh/connect.ts';
import type { SshTarget } from '../../electron/ssh/target.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import type { Model } from '../../shared/model/model.ts';
import type { BareHost } from '../lab/topologies/bare-host.ts';

const nobodyAsks = (): Promise<never> => Promise.reject(new Error('The host asked a question.'));

/** From the start of connect to the transcript. */
export async function transcriptOf(target: SshTarget): Promise<Uint8Array> {
  const { signal } = new AbortController();
  const questions = { unknownHostKey: nobodyAsks, passphrase: nobodyAsks, password: nobodyAsks };
  const shell = await connect(target, { signal, questions, knownHosts: { read: [] } });
  try {
    const { transcript, complete, reason } = await collect(shell, { sudo: 'never', signal });
    if (!complete) throw new Error(`The transcript is not whole: ${reason ?? ''}`);
    return transcript;
  } finally {
    await shell.close();
  }
}

/**
 * Throws when the model does not pair the `netns` veths: nothing is fast that is not right. Not certain on a lab host: it
 * is in a PID namespace, where a process may hide that holds another candidate.
 */
export async function modelOf(target: SshTarget, netns: number): Promise<Model> {
  const { model } = deriveModel(await transcriptOf(target));
  const pairs = model.relations.filter((one) => one.kind === 'veth-peer' && one.certainty !== 'ambiguous').length;
  if (pairs !== netns) throw new Error(`The model has ${pairs} pairs of ${netns}.`);
  return model;
}

export interface Spent {
  /** Milliseconds on the clock, and of CPU by the program and all it waited for. */
  readonly wall: number;
  readonly cpu: number;
}

/** Runs a program on the host, its output into a pipe that is read there; timed by the host's bash. */
export async function spentBy(host: BareHost, program: readonly string[], input = ''): Promise<Spent> {
  const timedByBash = 'TIMEFORMAT="%3R %3U %3S"; time "$@" | cat >/dev/null';
  const { status, stderr } = await host.execAs('root', ['bash', '-c', timedByBash, 'bash', ...program], input);
  const [wall, user, system] = stderr
    .trim()
    .split(' ')
    .map((seconds) => Number(seconds) * 1000);
  if (status !== 0 || wall === undefined || user === undefined || system === undefined || !(wall > 0))
    throw new Error(`${program.join(' ')}: status ${status}: ${stderr}`);
  return { wall, cpu: user + system };
}

/** Bytes that come from the host while `work` talks to it through the target it is given. */
export async function bytesFrom(target: SshTarget, work: (through: SshTarget) => Promise<unknown>): Promise<number> {
  let bytes = 0;
  const relay = createServer((client) => {
    const server = connectTcp(target.port, target.host);
    server.on('data', (chunk) => (bytes += chunk.length));
    for (const socket of [client, server]) socket.on('error', () => undefined);
    client.pipe(server).pipe(client);
  });
  relay.listen(0, '127.0.0.1');
  await new Promise((resolve) => relay.once('listening', resolve));
  try {
    await work({ ...target, port: (relay.address() as AddressInfo).port });
  } finally {
    relay.close();
  }
  return bytes;
}
