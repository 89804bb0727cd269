// Which network namespaces are joined by cables, and which links hear each other as on one Ethernet.
//
// Links are on one segment when a veth pair, the ports of one bridge or one parent of macvlans joins them. Network
// namespaces are joined when any of their links are, over however many segments and through whichever routers.
import type { LinkId, NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import type { Known } from '../known.ts';

export interface JoinedNetworks {
  /** A veth pair that is only inferred joins too: it may make more one, never less. */
  readonly areJoined: (a: NamespaceId, b: NamespaceId) => boolean;
  /** Some link with this address of each, on one segment, for certain. */
  readonly shareSegment: (a: Held, b: Held) => boolean;
  /** Of all network namespaces joined to `near`, the only one that has this address. */
  readonly isOnlyHolder: (near: NamespaceId, address: string) => boolean;
}

interface Held {
  readonly netns: NamespaceId;
  readonly address: string;
}

export function joinedNetworks({ relations, entities, index }: Known): JoinedNetworks {
  const segments = new Groups();
  const networks = new Groups();
  for (const { kind, from, to, certainty } of relations) {
    if ((kind !== 'veth-peer' && kind !== 'master' && kind !== 'lower') || certainty === 'ambiguous') continue;
    const a = index.link.get(from as LinkId);
    const b = index.link.get(to as LinkId);
    if (!a || !b) continue;
    networks.join(a.netns, b.netns);
    if (certainty === 'certain' && isOneSegment(kind, a, b)) segments.join(a.id, b.id);
  }
  const linksWith = new Map<string, LinkId[]>();
  const holders = new Map<string, Set<NamespaceId>>();
  for (const link of entities.links) {
    for (const { local } of link.addresses) {
      at(linksWith, `${link.netns} ${local}`, () => []).push(link.id);
      at(holders, `${networks.of(link.netns)} ${local}`, () => new Set()).add(link.netns);
    }
  }
  return {
    areJoined: (a, b) => networks.of(a) === networks.of(b),
    shareSegment: (a, b) => {
      const there = new Set((linksWith.get(`${b.netns} ${b.address}`) ?? []).map((link) => segments.of(link)));
      return (linksWith.get(`${a.netns} ${a.address}`) ?? []).some((link) => there.has(segments.of(link)));
    },
    isOnlyHolder: (near, address) => {
      const all = holders.get(`${networks.of(near)} ${address}`);
      return all?.size === 1 && all.has(near);
    },
  };
}

/** Not so: the ports of a vrf, which routes; a vlan and the device below it, whose frames differ. */
function isOneSegment(kind: 'veth-peer' | 'master' | 'lower', upper: Link, lower: Link): boolean {
  if (kind === 'master') return lower.kind !== 'vrf';
  return kind === 'veth-peer' || /^(macvlan|macvtap|ipvlan|ipvtap)$/.test(upper.kind);
}

/** Union-find: what was joined, over however many others, has one representative. */
class Groups {
  readonly #parent = new Map<string, string>();

  of(one: string): string {
    let top = one;
    for (let next = this.#parent.get(top); next !== undefined; next = this.#parent.get(top)) top = next;
    for (let here = one; here !== top;) {
      const next = this.#parent.get(here) ?? top;
      this.#parent.set(here, top);
      here = next;
    }
    return top;
  }

  join(a: string, b: string): void {
    const [one, other] = [this.of(a), this.of(b)];
    if (one !== other) this.#parent.set(one, other);
  }
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
