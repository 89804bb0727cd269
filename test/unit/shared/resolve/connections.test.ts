// Which sockets are the two ends of one connection; and which only look so.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entities, NetnsIdObservation } from '../../../../shared/model/entities.ts';
import type { NamespaceId } from '../../../../shared/model/id.ts';
import type { Link } from '../../../../shared/model/link.ts';
import type { Socket } from '../../../../shared/model/socket.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aLink, anAddress, anEntities, aRoute, aSocket, at, net } from '../../../helpers/entities.ts';

let inode = 1;
/** `10.4.0.9:80 10.4.0.10:4000`: its local end, its remote one. */
function connected(netns: NamespaceId, ends: string, fields: Partial<Socket> = {}): Socket {
  const [local = '', remote = ''] = ends.split(' ');
  const colon = remote.lastIndexOf(':');
  inode += 1;
  return aSocket(netns, local, {
    id: `socket:${netns} ${ends} ${inode}`,
    remote: { address: remote.slice(0, colon), port: Number(remote.slice(colon + 1)) },
    state: 'ESTABLISHED',
    inode,
    ...fields,
  });
}

interface Networks {
  readonly links: readonly Link[];
  readonly netnsIds: readonly NetnsIdObservation[];
}

/** A bridge in `hub` with a container in each of `members`, which have the addresses 10.4.0.2, .3 … */
function bridged(hub: number, members: readonly number[], bridge = 'br0', network = '10.4.0'): Networks {
  const index = (at: number) => 10 * (1 + Number(bridge.at(-1))) + at;
  return {
    links: [
      aLink(net(hub), index(9), bridge, { kind: 'bridge', addresses: [anAddress(`${network}.1/24`)] }),
      ...members.flatMap((member, at) => [
        aLink(net(hub), index(at), `${bridge}-${at}`, {
          kind: 'veth',
          masterName: bridge,
          portKind: 'bridge',
          lower: { ifindex: 2, netnsid: index(at) },
        }),
        aLink(net(member), 2, 'eth0', {
          kind: 'veth',
          addresses: [anAddress(`${network}.${at + 2}/24`)],
          lower: { ifindex: index(at), netnsid: 0 },
        }),
      ]),
    ],
    netnsIds: members.flatMap((member, at_) => [
      { observer: net(hub), netnsid: index(at_), netns: net(member), evidence: [at('nsid')] },
      { observer: net(member), netnsid: 0, netns: net(hub), evidence: [at('nsid')] },
    ]),
  };
}

const both = (...networks: readonly Networks[]): Networks => ({
  links: networks.flatMap(({ links }) => links),
  netnsIds: networks.flatMap(({ netnsIds }) => netnsIds),
});

const relations = (
  sockets: readonly Socket[],
  networks: Networks = { links: [], netnsIds: [] },
  routes: Entities['routes'] = [],
) => resolveModel(anEntities({ ...networks, sockets, routes })).relations.filter(({ kind }) => kind === 'connected-to');
const rules = (...given: Parameters<typeof relations>) =>
  relations(...given).map(({ rule, certainty }) => `${rule} ${certainty}`);

