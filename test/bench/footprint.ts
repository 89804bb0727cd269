// What the collector's script takes on a host besides time: memory, and files it should not write.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { BareHost } from '../lab/topologies/bare-host.ts';
import { collectorScript } from '../../electron/collect/collector-script.ts';

export interface Footprint {
  /** Largest sum of the proportional set sizes (Pss) of all its processes at one time, of many looks. */
  readonly residentKiB: number;
  /** Files and folders that are newer than its start. */
  readonly written: readonly string[];
}

const marker = '/run/before-the-run';

export async function footprintOf(host: BareHost): Promise<Footprint> {
  await host.script(`touch ${marker}`);
  const before = new Set(processes(host));
  let running = true;
  const run = host.execAs('root', ['sh', '-s'], collectorScript).finally(() => (running = false));
  let residentKiB = 0;
  while (running) {
    const ours = processes(host).filter((pid) => !before.has(pid));
    residentKiB = Math.max(
      residentKiB,
      ours.reduce((sum, pid) => sum + pss(host, pid), 0),
    );
    await delay(20);
  }
  await run;
  const found = await host.script(
    `find / /run /tmp /home /dev -xdev -newercm ${marker} ! -path ${marker} ! -path /run`,
  );
  return { residentKiB, written: [...new Set(found.split('\n').filter((line) => line !== ''))] };
}

const procOf = (host: BareHost): string => `/proc/${host.initPid}/root/proc`;

const processes = (host: BareHost): readonly string[] => readdirSync(procOf(host)).filter((name) => /^\d+$/.test(name));

/** `Pss:   123 kB` of smaps_rollup; 0 for a process that is gone, or a zombie. */
function pss(host: BareHost, pid: string): number {
  try {
    const rollup = readFileSync(`${procOf(host)}/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
