// nsatlas capture against a real host over SSH: as its users, with sudo, ended by Ctrl+C and by a connection that is gone.
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ended, newCommandLine } from '../helpers/command-line.ts';
import type { CommandLine } from '../helpers/command-line.ts';
import { onTerminalOf } from '../helpers/on-terminal.ts';
import { packetsOf } from '../helpers/pcap.ts';
import { captures, ensureLayer } from './layer.ts';
import type { LabHost } from './reference-host.ts';
import { startReferenceHost } from './reference-host.ts';

let host: LabHost;
let cli: CommandLine;
beforeAll(async () => {
  const layer = await ensureLayer('captures', captures);
  host = await startReferenceHost({ sudo: 'password', passwordLogin: true, layer });
  cli = await newCommandLine();
  for (const user of ['root', 'ec2-user', 'bob'])
    await cli.run(['collect', `${user}@${host.address}`, ...way(), '-o', `${user}.nsatlas`]);
});
afterAll(async () => {
  await host.stop();
  await cli.clear();
});

const way = (): readonly string[] => ['--known-hosts', host.knownHostsFile, '-i', host.keyFile];
const by = (user: string, output: string, ...options: readonly string[]): readonly string[] => [
  'capture',
  `${user}@${host.address}`,
  ...way(),
  '--snapshot',
  `${user}.nsatlas`,
  ...options,
  '-o',
  output,
];
const fileOf = (name: string): Promise<Buffer> => readFile(path.join(cli.folder, name));

/** What a capture may have left on the host. */
async function leftThere(): Promise<string> {
  const { stdout } = await host.execAsRoot(
    `ps -eo pid=,args= | grep -E 'tcpdump|sh -s|[ /]sleep [0-9]' | grep -v grep`,
  );
  return stdout;
}
afterEach(async () => {
  await expect.poll(leftThere, { timeout: 6000 }).toBe('');
});

/** Whether a packet on Ethernet is of a TCP connection to or from port 22. */
const ofSsh = (packet: Buffer): boolean =>
  packet.readUInt16BE(12) === 0x0800 &&
  packet[23] === 6 &&
  [packet.readUInt16BE(34), packet.readUInt16BE(36)].includes(22);

describe('our own connection', () => {
  test('is left out', async () => {
    const { status, stderr } = await cli.run(by('root', 'own.pcap', '--interface', 'ens5', '--seconds', '2'));
    expect(stderr).toMatch(/^own\.pcap: \d+ packets?, \d+ kB; 0 dropped by kernel\n$/);
    expect(status).toBe(0);
    expect(packetsOf(await fileOf('own.pcap')).filter(ofSsh)).toEqual([]);
  });
  test('is there when it is asked for, and a file of its own is for its owner alone', async () => {
    const args = by('root', 'all.pcap', '--interface', 'ens5', '--packets', '5', '--include-own');
    const { status, stderr } = await cli.run(args);
    expect(stderr).toMatch(/^all\.pcap: 5 packets, \d+ kB; 0 dropped by kernel\n$/);
    expect(status).toBe(0);
    expect(packetsOf(await fileOf('all.pcap')).filter(ofSsh)).toHaveLength(5);
    expect((await stat(path.join(cli.folder, 'all.pcap'))).mode & 0o777).toBe(0o600);
  });
});

