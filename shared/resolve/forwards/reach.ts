// Which containers can be behind an address, seen from one network namespace.
import type { Container } from '../../model/container.ts';
import type { Certainty } from '../../model/evidence.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import type { Known } from '../known.ts';

export interface Reached {
  readonly container: Container;
  readonly netns: NamespaceId;
  /** The link that has the address. */
  readonly link: Link;
  readonly address: string;
  /** How sure it is that the container's namespace is next to the one it is reached from. */
  readonly certainty: Certainty;
}

/** Network namespaces that a veth pair joins to `from`, and itself, with how sure that is. */
export function besideOf(from: NamespaceId, known: Known): ReadonlyMap<NamespaceId, Certainty> {
  const made = cache.get(known) ?? new Map<NamespaceId, ReadonlyMap<NamespaceId, Certainty>>();
  cache.set(known, made);
  const before = made.get(from);
  if (before) return before;
  const beside = new Map<NamespaceId, Certainty>([[from, 'certain']]);
  for (const one of known.relations) {
    if (one.kind !== 'veth-peer' || one.certainty === 'ambiguous') continue;
    const a = known.index.link.get(one.from as Link['id'])?.netns;
    const b = known.index.link.get(one.to as Link['id'])?.netns;
    const other = a === from ? b : b === from ? a : undefined;
    if (other !== undefined && beside.get(other) !== 'certain') beside.set(other, one.certainty);
  }
  made.set(from, beside);
  return beside;
}

const cache = new WeakMap<Known, Map<NamespaceId, ReadonlyMap<NamespaceId, Certainty>>>();

/** Containers in network namespaces that a veth pair joins to `from`, or in `from` itself, with each of their addresses. */
export function reachableFrom(from: NamespaceId, known: Known): readonly Reached[] {
  const beside = besideOf(from, known);
  return known.containers.flatMap((container) => {
    const netns = container.init && known.index.process.get(container.init)?.namespaces.net;
    const certainty = netns && beside.get(netns);
    if (!netns || !certainty) return [];
    return (known.index.linksOf.get(netns) ?? [])
      .filter((link) => link.kind !== 'loopback')
      .flatMap((link) =>
        link.addresses.map((address) => ({ container, netns, link, address: address.local, certainty })),
      );
  });
}

/**
 * Of containers that share a network namespace (a pod) the one that listens on the port; undefined where that is not
 * one. Containers that use the forwarder's own namespace have its addresses, all of them.
 */
export function theOne(reached: readonly Reached[], port: number, known: Known): Reached | undefined {
  if (new Set(reached.map((one) => one.container.id)).size <= 1) return reached[0];
  const listening = reached.filter((one) =>
    known.entities.sockets.some(
      (socket) =>
        socket.netns === one.netns &&
        socket.local.port === port &&
        (socket.state === 'LISTEN' || socket.state === 'UNCONN') &&
        socket.processIds.some((process) => one.container.processIds.includes(process)),
    ),
  );
  return new Set(listening.map((one) => one.container.id)).size === 1 ? listening[0] : undefined;
}
