// Which socket takes what arrives at an address and port of a network namespace: one for exactly this address goes before one
// for any (__inet_lookup_listener and inet6_lookup_listener since Linux 5.0, __udp4_lib_lookup, __udp6_lib_lookup). Among
// those the kernel would take one that is bound to the device first, but only where nobody has asked for SO_REUSEPORT, which
// is not told: else the first of them in its list takes it, or one of its group, by a hash (inet_lookup_reuseport).
import type { Socket } from './socket.ts';

export interface Device {
  readonly name: string;
  /** The VRF that it belongs to. */
  readonly vrf?: string | undefined;
}

export interface Arriving {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** It comes in by one of these; absent: by any. */
  readonly by?: readonly Device[] | undefined;
}

/** Why one of the sockets may not be the one after all. */
export type ListeningDoubt =
  /** It is not told to which device it is bound. */
  | 'device-not-told'
  /** It is bound to a device, and it may come in by another. */
  | 'other-device'
  /** Whether a socket of IPv6 takes IPv4 too is not told. */
  | 'v6-only'
  /** It comes in at a port of a VRF, and whether sockets of no VRF take that is not told (tcp_l3mdev_accept). */
  | 'vrf';

export interface TakenBy {
  /** One; several where which of them is not decided; none: nobody listens there. */
  readonly sockets: readonly Socket[];
  readonly doubts: readonly { readonly code: ListeningDoubt; readonly socket: Socket }[];
}

interface Fitting {
  readonly socket: Socket;
  readonly doubts: readonly ListeningDoubt[];
}

export function takenBy(sockets: readonly Socket[], arriving: Arriving): TakenBy {
  const fitting = sockets.flatMap((socket) => fits(socket, arriving) ?? []);
  const exact = fitting.filter(({ socket }) => !isWildcard(socket.local.address));
  // Who may only take it if it comes in by one device leaves it to the others else.
  const isTaken = exact.some(({ doubts }) => !doubts.includes('other-device'));
  const all = isTaken ? exact : fitting;
  // Beside a socket of IPv4 one of IPv6 hardly takes IPv4 too.
  const native = all.filter(({ doubts }) => !doubts.includes('v6-only'));
  return {
    sockets: (native.length > 0 ? native : all).map(({ socket }) => socket),
    doubts: all.flatMap(({ socket, doubts }) => doubts.map((code) => ({ code, socket }))),
  };
}

/** Sockets that the same processes hold are one to whoever asks which process answers. */
export function byHolders(sockets: readonly Socket[]): readonly Socket[] {
  return [...new Map(sockets.map((one) => [one.processIds.toSorted().join(' '), one])).values()];
}

function fits(socket: Socket, arriving: Arriving): Fitting | undefined {
  if (socket.local.port !== arriving.port || !isListening(socket, arriving.protocol)) return undefined;
  const [wants6, is6] = [arriving.address.includes(':'), socket.protocol.endsWith('6')];
  const { address } = socket.local;
  const mapped = `::ffff:${arriving.address}`;
  const isAny = isWildcard(address);
  if (!isAny && address !== arriving.address && (wants6 || address !== mapped)) return undefined;
  if (wants6 && !is6) return undefined;
  const other = is6 && !wants6 && isAny;
  if (other && socket.v6Only === true) return undefined;
  const device = deviceFits(socket, arriving.by);
  if (device === 'never') return undefined;
  return {
    socket,
    doubts: [
      ...(device === undefined ? [] : [device]),
      ...(other && socket.v6Only !== false ? ['v6-only' as const] : []),
    ],
  };
}

function deviceFits({ device }: Socket, by: Arriving['by']): Exclude<ListeningDoubt, 'v6-only'> | 'never' | undefined {
  if (device === undefined) return 'device-not-told';
  // Not bound: it takes what comes in anywhere, but for VRFs (inet_bound_dev_eq in include/net/inet_sock.h).
  if (device === '') return by?.some(({ vrf }) => vrf !== undefined) === true ? 'vrf' : undefined;
  if (!by) return 'other-device';
  const fitting = by.filter(({ name, vrf }) => name === device || vrf === device);
  return fitting.length === 0 ? 'never' : fitting.length === by.length ? undefined : 'other-device';
}

export const isListening = (socket: Socket, protocol: 'tcp' | 'udp'): boolean =>
  protocol === 'tcp'
    ? socket.protocol.startsWith('tcp') && socket.state === 'LISTEN'
    : (socket.protocol === 'udp' || socket.protocol === 'udp6') && socket.state === 'UNCONN';

const wildcards: ReadonlySet<string> = new Set(['', '0.0.0.0', '::', '*']);
export const isWildcard = (address: string): boolean => wildcards.has(address);

/** Nobody but a process in there sends to it. */
export const isLoopbackAddress = (address: string): boolean => address.startsWith('127.') || address === '::1';

/**
 * By which device what is sent to an address from inside its own network namespace counts as having come in: the one that has
 * the address, though it is lo that carries it (ip_route_output_key_hash_rcu: orig_oif; ip6_rcv_core).
 */
export function backBy(
  address: string,
  links: readonly {
    readonly name: string;
    readonly kind: string;
    readonly addresses: readonly { readonly local: string }[];
  }[],
): readonly Device[] | undefined {
  if (isLoopbackAddress(address)) return [{ name: links.find(({ kind }) => kind === 'loopback')?.name ?? 'lo' }];
  const having = links.filter(({ addresses }) => addresses.some(({ local }) => local === address));
  return having.length === 0 ? undefined : having.map(({ name }) => ({ name }));
}
