import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabHost } from './reference-host.ts';
import { startReferenceHost } from './reference-host.ts';
import { runCommand, runOrThrow } from './run-command.ts';
import { slotNumber } from './slot.ts';
import { sshArguments } from './ssh-command.ts';

/** PIDs of this machine's processes in a PID namespace. */
function processesIn(pidNamespace: number): readonly string[] {
  return readdirSync('/proc').filter((entry) => {
    try {
      return /^\d+$/.test(entry) && readlinkSync(`/proc/${entry}/ns/pid`) === `pid:[${pidNamespace}]`;
    } catch {
      return false; // gone meanwhile
    }
  });
}

/** What a host in that slot has on this machine, besides processes. */
async function tracesOf(slotOf: number): Promise<readonly string[]> {
  const slot = slotNumber(slotOf);
  const traces: string[] = [];
  if (existsSync(slot.folder)) traces.push(slot.folder);
  if (readFileSync('/proc/self/mountinfo', 'utf8').includes(`${slot.folder}/`)) traces.push('a mount');
  if ((await runCommand('ip', ['link', 'show', slot.link])).status === 0) traces.push(`link ${slot.link}`);
  if ((await runOrThrow('ip', ['route', 'show'])).includes(slot.address)) traces.push('a route');
  const cgroups = await runOrThrow('find', ['/sys/fs/cgroup', '-name', `nsatlas-lab-${slotOf}`]);
  return cgroups === '' ? traces : [...traces, cgroups];
}

function ssh(host: LabHost, command: string, user = host.user): Promise<string> {
  return runOrThrow('ssh', sshArguments({ ...host, user }, [command]));
}

describe('the reference host', () => {
  let host: LabHost;
  beforeAll(async () => {
    host = await startReferenceHost();
  });
  afterAll(async () => {
    await host.stop();
  });

  test('lets ec2-user and bob in by key, with a runtime folder of their own and no sudo', async () => {
    expect(await ssh(host, 'id -un; hostname; echo $XDG_RUNTIME_DIR')).toBe(`ec2-user\n${host.name}\n/run/user/1000\n`);
    expect(await ssh(host, 'id -un; echo $XDG_RUNTIME_DIR', 'bob')).toBe('bob\n/run/user/1001\n');
    await expect(ssh(host, 'sudo -n true')).rejects.toThrow('a password is required');
  });

  test('has the NIC of an EC2 machine and no named network namespace', async () => {
    const nic = await ssh(host, 'ip addr show ens5');
    expect(nic).toContain(`inet ${host.address}/20`);
    expect(nic).toContain('mtu 9001');
    expect(nic).toContain('altname eni-0f67ca2c1917ee11c');
    expect(await ssh(host, 'ip route')).toContain(`default via ${slotNumber(host.slot).gateway} dev ens5`);
    expect(await ssh(host, 'ip netns list; ls -d /run/netns 2>/dev/null || echo none')).toBe('none\n');
  });

  test('runs RootlessKit, slirp4netns and containerd in the network namespace of the host', async () => {
    const { rootlesskit, namespaces } = host.truth;
    expect(rootlesskit.namespaces.parent.net).toBe(namespaces.net);
    expect(rootlesskit.namespaces.slirp4netns.net).toBe(namespaces.net);
    expect(rootlesskit.namespaces.containerd.net).toBe(namespaces.net);
    expect(rootlesskit.namespaces.containerd.user).not.toBe(namespaces.user);
    expect(rootlesskit.netns).not.toBe(namespaces.net);
    // The host's path is an empty file; the namespace is mounted on it where only the child can see.
    expect(await ssh(host, `stat -c '%F' ${rootlesskit.stateDir}/netns`)).toBe('regular empty file\n');
    const command = `tr '\\0' ' ' </proc/${rootlesskit.slirp4netnsPid}/cmdline`;
    expect(await ssh(host, command)).toContain(`--netns-type=path /proc/${rootlesskit.childPid}/root`);
  });

  test('has two containers on nerdctl0, each with namespaces of its own in the user namespace of RootlessKit', async () => {
    const inChild = `/usr/local/lib/lab/in-rootless.sh nsenter --net=${host.truth.rootlesskit.stateDir}/netns`;
    const ports = JSON.parse(await ssh(host, `${inChild} ip -j link show master nerdctl0`)) as { ifname: string }[];
    expect(ports.map((port) => port.ifname)).toEqual(host.containers.map((container) => container.veth.name));
    expect(host.containers.map(({ name, ip }) => [name, ip])).toEqual([
      ['nginx-d8e2d', '10.4.0.9'],
      ['redis-3f1c9', '10.4.0.10'],
    ]);
    for (const { namespaces } of host.containers) {
      for (const kind of ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'uts'] as const) {
        expect(namespaces[kind], kind).not.toBe(host.truth.namespaces[kind]);
      }
      expect(namespaces.user).toBe(host.truth.rootlesskit.namespaces.child.user);
      expect(namespaces.time).toBe(host.truth.namespaces.time);
    }
    const [nginx] = host.containers;
    expect(await ssh(host, `tr '\\0' ' ' </proc/${nginx?.pid}/cmdline`)).toContain('nginx: master process');
  });

  test('publishes nginx on the loopback of the host only', async () => {
    expect(await ssh(host, 'curl -s http://127.0.0.1:8080')).toContain('Welcome to nginx!');
    await expect(ssh(host, `curl -s http://${host.address}:8080`)).rejects.toThrow('exit status 7');
    expect(host.truth.ports.map((port) => port.spec)).toEqual([
      { proto: 'tcp', parentIP: '127.0.0.1', parentPort: 8080, childPort: 8080 },
    ]);
  });
});

