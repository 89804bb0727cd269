// The article's host, for real: an EC2 machine with rootless containerd (RootlessKit, detached netns, slirp4netns) and two
// containers, made of namespaces on this machine. README.md says how it is built and why.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureLabPackages } from './lab-packages.ts';
import type { LabContainer, LabTruth } from './lab-truth.ts';
import { lifeline } from './lifeline.ts';
import { ensureRootFileSystem, hostScripts } from './root-file-system.ts';
import type { CommandResult } from './run-command.ts';
import { runCommand, runOrThrow } from './run-command.ts';
import type { Slot } from './slot.ts';
import { claimSlot, releaseSlot, rememberProcess, runningInit, slotNumber } from './slot.ts';

export interface LabHostOptions {
  /** What ec2-user may do as root; with 'password' it is "ec2-user". Default: none. */
  readonly sudo?: 'none' | 'password' | 'nopasswd';
  /** ec2-user may also log in with the password "ec2-user". Default: no. */
  readonly passwordLogin?: boolean;
  /** How 127.0.0.1:8080 reaches port 80 of nginx; container.sh explains both. Default: portmap, as nerdctl does. */
  readonly publish?: 'portmap' | 'child-ip' | 'none';
  /** RootlessKit's --detach-netns. Default: yes. */
  readonly detachNetns?: boolean;
  /** A folder over the root file system (layer.ts). */
  readonly layer?: string;
  /** 0 is the article's address and the host started by hand. Default: the first free one beyond 0. */
  readonly slot?: number;
  /** The host outlives this process. Default: no, it ends with it whatever happens. */
  readonly keep?: boolean;
}

export interface LabHost {
  /** What the host calls itself, as in ip-172-31-40-91. */
  readonly name: string;
  readonly slot: number;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Private key (ed25519, no passphrase) of ec2-user, bob and root. */
  readonly keyFile: string;
  readonly knownHostsFile: string;
  /** PID of the host's PID 1 as this machine counts. */
  readonly initPid: number;
  readonly containers: readonly LabContainer[];
  readonly truth: LabTruth;
  /** Runs a command line inside the host as root, without ssh. */
  execAsRoot(command: string): Promise<CommandResult>;
  /** Ends every process of the host and removes all it had on this machine. Doing it twice does no harm. */
  stop(): Promise<void>;
}

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin';
const lab = '/usr/local/lib/lab';

function enter(initPid: number, env: Readonly<Record<string, string>>, command: string): readonly string[] {
  const assignments = Object.entries({ PATH: searchPath, ...env }).map(([key, value]) => `${key}=${value}`);
  return ['--all', '--target', String(initPid), 'env', '-i', ...assignments, 'sh', '-c', command];
}

/** A host that runs: its PID 1, as this machine counts, and what lets go of its life where that hangs on this process. */
interface Started {
  readonly initPid: number;
  readonly letGo: () => void;
}

/** Starts init in its namespaces. */
async function startInit(
  slot: Slot,
  rootFileSystem: string,
  { keep = false, layer = '' }: LabHostOptions,
): Promise<Started> {
  const log = openSync(path.join(slot.folder, 'log'), 'a');
  const life = keep ? undefined : await lifeline(slot.folder);
  const child = spawn('sh', [path.join(hostScripts, 'start.sh')], {
    detached: true,
    stdio: [life?.read ?? 'ignore', log, log],
    env: {
      ...process.env,
      LAB_RUN: slot.folder,
      LAB_ROOT_FS: rootFileSystem,
      LAB_NAME: String(slot.number),
      LAB_HOSTNAME: hostname(slot),
      LAB_TIED: keep ? 'no' : 'yes',
      LAB_LAYER: layer,
    },
  });
  closeSync(log);
  if (life) closeSync(life.read);
  child.unref();
  let held = life?.write;
  const letGo = (): void => {
    if (held !== undefined) closeSync(held);
    held = undefined;
  };

  const file = path.join(slot.folder, 'init-pid');
  for (let tries = 0; tries < 500 && child.exitCode === null; tries++) {
    if (existsSync(file) && statSync(file).size > 0) {
      const pid = Number(readFileSync(file, 'utf8').trim());
      rememberProcess(slot, 'init', pid);
      return { initPid: pid, letGo };
    }
    await delay(20);
  }
  letGo();
  throw new Error(`The lab host did not start.\n${readFileSync(path.join(slot.folder, 'log'), 'utf8')}`);
}

function hostname(slot: Slot): string {
  return `ip-${slot.address.replaceAll('.', '-')}`;
}

async function connectNetwork(slot: Slot, initPid: number): Promise<void> {
  const peer = ['peer', 'name', 'ens5', 'netns', String(initPid)];
  await runOrThrow('ip', ['link', 'add', slot.link, 'type', 'veth', ...peer]);
  // One address and the route to one peer: the host believes in its /20, the machine's own routes stay as they are.
  await runOrThrow('ip', ['addr', 'add', slot.gateway, 'peer', slot.address, 'dev', slot.link]);
  await runOrThrow('ip', ['link', 'set', slot.link, 'mtu', '9001', 'up']);
}

