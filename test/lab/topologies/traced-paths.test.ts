// Traces against the kernel's own answers, in networks of routers that chance made: every routing decision that is told is the
// one `ip route get` gives there, and a real datagram comes to where the trace ends, and nowhere else.
// NSATLAS_TOPOLOGY_SEEDS=200 tries more of them; NSATLAS_TOPOLOGY_FROM=1000 others.
import { describe, expect, test } from 'vitest';
import { describeTrace } from '../../../shared/explain/tell-trace.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { LinkId } from '../../../shared/model/id.ts';
import type { Hop, HopEvent, Trace, TraceRequest } from '../../../shared/trace/path.ts';
import { tracePath } from '../../../shared/trace/trace.ts';
import { withBareHost } from './bare-host.ts';
import type { BareHost } from './bare-host.ts';
import { collectFrom } from './collect-from.ts';
import { port, randomRoutes } from './random-routes.ts';
import type { RoutedNetwork } from './random-routes.ts';

const count = Number(process.env['NSATLAS_TOPOLOGY_SEEDS'] ?? 8);
const first = Number(process.env['NSATLAS_TOPOLOGY_FROM'] ?? 1);

/** Writes down in /tmp/got what every one hears, as `who what`. */
const listen = (names: readonly string[]): string =>
  names
    .map(
      (name) =>
        `nsenter --net=/run/netns/${name} perl -MSocket -e '$|=1; socket(S,PF_INET,SOCK_DGRAM,0); bind(S,sockaddr_in(${port},INADDR_ANY)) or die; open(G,">>","/tmp/got"); select(G); $|=1; while (recv(S,$m,99,0)) { print "${name} $m\\n" }' </dev/null >/dev/null 2>&1 &`,
    )
    .join('\n');

/** The kernel tells of a carrier up to a second late (net/core/link_watch.c); one that somebody took away stays away. */
const settle = (names: readonly string[]): string =>
  `for try in $(seq 15); do
    { ${names.map((name) => `ip -n ${name} -o link show up`).join('; ')}; } | grep -q NO-CARRIER || break
    sleep 0.1
  done`;