describe('connections', () => {
  it('within one network namespace', () => {
    const [a, b] = [connected(net(1), '127.0.0.1:80 127.0.0.1:4000'), connected(net(1), '127.0.0.1:4000 127.0.0.1:80')];
    const [one] = relations([a, b]);
    expect(one).toMatchObject({ rule: 'connection.same-netns', certainty: 'certain' });
    expect([one?.from, one?.to]).toEqual([a.id, b.id].toSorted());
    expect(one?.evidence).toHaveLength(2);
  });

  it('never over loopback into another, and what has its other end at home has none elsewhere', () => {
    const lo = (netns: number, address: string) => aLink(net(netns), 1, 'lo', { addresses: [anAddress(address)] });
    const sockets = [
      connected(net(2), '127.0.0.1:80 127.0.0.2:4000'),
      connected(net(3), '127.0.0.2:4000 127.0.0.1:80'),
    ];
    const { links, netnsIds } = bridged(1, [2, 3]);
    const networks = { links: [...links, lo(2, '127.0.0.1/8'), lo(3, '127.0.0.2/8')], netnsIds };
    expect(rules(sockets, networks)).toEqual([]);
    const twice = [
      connected(net(2), '10.4.0.2:4000 10.4.0.22:80'),
      connected(net(2), '10.4.0.22:80 10.4.0.2:4000'),
      connected(net(3), '10.4.0.22:80 10.4.0.2:4000'),
    ];
    const having = aLink(net(2), 3, 'eth1', { addresses: [anAddress('10.4.0.22/24')] });
    expect(rules(twice, { ...networks, links: [...networks.links, having] })).toEqual([
      'connection.same-netns certain',
    ]);
    const route = aRoute(net(2), '10.4.0.16/28', having, { type: 'local', table: 'local' });
    expect(rules(twice.slice(0, 2), networks, [route])).toEqual(['connection.same-netns certain']);
    expect(rules(twice.slice(0, 2), networks)).toEqual(['connection.address-of-others inferred']);
  });

  it('a transparent proxy’s sockets have addresses of others: each that fits is ambiguous', () => {
    const client = connected(net(2), '10.4.0.2:4000 10.4.0.3:80');
    const server = connected(net(3), '10.4.0.3:80 10.4.0.2:4000');
    const [near, far] = [
      connected(net(1), '10.4.0.3:80 10.4.0.2:4000'),
      connected(net(1), '10.4.0.2:4000 10.4.0.3:80'),
    ];
    const all = relations([client, near, far, server], bridged(1, [2, 3]));
    expect(all.every(({ certainty }) => certainty === 'ambiguous')).toBe(true);
    const ends = all.map(({ from, to }) => [from, to].toSorted().join(' '));
    expect(ends).toContain([client.id, near.id].toSorted().join(' '));
    expect(ends).toContain([far.id, server.id].toSorted().join(' '));
    expect(rules([client, near], bridged(1, [2, 3]))).toEqual(['connection.address-of-others inferred']);
  });

  it('between containers of one bridge, and between the bridge and one of them', () => {
    const pair = [connected(net(2), '10.4.0.2:4000 10.4.0.3:80'), connected(net(3), '10.4.0.3:80 10.4.0.2:4000')];
    const down = [connected(net(1), '10.4.0.1:4000 10.4.0.3:80'), connected(net(3), '10.4.0.3:80 10.4.0.1:4000')];
    expect(rules([...pair, ...down], bridged(1, [2, 3]))).toEqual(Array(2).fill('connection.same-segment certain'));
  });

  it('a socket of IPv6 that speaks IPv4', () => {
    const pair = [
      connected(net(2), '10.4.0.2:4000 10.4.0.3:80'),
      connected(net(3), '::ffff:10.4.0.3:80 ::ffff:10.4.0.2:4000', { protocol: 'tcp6' }),
    ];
    expect(rules(pair, bridged(1, [2, 3]))).toEqual(['connection.same-segment certain']);
  });

  it('over a router it is inferred', () => {
    const pair = [connected(net(2), '10.4.0.2:4000 10.5.0.2:80'), connected(net(3), '10.5.0.2:80 10.4.0.2:4000')];
    expect(rules(pair, both(bridged(1, [2], 'br0'), bridged(1, [3], 'br1', '10.5.0')))).toEqual([
      'connection.joined-networks inferred',
    ]);
  });

  it('not where nothing joins the networks, nor where an address is told of two that are joined', () => {
    const pair = [connected(net(2), '10.4.0.2:4000 10.4.0.3:80'), connected(net(3), '10.4.0.3:80 10.4.0.2:4000')];
    const apart = both(bridged(1, [2, 9]), bridged(11, [19, 3]));
    expect(rules(pair, apart)).toEqual([]);
    expect(rules(pair, both(bridged(1, [2, 3], 'br0'), bridged(1, [4, 5], 'br1')))).toEqual([]);
  });

  it('two users’ equal networks: each its own', () => {
    const sockets = [2, 12].flatMap((first) => [
      connected(net(first), '10.4.0.2:4000 10.4.0.3:80'),
      connected(net(first + 1), '10.4.0.3:80 10.4.0.2:4000'),
    ]);
    const found = relations(sockets, both(bridged(1, [2, 3]), bridged(11, [12, 13])));
    expect(found.map(({ from, to }) => [from, to].map((id) => /\[(\d+)\]/.exec(id)?.[1]).toSorted())).toEqual([
      ['12', '13'],
      ['2', '3'],
    ]);
    expect(found.every(({ certainty }) => certainty === 'certain')).toBe(true);
  });

  it('none where an address translation changed an end, and none without an inode', () => {
    const nat = [connected(net(2), '10.4.0.2:4000 10.96.0.1:443'), connected(net(3), '10.4.0.3:6443 10.4.0.2:4000')];
    expect(rules(nat, bridged(1, [2, 3]))).toEqual([]);
    const waiting = [
      connected(net(2), '10.4.0.2:4000 10.4.0.3:80', { state: 'TIME_WAIT', inode: 0 }),
      connected(net(3), '10.4.0.3:80 10.4.0.2:4000'),
    ];
    expect(rules(waiting, bridged(1, [2, 3]))).toEqual([]);
  });

  it('several that fit are all told as ambiguous; very many not at all', () => {
    const udp = (netns: number, ends: string) => connected(net(netns), ends, { protocol: 'udp' });
    const server = (count: number) => Array.from({ length: count }, () => udp(1, '127.0.0.1:53 127.0.0.1:4000'));
    const client = udp(1, '127.0.0.1:4000 127.0.0.1:53');
    expect(rules([client, ...server(2)])).toEqual(Array(2).fill('connection.several-candidates ambiguous'));
    expect(rules([client, ...server(5)])).toEqual([]);
    expect(rules([client, ...server(500)])).toEqual([]);
  });

  it('a socket of another protocol or with itself is none', () => {
    expect(rules([connected(net(1), '127.0.0.1:80 127.0.0.1:80')])).toEqual([]);
    const other = [
      connected(net(1), '127.0.0.1:80 127.0.0.1:4000', { protocol: 'udp' }),
      connected(net(1), '127.0.0.1:4000 127.0.0.1:80'),
    ];
    expect(rules(other)).toEqual([]);
  });
});

