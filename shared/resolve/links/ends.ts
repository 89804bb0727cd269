// The ends of paired devices, and which others each could be paired with.
import type { NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import { grouped } from '../known.ts';
import type { NetnsIds } from './netns-ids.ts';
import { idKey, referenceOf } from './reference.ts';

/** Kinds that are made in pairs and name each other's index. */
export const pairedKinds: ReadonlySet<string> = new Set(['veth', 'netkit', 'vxcan']);

/** One end whose other end is in another network namespace. */
export interface End {
  readonly link: Link;
  readonly netns: NamespaceId;
  readonly ifindex: number;
  /** The other end's index, in its own network namespace. */
  readonly otherIfindex: number;
  /** What this end's network namespace calls the other's; undefined: it has no id for it. */
  readonly netnsid: number | undefined;
  /** The other end's network namespace, where its file under /run/netns is named. */
  readonly otherNetns?: NamespaceId;
}

export function endOf(link: Link, named: (name: string) => NamespaceId | undefined): End | undefined {
  const reference = pairedKinds.has(link.kind) ? referenceOf(link) : undefined;
  if (reference?.where !== 'other') return undefined;
  const { netns, ifindex } = link;
  const otherNetns = reference.netnsName === undefined ? undefined : named(reference.netnsName);
  return {
    link,
    netns,
    ifindex,
    otherIfindex: reference.ifindex,
    netnsid: reference.netnsid,
    ...(otherNetns === undefined ? {} : { otherNetns }),
  };
}

/** Whether each could be the other's peer: indexes meet, in different namespaces, and no known netns id forbids it. */
export function couldBePeers(a: End, b: End, ids: NetnsIds): boolean {
  return (
    a.netns !== b.netns &&
    a.link.kind === b.link.kind &&
    a.otherIfindex === b.ifindex &&
    b.otherIfindex === a.ifindex &&
    (a.otherNetns === undefined || a.otherNetns === b.netns) &&
    (b.otherNetns === undefined || b.otherNetns === a.netns) &&
    (a.netnsid === undefined || ids.mayMean(a.netns, a.netnsid, b.netns)) &&
    (b.netnsid === undefined || ids.mayMean(b.netns, b.netnsid, a.netns))
  );
}

/**
 * The candidates of every unpaired end. A candidate is struck out when another end with the same netns id has no
 * candidate in that network namespace: one id means one namespace, and all links of a listed namespace are known.
 * Striking out is sound even where not everything was seen; it is repeated until nothing changes.
 */
export function candidatesOf(ends: readonly End[], ids: NetnsIds): ReadonlyMap<End, readonly End[]> {
  const byIndexes = grouped(ends, (end) => `${end.ifindex}>${end.otherIfindex}`);
  let candidates = new Map<End, readonly End[]>(
    ends.map((end) => {
      const meeting = byIndexes.get(`${end.otherIfindex}>${end.ifindex}`) ?? [];
      return [end, meeting.filter((other) => couldBePeers(end, other, ids))];
    }),
  );
  const sharing = grouped(
    ends.filter((end) => end.netnsid !== undefined),
    (end) => idKey(end.netns, end.netnsid ?? 0),
  );
  for (;;) {
    const possible = new Map<string, ReadonlySet<NamespaceId>>();
    for (const [key, group] of sharing) possible.set(key, inAll(group.map((end) => netnsOf(candidates.get(end)))));
    const allows = (end: End, netns: NamespaceId): boolean => {
      const namespaces = end.netnsid === undefined ? undefined : possible.get(idKey(end.netns, end.netnsid));
      // Nothing fits all ends of this id: they changed while they were asked. Then it strikes out nothing.
      return namespaces === undefined || namespaces.size === 0 || namespaces.has(netns);
    };
    let struck = false;
    const next = new Map<End, readonly End[]>();
    for (const [end, others] of candidates) {
      const left = others.filter((other) => allows(end, other.netns) && allows(other, end.netns));
      struck ||= left.length < others.length;
      next.set(end, left);
    }
    candidates = next;
    if (!struck) return candidates;
  }
}

const netnsOf = (ends: readonly End[] | undefined): ReadonlySet<NamespaceId> =>
  new Set((ends ?? []).map((end) => end.netns));

function inAll<T>(sets: readonly ReadonlySet<T>[]): ReadonlySet<T> {
  const [first = new Set<T>(), ...rest] = sets;
  return new Set([...first].filter((value) => rest.every((set) => set.has(value))));
}
