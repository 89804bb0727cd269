// Network namespaces that are kept alive in each of the three ways: by a process, a mount, an open file. All of them are
// made inside a user namespace, as rootless containers are, and asked for as its owner and (where we are root) as root.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transcript } from '../../../shared/model/transcript.ts';
import { asNobody, leftAfter, resultOf, shells, startScript } from '../../helpers/script-run.ts';

/** Prints its PID and the three inodes, then waits. */
const nest = `
mount -t tmpfs tmpfs /tmp
: >/tmp/netns
unshare -n sh -c 'ip link set lo up; mount --bind /proc/self/ns/net /tmp/netns; readlink /proc/self/ns/net'
unshare -n sleep 1000 & sleeper=$!
until [ "$(readlink /proc/$sleeper/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
exec 7</proc/$sleeper/ns/net
readlink /proc/$sleeper/ns/net
kill $sleeper; wait $sleeper 2>/dev/null
readlink /proc/self/ns/net
echo $$
exec 1>&-
while :; do sleep 1000; done`;

let host: ChildProcess;
let pid = '';
let nets = { mounted: '', opened: '', populated: '' };

beforeAll(async () => {
  const [name = 'unshare', ...words] = [...asNobody, 'unshare', '-U', '-r', '-m', '-n', '--propagation=private', 'sh'];
  host = spawn(name, words, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  host.stdin?.end(nest);
  let said = '';
  host.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  if (host.stdout) await once(host.stdout, 'end');
  const [mounted = '', opened = '', populated = '', self = ''] = said.trim().split('\n');
  nets = { mounted, opened, populated };
  pid = self;
});

afterAll(async () => {
  const ended = once(host, 'close');
  if (host.pid !== undefined) process.kill(-host.pid, 'SIGKILL');
  await ended;
});

const ways = (transcript: Transcript, net: string) =>
  transcript.frames
    .filter(({ section, key }) => section === 'net' && key === net)
    .map(({ privilege, command, status }) => ({ privilege, command, status }));
const ip = 'ip -d -j -s -force -batch -';

describe.runIf(process.platform === 'linux').each(shells.slice(0, 2))('network namespaces, by $name', ({ shell }) => {
  it('are entered by their owner, each by the best way there is', async () => {
    const run = startScript([...asNobody, ...shell]);
    const { transcript, errors } = await resultOf(run);
    expect(errors).toBe('');
    const inside = `nsenter -t ${pid} -U --preserve-credentials`;
    const privilege = `userns:${pid}`;
    expect(ways(transcript, nets.populated)).toEqual([
      { privilege, command: `${inside} --net=/proc/${pid}/ns/net ${ip}`, status: 0 },
    ]);
    expect(ways(transcript, nets.mounted)).toEqual([
      { privilege, command: `${inside} --net=/proc/${pid}/root/tmp/netns ${ip}`, status: 0 },
    ]);
    expect(ways(transcript, nets.opened)).toEqual([
      { privilege, command: `${inside} nsenter --net=/proc/${pid}/fd/7 ${ip}`, status: 0 },
    ]);
    const mounted = transcript.frames.find(({ section, key }) => section === 'net' && key === nets.mounted);
    const links = JSON.parse(mounted?.output.split('\n')[0] ?? '') as readonly { ifname: string; flags: string[] }[];
    expect(links.find(({ ifname }) => ifname === 'lo')?.flags).toContain('UP');
    // Nobody is in there who could be asked from outside.
    expect(
      transcript.frames
        .filter(({ section }) => section === 'socket-in')
        .map(({ key }) => key)
        .sort(),
    ).toEqual([nets.mounted, nets.opened].sort());
    expect(await leftAfter(run.mark, 0)).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('are entered by root without a user namespace', async () => {
    const { transcript } = await resultOf(startScript(shell));
    const entered = [nets.populated, nets.mounted, nets.opened].map((net) => ways(transcript, net));
    expect(entered).toEqual(
      [`/proc/${pid}/ns/net`, `/proc/${pid}/root/tmp/netns`, `/proc/${pid}/fd/7`].map((path) => [
        { privilege: 'user', command: `nsenter --net=${path} ${ip}`, status: 0 },
      ]),
    );
  });
});
