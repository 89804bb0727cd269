// Where a packet ends in a network namespace: the socket that listens, and who holds it.
import type { Forward } from '../model/forward.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Socket } from '../model/socket.ts';
import type { Look } from './look.ts';
import type { Doubt, Packet } from './path.ts';
import type { At, HopSaid } from './state.ts';

interface Listener {
  readonly socket: Socket;
  readonly doubts: readonly Doubt[];
}

const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::', '*', '']);

/** The socket for exactly this address goes before one for any. */
function listenerFor(look: Look, netns: NamespaceId, packet: Packet): Listener | undefined {
  const { port, protocol, destination, family } = packet;
  if (port === undefined || (protocol !== 'tcp' && protocol !== 'udp')) return undefined;
  const open = look.socketsAt(netns, port).filter((socket) => isOpen(socket, protocol));
  const exact = open.find(({ local }) => local.address === destination || local.address === `::ffff:${destination}`);
  const any = open.filter(({ local }) => wildcards.has(local.address));
  const same = any.find((socket) => socket.protocol.endsWith('6') === (family === 'inet6'));
  if (exact ?? same) return { socket: (exact ?? same) as Socket, doubts: [] };
  const other = family === 'inet' ? any.find((socket) => socket.protocol.endsWith('6')) : undefined;
  return other && { socket: other, doubts: [{ code: 'v6-only', text: `[::]:${port}` }] };
}

const isOpen = (socket: Socket, protocol: 'tcp' | 'udp'): boolean =>
  protocol === 'tcp'
    ? socket.protocol.startsWith('tcp') && socket.state === 'LISTEN'
    : /^udp6?$/.test(socket.protocol) && socket.state === 'UNCONN';

/** Processes whose work is to hand on what they receive. */
const handsOn: ReadonlySet<string> = new Set([
  'rootlesskit',
  'docker-proxy',
  'rootlessport',
  'slirp4netns',
  'pasta',
  'vpnkit',
]);

/** The published port that a socket, or its holder, listens for. */
function forwardOf(
  look: Look,
  netns: NamespaceId,
  { id, local, processIds }: Socket,
  packet: Packet,
): Forward | undefined {
  return look.forwards.find(
    (forward) =>
      handsOn.has(forward.by) &&
      (forward.socket === id ||
        (forward.forwarder !== undefined &&
          processIds.includes(forward.forwarder) &&
          forward.protocol === packet.protocol &&
          forward.listen.netns === netns &&
          forward.listen.port === local.port)),
  );
}

/** How it ends in a network namespace that has its address, and the published port it came to, if it did. */
export function deliveryAt(
  look: Look,
  { packet, netns }: At,
  incoming: Link | undefined,
): { readonly said: HopSaid; readonly forward?: Forward | undefined } {
  const { destination: address, port, protocol } = packet;
  const where = look.linksOf(netns).find((link) => link.addresses.some(({ local }) => local === address)) ?? incoming;
  const base = { entity: where?.id ?? netns, through: [netns], evidence: where?.evidence ?? [] };
  if (port === undefined || (protocol !== 'tcp' && protocol !== 'udp')) {
    const event = { kind: 'delivered', address, port: undefined, socket: undefined, processes: [] } as const;
    return { said: { ...base, event } };
  }
  const found = listenerFor(look, netns, packet);
  if (!found) {
    const doubts: readonly Doubt[] = look.allSocketsSeen(netns) ? [] : [{ code: 'sockets-not-seen', text: netns }];
    return { said: { ...base, event: { kind: 'nobody-listens', address, port }, doubts } };
  }
  const { socket, doubts } = found;
  const forward = forwardOf(look, netns, socket, packet);
  return {
    said: {
      event: { kind: 'delivered', address, port, socket: socket.id, processes: socket.processIds },
      entity: socket.processIds[0] ?? socket.id,
      through: [netns, where?.id, socket.id, ...socket.processIds, forward?.id],
      evidence: socket.evidence,
      doubts,
    },
    forward,
  };
}
