// Packets of real network namespaces, captured by the real tcpdump: these packets and no others, where it was asked for or
// nowhere, and nothing left on the host.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { capture } from '../../../electron/capture/capture.ts';
import type { CaptureRequest, Captured } from '../../../electron/capture/capture.ts';
import { CaptureFailure } from '../../../electron/capture/failure.ts';
import { captureTarget } from '../../../shared/capture/capture-target.ts';
import type { CaptureTarget } from '../../../shared/capture/capture-target.ts';
import type { Model } from '../../../shared/model/model.ts';
import { packetsOf } from '../../helpers/pcap.ts';
import { captures, ensureLayer } from '../layer.ts';
import type { BareHost, Person } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { collectFrom } from './collect-from.ts';

/** `left` and `right` with a wire between them, `apart` with one to nowhere, and bob's own network. */
const script = `
  ip netns add left
  ip netns add right
  ip netns add apart
  ip link add wire netns left type veth peer name wire netns right
  ip -n left addr add 10.9.0.1/24 dev wire
  ip -n right addr add 10.9.0.2/24 dev wire
  for netns in left right; do
    ip -n $netns link set wire addrgenmode none up
    ip -n $netns link set lo up
  done
  ip -n apart link add silent type bridge
  ip -n apart link set silent addrgenmode none up
  number=70
  for name in '$(reboot)' "';--" '-r' $'br\\xff'; do
    ip -n left link add link$number index $number type bridge
    ip -n left link set link$number addrgenmode none up
    ip -n left link set dev link$number name "$name"
    number=$((number + 1))
  done
  mkfifo /tmp/bob
  setpriv --reuid 1001 --regid 1001 --clear-groups unshare --user --map-root-user --net sh -c '
    ip link set lo up; echo >/tmp/bob; exec sleep infinity' </dev/null >/dev/null 2>&1 &
  chmod 666 /tmp/bob
  read -r _ </tmp/bob`;

let host: BareHost;
let asRoot: Model;
beforeAll(async () => {
  host = await startBareHost(await ensureLayer('captures', captures));
  await host.script(script);
  asRoot = (await collectFrom(host, 'root')).model;
}, 300_000);
afterAll(() => host.stop());

/** `netns`: of `ip netns add`, or what the model calls it. */
function target(netns: string, link?: string, model: Model = asRoot): CaptureTarget {
  const where = model.namespaces.find(
    ({ kind, name, keptBy }) =>
      kind === 'net' &&
      (name === netns || keptBy.some((one) => one.by === 'mount' && one.path === `/run/netns/${netns}`)),
  );
  const one = model.links.find(({ netns: id, name }) => id === where?.id && name === link);
  if (!where || (link !== undefined && !one)) throw new Error(`no ${netns} ${link}`);
  const found = captureTarget(model, where.id, one?.id);
  if ('problem' in found) throw new Error(found.problem);
  return found;
}

interface Run {
  readonly captured: Captured;
  readonly file: Buffer;
}

/** `meanwhile` once tcpdump listens; its end is the end of the capture. */
async function captureAs(
  person: Person,
  request: Partial<CaptureRequest> & Pick<CaptureRequest, 'target'>,
  meanwhile?: () => Promise<unknown>,
): Promise<Run> {
  const pieces: Uint8Array[] = [];
  const stopping = new AbortController();
  let working: Promise<unknown> | undefined;
  const shell = host.shellOf(person);
  const captured = await capture(
    shell,
    { filter: '', limits: {}, includeOwn: false, ...request },
    {
      sudo: 'never',
      signal: stopping.signal,
      write: async (bytes) => void pieces.push(bytes),
      onStarted: () => void (working = meanwhile?.().finally(() => stopping.abort())),
    },
  );
  await working;
  return { captured, file: Buffer.concat(pieces) };
}

async function failureOf(run: Promise<unknown>): Promise<CaptureFailure> {
  const failed: unknown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failed instanceof CaptureFailure)) throw new Error('it did not fail as a capture does', { cause: failed });
  return failed;
}

/** Of what runs on the host, what a capture may have started. */
const leftThere = async (): Promise<string> =>
  host.script(`ps -eo pid=,args= | grep -E 'tcpdump|sh -s|nsenter|sleep [0-9]' | grep -v grep || :`);
afterEach(async () => {
  await expect.poll(leftThere, { timeout: 5000 }).toBe('');
});

const ping = (count: number): Promise<string> =>
  host.script(`nsenter --net=/run/netns/left busybox ping -q -i 0.2 -s 100 -c ${count} 10.9.0.2`);
