// Processes whose links in /proc/PID/ns are closed to whoever asks: which network namespace each is in, and what
// /proc/PID/net tells of those that nobody one may see is in. The truth is root's, by readlink and ip.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Model } from '../../../shared/model/model.ts';
import { explain } from '../../../shared/explain/explain.ts';
import { networkGraph } from '../../../shared/graph/network-view.ts';
import type { BareHost, Person } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { busyBoxIn } from './busybox-host.ts';
import { collectFrom } from './collect-from.ts';

/** prctl(2) by its number: perl has no other way. */
const prctl = process.arch === 'arm64' ? 167 : 157;

/** Two of root's with the same names and addresses, one of ec2-user's; who is not dumpable and who is set-user-ID. */
const script = `
  quiet() { "$@" </dev/null >/dev/null 2>&1 & }
  as() { id=$1; shift; quiet setpriv --reuid "$id" --regid "$id" --clear-groups "$@"; }
  for name in one two; do
    ip netns add $name
    ip link add to-$name type veth peer name eth0 netns $name
    ip link set to-$name up
    ip -n $name link set lo up
    ip -n $name link set eth0 up
    ip -n $name address add 10.9.0.2/24 dev eth0
    ip -n $name address add fd00:9::2/64 dev eth0 nodad
    ip -n $name route add default via 10.9.0.1
    ip -n $name route add unreachable 10.66.0.0/16
    quiet ip netns exec $name sleep infinity
  done
  ip -n one link add down1 type veth peer name down2
  ip -n one link set down1 mtu 1000
  quiet ip netns exec one perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 1, LocalPort => 8081); sleep'
  # bob's own, in a network namespace of root's: closed even to bob.
  quiet ip netns exec two setpriv --reuid 1001 --regid 1001 --clear-groups perl -e 'syscall(${prctl}, 4, 0, 0, 0, 0); sleep'
  as 1001 perl -e 'syscall(${prctl}, 4, 0, 0, 0, 0); sleep'
  cp "$(command -v sleep)" /usr/local/bin/sleep-as-root
  chmod u+s /usr/local/bin/sleep-as-root
  as 1001 sleep-as-root infinity
  as 1000 unshare --user --map-root-user --net sleep infinity
  as 1000 unshare --user --map-root-user --net sleep infinity
  as 1001 sleep infinity
  sleep 0.5`;

interface Truth {
  /** `net:[…]` by PID. */
  readonly netns: ReadonlyMap<number, string>;
  /** `INDEX NAME` of all links, by network namespace. */
  readonly links: ReadonlyMap<string, readonly string[]>;
}

let host: BareHost;
let truth: Truth;
const models = new Map<Person, Model>();
const modelOf = (person: Person): Model => models.get(person) ?? expect.fail(`nobody asked as ${person}`);

async function lookAsRoot(): Promise<Truth> {
  const answer = await host.script(`
    for pid in /proc/[0-9]*; do echo "in \${pid#/proc/} $(readlink $pid/ns/net)"; done
    for pid in /proc/[0-9]*; do
      inode=$(readlink $pid/ns/net) || continue
      case " \${seen-} " in *" $inode "*) continue ;; esac
      seen="\${seen-} $inode"
      nsenter --net=$pid/ns/net ip -o link | sed -E "s/^([0-9]+): ([^@:]+).*/link $inode \\1 \\2/"
    done`);
  const netns = new Map<number, string>();
  const links = new Map<string, string[]>();
  for (const [word, first = '', second = '', third = ''] of answer.split('\n').map((line) => line.split(' '))) {
    if (word === 'in') netns.set(Number(first), second);
    if (word === 'link') links.set(first, [...(links.get(first) ?? []), `${second} ${third}`]);
  }
  return { netns, links };
}

beforeAll(async () => {
  host = await startBareHost();
  await host.script(script);
  truth = await lookAsRoot();
  for (const person of ['root', 'ec2-user', 'bob'] as const)
    models.set(person, (await collectFrom(host, person)).model);
});
afterAll(() => host.stop());

/** What each network namespace without a number is in truth, by who is in it. */
function meaningOf(model: Model): ReadonlyMap<string, ReadonlySet<string>> {
  const meaning = new Map<string, Set<string>>();
  for (const { pid, namespaces } of model.processes) {
    const [told, is] = [namespaces.net, truth.netns.get(pid)];
    if (told?.startsWith('net/dev:') && is !== undefined) meaning.set(told, (meaning.get(told) ?? new Set()).add(is));
  }
  return meaning;
}

