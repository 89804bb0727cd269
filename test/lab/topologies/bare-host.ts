// A host of bare namespaces: own PID, mount, network, UTS, IPC and cgroup namespaces over the lab's root file system,
// without sshd and without a network card. Starts in a tenth of a second; ends with the process that started it.
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalShell } from '../../../electron/ssh/local-shell.ts';
import type { RemoteShell } from '../../../electron/ssh/remote-shell.ts';
import { ensureLabPackages } from '../lab-packages.ts';
import { lifeline } from '../lifeline.ts';
import { ensureRootFileSystem, hostScripts } from '../root-file-system.ts';

/** Who may be asked to do something on the host; ec2-user is 1000 and bob 1001, as in every lab host. */
export type Person = 'root' | 'ec2-user' | 'bob';
export const uidOf: Readonly<Record<Person, number>> = { root: 0, 'ec2-user': 1000, bob: 1001 };

export interface Output {
  readonly status: number | null;
  /** Byte for byte. */
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface BareHost {
  /** PID of its PID 1 as this machine counts; /proc/PID/root is its file system. */
  readonly initPid: number;
  /** Runs a program inside, found by PATH. The result whatever its exit status. */
  execAs(person: Person, program: readonly string[], input?: string | Buffer): Promise<Output>;
  /** A way to run commands inside, as if that person had logged in; each gets this machine's pipes. */
  shellOf(person: Person): RemoteShell;
  /** Runs a script by the host's bash, as root; its standard output. Throws with what it said when it fails. */
  script(text: string): Promise<string>;
  /** Ends every process in it. Nothing else is left: its mounts and networks were its own. */
  stop(): Promise<void>;
}

const searchPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin';
const parentFolder = '/run/nsatlas-lab';

/**
 * Standard input and output are files: a pipe of Node's is a socket of this machine's, and a socket leads those who look
 * (lsns 2.41) from the host to the machine's network namespace.
 */
function run(program: string, args: readonly string[], input: string | Buffer): Promise<Output> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nsatlas-bare-'));
  const file = (name: string, flags: string): number => openSync(path.join(folder, name), flags);
  writeFileSync(path.join(folder, 'in'), input);
  const [stdin, stdout, stderr] = [file('in', 'r'), file('out', 'w'), file('err', 'w')];
  // They have no name any more: what is killed meanwhile leaves nothing.
  rmSync(folder, { recursive: true });
  const said = (fd: number): Buffer => readFileSync(`/proc/self/fd/${fd}`);
  return new Promise<Output>((resolve, reject) => {
    const child = spawn(program, args, { stdio: [stdin, stdout, stderr], timeout: 120_000 });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout: said(stdout), stderr: said(stderr).toString() }));
  }).finally(() => {
    for (const fd of [stdin, stdout, stderr]) closeSync(fd);
  });
}

/** Who enters is still in the machine's cgroup, which from here is `/..`. */
const intoCgroup = '{ echo $$ >/sys/fs/cgroup/cgroup.procs; } 2>/dev/null; exec "$@"';

/** The words that make `program` run inside, as somebody with nothing but that somebody's rights. */
function inside(initPid: number, person: Person, program: readonly string[]): readonly string[] {
  const uid = String(uidOf[person]);
  const become = person === 'root' ? [] : ['setpriv', '--reuid', uid, '--regid', uid, '--init-groups'];
  const enter = ['--all', '--target', String(initPid), 'env', '-i', searchPath];
  return [...enter, 'sh', '-c', intoCgroup, 'sh', ...become, ...program];
}

function shellInside(initPid: number, person: Person): RemoteShell {
  const shell = new LocalShell();
  const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
  return {
    run: (command, signal) => {
      const words = ['nsenter', ...inside(initPid, person, ['sh', '-c', command])];
      return shell.run(`exec ${words.map(quoted).join(' ')}`, signal);
    },
    close: () => shell.close(),
  };
}

async function startInit(
  folder: string,
  layer: string | undefined,
): Promise<{ readonly initPid: number; readonly end: () => Promise<void> }> {
  const rootFileSystem = await ensureRootFileSystem();
  const log = openSync(path.join(folder, 'log'), 'a');
  // The host hangs its life on this pipe: it closes with this process.
  const { read, write } = await lifeline(folder);
  const name = path.basename(folder).replace(/^\./, '');
  const child = spawn('sh', [path.join(hostScripts, 'start.sh')], {
    detached: true,
    stdio: [read, log, log],
    env: {
      ...process.env,
      LAB_RUN: folder,
      LAB_ROOT_FS: rootFileSystem,
      LAB_NAME: name,
      LAB_HOSTNAME: 'bare',
      LAB_TIED: 'yes',
      LAB_LAYER: layer ?? '',
    },
  });
  closeSync(log);
  closeSync(read);
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let open = true;
  const end = (): Promise<void> => {
    if (open) closeSync(write);
    open = false;
    return ended;
  };
  const file = path.join(folder, 'init-pid');
  for (let tries = 0; tries < 2000 && child.exitCode === null; tries++) {
    if (existsSync(file) && statSync(file).size > 0) {
      return { initPid: Number(readFileSync(file, 'utf8').trim()), end };
    }
    await delay(5);
  }
  child.kill('SIGKILL');
  await end();
  throw new Error(`The host did not start.\n${readFileSync(path.join(folder, 'log'), 'utf8')}`);
}

/** Needs root. Throws, and leaves nothing behind, when it cannot. `layer`: a folder over the root file system (layer.ts). */
export async function startBareHost(layer?: string): Promise<BareHost> {
  await ensureLabPackages();
  mkdirSync(parentFolder, { recursive: true, mode: 0o755 });
  const folder = mkdtempSync(path.join(parentFolder, '.bare-'));
  try {
    const { initPid, end } = await startInit(folder, layer);
    return {
      initPid,
      execAs: (person, program, input = '') => run('nsenter', inside(initPid, person, program), input),
      shellOf: (person) => shellInside(initPid, person),
      script: async (text) => {
        const result = await run('nsenter', inside(initPid, 'root', ['bash', '-eu', '-s']), text);
        if (result.status === 0) return result.stdout.toString();
        throw new Error(`exit status ${result.status ?? 'none'}: ${result.stderr}\n${text}`);
      },
      stop: end,
    };
  } finally {
    // The host has left it behind when it pivoted into its own file system.
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts a host for one piece of work and ends it whatever happens. */
export async function withBareHost<T>(work: (host: BareHost) => Promise<T>): Promise<T> {
  const host = await startBareHost();
  try {
    return await work(host);
  } finally {
    await host.stop();
  }
}
