import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startBareHost } from './bare-host.ts';

/** PIDs of this machine's processes in a PID namespace, given as /proc shows it. */
function processesIn(namespace: string): readonly string[] {
  return readdirSync('/proc').filter((entry) => {
    try {
      return /^\d+$/.test(entry) && readlinkSync(`/proc/${entry}/ns/pid`) === namespace;
    } catch {
      return false; // gone meanwhile
    }
  });
}

const mounts = (): string => readFileSync('/proc/self/mountinfo', 'utf8');

test('a bare host is a host of its own, and leaves no trace', async () => {
  const mountsBefore = mounts();
  const host = await startBareHost();
  const namespace = readlinkSync(`/proc/${host.initPid}/ns/pid`);
  try {
    expect(await host.script('echo $(hostname) $(id -u) $(ip -o link | wc -l)')).toBe('bare 0 1\n');
    const asUser = await host.execAs('ec2-user', ['sh', '-c', 'id -un; cat; ls /root'], 'from here');
    expect(asUser.stdout.toString()).toBe('ec2-user\nfrom here');
    expect(asUser.stderr).toContain('Permission denied');
    await expect(host.script('exit 3')).rejects.toThrow('exit status 3');
    await host.script('sleep infinity </dev/null >/dev/null 2>&1 &');
    expect(processesIn(namespace).length).toBeGreaterThan(1);
  } finally {
    await host.stop();
    await host.stop();
  }
  expect(processesIn(namespace)).toEqual([]);
  expect(mounts()).toBe(mountsBefore);
});

test('it ends with the process that started it, however that ends', async () => {
  const script = `
    const { startBareHost } = await import(${JSON.stringify(path.join(import.meta.dirname, 'bare-host.ts'))});
    const host = await startBareHost();
    console.log(host.initPid);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  const initPid = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
  );
  const namespace = readlinkSync(`/proc/${initPid}/ns/pid`);
  child.kill('SIGKILL');
  for (let tries = 0; processesIn(namespace).length > 0 && tries < 300; tries++) await delay(10);
  expect(processesIn(namespace)).toEqual([]);
});