describe('connections of users with equal networks', () => {
  // Few ports for many connections, so that equal four-tuples meet all the time; anything may be hidden.
  const ports = fc.integer({ min: 1, max: 2 });
  const plans = fc.record({
    users: fc.integer({ min: 1, max: 3 }),
    connections: fc.array(
      fc.record({
        user: fc.nat(2),
        from: fc.nat(2),
        to: fc.nat(2),
        source: ports,
        target: ports,
        loopback: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    hiddenNetns: fc.uniqueArray(fc.nat(11), { maxLength: 4 }),
    hiddenSockets: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
    hide: fc.boolean(),
  });
  type Plan = typeof plans extends fc.Arbitrary<infer T> ? T : never;

  function worldOf({ users, connections, hiddenNetns, hiddenSockets, hide }: Plan) {
    const hub = (user: number) => 100 * (user + 1);
    const netnsOf = (user: number, node: number) => hub(user) + node;
    const networks = both(
      ...Array.from({ length: users }, (_, user) =>
        bridged(
          hub(user),
          [1, 2].map((n) => hub(user) + n),
        ),
      ),
    );
    const hidden = new Set(hide ? hiddenNetns.map((number) => net(100 * (1 + (number % 3)) + (number >> 2))) : []);
    const taken = new Set<string>();
    const truth = new Set<string>();
    const sockets = connections.flatMap(({ user: any, from, to, source, target, loopback }, at): readonly Socket[] => {
      const user = any % users;
      const [a, b] = loopback ? [from, from] : [from, to];
      if (!loopback && a === b) return [];
      const address = (node: number) => (loopback ? '127.0.0.1' : `10.4.0.${node + 1}`);
      const [one, other] = [`${address(a)}:${source}`, `${address(b)}:${target + (loopback ? 10 : 0)}`];
      // The kernel gives no connection the ends of another one in the same network namespace.
      const keys = [`${netnsOf(user, a)} ${one} ${other}`, `${netnsOf(user, b)} ${other} ${one}`];
      if (keys.some((key) => taken.has(key))) return [];
      keys.forEach((key) => taken.add(key));
      const pair = [
        connected(net(netnsOf(user, a)), `${one} ${other}`),
        connected(net(netnsOf(user, b)), `${other} ${one}`),
      ];
      truth.add(
        pair
          .map(({ id }) => id)
          .toSorted()
          .join(' | '),
      );
      return pair.filter((_, end) => !hide || !hiddenSockets[2 * at + end]);
    });
    const isSeen = ({ netns }: { readonly netns: NamespaceId | undefined }) =>
      netns !== undefined && !hidden.has(netns);
    const found = relations(sockets.filter(isSeen), {
      links: networks.links.filter(isSeen),
      netnsIds: networks.netnsIds.filter(({ observer, netns }) => !hidden.has(observer) && !hidden.has(netns)),
    });
    return { truth, found, whole: !hide };
  }

  it('nothing certain is wrong, whatever is hidden; all are found where nothing is', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { truth, found, whole } = worldOf(plan);
        const said = found.filter(({ certainty }) => certainty === 'certain').map(({ from, to }) => `${from} | ${to}`);
        for (const pair of said) expect(truth).toContain(pair);
        expect(new Set(said).size).toBe(said.length);
        if (whole) expect(said.toSorted()).toEqual([...truth].toSorted());
      }),
      { numRuns: 400 },
    );
  });
});