/** Protocol of an IPv4 packet on Ethernet, and its ICMP type. */
const icmp = (packet: Buffer): string => `${packet.readUInt16BE(12).toString(16)} ${packet[23]} ${packet[34]}`;

const nothing = (): Promise<void> => Promise.resolve();

describe('as root', () => {
  test('these packets and no others', async () => {
    const wanted = { target: target('right', 'wire'), filter: 'icmp' };
    const { captured, file } = await captureAs('root', wanted, () => ping(3));
    expect(captured).toMatchObject({ packets: 6, ended: 'stopped', bytes: file.length, droppedByKernel: 0 });
    const packets = packetsOf(file);
    expect(packets.map(icmp)).toEqual(['800 1 8', '800 1 0', '800 1 8', '800 1 0', '800 1 8', '800 1 0']);
    // Asked from 10.9.0.1 to 10.9.0.2.
    expect(packets[0]?.subarray(26, 34)).toEqual(Buffer.from([10, 9, 0, 1, 10, 9, 0, 2]));
  });

  test('all interfaces of a network namespace, the loopback too', async () => {
    const { captured } = await captureAs('root', { target: target('left'), filter: 'icmp' }, async () => {
      await ping(1);
      await host.script('nsenter --net=/run/netns/left busybox ping -q -c 1 127.0.0.1');
    });
    expect(captured.packets).toBe(4);
  });

  test('so many packets, and so many bytes of each', async () => {
    const wanted = { target: target('right', 'wire'), filter: 'icmp', limits: { packets: 3 }, snaplen: 60 };
    const { captured, file } = await captureAs('root', wanted, () => ping(3));
    expect(captured).toMatchObject({ packets: 3, ended: 'limit' });
    expect(packetsOf(file).map((packet) => packet.length)).toEqual([60, 60, 60]);
  });

  test('a file of so many bytes, which ends with a packet', async () => {
    const wanted = { target: target('right', 'wire'), filter: 'icmp', limits: { bytes: 500 } };
    const { captured, file } = await captureAs('root', wanted, () => ping(3));
    // A header of 24, and packets of 16 and 142.
    expect(captured).toMatchObject({ packets: 3, bytes: 498, ended: 'limit' });
    expect(packetsOf(file)).toHaveLength(3);
  });

  /** The kernel speaks of IPv6 on any interface. */
  const silence = () => ({ target: target('apart', 'silent'), filter: 'udp port 9' });

  test('so many seconds of silence', async () => {
    const { captured, file } = await captureAs('root', { ...silence(), limits: { seconds: 1 } });
    expect(captured).toMatchObject({ packets: 0, bytes: 24, ended: 'limit', droppedByKernel: 0 });
    expect(packetsOf(file)).toEqual([]);
  });

  test('stopped on a silent interface, it is a file without packets', async () => {
    const { captured } = await captureAs('root', silence(), nothing);
    expect(captured).toMatchObject({ packets: 0, bytes: 24, ended: 'stopped' });
  });

  test.each(['KILL', 'TERM'])('the shell that started it gets a %s', async (signal) => {
    const { captured } = await captureAs('root', silence(), () =>
      host.script(`kill -${signal} $(pgrep -o -f '^sh -s')`),
    );
    expect(captured).toMatchObject({ packets: 0 });
  });

  test.each(['$(reboot)', "';--", '-r', 'br\ufffdff'])('an interface called %s', async (name) => {
    const { captured } = await captureAs('root', { target: target('left', name) }, nothing);
    expect(captured).toMatchObject({ ended: 'stopped' });
  });

  test.each([
    '$(touch /tmp/read)',
    '`touch /tmp/read`',
    "'; touch /tmp/read; '",
    '-w/tmp/read',
    '-z /tmp/read',
    'tcp)) or (udp',
    'icmp\ntouch /tmp/read',
    'port eighty',
  ])('a filter that is none: %s', async (filter) => {
    const failure = await failureOf(captureAs('root', { target: target('left', 'wire'), filter }));
    expect(failure.code).toBe('filter-refused');
    expect(failure.reason).toMatch(/^tcpdump does not take the filter: .+\.$/);
    expect(await host.script('ls /tmp')).not.toContain('read');
  });

  test('under a shell of another kind', async () => {
    for (const shell of ['bash', 'busybox']) {
      await host.script(`ln -sf "$(command -v ${shell})" /usr/local/sbin/sh`);
      const wanted = { target: target('right', 'wire'), filter: 'icmp' };
      const { captured } = await captureAs('root', wanted, () => ping(1));
      await host.script('rm /usr/local/sbin/sh');
      expect(captured, shell).toMatchObject({ packets: 2, ended: 'stopped', droppedByKernel: 0 });
    }
  });
});

