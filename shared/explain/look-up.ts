// A model, looked up by id in the ways explanations need. Made once for each model.
import type { Container } from '../model/container.ts';
import type { Forward } from '../model/forward.ts';
import type { EntityId, LinkId, NamespaceId, ProcessId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Model } from '../model/model.ts';
import type { MountTable } from '../model/mount.ts';
import type { Netconf } from '../model/netconf.ts';
import type { NameResolution } from '../model/name-resolution.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Process } from '../model/process.ts';
import type { Sandbox } from '../model/sandbox.ts';
import type { Relation, RelationKind } from '../model/relation.ts';
import type { PacketSocket, Socket, UnixSocket } from '../model/socket.ts';

export interface LookUp {
  readonly model: Model;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly processes: ReadonlyMap<string, Process>;
  readonly containers: ReadonlyMap<string, Container>;
  readonly links: ReadonlyMap<string, Link>;
  readonly linksOf: ReadonlyMap<string, readonly Link[]>;
  readonly sockets: ReadonlyMap<string, Socket>;
  readonly unixSockets: ReadonlyMap<string, UnixSocket>;
  readonly packetSockets: ReadonlyMap<string, PacketSocket>;
  /** By mount namespace. */
  readonly nameResolution: ReadonlyMap<string, NameResolution>;
  /** By mount namespace; by the process they were read through where that is closed to us. */
  readonly mountTables: ReadonlyMap<string, MountTable>;
  /** By network namespace, family and name of a link, or `all`. */
  readonly netconfs: ReadonlyMap<string, Netconf>;
  /** What a process holds, or what is in a network namespace. */
  readonly socketsOf: (where: ProcessId | NamespaceId) => SocketsOf;
  readonly sandboxes: ReadonlyMap<string, Sandbox>;
  readonly forwards: ReadonlyMap<string, Forward>;
  readonly relations: ReadonlyMap<string, Relation>;
  /** Relations of one kind that begin, or end, at an entity. */
  readonly from: (entity: EntityId, kind: RelationKind) => readonly Relation[];
  readonly to: (entity: EntityId, kind: RelationKind) => readonly Relation[];
}

export interface SocketsOf {
  readonly sockets: readonly Socket[];
  readonly unixSockets: readonly UnixSocket[];
  readonly packetSockets: readonly PacketSocket[];
}

const made = new WeakMap<Model, LookUp>();

export function lookUp(model: Model): LookUp {
  const before = made.get(model);
  if (before) return before;
  const byId = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map((one) => [one.id, one]));
  const starting = new Map<string, Relation[]>();
  const ending = new Map<string, Relation[]>();
  for (const one of model.relations) {
    push(starting, `${one.kind} ${one.from}`, one);
    push(ending, `${one.kind} ${one.to}`, one);
  }
  const linksOf = new Map<string, Link[]>();
  for (const link of model.links) push(linksOf, link.netns, link);
  const sockets = bySocketOwner(model.sockets);
  const unixSockets = bySocketOwner(model.unixSockets);
  const packetSockets = bySocketOwner(model.packetSockets);
  const result: LookUp = {
    model,
    namespaces: byId(model.namespaces),
    processes: byId(model.processes),
    containers: byId(model.containers),
    links: byId(model.links),
    linksOf,
    sockets: byId(model.sockets),
    unixSockets: byId(model.unixSockets),
    packetSockets: byId(model.packetSockets),
    nameResolution: new Map(model.nameResolution.map((one) => [one.mountNamespace, one])),
    mountTables: new Map(model.mountTables.map((one) => [one.mountNamespace ?? one.readThrough, one])),
    netconfs: new Map(model.netconfs.map((one) => [`${one.netns} ${one.family} ${one.interface}`, one])),
    socketsOf: (where) => ({
      sockets: sockets.get(where) ?? [],
      unixSockets: unixSockets.get(where) ?? [],
      packetSockets: packetSockets.get(where) ?? [],
    }),
    sandboxes: byId(model.sandboxes),
    forwards: byId(model.forwards),
    relations: byId(model.relations),
    from: (entity, kind) => starting.get(`${kind} ${entity}`) ?? [],
    to: (entity, kind) => ending.get(`${kind} ${entity}`) ?? [],
  };
  made.set(model, result);
  return result;
}

function bySocketOwner<T extends Pick<Socket, 'netns' | 'processIds'>>(all: readonly T[]): ReadonlyMap<string, T[]> {
  const owners = new Map<string, T[]>();
  for (const one of all) {
    for (const id of one.processIds) push(owners, id, one);
    if (one.netns !== undefined) push(owners, one.netns, one);
  }
  return owners;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Peers of a link, with the relation that says so; several when it is ambiguous. */
export function peersOf(look: LookUp, link: LinkId): readonly { readonly peer: EntityId; readonly by: Relation }[] {
  return [
    ...look.from(link, 'veth-peer').map((by) => ({ peer: by.to, by })),
    ...look.to(link, 'veth-peer').map((by) => ({ peer: by.from, by })),
  ];
}

/** The certain or inferred peer; undefined where there are several candidates, or none that was seen. */
export function peerOf(look: LookUp, link: LinkId): Link | undefined {
  const [first, second] = peersOf(look, link);
  return first && !second ? look.links.get(first.peer) : undefined;
}

/** Network namespace of a container: that of its first process. */
export function netnsOfContainer(look: LookUp, container: Container): Namespace | undefined {
  const netns = container.init && look.processes.get(container.init)?.namespaces.net;
  return netns && look.namespaces.get(netns);
}
