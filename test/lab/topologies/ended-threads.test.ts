// Processes whose main thread has ended while others live: the kernel shows them as zombies, without namespaces and open
// files of their own. What they are in and hold is told by a living thread.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../../shared/explain/explain.ts';
import { namespaceId } from '../../../shared/model/id.ts';
import type { Model } from '../../../shared/model/model.ts';
import { isClosed } from '../../../shared/model/process.ts';
import type { BareHost, Person } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { busyBoxIn } from './busybox-host.ts';
import { asInitialHost, collectFrom } from './collect-from.ts';
import { lent, lendThreadedPerl } from './machine-program.ts';

/** System calls by their numbers: perl has no other way. */
const calls = process.arch === 'arm64' ? { unshare: 97, exit: 93 } : { unshare: 272, exit: 60 };

/** Prints `NAME PID TID INODE`: of the network namespace that the living thread is in. */
const script = (perl: readonly string[]) => `
  cat >/usr/local/lib/ended.pl <<'END'
    use threads;
    use Socket;
    $^F = 99;
    my ($name, $port, $how) = @ARGV;
    threads->create(sub {
      my ($socket, $tun);
      socket($socket, AF_INET, SOCK_STREAM, 0) or die "$!";
      bind($socket, sockaddr_in($port, INADDR_ANY)) && listen($socket, 5) or die "$!";
      if ($how eq "tap") {
        open($tun, "+<", "/dev/net/tun") or die "$!";
        my $request = pack("a16 s x22", "tap0", 0x1002);
        ioctl($tun, 0x400454ca, $request) or die "$!";
      }
      if ($how eq "apart") { syscall(${calls.unshare}, 0x40000000) == 0 or die "$!" }
      # Until the other has ended.
      while (1) { open(my $stat, "<", "/proc/$$/stat"); last if <$stat> =~ /\\) Z /; select(undef, undef, undef, 0.02) }
      open(my $out, ">", "/tmp/$name.new") or die "$!";
      (my $tid = readlink("/proc/thread-self")) =~ s/.*\\///;
      (my $netns = readlink("/proc/thread-self/ns/net")) =~ s/[^0-9]//g;
      print $out "$name $$ $tid $netns\\n";
      close($out);
      rename("/tmp/$name.new", "/tmp/$name");
      sleep;
    });
    syscall(${calls.exit}, 0);
END
  # NAME PORT HOW COMMAND…: such a process, started by COMMAND.
  ended() {
    name=$1 port=$2 how=$3
    shift 3
    PERL5LIB=${lent} "$@" ${perl.join(' ')} /usr/local/lib/ended.pl $name $port $how </dev/null >/dev/null 2>>/tmp/errors &
    until [ -e /tmp/$name ]; do sleep 0.01; [ ! -s /tmp/errors ] || { cat /tmp/errors >&2; exit 1; }; done
    cat /tmp/$name
  }
  chmod 1777 /tmp
  ended plain 8001 plain
  ended apart 8002 apart
  read -r _ pid tid _ </tmp/apart
  ip link add to-apart index 50 type veth peer name eth0 index 51 netns /proc/$pid/task/$tid/ns/net
  ip netns add within
  ip link add to-within index 52 type veth peer name eth0 index 53 netns within
  ended within 8003 plain ip netns exec within
  ip netns del within
  ended tap 8004 tap
  ip link set tap0 up
  ended user 8005 plain setpriv --reuid 1000 --regid 1000 --clear-groups unshare --user --map-root-user --net`;

interface Ended {
  readonly pid: number;
  readonly tid: number;
  readonly netns: number;
}

let host: BareHost;
let truth: ReadonlyMap<string, Ended>;
const models = new Map<Person | 'BusyBox', Model>();

beforeAll(async () => {
  host = await startBareHost();
  const said = await host.script(script(await lendThreadedPerl(host)));
  truth = new Map(
    said
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name = '', pid, tid, netns]) => [name, { pid: Number(pid), tid: Number(tid), netns: Number(netns) }]),
  );
  const root = await collectFrom(host, 'root');
  models.set('root', asInitialHost(root));
  for (const person of ['ec2-user', 'bob'] as const) models.set(person, (await collectFrom(host, person)).model);
  const collect = await busyBoxIn(host);
  models.set('BusyBox', (await collect('root')).model);
});
afterAll(() => host.stop());

const modelOf = (who: Person | 'BusyBox'): Model => models.get(who) ?? expect.fail(`nobody asked as ${who}`);
const ended = (name: string): Ended => truth.get(name) ?? expect.fail(`The script did not say ${name}.`);
const processOf = (model: Model, name: string) =>
  model.processes.find(({ pid }) => pid === ended(name).pid) ?? expect.fail(`${name} was not seen`);