interface Sent {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

const send = ({ id, from, to, port: at }: Sent): string =>
  `nsenter --net=/run/netns/${from} perl -MSocket -e 'socket(S,PF_INET,SOCK_DGRAM,0); send(S,"${id}",0,sockaddr_in(${at},inet_aton("${to}")))' || true`;

async function hear(host: BareHost, sent: readonly Sent[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const said = await host.script(`: >/tmp/got\n${sent.map(send).join('\n')}\nsleep 0.5\ncat /tmp/got`);
  const heard = new Map<number, string[]>();
  for (const line of said.split('\n').filter((one) => one !== '')) {
    const [who = '', id] = line.split(' ');
    heard.set(Number(id), [...(heard.get(Number(id)) ?? []), who]);
  }
  return heard;
}

/** A routing decision that is told as the only one possible, and what the kernel is asked about it. */
interface Asked {
  /** Words after `ip -n`. */
  readonly question: string;
  readonly event: Extract<HopEvent, { kind: 'routed' }>;
}

function questionsOf(model: Model, { packet, paths }: Trace): readonly Asked[] {
  const linkOf = new Map(model.links.map((link) => [link.id, link]));
  return paths.flatMap(({ hops }) => {
    let [source, destination]: [string | undefined, string] = [undefined, packet.destination];
    let incoming: LinkId | undefined;
    return hops.flatMap(({ event, netns, certainty, doubts }): readonly Asked[] => {
      if (event.kind === 'sent') [source, destination] = [undefined, event.packet.destination];
      if (event.kind === 'pair') incoming = event.to;
      if (event.kind === 'stacked' && (event.as === 'up' || event.as === 'master')) incoming = event.to;
      if (event.kind === 'bridged') incoming = event.port === undefined ? event.bridge : undefined;
      if (event.kind === 'rewritten' && (event.by === 'dnat' || event.by === 'redirect')) {
        destination = event.after?.address ?? destination;
      } else if (event.kind === 'rewritten') source = event.after?.address;
      if (doubts.some(({ code }) => /rewrite/.test(code))) source = undefined;
      if (event.kind !== 'routed') return [];
      const by = incoming && linkOf.get(incoming);
      const from = source;
      source ??= event.source;
      const name = netns === undefined ? undefined : nameOf(model, netns);
      if (name === undefined || certainty === 'ambiguous') return [];
      // Of what comes in the kernel cannot be asked without its source.
      const isIn = by !== undefined && by.netns === netns;
      if (isIn && from === undefined) return [];
      // Where rp_filter may drop it, ip says no more than that it is.
      if (doubts.some(({ code }) => code === 'way-back')) return [];
      const words = [destination, ...(from === undefined ? [] : ['from', from]), ...(isIn ? ['iif', by.name] : [])];
      const ports = ['ipproto', packet.protocol ?? 'udp', 'dport', String(packet.port ?? port)];
      return [{ question: [name, 'route', 'get', ...words, ...ports].join(' '), event }];
    });
  });
}

interface KernelRoute {
  readonly type?: string;
  readonly dev?: string;
  readonly gateway?: string;
  readonly prefsrc?: string;
}

/** What is told otherwise than the kernel does it. */
async function deviationsOf(host: BareHost, asked: readonly Asked[]): Promise<readonly string[]> {
  const script = asked.map(
    ({ question }) => `ip -n ${question.replace(' route', ' -j route')} 2>&1 | tr '\\n' ' '; echo`,
  );
  const answers = (await host.script(script.join('\n'))).split('\n');
  return asked.flatMap(({ question, event }, i) => {
    const said = answers[i] ?? '';
    const route = said.startsWith('[') ? (JSON.parse(said) as readonly KernelRoute[])[0] : undefined;
    const { type, destination, gateway, device, source } = event;
    const told = `told: ${type} ${destination} via ${gateway ?? '-'} dev ${device ?? '-'} src ${source ?? '-'}`;
    const isSame =
      type === 'unicast'
        ? route?.dev === device &&
          (route?.gateway === gateway || device === 'lo') &&
          (source === undefined || route?.prefsrc === source)
        : type === 'local'
          ? route?.type === 'local' || route?.dev === 'lo'
          : route === undefined || route.type === type;
    return isSame ? [] : [`ip -n ${question}: ${said}\n${told}`];
  });
}

describe('a random network of routers', () => {
  test.each(Array.from({ length: count }, (_, i) => first + i))('seed %i', async (seed) => {
    const network = randomRoutes(seed);
    await withBareHost(async (host) => {
      await host.script(network.script);
      await host.script(listen(network.names));
      await host.script(settle(network.names));
      // Some have talked to each other before, so that there are neighbours and learned addresses.
      const before = requests(network, seed * 7919).slice(0, 6);
      await hear(host, before);
      const { model } = await collectFrom(host, 'root');
      const sent = requests(network, seed);
      const heard = await hear(host, sent);
      const wrong: string[] = [];
      for (const one of sent) {
        const request = requestOf(model, one);
        const trace = tracePath(model, request);
        if ('problem' in trace) throw new Error(trace.problem);
        const said = describeTrace(model, request, trace);
        const who = heard.get(one.id) ?? [];
        const told = new Set(trace.paths.flatMap((path) => receiversOf(model, path.hops)));
        if (who.length > 1 || !told.has(who[0])) {
          wrong.push(`${one.from} to ${one.to}:${one.port} came to ${who.join(', ') || 'nobody'}; told:\n${said}`);
        }
        for (const problem of await deviationsOf(host, questionsOf(model, trace))) wrong.push(`${problem}\n${said}`);
      }
      expect(wrong, `seed ${seed}, made by\n${network.script}`).toEqual([]);
    });
  });
});

/** Every address from a few places, and one that nobody has. */
function requests({ names, addresses }: RoutedNetwork, seed: number): readonly Sent[] {
  const targets = [...addresses.map(({ address }) => address), '10.1.0.77', '203.0.113.5'];
  return targets.flatMap((to, i) =>
    [0, 1].map((k): Sent => ({
      id: i * 2 + k,
      from: names[(seed + i * 3 + k * 5) % names.length] ?? '',
      to,
      port: (seed + i + k) % 7 === 0 ? 5001 : port,
    })),
  );
}

const requestOf = (model: Model, { from, to, port: at }: Sent): TraceRequest => ({
  from: { kind: 'netns', netns: netnsNamed(model, from) },
  to: { kind: 'address', address: to },
  protocol: 'udp',
  port: at,
});

function netnsNamed(model: Model, name: string): `net:[${number}]` {
  const found = model.namespaces.find(
    ({ kind, keptBy }) =>
      kind === 'net' && keptBy.some((keeper) => keeper.by === 'mount' && keeper.path === `/run/netns/${name}`),
  );
  if (!found) throw new Error(`no ${name}`);
  return found.id as `net:[${number}]`;
}

function nameOf(model: Model, netns: string): string | undefined {
  const keepers = model.namespaces.find(({ id }) => id === netns)?.keptBy ?? [];
  return keepers.flatMap((one) => (one.by === 'mount' ? (/^\/run\/netns\/(n\d+)$/.exec(one.path)?.[1] ?? []) : []))[0];
}

/** Who gets it, by the trace: undefined for nobody; both where the firewall or rp_filter may drop it. */
function receiversOf(model: Model, hops: readonly Hop[]): readonly (string | undefined)[] {
  const last = hops.at(-1);
  if (last?.event.kind !== 'delivered' || last.netns === undefined) return [undefined];
  const mayDrop = hops.some(({ doubts }) =>
    doubts.some(({ code }) => /^(?:may-drop|drops-if-(?:reached|tracked)|unread-rule|way-back)$/.test(code)),
  );
  return [nameOf(model, last.netns), ...(mayDrop ? [undefined] : [])];
}