test('a second host beside it differs in address and options, and none leaves a trace', async () => {
  const hosts = await Promise.all([
    startReferenceHost({ sudo: 'nopasswd', publish: 'child-ip' }),
    startReferenceHost({ sudo: 'password', passwordLogin: true, detachNetns: false }),
  ]);
  const [direct, attached] = hosts;
  try {
    expect(direct.address).not.toBe(attached.address);
    expect(await ssh(direct, 'sudo -n id -u; curl -s http://127.0.0.1:8080')).toMatch(/^0\n.*Welcome to nginx!/);
    expect(direct.truth.ports[0]?.spec).toMatchObject({ childIP: '10.4.0.9', childPort: 80 });

    expect(await ssh(attached, 'echo ec2-user | sudo -S -p "" id -u; curl -s http://127.0.0.1:8080')).toMatch(
      /^0\n.*Wel/,
    );
    expect(attached.truth.rootlesskit.detached).toBe(false);
    expect(attached.truth.rootlesskit.namespaces.containerd.net).toBe(attached.truth.rootlesskit.netns);
  } finally {
    await Promise.all(hosts.map((host) => host.stop()));
  }
  for (const host of hosts) {
    expect(processesIn(host.truth.namespaces.pid)).toEqual([]);
    expect(await tracesOf(host.slot)).toEqual([]);
  }
});

test('a host ends with the process that started it, however that ends', async () => {
  const module = path.join(import.meta.dirname, 'reference-host.ts');
  const script = `
    const { startReferenceHost } = await import(${JSON.stringify(module)});
    const { slot, initPid, truth } = await startReferenceHost();
    console.log(JSON.stringify({ slot, initPid, pidNamespace: truth.namespaces.pid }));
    setInterval(() => {}, 1000);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const starter = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(starter.stdout, 'data')) as [Buffer];
  const { slot, pidNamespace } = JSON.parse(line.toString()) as { slot: number; pidNamespace: number };
  expect(processesIn(pidNamespace).length).toBeGreaterThan(5);

  starter.kill('SIGKILL');
  await once(starter, 'exit');
  for (let tries = 0; processesIn(pidNamespace).length > 0 && tries < 100; tries++) await delay(50);
  expect(processesIn(pidNamespace)).toEqual([]);

  // What is left of it goes when the slot is taken again.
  const next = await startReferenceHost({ slot, publish: 'none' });
  expect(next.truth.ports).toEqual([]);
  await next.stop();
  expect(await tracesOf(slot)).toEqual([]);
});
