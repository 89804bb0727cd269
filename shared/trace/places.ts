// From what a person names to where a packet begins and which address it has.
import type { NamespaceId, ProcessId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import { rangeOf } from '../model/address-range.ts';
import { familyOf, netnsOf, type Look } from './look.ts';
import type { NotTraced, Packet, TraceProtocol, TraceRequest, TraceStart, TraceTarget } from './path.ts';

export interface Begin {
  readonly netns: NamespaceId;
  readonly process: ProcessId | undefined;
  /** It comes in from outside by this link; `undefined`: it is sent in there. */
  readonly by: Link | undefined;
  readonly packet: Packet;
}

/** Documentation's own addresses (RFC 5737): nobody has them, so that only a default route leads there. */
export const somewhereOutside = '203.0.113.1';

export function beginOf(look: Look, request: TraceRequest): Begin | NotTraced {
  const start = startOf(look, request.from);
  if ('problem' in start) return start;
  const target = targetOf(look, request.to, start.netns, request.protocol);
  if ('problem' in target) return target;
  const port = request.port ?? target.port;
  const protocol = request.protocol ?? (port === undefined ? undefined : (target.protocol ?? 'tcp'));
  const packet: Packet = {
    family: familyOf(target.address),
    protocol,
    source: undefined,
    destination: target.address,
    port: protocol === 'icmp' ? undefined : port,
  };
  if (request.from.kind !== 'outside') return { ...start, by: undefined, packet };
  if (isLoopback(target.address)) return { problem: 'loopback-from-outside', value: target.address };
  return { ...start, by: entrance(look, start.netns, packet), packet };
}

function startOf(
  look: Look,
  start: TraceStart,
): { readonly netns: NamespaceId; readonly process: ProcessId | undefined } | NotTraced {
  switch (start.kind) {
    case 'netns':
      return listed(look, start.netns, undefined, start.netns);
    case 'process': {
      if (!look.processes.has(start.process)) return { problem: 'start-not-there', value: start.process };
      return listed(look, netnsOf(look, start.process), start.process, start.process);
    }
    case 'container': {
      const container = look.model.containers.find(({ id }) => id === start.container);
      if (!container) return { problem: 'start-not-there', value: start.container };
      return listed(look, container.init && netnsOf(look, container.init), container.init, container.name);
    }
    case 'outside':
      return listed(look, look.hostNetns, undefined, 'outside');
  }
}

function listed(look: Look, netns: NamespaceId | undefined, process: ProcessId | undefined, value: string) {
  if (netns === undefined) return { problem: 'start-netns-not-known', value } as const;
  if (!look.model.namespaces.some(({ id }) => id === netns)) return { problem: 'start-not-there', value } as const;
  if (look.linksOf(netns).length === 0) return { problem: 'start-not-listed', value } as const;
  return { netns, process };
}

interface Address {
  readonly address: string;
  readonly port?: number;
  readonly protocol?: TraceProtocol;
}

function targetOf(
  look: Look,
  target: TraceTarget,
  from: NamespaceId,
  protocol: TraceProtocol | undefined,
): Address | NotTraced {
  switch (target.kind) {
    case 'address':
      return rangeOf(target.address) && !/[/-]/.test(target.address)
        ? { address: target.address }
        : { problem: 'no-address', value: target.address };
    case 'internet':
      return { address: somewhereOutside };
    case 'netns':
      return addressIn(look, target.netns, from, target.netns);
    case 'container': {
      const container = look.model.containers.find(({ id }) => id === target.container);
      if (!container) return { problem: 'target-not-there', value: target.container };
      const netns = container.init && netnsOf(look, container.init);
      if (netns === undefined) return { problem: 'target-netns-not-known', value: container.name };
      return withPort(look, addressIn(look, netns, from, container.name), container.processIds, netns, protocol);
    }
    case 'process': {
      if (!look.processes.has(target.process)) return { problem: 'target-not-there', value: target.process };
      const netns = netnsOf(look, target.process);
      if (netns === undefined) return { problem: 'target-netns-not-known', value: target.process };
      return withPort(look, addressIn(look, netns, from, target.process), [target.process], netns, protocol);
    }
  }
}

/** Its first IPv4 address that others can reach; its loopback where it is asked from inside. */
function addressIn(look: Look, netns: NamespaceId, from: NamespaceId, value: string): Address | NotTraced {
  if (netns === from) return { address: '127.0.0.1' };
  const addresses = look
    .linksOf(netns)
    .flatMap((link) => link.addresses)
    .filter(({ scope }) => scope !== 'host' && scope !== 'link');
  const chosen = addresses.find(({ family }) => family === 'inet') ?? addresses[0];
  return chosen ? { address: chosen.local } : { problem: 'target-without-address', value };
}

/** The one port that it listens on: what is sent to it is sent there. */
function withPort(
  look: Look,
  at: Address | NotTraced,
  processes: readonly ProcessId[],
  netns: NamespaceId,
  protocol: TraceProtocol | undefined,
): Address | NotTraced {
  if ('problem' in at || protocol === 'icmp') return at;
  const held = look.model.sockets.filter(
    (socket) => socket.netns === netns && socket.processIds.some((id) => processes.includes(id)),
  );
  const tcp = held.filter(({ state, protocol: of }) => state === 'LISTEN' && of.startsWith('tcp'));
  const udp = held.filter(({ state, protocol: of }) => state === 'UNCONN' && of.startsWith('udp'));
  const listening = protocol === 'udp' || (protocol === undefined && tcp.length === 0) ? udp : tcp;
  const ports = new Set(listening.map(({ local }) => local.port));
  const [port] = ports;
  if (port === undefined || ports.size > 1) return at;
  const own = listening.find(({ local }) => local.port === port)?.local.address;
  // Who listens at one address only is reached there.
  const single =
    own !== undefined && !['0.0.0.0', '::'].includes(own) && listening.length === 1 && at.address === '127.0.0.1';
  return { address: single ? own : at.address, port, protocol: listening === udp ? 'udp' : 'tcp' };
}

const isLoopback = (address: string): boolean => /^127\.|^::1$/.test(address);

/** Where what comes from the network comes in: the link that has the address, else the way out. */
function entrance(look: Look, netns: NamespaceId, { destination, family }: Packet): Link | undefined {
  const links = look.linksOf(netns);
  const having = links.find(
    ({ kind, addresses }) => kind !== 'loopback' && addresses.some(({ local }) => local === destination),
  );
  const wayOut = look
    .routesOf(netns, family, 'main')
    .filter(({ length, route }) => length === 0 && route.link !== undefined)
    .toSorted((a, b) => (a.route.metric ?? 0) - (b.route.metric ?? 0))[0]?.route.link;
  const outside = wayOut === undefined ? undefined : look.links.get(wayOut);
  // A bridge's address is reached from outside by the way out.
  return having && having.kind !== 'bridge' && having.kind !== 'tun' ? having : (outside ?? having);
}