async function configure(slot: Slot, initPid: number, options: LabHostOptions): Promise<void> {
  const keyFile = path.join(slot.folder, 'client-key');
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', keyFile]);
  const settings = {
    LAB_ADDRESS: slot.address,
    LAB_GATEWAY: slot.gateway,
    LAB_BROADCAST: slot.broadcast,
    LAB_MAC: slot.mac,
    LAB_SUDO: options.sudo ?? 'none',
    LAB_PASSWORD_LOGIN: options.passwordLogin === true ? 'yes' : 'no',
    LAB_PUBLIC_KEY: readFileSync(`${keyFile}.pub`, 'utf8').trim(),
  };
  await runOrThrow('nsenter', enter(initPid, settings, `${lab}/configure.sh`));
  const keys = await runOrThrow('nsenter', enter(initPid, {}, 'cat /etc/ssh/ssh_host_*_key.pub'));
  const lines = keys.trim().split('\n');
  writeFileSync(path.join(slot.folder, 'known_hosts'), lines.map((line) => `${slot.address} ${line}\n`).join(''));
}

async function startContainers(initPid: number, options: LabHostOptions): Promise<void> {
  // As a service of ec2-user's own systemd would be started: in its cgroup, with nothing but its own rights.
  const cgroup =
    '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/containerd.service/cgroup.procs';
  const asUser = `
    [ ! -e ${cgroup} ] || echo $$ >${cgroup}
    exec setpriv --reuid 1000 --regid 1000 --init-groups env HOME=/home/ec2-user`;
  const detach = options.detachNetns === false ? 'no' : 'yes';
  await runOrThrow('nsenter', enter(initPid, {}, `${asUser} ${lab}/rootless.sh ${detach}`));
  const containers = `${lab}/in-rootless.sh ${lab}/containers.sh ${options.publish ?? 'portmap'}`;
  await runOrThrow('nsenter', enter(initPid, {}, `${asUser} ${containers}`));
}

async function endHost(slot: Slot): Promise<void> {
  const initPid = runningInit(slot);
  if (initPid !== undefined) {
    // The kernel kills the rest of a PID namespace with its PID 1, and reaps it before PID 1 is gone.
    process.kill(initPid, 'SIGKILL');
    for (let tries = 0; runningInit(slot) !== undefined && tries < 500; tries++) await delay(10);
  }
  await releaseSlot(slot);
}

function describe(slot: Slot, { initPid, letGo }: Started, truth: LabTruth): LabHost {
  return {
    name: hostname(slot),
    slot: slot.number,
    address: slot.address,
    port: 22,
    user: 'ec2-user',
    keyFile: path.join(slot.folder, 'client-key'),
    knownHostsFile: path.join(slot.folder, 'known_hosts'),
    initPid,
    containers: truth.containers,
    truth,
    execAsRoot: (command) => runCommand('nsenter', enter(initPid, {}, command)),
    stop: () => endHost(slot).finally(letGo),
  };
}

/**
 * Starts a host and returns when its containers run and its published port is open: about 3 s, the first time on a
 * machine about a minute more for the root file system. Throws, and leaves nothing behind, when it cannot.
 */
export async function startReferenceHost(options: LabHostOptions = {}): Promise<LabHost> {
  await ensureLabPackages();
  const rootFileSystem = await ensureRootFileSystem();
  const slot = await claimSlot(options.slot);
  let started: Started | undefined;
  try {
    started = await startInit(slot, rootFileSystem, options);
    const { initPid } = started;
    await connectNetwork(slot, initPid);
    await configure(slot, initPid, options);
    await startContainers(initPid, options);
    const json = await runOrThrow('nsenter', enter(initPid, {}, `${lab}/truth.sh`));
    const truth = JSON.parse(json) as LabTruth;
    // Whole or not at all: another process may be reading it.
    writeFileSync(path.join(slot.folder, 'truth.json.new'), json);
    renameSync(path.join(slot.folder, 'truth.json.new'), path.join(slot.folder, 'truth.json'));
    return describe(slot, started, truth);
  } catch (error) {
    await endHost(slot).finally(started?.letGo);
    throw error;
  }
}

/** Ends the host of a slot, and removes what is left of one that ended without. */
export async function stopReferenceHost(number: number): Promise<void> {
  await endHost(slotNumber(number));
}

/** The host that runs in a slot, for whoever did not start it; undefined when none does. */
export function findReferenceHost(number: number): LabHost | undefined {
  const slot = slotNumber(number);
  const initPid = runningInit(slot);
  const file = path.join(slot.folder, 'truth.json');
  if (initPid === undefined || !existsSync(file)) return undefined;
  return describe(slot, { initPid, letGo: () => undefined }, JSON.parse(readFileSync(file, 'utf8')) as LabTruth);
}
