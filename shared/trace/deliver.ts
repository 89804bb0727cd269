// Where a packet ends in a network namespace: the socket that listens, and who holds it.
import type { Forward } from '../model/forward.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import { backBy, byHolders, takenBy, type Device, type ListeningDoubt } from '../model/listening.ts';
import type { Socket } from '../model/socket.ts';
import type { Look } from './look.ts';
import type { Doubt, Packet } from './path.ts';
import type { At, HopSaid } from './state.ts';
import { mayBalance } from './virtual-services.ts';

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

export interface Delivery {
  readonly said: HopSaid;
  /** The published port that it came to, if it did. */
  readonly forward?: Forward | undefined;
}

/** How it ends in a network namespace that has its address: several where which socket takes it is not decided. */
export function deliveriesAt(look: Look, at: At, incoming: Link | undefined): readonly Delivery[] {
  const { packet, netns } = at;
  const { destination: address, port, protocol } = packet;
  const having = look.linksOf(netns).filter((link) => link.addresses.some(({ local }) => local === address));
  const where = having.find(({ id }) => id === incoming?.id) ?? having[0] ?? incoming;
  const base = { entity: where?.id ?? netns, through: [netns], evidence: where?.evidence ?? [] };
  if (port === undefined || (protocol !== 'tcp' && protocol !== 'udp')) {
    const event = { kind: 'delivered', address, port: undefined, socket: undefined, processes: [] } as const;
    return [{ said: { ...base, event } }];
  }
  const by = comesInBy(look, at, incoming);
  const { sockets, doubts: all } = takenBy(look.socketsAt(netns, port), { protocol, address, port, by });
  const balanced = mayBalance(look, at);
  const seen: readonly Doubt[] = look.allSocketsSeen(netns) ? [] : [{ code: 'sockets-not-seen', text: netns }];
  const taking = byHolders(sockets);
  if (taking.length === 0) {
    return [{ said: { ...base, event: { kind: 'nobody-listens', address, port }, doubts: [...balanced, ...seen] } }];
  }
  const bound = all.map(({ code, socket }): Doubt => ({ code: doubtOf[code], text: nameOf(socket) }));
  const doubts = [...balanced, ...bound];
  return taking.map((socket): Delivery => {
    const forward = forwardOf(look, netns, socket, packet);
    return {
      said: {
        event: { kind: 'delivered', address, port, socket: socket.id, processes: socket.processIds },
        entity: socket.processIds[0] ?? socket.id,
        through: [netns, where?.id, socket.id, ...socket.processIds, forward?.id],
        ...(taking.length > 1 && { certainty: 'ambiguous' }),
        evidence: socket.evidence,
        doubts: taking.length > 1 ? [...doubts, { code: 'several-sockets', text: nameOf(socket) }] : doubts,
      },
      forward,
    };
  });
}

const doubtOf = {
  'v6-only': 'v6-only',
  'device-not-told': 'device-not-told',
  'other-device': 'other-device',
  vrf: 'vrf-socket',
} as const satisfies Record<ListeningDoubt, Doubt['code']>;

/** As ss writes it. */
function nameOf({ local: { address, port }, device }: Socket): string {
  const scope = device === undefined || device === '' ? '' : `%${device}`;
  return `${address.includes(':') ? `[${address}]` : address}${scope}:${port}`;
}

function comesInBy(look: Look, { netns, packet }: At, incoming: Link | undefined): readonly Device[] | undefined {
  if (!incoming) return undefined;
  if (incoming.kind === 'loopback') return backBy(packet.destination, look.linksOf(netns));
  const { name, portKind, masterName } = incoming;
  return [{ name, ...(portKind === 'vrf' && { vrf: masterName }) }];
}
