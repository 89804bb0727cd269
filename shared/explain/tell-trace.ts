// A packet's path in words: for the panel beside the picture, and as text for `nsatlas trace`.
import type { EntityId } from '../model/id.ts';
import type { Model } from '../model/model.ts';
import type { Hop, HopEvent, NotTraced, Packet, Place, Trace, TracedPath, TraceRequest } from '../trace/path.ts';
import { english, type Texts } from './en/english.ts';
import type { Telling } from './facts.ts';
import { lookUp } from './look-up.ts';
import { endpointName, fullName, nameOf, socketName } from './names.ts';
import { ruleSentence } from './rule-sentence.ts';

export interface HopWords {
  readonly title: string;
  /** What is behind it: table and rule, the firewall's own words, the hardware address. */
  readonly detail?: string;
  /** Name of the network namespace it is in. */
  readonly where?: string;
  readonly doubts: readonly string[];
  /** How we know, where a rule of ours found it. */
  readonly sentences: readonly string[];
}

export function tellHop(model: Model, hop: Hop, texts: Texts = english): HopWords {
  const telling: Telling = { look: lookUp(model), texts };
  const where = hop.netns && telling.look.namespaces.get(hop.netns)?.name;
  const [title, detail] = wordsOf(telling, hop.event);
  return {
    title,
    ...(detail === undefined || detail === '' ? {} : { detail }),
    ...(where === undefined ? {} : { where }),
    doubts: hop.doubts.map((doubt) => texts.trace.doubt(doubt)),
    sentences: hop.rules.map((rule) => ruleSentence(rule, texts)),
  };
}

/** How a path ends, in a line: `Delivered: nginx[212] listens on 0.0.0.0:80 tcp`. */
export function tellEnd(model: Model, path: TracedPath, texts: Texts = english): string {
  const last = path.hops.at(-1);
  return [texts.trace.ends[path.end], last && tellHop(model, last, texts).title].filter(Boolean).join(': ');
}

/** Why nothing was traced, in a sentence. */
export function tellNotTraced(model: Model, { problem, value }: NotTraced, texts: Texts = english): string {
  const named = nameOf(lookUp(model), value as EntityId, texts);
  return texts.trace.problem(problem, value === 'outside' ? texts.trace.outside : named);
}

/** Who to whom: `redis-3f1c9`, `nginx-d8e2d at 10.4.0.9:80 tcp`. */
export function tellEnds(
  model: Model,
  { from, to }: TraceRequest,
  packet: Packet | undefined,
  texts: Texts = english,
): { readonly from: string; readonly to: string } {
  const look = lookUp(model);
  const name = (id: EntityId): string => nameOf(look, id, texts);
  const address = packet && packetTo(packet, texts);
  const start =
    from.kind === 'outside'
      ? texts.trace.outside
      : name(from.kind === 'netns' ? from.netns : from.kind === 'process' ? from.process : from.container);
  const target =
    to.kind === 'internet'
      ? texts.trace.internet
      : to.kind === 'address'
        ? undefined
        : name(to.kind === 'netns' ? to.netns : to.kind === 'process' ? to.process : to.container);
  const typed = to.kind === 'address' ? to.address : '';
  return { from: start, to: [target, address ?? typed].filter((one) => one !== undefined && one !== '').join(' · ') };
}

const packetTo = ({ destination, port, protocol }: Packet, texts: Texts): string =>
  texts.trace.packet(placeName({ address: destination, ...(port === undefined ? {} : { port }) }), protocol);

const placeName = ({ address, port }: Place): string =>
  port === undefined ? address : endpointName({ address, port });

type Words = readonly [title: string, detail?: string | undefined];

function wordsOf(telling: Telling, event: HopEvent): Words {
  const { look, texts } = telling;
  const said = texts.trace;
  const name = (id: EntityId): string => nameOf(look, id, texts);
  switch (event.kind) {
    case 'sent':
      return [said.sent(event.process && name(event.process), packetTo(event.packet, texts))];
    case 'arrived':
      return [said.arrived(name(event.link), packetTo(event.packet, texts))];
    case 'routed':
      return routed(telling, event);
    case 'rewritten':
      return rewritten(telling, event);
    case 'filtered':
      return [said.filtered(event.hook, event.verdict === 'passed'), event.chains.join(', ')];
    case 'out':
      return [said.out(event.device, event.neighbour), event.mac && said.mac(event.mac, event.state ?? '')];
    case 'pair': {
      const kind = look.links.get(event.from)?.kind ?? 'veth';
      return [said.pair(kind, name(event.from), fullName(look, event.to, texts))];
    }
    case 'bridged':
      return bridged(telling, event);
    case 'stacked':
      return [said.stacked[event.as](name(event.from), fullName(look, event.to, texts))];
    case 'user-mode':
      return [said.userMode(name(event.process), placeName(event.to))];
    case 'handed-on':
      return [said.handedOn(event.process && name(event.process), placeName(event.to))];
    default:
      return endWords(telling, event);
  }
}

