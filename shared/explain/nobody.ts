// Whether nobody is in a namespace, or only nobody that was seen: processes may be closed to us.
import { namespaceKinds } from '../model/id.ts';
import type { NamespaceKind } from '../model/id.ts';
import type { Model } from '../model/model.ts';
import { hasEnded, isClosed } from '../model/process.ts';
import type { Namespace } from '../model/namespace.ts';

/** Some process may be in it whose own namespace of that kind is closed to us. */
export function mayHoldClosed(model: Model, { kind, processIds }: Namespace): boolean {
  return processIds.length === 0 && closedKinds(model).has(kind);
}

const cache = new WeakMap<Model, ReadonlySet<NamespaceKind>>();

/** The kinds of which it is closed to us where somebody is. Kernel threads are in the host's, and zombies in none. */
function closedKinds(model: Model): ReadonlySet<NamespaceKind> {
  const made = cache.get(model);
  if (made) return made;
  const closed = new Set<NamespaceKind>();
  if (model.namespaces.some(({ procNet }) => procNet !== undefined)) closed.add('net');
  for (const process of model.processes) {
    if (process.kernelThread || hasEnded(process) || !isClosed(process)) continue;
    for (const kind of namespaceKinds) if (process.namespaces[kind] === undefined) closed.add(kind);
  }
  cache.set(model, closed);
  return closed;
}
