// Small networks for tests of traces, written the way ip and nft print them.
import type { Firewall } from '../../shared/model/firewall.ts';
import type { LinkId, NamespaceId } from '../../shared/model/id.ts';
import type { Link } from '../../shared/model/link.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Netconf } from '../../shared/model/netconf.ts';
import type { Neighbour, Route, Rule } from '../../shared/model/route.ts';
import { parseNftRuleset } from '../../shared/parse/firewall/nft-ruleset.ts';
import type { TraceRequest, TracedPath, Trace } from '../../shared/trace/path.ts';
import { tracePath } from '../../shared/trace/trace.ts';
import { address, ModelBuilder } from './model-builder.ts';

/** A network namespace: its inode is its number, its name what it is called in tests. */
export class TraceNetwork {
  readonly builder = new ModelBuilder({ hostname: 'traced' });
  readonly #routes: Route[] = [];
  readonly #rules: Rule[] = [];
  readonly #neighbours: Neighbour[] = [];
  readonly #netconfs: Netconf[] = [];
  readonly #firewalls: Firewall[] = [];
  readonly #links = new Map<string, LinkId>();
  readonly #seen: NamespaceId[] = [];
  readonly #counts = new Map<NamespaceId, number>();
  #line = 0;
  #sockets = 0;

  /** With lo, the rules of a new one, and a firewall that was read and has nothing in it. */
  netns(inode: number, name: string): NamespaceId {
    const id = this.builder.namespace('net', inode, inode === 1 ? 'host' : 'bare', name);
    this.#links.set(`${id} lo`, this.builder.loopback(id));
    this.route(id, 'local 127.0.0.0/8 dev lo table local src 127.0.0.1');
    for (const [priority, table] of [
      [0, 'local'],
      [32766, 'main'],
      [32767, 'default'],
    ] as const)
      this.rule(id, `${priority}: from all lookup ${table}`);
    this.#firewalls.push({
      netns: id,
      by: 'nft',
      tables: [],
      chains: [],
      rules: 0,
      natRules: [],
      filterRules: [],
      outgoing: [],
      evidence: [],
    });
    this.#seen.push(id);
    return id;
  }

  /** `eth0`, with addresses as `10.0.0.1/24` and the routes the kernel makes for them. */
  link(
    netns: NamespaceId,
    name: string,
    kind: string,
    addresses: readonly string[] = [],
    more: Partial<Link> = {},
  ): LinkId {
    const index = (this.#counts.get(netns) ?? 1) + 1;
    this.#counts.set(netns, index);
    const inode = Number(/\d+/.exec(netns)?.[0] ?? 0);
    const mac = `02:00:00:00:${inode.toString(16).padStart(2, '0')}:${index.toString(16).padStart(2, '0')}`;
    const id = this.builder.link(netns, index, name, kind, {
      mac,
      addresses: addresses.map((one) => address(one)),
      ...more,
    });
    this.#links.set(`${netns} ${name}`, id);
    for (const one of addresses) {
      const [local = '', length = ''] = one.split('/');
      this.route(netns, `local ${local} dev ${name} table local src ${local}`);
      if (Number(length) < 32)
        this.route(netns, `${networkOf(local, Number(length))}/${length} dev ${name} src ${local}`);
    }
    return id;
  }

  wire(a: LinkId, b: LinkId, certainty: 'certain' | 'inferred' | 'ambiguous' = 'certain'): void {
    this.builder.vethPair(a, b, certainty);
  }

  port(port: LinkId, of: LinkId): void {
    this.builder.relate('master', port, of, 'master.name');
  }

  /** `default via 10.0.0.1 dev eth0 metric 100 table 77`; `nexthop` parts several next hops of one route. */
  route(netns: NamespaceId, text: string): void {
    this.#line += 1;
    const [head = '', ...hops] = text.split(' nexthop ');
    const words = head.split(' ');
    const type = ['local', 'unreachable', 'blackhole', 'prohibit', 'throw', 'broadcast'].find(
      (one) => one === words[0],
    );
    const destination = (type === undefined ? words[0] : words[1]) ?? '';
    for (const hop of hops.length > 0 ? hops : ['']) {
      const value = (name: string): string | undefined => {
        const all = `${head} ${hop}`.split(' ');
        const at = all.indexOf(name);
        return at === -1 ? undefined : all[at + 1];
      };
      const device = value('dev');
      const link = device === undefined ? undefined : this.#links.get(`${netns} ${device}`);
      const [gateway, source, metric] = [value('via'), value('src'), value('metric')];
      const [from, tos] = [value('from'), value('tos')];
      this.#routes.push({
        id: `route:${netns} ${text} ${hop}`,
        netns,
        family: destination.includes(':') ? 'inet6' : 'inet',
        table: value('table') ?? 'main',
        type: type ?? 'unicast',
        destination,
        ...(from === undefined ? {} : { from }),
        ...(tos === undefined ? {} : { tos }),
        ...(gateway === undefined ? {} : { gateway }),
        ...(device === undefined ? {} : { device }),
        ...(link === undefined ? {} : { link }),
        ...(source === undefined ? {} : { preferredSource: source }),
        ...(metric === undefined ? {} : { metric: Number(metric) }),
        scope: gateway === undefined ? 'link' : 'global',
        evidence: [{ frame: 0, section: 'net', line: this.#line }],
      });
    }
  }

  /** `100: not from 10.0.0.0/8 fwmark 0x1 lookup 77`, `50: from all goto 100`, `60: to 10.9.0.0/16 prohibit`. */
  rule(netns: NamespaceId, text: string): void {
    this.#line += 1;
    const [priority = '', ...words] = text.replace(':', '').split(' ');
    const selectors: Record<string, string> = {};
    let [source, destination, table]: (string | undefined)[] = ['all'];
    for (let i = 0; i < words.length; i += 1) {
      const [word = '', value = ''] = [words[i], words[i + 1]];
      if (word === 'not') selectors['not'] = '';
      else if (['prohibit', 'unreachable', 'blackhole'].includes(word)) selectors['action'] = word;
      else if (word === 'l3mdev') selectors['l3mdev'] = '';
      else {
        i += 1;
        if (word === 'from') source = value;
        else if (word === 'to') destination = value;
        else if (word === 'lookup') table = value;
        else selectors[word === 'suppress_prefixlength' ? 'suppress_prefixlen' : word] = value;
      }
    }
    this.#rules.push({
      netns,
      family: 'inet',
      priority: Number(priority),
      source: source ?? 'all',
      ...(destination === undefined ? {} : { destination }),
      ...(table === undefined ? {} : { table }),
      selectors,
      evidence: [{ frame: 0, section: 'net', line: this.#line }],
    });
  }

  neighbour(netns: NamespaceId, device: string, of: string, mac: string, state = 'REACHABLE'): void {
    this.#neighbours.push({
      netns,
      address: of,
      device,
      mac,
      states: [state],
      evidence: [{ frame: 0, section: 'net' }],
    });
  }

  /** What the kernel does at a link, or everywhere with `all`: forwarding is on and rp_filter off where nothing else is said. */
  netconf(netns: NamespaceId, at: string, more: Partial<Netconf> = {}): void {
    this.#line += 1;
    const link = this.#links.get(`${netns} ${at}`);
    this.#netconfs.push({
      netns,
      family: 'inet',
      interface: at,
      ...(link === undefined ? {} : { link }),
      forwarding: true,
      ...(more.family === 'inet6' ? {} : { rpFilter: 'off' }),
      evidence: [{ frame: 0, section: 'net', line: this.#line }],
      ...more,
    });
  }

  /** As `nft list ruleset` prints it. */
  firewall(netns: NamespaceId, ruleset: string): void {
    const output = ruleset.replace(/^ {6}/gm, '').trim();
    const { unparsable, ...parsed } = parseNftRuleset({ index: 1, section: 'nft', output });
    if (unparsable.length > 0) throw new Error(`nft: ${unparsable.map(({ text }) => text).join('; ')}`);
    const at = this.#firewalls.findIndex((one) => one.netns === netns);
    this.#firewalls.splice(at, at === -1 ? 0 : 1, { ...parsed, netns, by: 'nft', outgoing: [], evidence: [] });
  }

  noFirewallRead(netns: NamespaceId): void {
    this.#firewalls.splice(
      this.#firewalls.findIndex((one) => one.netns === netns),
      1,
    );
  }

  /** `%eth0` behind the address: bound to that device; `%?`: to which is not told. */
  listens(
    netns: NamespaceId,
    where: string,
    port: number,
    pid?: number,
    protocol: 'tcp' | 'tcp6' | 'udp' | 'udp6' = 'tcp',
  ): void {
    const [at = '', device = ''] = where.split('%');
    this.#sockets += 1;
    this.builder.socket({
      id: `socket:${protocol}/${netns}/${where}:${port}/${this.#sockets}`,
      ...(device !== '?' && { device }),
      netns,
      protocol,
      local: { address: at, port },
      remote: { address: '0.0.0.0', port: 0 },
      state: protocol.startsWith('udp') ? 'UNCONN' : 'LISTEN',
      inode: port,
      uid: 0,
      processIds: pid === undefined ? [] : [`process:${pid}`],
    });
  }

  model(more: Partial<Model> = {}): Model {
    return {
      ...this.builder.build(),
      routes: this.#routes,
      rules: this.#rules,
      neighbours: this.#neighbours,
      netconfs: this.#netconfs,
      firewalls: this.#firewalls,
      socketsSeenIn: this.#seen,
      ...more,
    };
  }

  /** From a network namespace to an address, as a trace. Throws where nothing can be traced. */
  trace(from: NamespaceId, to: string, more: Partial<TraceRequest> = {}, model = this.model()): Trace {
    const request: TraceRequest = {
      from: { kind: 'netns', netns: from },
      to: { kind: 'address', address: to },
      ...more,
    };
    const trace = tracePath(model, request);
    if ('problem' in trace) throw new Error(`${trace.problem}: ${trace.value}`);
    return trace;
  }
}

/** One line for each path: `certain: sent, routed eth0, out, pair, delivered`. */
export const inShort = ({ paths }: Trace): readonly string[] =>
  paths.map((path) => `${path.certainty}: ${stepsOf(path)}`);

const stepsOf = ({ hops }: TracedPath): string =>
  hops
    .map(({ event }) => {
      if (event.kind === 'routed') return `routed ${event.type === 'unicast' ? (event.device ?? '') : event.type}`;
      if (event.kind === 'dropped' || event.kind === 'lost') return `${event.kind} ${event.reason}`;
      if (event.kind === 'bridged') return `bridged ${event.by}`;
      return event.kind;
    })
    .join(', ');

/** Every doubt of a trace, as `code: text`. */
export const doubtsOf = ({ paths }: Trace): readonly string[] => [
  ...new Set(
    paths.flatMap(({ hops }) => hops.flatMap(({ doubts }) => doubts.map(({ code, text }) => `${code}: ${text}`))),
  ),
];

function networkOf(local: string, length: number): string {
  const value = local.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const network = value - (value % 2 ** (32 - length));
  return [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.');
}