describe('as ec2-user', () => {
  test('a container of their own, without sudo', async () => {
    const [{ name = '' } = {}] = host.containers;
    const args = by('ec2-user', 'own-container.pcap', '--container', name, '--interface', 'lo', '--filter', 'icmp');
    const running = cli.start([...args, '--packets', '2']);
    const end = ended(running);
    await expect.poll(() => leftThere()).toContain('tcpdump');
    const pid = /^ *(\d+) .*tcpdump/m.exec(await leftThere())?.[1] ?? '';
    // tcpdump stands where the container is.
    await expect
      .poll(async () => (await host.execAsRoot(`tr '\\0' ' ' </proc/${pid}/cmdline`)).stdout)
      .toMatch(/^tcpdump /);
    await delay(300);
    await host.execAsRoot(`nsenter -t ${pid} -n busybox ping -c 1 127.0.0.1`);
    const { status, stderr } = await end;
    expect(stderr).toBe('own-container.pcap: 2 packets, 1 kB; 0 dropped by kernel\n');
    expect(status).toBe(0);
  });
  test('the host’s packets take root: it is said, and no file is made', async () => {
    const { status, stderr } = await cli.run(by('ec2-user', 'none.pcap', '--seconds', '1'));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^nsatlas: could not capture on all interfaces of .*: ec2-user may not capture there \(any: .*\)\.\n/,
    );
    expect(stderr).toContain('try it with sudo.\n');
    await expect(stat(path.join(cli.folder, 'none.pcap'))).rejects.toThrow('ENOENT');
  });
  test('with sudo: collected first, and the password is asked for once', async () => {
    const args = ['capture', `ec2-user@${host.address}`, ...way(), '--sudo', 'ask', '--interface', 'ens5'];
    const { status, shown } = await onTerminalOf(
      cli,
      [...args, '--packets', '2', '--include-own', '-o', 'sudo.pcap'],
      [['Password for sudo', 'ec2-user\r']],
    );
    expect(shown).toContain('sudo.pcap: 2 packets, 1 kB; 0 dropped by kernel');
    expect(status).toBe(0);
    expect(packetsOf(await fileOf('sudo.pcap'))).toHaveLength(2);
  });
});

test('bob gets no further than a stranger does', async () => {
  const { status, stderr } = await cli.run(by('bob', 'bob.pcap'));
  expect(status).toBe(1);
  expect(stderr).toContain('bob may not capture there');
});

describe('ended', () => {
  test('by Ctrl+C on a silent interface: a file without packets, and status 0', async () => {
    const { status, shown } = await onTerminalOf(cli, by('root', 'silent.pcap', '--filter', 'udp port 9'), [
      ['packets, 1 kB, on all interfaces of', '\u0003'],
    ]);
    expect(shown).toContain('silent.pcap: 0 packets, 1 kB; 0 dropped by kernel');
    expect(status).toBe(0);
    expect(packetsOf(await fileOf('silent.pcap'))).toEqual([]);
  });
  test.each([
    ['root', 'root', [], ''],
    ['ec2-user with sudo', 'ec2-user', ['--sudo', 'try'], ''],
    ['ec2-user with sudo in a terminal of its own', 'ec2-user', ['--sudo', 'try'], 'Defaults use_pty'],
  ] as const)('by the end of nsatlas itself: as %s', async (_, user, sudo, defaults) => {
    const rule = 'ec2-user ALL=(ALL) NOPASSWD: ALL';
    await host.execAsRoot(`printf '%s\\n' '${defaults}' '${rule}' >/etc/sudoers.d/zz-test`);
    const running = cli.start(by(user, 'killed.pcap', '--filter', 'udp port 9', ...sudo));
    const end = ended(running);
    const file = path.join(cli.folder, 'killed.pcap');
    const length = (): Promise<number> =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      );
    await expect.poll(length, { timeout: 5000 }).toBe(24);
    expect(await leftThere()).toContain('tcpdump');
    running.kill('SIGKILL');
    await end;
    await rm(file);
    await host.execAsRoot('rm /etc/sudoers.d/zz-test');
  });
  test('to standard output, by its reader', async () => {
    const running = cli.start(by('root', '-', '--interface', 'ens5', '--include-own'));
    running.stdout.once('data', () => running.stdout.destroy());
    const [status] = await new Promise<readonly [number | null]>((resolve) =>
      running.once('exit', (code) => resolve([code])),
    );
    expect(status).toBe(0);
  });
});
