// The namespaces view as a tree: by owner (user namespaces own the others and are nested in each other) or by kind.
import { namespaceKinds } from '../../shared/model/id.ts';
import type { NamespaceId, NamespaceKind } from '../../shared/model/id.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Namespace } from '../../shared/model/namespace.ts';
import type { Process } from '../../shared/model/process.ts';

export type Grouping = 'owner' | 'kind';

export interface NamespaceBranch {
  /** Stable between refreshes. */
  readonly key: string;
  /** Absent for a heading: a kind, or "owner not known". */
  readonly namespace?: Namespace;
  readonly heading?: NamespaceKind | 'unknown-owner';
  readonly children: readonly NamespaceBranch[];
}

/** Whether a namespace is one of the host's own. */
export type Sharing = 'host' | 'separate';

export function sharingOf(model: Model, namespace: Namespace): Sharing {
  return model.host.initialNamespaces[namespace.kind]?.id === namespace.id ? 'host' : 'separate';
}

export interface TreeOptions {
  readonly grouping: Grouping;
  readonly kinds: ReadonlySet<NamespaceKind>;
  readonly filter: string;
}

/**
 * A branch stays when it matches or something below it does. Host's own first, then by kind, name and inode; user
 * namespaces after what they own beside them, so that leaves stand together.
 */
export function namespaceTree(model: Model, options: TreeOptions): readonly NamespaceBranch[] {
  const matches = matcher(model, options.filter);
  const wanted = (namespace: Namespace): boolean => options.kinds.has(namespace.kind) && matches(namespace);
  const order = comparison(model);
  return options.grouping === 'kind' ? byKind(model, wanted, order) : byOwner(model, wanted, order);
}

type Order = (a: Namespace, b: Namespace) => number;

function byKind(model: Model, wanted: (one: Namespace) => boolean, order: Order): readonly NamespaceBranch[] {
  return namespaceKinds.flatMap((kind) => {
    const children = model.namespaces
      .filter((one) => one.kind === kind && wanted(one))
      .sort(order)
      .map(leaf);
    return children.length === 0 ? [] : [{ key: `kind:${kind}`, heading: kind, children }];
  });
}

function byOwner(model: Model, wanted: (one: Namespace) => boolean, order: Order): readonly NamespaceBranch[] {
  const known = new Map(model.namespaces.map((one) => [one.id, one]));
  const owned = new Map<NamespaceId, Namespace[]>();
  const roots: Namespace[] = [];
  const ownerless: Namespace[] = [];
  for (const one of model.namespaces) {
    // A user namespace hangs below its parent; its owner is the same one in the kernel.
    const owner = one.kind === 'user' ? (one.parent ?? one.owner) : one.owner;
    if (owner !== undefined && owner !== one.id && known.has(owner))
      owned.set(owner, [...(owned.get(owner) ?? []), one]);
    else if (one.kind === 'user') roots.push(one);
    else ownerless.push(one);
  }
  const seen = new Set<NamespaceId>();
  const branch = (one: Namespace): NamespaceBranch[] => {
    if (seen.has(one.id)) return [];
    seen.add(one.id);
    const children = (owned.get(one.id) ?? []).sort(order).flatMap(branch);
    return wanted(one) || children.length > 0 ? [{ key: one.id, namespace: one, children }] : [];
  };
  const trees = roots.sort(order).flatMap(branch);
  const rest = ownerless.filter(wanted).sort(order).map(leaf);
  if (rest.length > 0) trees.push({ key: 'unknown-owner', heading: 'unknown-owner', children: rest });
  return trees;
}

const leaf = (namespace: Namespace): NamespaceBranch => ({ key: namespace.id, namespace, children: [] });

function comparison(model: Model): Order {
  const rank = (one: Namespace): number => (one.kind === 'user' ? 2 : 0) + (sharingOf(model, one) === 'host' ? 0 : 1);
  return (a, b) =>
    rank(a) - rank(b) ||
    a.name.localeCompare(b.name, 'en', { numeric: true }) ||
    a.kind.localeCompare(b.kind) ||
    (a.inode ?? 0) - (b.inode ?? 0);
}

/** Every word of the filter has to be found: in the name, kind, id, or a program or PID in it. */
function matcher(model: Model, filter: string): (one: Namespace) => boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  const processes = new Map(model.processes.map((one) => [one.id, one]));
  return (one) => {
    const inside = one.processIds.map((id) => processes.get(id)).filter((process) => process !== undefined);
    const text = [one.name, one.id, one.role, ...inside.map((process) => `${process.comm} ${process.pid}`)]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** Its leaders as people name them, `nginx [126799]`, the representative one first. */
export function leadersOf(namespace: Namespace, processes: ReadonlyMap<string, Process>): readonly Process[] {
  return namespace.leaderIds.map((id) => processes.get(id)).filter((process) => process !== undefined);
}

export function countBranches(branches: readonly NamespaceBranch[], matches: (one: Namespace) => boolean): number {
  return branches.reduce(
    (sum, branch) =>
      sum + (branch.namespace && matches(branch.namespace) ? 1 : 0) + countBranches(branch.children, matches),
    0,
  );
}
