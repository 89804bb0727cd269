// Who talks to whom: two sockets of this host that name each other, the local end of one the remote end of the other.
//
// Equal four-tuples alone prove nothing: two users' rootless networks have the same addresses, and ports repeat. So
//   - in one network namespace a connection between addresses of its own never leaves it: certain, and only there may
//     loopback addresses meet;
//   - in two, both addresses must be on links of one segment (joined-networks.ts) and on no other network namespace that is
//     joined to them: certain; over routers: inferred;
//   - a transparent proxy's sockets have addresses of others, and it may sit anywhere in between: whoever is joined to it may
//     be its other end, inferred, and where it fits what else fits is ambiguous;
//   - else there is no relation: what an address translation changed on its way has different ends anyway.
import { isLoopbackAddress } from '../../model/listening.ts';
import type { Socket } from '../../model/socket.ts';
import type { Relation } from '../../model/relation.ts';
import type { Known, Pass } from '../known.ts';
import { compareText, relation } from '../relation.ts';
import type { LinkingRule } from '../rules.ts';
import { joinedNetworks, type JoinedNetworks } from './joined-networks.ts';
import { ownAddresses, type IsOwn } from './own-addresses.ts';

export const connections: Pass = {
  name: 'connections',
  run: (known) => ({ relations: connectionsOf(known) }),
};

function connectionsOf(known: Known): readonly Relation[] {
  const byEnds = new Map<string, Placed[]>();
  for (const socket of known.entities.sockets) {
    const placed = placedOf(socket);
    if (!placed) continue;
    const same = byEnds.get(placed.ends);
    if (same) same.push(placed);
    else byEnds.set(placed.ends, [placed]);
  }
  // Most connections stay at home, and then nobody asks who is joined to whom.
  let joined: JoinedNetworks | undefined;
  const addresses: Addresses = {
    isOwn: ownAddresses(known),
    networks: () => (joined ??= joinedNetworks(known)),
  };
  const found: Relation[] = [];
  for (const [ends, here] of byEnds) {
    const turned = here[0]?.turned ?? '';
    const there = ends < turned ? byEnds.get(turned) : undefined;
    if (there) found.push(...pairs(here, there, addresses));
  }
  return found;
}

/** Whose addresses are. */
interface Addresses {
  readonly isOwn: IsOwn;
  readonly networks: () => JoinedNetworks;
}

/** A connected socket with its ends in one spelling. */
interface Placed {
  readonly socket: Socket;
  readonly netns: NonNullable<Socket['netns']>;
  readonly local: string;
  readonly remote: string;
  readonly ends: string;
  /** The ends as its other side has them. */
  readonly turned: string;
}

/** Open connections only: TIME_WAIT and half-open ones have no inode, and no process. */
function placedOf(socket: Socket): Placed | undefined {
  const { protocol, inode, netns, state } = socket;
  const transport = /^(tcp|udp|udplite)6?$/.exec(protocol)?.[1];
  if (!transport || inode === 0 || netns === undefined || state === 'LISTEN' || state === 'UNCONN') return undefined;
  if (socket.remote.port === 0) return undefined;
  const [local, remote] = [unmapped(socket.local.address), unmapped(socket.remote.address)];
  const [near, far] = [`${local} ${socket.local.port}`, `${remote} ${socket.remote.port}`];
  const [ends, turned] = [`${transport} ${near} ${far}`, `${transport} ${far} ${near}`];
  return { socket, netns, local, remote, ends, turned };
}

/** A socket of IPv6 that speaks IPv4: `::ffff:10.4.0.9`. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');

/** Among more, which belongs to which is nobody's guess. */
const mostCandidates = 4;
/** As many only come about where somebody made sockets for that. */
const mostPairs = 400;

function pairs(here: readonly Placed[], there: readonly Placed[], addresses: Addresses): readonly Relation[] {
  if (here.length * there.length > mostPairs) return [];
  const fitting = here.flatMap((a) => there.flatMap((b) => match(a, b, addresses)));
  const within = new Set(fitting.filter(isWithin).flatMap(({ a, b }) => [a, b]));
  // What has its other end at home has it nowhere else.
  const left = fitting.filter((one) => isWithin(one) || (!within.has(one.a) && !within.has(one.b)));
  return left.flatMap(({ a, b, rule }) => {
    const rivals = left.filter((one) => one.a === a || one.b === b).length;
    if (rivals > mostCandidates) return [];
    const [from, to] = [a.socket, b.socket].sort((one, other) => compareText(one.id, other.id)) as [Socket, Socket];
    const evidence = [...from.evidence, ...to.evidence];
    const isInferred = rule === 'connection.joined-networks' || rule === 'connection.address-of-others';
    const certainty = isInferred ? ('inferred' as const) : ('certain' as const);
    return [
      relation(
        'connected-to',
        from.id,
        to.id,
        rivals === 1
          ? { certainty, rule, evidence }
          : { certainty: 'ambiguous', rule: 'connection.several-candidates', evidence },
      ),
    ];
  });
}

interface Match {
  readonly a: Placed;
  readonly b: Placed;
  readonly rule: Extract<
    LinkingRule,
    'connection.same-netns' | 'connection.same-segment' | 'connection.joined-networks' | 'connection.address-of-others'
  >;
}

const isWithin = ({ rule }: Match): boolean => rule === 'connection.same-netns';

function match(a: Placed, b: Placed, { isOwn, networks: networksOf }: Addresses): readonly Match[] {
  const bothOwn = isOwn(a.netns, a.local) && isOwn(b.netns, b.local);
  if (a.netns === b.netns) return [{ a, b, rule: bothOwn ? 'connection.same-netns' : 'connection.address-of-others' }];
  if (isLoopbackAddress(a.local) || isLoopbackAddress(b.local)) return [];
  const networks = networksOf();
  if (!networks.areJoined(a.netns, b.netns)) return [];
  if (!bothOwn) return [{ a, b, rule: 'connection.address-of-others' }];
  if (!networks.isOnlyHolder(a.netns, a.local) || !networks.isOnlyHolder(b.netns, b.local)) return [];
  const adjacent = networks.shareSegment({ netns: a.netns, address: a.local }, { netns: b.netns, address: b.local });
  return [{ a, b, rule: adjacent ? 'connection.same-segment' : 'connection.joined-networks' }];
}