/** Everything that is not so, as sentences. */
function wrong(model: Model): readonly string[] {
  const meaning = meaningOf(model);
  const known = new Set<string>(model.processes.flatMap(({ namespaces }) => namespaces.net ?? []));
  const only = (id: string): string => [...(meaning.get(id) ?? [])][0] ?? 'nothing';
  const links = model.links.filter(({ netns }) => netns.startsWith('net/dev:'));
  return [
    ...model.processes
      .filter(({ pid, namespaces }) => namespaces.net?.startsWith('net:') && truth.netns.has(pid))
      .filter(({ pid, namespaces }) => namespaces.net !== truth.netns.get(pid))
      .map(({ id, pid, namespaces }) => `${id} is in ${truth.netns.get(pid)}, not in ${namespaces.net}`),
    ...[...meaning].filter(([, all]) => all.size !== 1).map(([id, all]) => `${id} is ${[...all].join(' and ')}`),
    ...[...meaning.keys()].filter((id) => known.has(only(id))).map((id) => `${id} is ${only(id)}, which is known`),
    ...(new Set([...meaning.keys()].map(only)).size === meaning.size ? [] : ['two of them are one']),
    ...links
      .filter(({ netns, ifindex, name }) => !truth.links.get(only(netns))?.includes(`${ifindex} ${name}`))
      .map(({ id, name }) => `${id} is not ${name}`),
    ...model.relations
      .filter(({ from, to }) => links.some(({ id }) => id === from || id === to))
      .map(({ id, rule }) => `${id} is led to by ${rule}`),
  ];
}

const people: readonly Person[] = ['root', 'ec2-user', 'bob'];

test.each(people)('%s is told nothing that root sees otherwise', (person) => {
  expect(wrong(modelOf(person))).toEqual([]);
});

/** Of those that were there before anybody asked. */
const unplaced = (model: Model): readonly string[] =>
  model.processes
    .filter(({ pid, namespaces }) => truth.netns.has(pid) && namespaces.net === undefined)
    .map(({ id }) => id);

test.each(people)('%s is told the network namespace of every process', (person) => {
  expect(unplaced(modelOf(person))).toEqual([]);
});

test('who is closed and in the host’s network namespace is there for certain: root’s, not dumpable, set-user-ID', () => {
  const model = modelOf('bob');
  const hosts = truth.netns.get(1);
  const closed = model.processes.filter(({ netnsBy }) => netnsBy?.rule === 'netns.proc-net-known');
  expect(new Set(closed.map(({ comm }) => comm))).toEqual(new Set(['sh', 'cat', 'perl', 'sleep-as-root']));
  expect(new Set(closed.map(({ namespaces }) => namespaces.net))).toEqual(new Set([hosts]));
  expect(model.host.initialNamespaces.net).toMatchObject({ id: hosts, certainty: 'certain' });
  // Nothing but that is said of them.
  expect(new Set(closed.flatMap(({ namespaces }) => Object.keys(namespaces)))).toEqual(new Set(['net']));
  expect(model.findings.find(({ rule }) => rule === 'gaps.processes-closed')?.values).toMatchObject({
    count: model.processes.filter(({ netnsBy }) => netnsBy).length,
  });
});

