// Sockets bound to devices and sockets that share a port: who answers in truth, and who the model says does.
import { expect, test } from 'vitest';
import type { NamespaceId } from '../../../shared/model/id.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { TracedPath } from '../../../shared/trace/path.ts';
import { tracePath } from '../../../shared/trace/trace.ts';
import type { BareHost } from './bare-host.ts';
import { withBareHost } from './bare-host.ts';
import { collectFrom } from './collect-from.ts';
import { putTalkers } from './talkers.ts';

/** As libvirt makes them: two bridges, a machine at each, and what is the same on both. */
const build = `${putTalkers}
ip link set lo up
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
for i in 1 2; do
  ip netns add m$i; ip -n m$i link set lo up
  ip link add virbr$i type bridge
  ip address add 192.168.12$i.1/24 dev virbr$i
  ip address add fd0$i::1/64 dev virbr$i nodad
  ip address add fe80::1/64 dev virbr$i nodad
  ip link set virbr$i up
  ip link add port$i type veth peer name eth0 netns m$i
  ip link set port$i master virbr$i up
  ip -n m$i address add 192.168.12$i.2/24 dev eth0
  ip -n m$i address add fd0$i::2/64 dev eth0 nodad
  ip -n m$i link set eth0 up
  ip -n m$i route add default via 192.168.12$i.1
  ip -n m$i route add default via fd0$i::1
done
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
nft add table ip nat
nft add chain ip nat pre '{ type nat hook prerouting priority -100; }'
nft add rule ip nat pre tcp dport '{ 8180, 8181 }' dnat to 192.168.121.2:81
nft add chain ip nat raw '{ type filter hook prerouting priority -300; }'
nft add rule ip nat raw tcp dport 8180 notrack
nft add rule ip nat raw tcp dport 8181 drop
for port in 80 81 90; do nft add rule ip nat pre tcp dport 80$port dnat to 192.168.121.2:$port; done
`;

/** Where, and what answer.pl is told. */
const servers: readonly (readonly [netns: string, ...words: string[]])[] = [
  ['', 'udp 0.0.0.0 67 device=virbr1 reuse'],
  ['', 'udp 0.0.0.0 67 device=virbr2 reuse'],
  ['', 'tcp fe80::1 53 device=virbr1'],
  ['', 'tcp fe80::1 54 device=virbr1'],
  ['', 'tcp fe80::1 54 device=virbr2'],
  ['', 'tcp 192.168.121.1 91 reuse'],
  ['', 'tcp 0.0.0.0 91 reuse device=virbr1'],
  ['', 'tcp 0.0.0.0 92 reuse'],
  ['', 'tcp 0.0.0.0 92 reuse device=virbr1'],
  ['', 'udp 0.0.0.0 92 reuse'],
  ['', 'udp 0.0.0.0 92 reuse device=virbr1'],
  ['', 'tcp :: 94 v6only'],
  ['', 'tcp 0.0.0.0 94'],
  ['', 'tcp :: 95'],
  ['', 'tcp :: 96 v6only'],
  ['', 'tcp :: 97 device=virbr1'],
  ['', 'tcp :: 98 device=lo'],
  ['', 'udp :: 97 device=virbr1'],
  ['m1', 'tcp 0.0.0.0 80 reuse'],
  ['m1', 'tcp 0.0.0.0 80 reuse'],
  ['m1', 'tcp 0.0.0.0 81'],
  ['m1', 'tcp 0.0.0.0 90 device=lo'],
];

const inside = (netns: string) => (netns === '' ? '' : `nsenter --net=/run/netns/${netns} `);

const serve = [
  ...servers.map(
    ([netns, words]) => `${inside(netns)}perl /tmp/answer.pl ${words} </dev/null >/dev/null 2>>/tmp/failed &`,
  ),
  `for i in $(seq 500); do [ "$(ls /tmp/ready | wc -l)" -lt ${servers.length} ] || break; sleep 0.01; done`,
  'cat /tmp/failed; ls /tmp/ready | wc -l',
].join('\n');

/** From where, and what ask.pl is told. */
const questions: readonly (readonly [from: string, protocol: 'tcp' | 'udp', address: string, port: number])[] = [
  ...['m1', 'm2', ''].flatMap((from) => [
    ...['192.168.121.1', '192.168.122.1'].flatMap((address) => [
      [from, 'udp', address, 67] as const,
      [from, 'udp', address, 92] as const,
      ...[91, 92, 94, 95, 96, 97, 98].map((port) => [from, 'tcp', address, port] as const),
    ]),
    ...['fd01::1', 'fd02::1'].flatMap((address) => [
      [from, 'udp', address, 97] as const,
      ...[94, 95, 96, 97, 98].map((port) => [from, 'tcp', address, port] as const),
    ]),
    ...[80, 81, 90].map((port) => [from, 'tcp', '192.168.121.2', port] as const),
  ]),
  ['', 'tcp', '127.0.0.1', 92],
  ['', 'tcp', '::1', 98],
  ['m2', 'tcp', '192.168.121.1', 8080],
  ['m2', 'tcp', '192.168.121.1', 8081],
  ['m2', 'tcp', '192.168.121.1', 8090],
  ['m2', 'tcp', '192.168.121.1', 8180],
  ['m2', 'tcp', '192.168.121.1', 8181],
];

