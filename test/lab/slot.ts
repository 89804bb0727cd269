// Several lab hosts at once: each has a slot, and with it a folder, an address and a network card of its own. Slot 0 is
// the article's own address and is kept for the host started by hand.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from './run-command.ts';

export const labFolder = '/run/nsatlas-lab';
/** The /20 networks of 172.31.0.0/16, as in a default VPC. */
const slots = 16;

export interface Slot {
  readonly number: number;
  readonly folder: string;
  readonly address: string;
  readonly gateway: string;
  readonly broadcast: string;
  readonly mac: string;
  /** The machine's end of the host's network card. */
  readonly link: string;
}

export function slotNumber(number: number): Slot {
  const third = ((2 + number) % slots) * 16;
  return {
    number,
    folder: path.join(labFolder, String(number)),
    address: `172.31.${third + 8}.91`,
    gateway: `172.31.${third}.1`,
    broadcast: `172.31.${third + 15}.255`,
    mac: `06:e6:fc:f5:ba:${(0x77 + number).toString(16)}`,
    link: `nsatlas${number}`,
  };
}

/** A process by PID and start time (field 22 of /proc/PID/stat, in ticks since boot): PIDs are used again. */
function identify(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may contain anything, brackets too.
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return startTime === undefined ? undefined : `${pid} ${startTime}`;
  } catch {
    return undefined;
  }
}

function isAlive(slot: Slot, file: string): boolean {
  try {
    const identity = readFileSync(path.join(slot.folder, file), 'utf8');
    return identity === identify(Number(identity.split(' ')[0]));
  } catch {
    return false;
  }
}

export function rememberProcess(slot: Slot, file: 'owner' | 'init', pid: number): void {
  writeFileSync(path.join(slot.folder, file), identify(pid) ?? '');
}

/** The PID of the host's init as the machine counts, or undefined when no host runs in this slot. */
export function runningInit(slot: Slot): number | undefined {
  if (!isAlive(slot, 'init')) return undefined;
  return Number(readFileSync(path.join(slot.folder, 'init'), 'utf8').split(' ')[0]);
}

/** Takes a slot: that one, or the first free one beyond 0. What a dead owner left there is removed first. */
export async function claimSlot(wanted?: number): Promise<Slot> {
  const numbers = wanted === undefined ? Array.from({ length: slots - 1 }, (_, index) => index + 1) : [wanted];
  for (const number of numbers) {
    const slot = slotNumber(number);
    // Made beside and renamed, so that a slot never exists without the mark of its owner: who looks at it in between
    // would take it for abandoned. Renaming onto a folder with something in it fails.
    mkdirSync(labFolder, { recursive: true, mode: 0o755 });
    const claim = mkdtempSync(path.join(labFolder, '.claim-'));
    rememberProcess({ ...slot, folder: claim }, 'owner', process.pid);
    if (existsSync(slot.folder) && !isAlive(slot, 'init') && !isAlive(slot, 'owner')) {
      renameSync(slot.folder, `${claim}-abandoned`);
      rmSync(`${claim}-abandoned`, { recursive: true });
    }
    try {
      renameSync(claim, slot.folder);
    } catch {
      rmSync(claim, { recursive: true });
      continue;
    }
    await removeLinkAndCgroup(slot);
    return slot;
  }
  throw new Error(
    `No room for another lab host: ${wanted === undefined ? 'all slots are' : `slot ${wanted} is`} taken.`,
  );
}

async function removeLinkAndCgroup(slot: Slot): Promise<void> {
  // With the host's netns its end is gone, and this one with it, but the kernel takes its time.
  await runCommand('ip', ['link', 'delete', slot.link]);
  const { stdout } = await runCommand('findmnt', ['-n', '-o', 'TARGET', '-t', 'cgroup2']);
  const cgroup = path.join(stdout.split('\n')[0]?.trim() || '/sys/fs/cgroup', `nsatlas-lab-${slot.number}`);
  // A cgroup can be removed once the last of its processes has been reaped.
  for (let tries = 0; existsSync(cgroup) && tries < 100; tries++) {
    await runCommand('find', [cgroup, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
    if (existsSync(cgroup)) await delay(20);
  }
}

/** Removes all that a host, whose processes have ended, still has on the machine: link, cgroups, folder. */
export async function releaseSlot(slot: Slot): Promise<void> {
  await removeLinkAndCgroup(slot);
  rmSync(slot.folder, { recursive: true, force: true });
  try {
    rmdirSync(labFolder);
  } catch {
    // Other hosts are in it.
  }
}