describe('as bob, network namespaces that nobody bob may see is in', () => {
  const closed = () => modelOf('bob').namespaces.filter(({ procNet }) => procNet);
  const named = (part: string) => {
    const inode = [...truth.links].find(([, links]) => links.some((one) => one.endsWith(part)))?.[0] ?? '';
    return closed().filter(({ id }) => meaningOf(modelOf('bob')).get(id)?.has(inode));
  };

  test('are told apart, though two of root’s have equal names and addresses and two of ec2-user’s nothing at all', () => {
    expect(closed()).toHaveLength(4);
    expect(closed().every(({ inode, role }) => inode === undefined && role === 'process')).toBe(true);
    const eth0 = modelOf('bob').links.filter(({ netns, name }) => netns.startsWith('net/dev:') && name === 'eth0');
    expect(eth0.map(({ ifindex, kind }) => [ifindex, kind])).toEqual([
      [2, 'unknown'],
      [2, 'unknown'],
    ]);
    expect(eth0[0]?.addresses.map(({ local }) => local)).toContain('fd00:9::2');
  });

  test('have addresses, routes and sockets', () => {
    const [one] = named('down1');
    expect(one?.procNet?.localAddresses.map(({ address }) => address)).toEqual(['10.9.0.2', '127.0.0.1']);
    const model = modelOf('bob');
    const routes = model.routes.filter(({ netns }) => netns === one?.id);
    expect(routes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ destination: 'default', gateway: '10.9.0.1', device: 'eth0', table: 'main' }),
        expect.objectContaining({ destination: '10.9.0.0/24', device: 'eth0', link: `link:${one?.id}/2` }),
        expect.objectContaining({ destination: '10.66.0.0/16', type: 'reject' }),
        expect.objectContaining({ destination: 'fd00:9::/64', family: 'inet6', table: 'unspec', device: 'eth0' }),
        expect.objectContaining({ destination: 'fd00:9::2', type: 'local', table: 'local' }),
      ]),
    );
    expect(model.sockets.filter(({ netns }) => netns === one?.id).map(({ local }) => local.port)).toEqual([8081]);
  });

  test('are said to be closed, and counted as not listed', () => {
    const model = modelOf('bob');
    const said = model.findings.find(({ rule }) => rule === 'gaps.netns-closed');
    expect(said?.subjects).toEqual(closed().map(({ id }) => id));
    // Their mounts at /run/netns are seen, and may be any of them.
    expect(said?.values).toMatchObject({ count: 4, maybeAmong: 2 });
    expect(model.completeness.counts.netns).toEqual({ known: 1, of: 7, atMost: true });
    expect(model.findings.some(({ rule }) => rule === 'closed-net.index-not-told')).toBe(true);
  });

  test('are boxes that say so, with their links and processes', () => {
    const { nodes } = networkGraph(modelOf('bob'));
    const [one] = named('down1');
    expect(nodes.find(({ id }) => id === one?.id)?.lines).toEqual([one?.id, 'told by /proc/PID/net alone']);
    expect(nodes.filter(({ parent }) => parent === one?.id).map(({ label }) => label)).toEqual(
      expect.arrayContaining(['eth0', 'sleep', 'perl']),
    );
    expect(nodes.some(({ id }) => id === 'unknown:processes')).toBe(false);
    const facts = explain(modelOf('bob'), one?.id ?? '')?.groups.flatMap((group) => group.facts) ?? [];
    expect(facts.filter(({ label }) => label === 'Inode').map(({ value }) => value)).toEqual(['closed to us']);
  });
});

test('ec2-user knows the own ones by their numbers, and the rest as bob does', () => {
  const model = modelOf('ec2-user');
  expect(model.namespaces.filter(({ procNet }) => procNet)).toHaveLength(2);
  expect(modelOf('root').namespaces.filter(({ procNet }) => procNet)).toHaveLength(0);
});

test('with BusyBox alone it is the same', async () => {
  const collect = await busyBoxIn(host);
  const { model, transcript } = await collect('bob');
  expect(transcript.frames.some(({ section, command }) => section === 'proc-net' && command.startsWith('ls '))).toBe(
    true,
  );
  expect(wrong(model)).toEqual([]);
  expect(unplaced(model)).toEqual([]);
  expect(model.namespaces.filter(({ procNet }) => procNet)).toHaveLength(4);
  expect(model.findings.filter(({ kind }) => kind === 'unparsable')).toEqual([]);
});

test('what the kernel lets bob read of a process of root’s: no link, but the files below net', async () => {
  const one = [...truth.netns].find(([, id]) => truth.links.get(id)?.some((link) => link.endsWith('down1')))?.[0];
  const { stdout } = await host.execAs('bob', [
    'sh',
    '-c',
    `cd /proc/${one}
     readlink ns/net || echo closed
     for file in dev if_inet6 igmp igmp6 dev_mcast route ipv6_route fib_trie arp tcp tcp6 udp raw icmp unix netlink packet \\
       sockstat sockstat6 snmp; do
       head -c 1 net/$file >/dev/null 2>&1 || echo "$file closed"
     done`,
  ]);
  expect(stdout.toString()).toBe('closed\n');
});

test('hidepid=1 closes /proc/PID/net too: then nothing is told, and nothing is made up', async () => {
  await host.script('mount -o remount,hidepid=1 /proc');
  try {
    const { model } = await collectFrom(host, 'bob');
    expect(model.namespaces.filter(({ procNet }) => procNet)).toEqual([]);
    expect(wrong(model)).toEqual([]);
    expect(model.findings.some(({ kind }) => kind === 'hidden')).toBe(true);
  } finally {
    await host.script('mount -o remount,hidepid=0 /proc');
  }
});