const netnsNamed = (model: Model, name: string): NamespaceId => {
  const found = model.namespaces.find(({ keptBy, role, kind }) =>
    name === ''
      ? kind === 'net' && role === 'host'
      : keptBy.some((keeper) => keeper.by === 'mount' && keeper.path === `/run/netns/${name}`),
  );
  if (!found) throw new Error(`no ${name}`);
  return found.id;
};

function traced(model: Model, [from, protocol, address, port]: (typeof questions)[number]): readonly TracedPath[] {
  const request = {
    from: { kind: 'netns', netns: netnsNamed(model, from) },
    to: { kind: 'address', address },
    protocol,
    port,
  } as const;
  const trace = tracePath(model, request);
  if ('problem' in trace) throw new Error(trace.problem);
  return trace.paths;
}

function whoAnswers({ hops }: TracedPath): string {
  const event = hops.at(-1)?.event;
  if (event?.kind === 'delivered') return event.processes.map((id) => id.replace('process:', '')).join(' ');
  return event?.kind === 'nobody-listens' || event?.kind === 'dropped' ? 'nobody' : (event?.kind ?? '');
}

const ask = async (host: BareHost) => {
  const lines = questions.map(([from, ...words]) => `${inside(from)}perl /tmp/ask.pl ${words.join(' ')}`);
  return (await host.script(lines.join('\n'))).trim().split('\n');
};

test('who answers is who is bound to the device that it comes in by, or one of those that share a port', async () => {
  await withBareHost(async (host) => {
    await host.script(build);
    expect((await host.script(serve)).trim()).toBe(String(servers.length));
    const truth = await ask(host);
    const { model } = await collectFrom(host, 'root');
    const wrong: unknown[] = [];
    for (const [at, question] of questions.entries()) {
      const paths = traced(model, question);
      const told = paths.map(whoAnswers);
      const answers = truth[at]?.split(' ') ?? [];
      const certainties = [...new Set(paths.map(({ certainty }) => certainty))].join(' ');
      // Of those that share a port the first in the kernel's list may take all.
      const isRight = answers.every((one) => told.includes(one)) && told.length >= answers.length;
      if (!isRight || certainties !== (told.length > 1 ? 'ambiguous' : 'certain')) {
        wrong.push({ question: question.join(' '), answers, told, certainties });
      }
    }
    expect(wrong).toEqual([]);

    // What the machines at the bridges hear of the link-local address that both bridges have.
    const index = (await host.script('nsenter --net=/run/netns/m1 cat /proc/net/if_inet6')).match(
      / (\w+) \w+ \w+ \w+ +eth0/,
    )?.[1];
    const scope = String(parseInt(index ?? '', 16));
    for (const [from, port] of [
      ['m1', 53],
      ['m2', 53],
      ['m1', 54],
      ['m2', 54],
    ] as const) {
      const said = (await host.script(`${inside(from)}perl /tmp/ask.pl tcp fe80::1 ${port} ${scope}`)).trim();
      const told = traced(model, [from, 'tcp', 'fe80::1', port]).map(whoAnswers);
      expect({ from, port, told }).toEqual({ from, port, told: [said] });
    }

    const pidsAt = (port: number) =>
      model.sockets
        .filter(({ local }) => local.port === port)
        .flatMap(({ processIds }) => processIds)
        .sort();
    const reached = (port: number) =>
      model.relations
        .filter(({ kind, from }) => kind === 'reaches' && from.includes(`:${port}`))
        .map(({ to, certainty }) => `${certainty} ${to}`)
        .sort();
    expect(reached(8080)).toEqual(pidsAt(80).map((id) => `ambiguous ${id}`));
    expect(reached(8081)).toEqual(pidsAt(81).map((id) => `certain ${id}`));
    expect(reached(8090)).toEqual([]);
    // A rule before takes its connection away, or drops it.
    expect(model.forwards.map(({ listen }) => listen.port).sort()).toEqual([8080, 8081, 8090]);
  });
});

test('where ss is not there nobody is certain, and who may be it is named', async () => {
  await withBareHost(async (host) => {
    await host.script(build);
    expect((await host.script(serve)).trim()).toBe(String(servers.length));
    await host.script('rm -f /usr/bin/ss /bin/ss /usr/sbin/ss /sbin/ss');
    const truth = await ask(host);
    const { model } = await collectFrom(host, 'root');
    for (const [at, question] of questions.entries()) {
      const paths = traced(model, question);
      const told = {
        question: question.join(' '),
        who: paths.map(whoAnswers),
        certain: paths.some(({ certainty }) => certainty === 'certain'),
      };
      if (told.who.join() === 'nobody')
        expect(told).toEqual({ question: question.join(' '), who: [truth[at]], certain: true });
      else expect(told).toMatchObject({ certain: false });
    }
    const reaches = model.relations.filter(({ kind }) => kind === 'reaches');
    expect(reaches.length).toBeGreaterThan(3);
    expect(reaches.filter(({ certainty }) => certainty === 'certain')).toEqual([]);
  });
});