describe('what has changed since', () => {
  test('another network namespace where that one was', async () => {
    await host.script('ip netns add going; ip -n going link set lo up');
    const { model } = await collectFrom(host, 'root');
    await host.script('ip netns add other; ip netns delete going; ip netns add going');
    const failure = await failureOf(captureAs('root', { target: target('going', 'lo', model) }));
    await host.script('ip netns delete other');
    expect(failure.code).toBe('namespace-gone');
    expect(failure.reason).toMatch(/^net:\[\d+\] is not where it was: the way there leads to net:\[\d+\] now\.$/);
  });

  test('another one of the same inode, which the kernel gives out again at once', async () => {
    await host.script('ip netns add again; ip -n again link add bridge type bridge');
    const { model } = await collectFrom(host, 'root');
    const before = target('again', undefined, model);
    const inode = Number(
      await host.script(`
        ip netns delete again
        for try in $(seq 200); do
          ip netns add again
          [ "$(stat -L -c %i /run/netns/again)" != ${before.netns.inode} ] || break
          ip netns delete again
          sleep 0.05
        done
        ip -n again link add bridge type bridge
        stat -L -c %i /run/netns/again`),
    );
    expect(inode).toBe(before.netns.inode);
    const failure = await failureOf(captureAs('root', { target: before }));
    expect(failure.code).toBe('namespace-gone');
    expect(failure.reason).toContain('another network namespace by now');
  });

  test('another boot, or another host', async () => {
    const wanted = { ...target('left'), bootId: '00000000-0000-0000-0000-000000000000' };
    const failure = await failureOf(captureAs('root', { target: wanted }));
    expect(failure.reason).toBe('The host has been restarted since it was collected, or it is another host.');
  });

  test('a network namespace that is gone', async () => {
    await host.script('ip netns add gone');
    const { model } = await collectFrom(host, 'root');
    await host.script('ip netns delete gone');
    const failure = await failureOf(captureAs('root', { target: target('gone', undefined, model) }));
    expect(failure).toMatchObject({
      code: 'namespace-gone',
      advice: expect.stringContaining('Collect the host again'),
    });
  });

  test('another interface by the same name, and none', async () => {
    await host.script('ip -n apart link add leaving type bridge');
    const { model } = await collectFrom(host, 'root');
    const leaving = target('apart', 'leaving', model);
    await host.script('ip -n apart link delete leaving; ip -n apart link add leaving type bridge');
    expect((await failureOf(captureAs('root', { target: leaving }))).code).toBe('interface-changed');
    await host.script('ip -n apart link delete leaving');
    expect((await failureOf(captureAs('root', { target: leaving }))).code).toBe('interface-gone');
  });
});

describe('as nobody special', () => {
  test('the host’s packets are not theirs', async () => {
    const failure = await failureOf(captureAs('bob', { target: target('host') }));
    expect(failure.code).toBe('not-permitted');
    expect(failure.reason).toMatch(/^bob may not capture there \(.*permi.*\)\.$/i);
    expect(failure.advice).toContain('sudo');
  });

  test('nor is a network namespace of root’s', async () => {
    const failure = await failureOf(captureAs('bob', { target: target('left') }));
    expect(failure.code).toBe('not-permitted');
    expect(failure.reason).toMatch(/^bob may not enter the network namespace \(nsenter: .*\)\.$/);
  });

  test('a network of their own is', async () => {
    const { model } = await collectFrom(host, 'bob');
    const { net } = model.processes.find(({ comm }) => comm === 'sleep')?.namespaces ?? {};
    const own = model.namespaces.find(({ id }) => id === net);
    const wanted = { target: target(own?.name ?? '', 'lo', model), filter: 'icmp' };
    const { captured } = await captureAs('bob', wanted, () =>
      host.script('nsenter -t "$(pgrep -u bob -x sleep)" -n busybox ping -q -c 1 127.0.0.1'),
    );
    expect(captured).toMatchObject({ packets: 2, ended: 'stopped' });
  });
});

test('no tcpdump: it is told how to get one', async () => {
  const without = await startBareHost();
  try {
    const { model } = await collectFrom(without, 'root');
    const shell = without.shellOf('root');
    const write = (): Promise<void> => Promise.reject(new Error('nothing was captured'));
    const options = { sudo: 'never', signal: new AbortController().signal, write } as const;
    const wanted = { target: target('host', undefined, model), filter: '', limits: {}, includeOwn: true };
    expect(await failureOf(capture(shell, wanted, options))).toMatchObject({
      code: 'no-tcpdump',
      advice: expect.stringContaining('apt install tcpdump'),
    });
  } finally {
    await without.stop();
  }
});