const names = ['plain', 'apart', 'within', 'tap', 'user'];

describe.each(['root', 'BusyBox'] as const)('seen by root (%s)', (who) => {
  test.each(names)('%s: where it is', (name) => {
    const { netns, tid } = ended(name);
    const process = processOf(modelOf(who), name);
    expect(process).toMatchObject({ state: 'Z', livingThread: tid, namespaces: { net: namespaceId('net', netns) } });
    expect(Object.keys(process.namespaces).sort()).toEqual([
      'cgroup',
      'ipc',
      'mnt',
      'net',
      'pid',
      'time',
      'user',
      'uts',
    ]);
  });

  test('they are counted, none is closed or gone, and it is said why they are shown as they are', () => {
    const { completeness, findings } = modelOf(who);
    expect(completeness.counts.processes.known).toBe(completeness.counts.processes.of);
    expect(completeness.counts.processes.of).toBeGreaterThan(names.length);
    const rules = findings.map(({ rule }) => rule);
    expect(rules).not.toContain('gaps.processes-closed');
    expect(rules).not.toContain('processes.gone');
    const subjects = names.map((name) => `process:${ended(name).pid}`).sort();
    const said = findings.find(({ rule }) => rule === 'processes.main-thread-ended');
    expect([...(said?.subjects ?? [])].sort()).toEqual(subjects);
  });

  test('the sockets they hold', () => {
    const holders = modelOf(who).sockets.map(({ local, processIds }) => [local.port, ...processIds]);
    const ports = [8001, 8002, 8003, 8004, 8005];
    expect(holders.sort()).toEqual(names.map((name, at) => [ports[at], `process:${ended(name).pid}`]));
  });
});

test('the links in their network namespaces, and the tap they serve', () => {
  const { relations, findings } = modelOf('root');
  const pair = (index: number, name: string) => ({
    certainty: 'certain',
    ends: [`link:net:[${ended('plain').netns}]/${index}`, `link:net:[${ended(name).netns}]/${index + 1}`].sort(),
  });
  const pairs = relations.filter(({ kind }) => kind === 'veth-peer');
  expect(pairs.map(({ from, to, certainty }) => ({ certainty, ends: [from, to].sort() }))).toEqual(
    expect.arrayContaining([pair(50, 'apart'), pair(52, 'within')]),
  );
  expect(relations.filter(({ kind }) => kind === 'served-by')).toMatchObject([
    { to: `process:${ended('tap').pid}`, certainty: 'certain' },
  ]);
  expect(findings.map(({ rule }) => rule)).not.toContain('tap.server-not-seen');
});

test('what one can type leads there', async () => {
  const model = modelOf('root');
  for (const name of ['apart', 'within']) {
    const { pid, tid, netns } = ended(name);
    const command = explain(model, namespaceId('net', netns))?.tryIt ?? '';
    expect(command).toContain(`nsenter -t ${tid} -n `);
    expect(await host.script(command.replace('sudo ', ''))).toContain('eth0');
    const list = explain(model, `process:${pid}`)?.tryIt ?? '';
    expect(await host.script(list)).toContain(`net -> net:[${netns}]`);
  }
});

test('as ec2-user: the own one as root sees it', () => {
  const model = modelOf('ec2-user');
  const { netns, tid, pid } = ended('user');
  expect(processOf(model, 'user')).toMatchObject({ livingThread: tid, namespaces: { net: namespaceId('net', netns) } });
  expect(model.sockets.find(({ local }) => local.port === 8005)?.processIds).toEqual([`process:${pid}`]);
});

test.each(['ec2-user', 'bob'] as const)('as %s: which network namespace those of others are in', (person) => {
  const model = modelOf(person);
  const others = person === 'bob' ? names : names.filter((name) => name !== 'user');
  const net = (name: string) => processOf(model, name).namespaces.net;
  for (const name of others) expect(isClosed(processOf(model, name)), name).toBe(true);
  const own = namespaceId('net', ended('plain').netns);
  expect([net('plain'), net('tap')]).toEqual([own, own]);
  const elsewhere = others.filter((name) => name !== 'plain' && name !== 'tap').map(net);
  expect(new Set(elsewhere).size).toBe(elsewhere.length);
  for (const id of elsewhere) expect(id).toMatch(/^net\/dev:/);
  const links = (name: string) => model.links.filter(({ netns }) => netns === net(name)).map((link) => link.name);
  expect([links('apart'), links('within')]).toEqual([
    ['lo', 'eth0'],
    ['lo', 'eth0'],
  ]);
  expect(model.completeness.counts.netns.of).toBe(4);
  expect(model.findings.find(({ rule }) => rule === 'gaps.processes-closed')?.subjects).toEqual(
    expect.arrayContaining(others.map((name) => `process:${ended(name).pid}`)),
  );
});
