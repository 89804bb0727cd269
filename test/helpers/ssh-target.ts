// What a test gives to connect(): a target on loopback, files in a folder of its own, and questions answered by a list.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConnectOptions } from '../../electron/ssh/connect.ts';
import type { RunningCommand } from '../../electron/ssh/remote-shell.ts';
import type { SshAuthentication, SshTarget, UnknownHostKey } from '../../electron/ssh/target.ts';

export interface Asked {
  readonly hostKeys: UnknownHostKey[];
  readonly passphrases: boolean[];
  readonly passwords: { again: boolean; text: string | undefined }[];
}

export interface Answers {
  readonly hostKey?: boolean;
  /** One after the other; undefined is a person who stops. */
  readonly passphrases?: readonly (string | undefined)[];
  readonly passwords?: readonly (string | undefined)[];
}

export interface Desk {
  readonly folder: string;
  readonly knownHosts: string;
  readonly usersKnownHosts: string;
  readonly asked: Asked;
  options(answers?: Answers, signal?: AbortSignal): ConnectOptions;
  clear(): Promise<void>;
}

export async function newDesk(): Promise<Desk> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nsatlas-ssh-'));
  const asked: Asked = { hostKeys: [], passphrases: [], passwords: [] };
  const knownHosts = path.join(folder, 'data', 'known_hosts');
  const usersKnownHosts = path.join(folder, 'users_known_hosts');
  return {
    folder,
    knownHosts,
    usersKnownHosts,
    asked,
    clear: () => rm(folder, { recursive: true, force: true }),
    options: (answers = {}, signal = new AbortController().signal) => ({
      signal,
      knownHosts: { read: [usersKnownHosts], append: knownHosts },
      questions: {
        unknownHostKey: async (question) => {
          asked.hostKeys.push(question);
          return answers.hostKey ?? true;
        },
        passphrase: async ({ again }) => {
          asked.passphrases.push(again);
          return answers.passphrases?.[asked.passphrases.length - 1];
        },
        password: async ({ again, text }) => {
          asked.passwords.push({ again, text });
          return answers.passwords?.[asked.passwords.length - 1];
        },
      },
    }),
  };
}

export function loopback(port: number, ...authentication: readonly SshAuthentication[]): SshTarget {
  return { host: '127.0.0.1', port, user: 'tester', authentication };
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

export async function outputOf(command: RunningCommand): Promise<Output> {
  const [stdout, stderr] = await Promise.all([textOf(command.stdout), textOf(command.stderr)]);
  return { stdout, stderr };
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