function endWords({ look, texts }: Telling, event: Extract<HopEvent, { kind: TracedPath['end'] }>): Words {
  const said = texts.trace;
  const name = (id: EntityId): string => nameOf(look, id, texts);
  switch (event.kind) {
    case 'delivered': {
      const socket = event.socket && look.sockets.get(event.socket);
      if (!socket) return [said.arrives(event.address)];
      const [first, ...others] = event.processes.map(name);
      const who = first === undefined ? said.somebody : others.length > 0 ? `${first} +${others.length}` : first;
      return [said.listens(who, socketName(socket, texts))];
    }
    case 'answered-by-server':
      return [said.answersItself(name(event.process), event.address)];
    case 'nobody-listens':
      return [said.nobody(placeName(event))];
    case 'no-route':
      return [said.noRoute(event.destination)];
    case 'dropped':
      return [
        said.dropped(event.reason, event.text, event.chain),
        event.reason === 'firewall' || event.reason === 'redirect-nowhere'
          ? `${event.chain}: ${event.text}`
          : undefined,
      ];
    case 'leaves':
      return [(event.seen ? said.leaves : said.leavesUnseen)(name(event.link))];
    case 'lost':
      return [said.lost(event.reason, event.detail)];
  }
}

function routed({ texts }: Telling, event: Extract<HopEvent, { kind: 'routed' }>): Words {
  const said = texts.trace;
  const { type, destination, gateway, device, table, priority, source, of, forwarded } = event;
  const title =
    type === 'local' || type === 'anycast'
      ? said.isLocal(destination)
      : said.route(type === 'unicast' ? destination : `${type} ${destination}`, gateway, device, forwarded);
  const detail = [
    said.by(table, priority),
    ...(source === undefined ? [] : [said.source(source)]),
    ...(of > 1 ? [said.oneOf(of)] : []),
  ];
  return [title, detail.join(' · ')];
}

function rewritten({ texts }: Telling, event: Extract<HopEvent, { kind: 'rewritten' }>): Words {
  const said = texts.trace;
  const isSource = event.by === 'snat' || event.by === 'masquerade';
  const before = event.before ? placeName(event.before) : said.anySource;
  const after = event.after ? placeName(event.after) : said.anAddressOf;
  return [(isSource ? said.newSource : said.newDestination)(before, after), `${event.chain}: ${event.text}`];
}

function bridged({ look, texts }: Telling, event: Extract<HopEvent, { kind: 'bridged' }>): Words {
  const said = texts.trace.bridge;
  const bridge = nameOf(look, event.bridge, texts);
  const port = event.port && nameOf(look, event.port, texts);
  const detail = [
    ...(event.by === 'fdb' && event.mac !== undefined && port !== undefined ? [said.knows(event.mac)] : []),
    ...(event.vlan === undefined ? [] : [said.vlan(event.vlan)]),
  ].join(' · ');
  if (port === undefined) {
    const up = { itself: said.itself, fdb: said.keeps, flooded: said.floodedUp }[event.by];
    return [up(bridge), detail];
  }
  return [event.by === 'fdb' ? said.fdb(bridge, port) : said.flooded(bridge, port), detail];
}

/** The whole of it as text, as `nsatlas trace` prints it. Ends with a newline. */
export function describeTrace(model: Model, request: TraceRequest, trace: Trace, texts: Texts = english): string {
  const said = texts.trace;
  const { from, to } = tellEnds(model, request, trace.packet, texts);
  const lines = [said.title(from, to)];
  trace.paths.forEach((path, i) => {
    const many = trace.paths.length > 1 ? `${said.path(i + 1, trace.paths.length)}: ` : '';
    lines.push('', `${many}${tellEnd(model, path, texts)} (${said.certainty[path.certainty]})`);
    let place: string | undefined;
    path.hops.forEach((hop, at) => {
      const { title, detail, where, doubts } = tellHop(model, hop, texts);
      if (where !== place && where !== undefined) lines.push(`  ${where}`);
      place = where ?? place;
      const mark = { certain: ' ', inferred: '~', ambiguous: '?' }[hop.certainty];
      lines.push(`  ${mark} ${String(at + 1).padStart(2)}  ${title}`);
      if (detail !== undefined) lines.push(`        ${detail}`);
      for (const doubt of doubts) lines.push(`        - ${doubt}`);
    });
  });
  if (trace.more) lines.push('', said.more);
  return `${lines.join('\n')}\n`;
}
