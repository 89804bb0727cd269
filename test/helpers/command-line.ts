// The built command line, as a user runs it: a process of its own, in a folder of its own, with nothing of the user who
// runs the tests: no agent, no keys, no known hosts, and no terminal to ask.
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command } from '../../build/run/command.mjs';
import { out, root } from '../../build/run/paths.mjs';

export interface Ended {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface CommandLine {
  /** Where the commands run; their HOME is a folder in it. */
  readonly folder: string;
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  run(args: readonly string[], input?: string | Uint8Array): Promise<Ended>;
  /** Not waited for. */
  start(args: readonly string[]): ChildProcessWithoutNullStreams;
  clear(): Promise<void>;
}

/** Builds what is stale, and takes a copy: somebody else may build meanwhile. */
export async function newCommandLine(): Promise<CommandLine> {
  const made = await command(process.execPath, [path.join(root, 'build/run.mjs'), 'cli', '--version']);
  if (made.code !== 0) throw new Error(`The command line could not be built.\n${made.output}`);
  const folder = await mkdtemp(path.join(tmpdir(), 'nsatlas-cli-'));
  const home = path.join(folder, 'home');
  await mkdir(home);
  await copyOf(path.join(out, 'cli'), path.join(folder, 'program'));
  const program = path.join(folder, 'program', 'nsatlas.cjs');
  const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, XDG_CONFIG_HOME: path.join(home, 'config') };
  delete env['SSH_AUTH_SOCK'];
  delete env['NSATLAS_USER_DATA'];
  // `detached` is a session of its own, which has no terminal.
  const start = (args: readonly string[]): ChildProcessWithoutNullStreams =>
    spawn(process.execPath, [program, ...args], { cwd: folder, env, detached: true, stdio: 'pipe' });
  const run = async (args: readonly string[], input: string | Uint8Array = ''): Promise<Ended> => {
    const child = start(args);
    // A command that fails does not read to the end.
    child.stdin.on('error', () => undefined).end(input);
    return ended(child);
  };
  return { folder, program, env, run, start, clear: () => rm(folder, { recursive: true, force: true }) };
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout: Buffer.concat(stdout), stderr }));
  });
}

/** A build moves the old one away for a moment. */
async function copyOf(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await cp(from, to, { recursive: true });
    } catch (error) {
      if (tries === 5) throw error;
      await rm(to, { recursive: true, force: true });
      await delay(200);
    }
  }
}
