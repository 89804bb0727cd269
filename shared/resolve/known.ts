// What a pass may read: the entities, looked up in every way passes need, and what earlier passes found.
// What a pass gives back: only what it adds. resolve.ts puts the two together.
import type { Container } from '../model/container.ts';
import type { Entities, RootlessKitState, UnresolvedNamespace, UnresolvedProcess } from '../model/entities.ts';
import type { Certainty, Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Forward } from '../model/forward.ts';
import type { LinkId, NamespaceId, ProcessId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { NamespaceRole } from '../model/namespace.ts';
import type { ProcessRole } from '../model/process.ts';
import type { Relation } from '../model/relation.ts';
import type { Sandbox } from '../model/sandbox.ts';

/** Which network namespace an observer means by one of its netns ids. */
export interface NetnsIdMeaning {
  readonly observer: NamespaceId;
  readonly netnsid: number;
  readonly netns: NamespaceId;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
}

/** What passes have found so far. */
export interface Discovered {
  /** Of entities.rootlessKits those whose state directory is theirs (rootlesskit/claims.ts). */
  readonly rootlessKits: readonly RootlessKitState[];
  readonly roles: ReadonlyMap<ProcessId, readonly ProcessRole[]>;
  readonly containers: readonly Container[];
  readonly sandboxes: readonly Sandbox[];
  readonly netnsIds: readonly NetnsIdMeaning[];
  readonly relations: readonly Relation[];
  readonly forwards: readonly Forward[];
  readonly namespaces: ReadonlyMap<NamespaceId, { readonly role: NamespaceRole; readonly name: string }>;
  readonly findings: readonly Finding[];
}

export interface Index {
  readonly process: ReadonlyMap<ProcessId, UnresolvedProcess>;
  readonly childrenOf: ReadonlyMap<number, readonly UnresolvedProcess[]>;
  readonly namespace: ReadonlyMap<NamespaceId, UnresolvedNamespace>;
  readonly link: ReadonlyMap<LinkId, Link>;
  /** Network namespaces whose links were listed. One that was seen but not entered is missing here. */
  readonly linksOf: ReadonlyMap<NamespaceId, readonly Link[]>;
}

export interface Known extends Discovered {
  readonly entities: Entities;
  readonly index: Index;
}

export interface Pass {
  readonly name: string;
  readonly run: (known: Known) => Partial<Discovered>;
}

export function indexOf(entities: Entities): Index {
  return {
    process: new Map(entities.processes.map((process) => [process.id, process])),
    childrenOf: grouped(
      entities.processes.filter((process) => process.ppid !== undefined),
      (process) => process.ppid ?? 0,
    ),
    namespace: new Map(entities.namespaces.map((namespace) => [namespace.id, namespace])),
    link: new Map(entities.links.map((link) => [link.id, link])),
    linksOf: grouped(entities.links, (link) => link.netns),
  };
}

/** Groups in order of first appearance. */
export function grouped<K, V>(values: Iterable<V>, keyOf: (value: V) => K): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

/** Where several fit, none: what was misread, or listed while it changed, decides nothing. */
export function onlyOne<T>(fitting: readonly T[]): T | undefined {
  return fitting.length === 1 ? fitting[0] : undefined;
}

export function linkByName(known: Known, netns: NamespaceId, name: string): Link | undefined {
  const links = known.index.linksOf.get(netns);
  if (!links) return undefined;
  let named = namesOf.get(links);
  if (!named) namesOf.set(links, (named = byName(links)));
  return onlyOne(named.get(name) ?? []);
}

const namesOf = new WeakMap<readonly Link[], ReadonlyMap<string, readonly Link[]>>();

function byName(links: readonly Link[]): ReadonlyMap<string, readonly Link[]> {
  const named = new Map<string, Link[]>();
  for (const link of links) {
    for (const name of new Set([link.name, ...link.altNames])) {
      const same = named.get(name);
      if (same) same.push(link);
      else named.set(name, [link]);
    }
  }
  return named;
}

/** All its links are known with their kinds: one that is missing is not there. */
export function isListed({ linksOf, namespace }: Index, netns: NamespaceId): boolean {
  if (namespace.get(netns)?.procNet !== undefined) return false;
  return linksOf.get(netns)?.every(({ kind }) => kind !== 'unknown') === true;
}

export function withRole(known: Known, role: ProcessRole): readonly UnresolvedProcess[] {
  return known.entities.processes.filter((process) => known.roles.get(process.id)?.includes(role));
}
