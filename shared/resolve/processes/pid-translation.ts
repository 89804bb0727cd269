// A process has a number in its own PID namespace and in each above it, up to the one whose /proc was read (status, NSpid).
// Which number counts where follows from the parents of PID namespaces; and a number on a command line counts where its
// process is.
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { Certainty } from '../../model/evidence.ts';
import { processId, type NamespaceId, type ProcessId } from '../../model/id.ts';
import type { ProcessNumber } from '../../model/process.ts';
import type { Relation } from '../../model/relation.ts';
import type { Known } from '../known.ts';

const certainties: readonly Certainty[] = ['certain', 'inferred', 'ambiguous'];
const weaker = (a: Certainty, b: Certainty): Certainty => (certainties.indexOf(a) > certainties.indexOf(b) ? a : b);

/**
 * From the reader's inwards; only for processes that have several. A number whose namespace is not known is left out:
 * somebody between whose parent nobody tells.
 */
export function numbersOf(
  { nsPids, namespaces }: UnresolvedProcess,
  { entities }: Known,
  parentOf: ReadonlyMap<string, Relation>,
): readonly ProcessNumber[] | undefined {
  if (nsPids.length < 2) return undefined;
  const numbers = new Map<number, ProcessNumber>();
  let at = namespaces.pid;
  let certainty: Certainty = 'certain';
  for (let level = nsPids.length - 1; level >= 0 && at !== undefined; level -= 1) {
    numbers.set(level, { pid: nsPids[level] ?? 0, namespace: at, certainty });
    const parent = parentOf.get(at);
    if (parent) certainty = weaker(certainty, parent.certainty);
    at = parent && (parent.to as NamespaceId);
  }
  // /proc shows the numbers of the PID namespace that its PID 1 is in.
  const outermost = entities.host.initialNamespaces.pid;
  if (outermost) numbers.set(0, { pid: nsPids[0] ?? 0, namespace: outermost.id, certainty: outermost.certainty });
  return [...numbers].sort(([a], [b]) => a - b).map(([, number]) => number);
}

/**
 * The process that `reader` calls by this number. Inside a PID namespace that is the number there; but its /proc may be
 * that of an outer one: where both lead somewhere else, nobody knows.
 */
export function processNumbered(pid: number, reader: UnresolvedProcess, known: Known): UnresolvedProcess | undefined {
  const outside = known.index.process.get(processId(pid));
  const level = reader.nsPids.length - 1;
  const own = reader.namespaces.pid;
  if (level <= 0 || own === undefined) return outside;
  const inside = known.entities.processes.find(
    (process) => process.nsPids[level] === pid && isIn(process, own, level, known),
  );
  if (!inside || inside === outside) return inside;
  return outside ? undefined : inside;
}

/** The same where only the number matters: a process that was not seen has one too. */
export function idNumbered(pid: number, reader: UnresolvedProcess, known: Known): ProcessId | undefined {
  return reader.nsPids.length <= 1 ? processId(pid) : processNumbered(pid, reader, known)?.id;
}

/** Whether its number at `level` counts in `namespace`: it is in there, or below it by what lsns tells of parents. */
function isIn({ nsPids, namespaces }: UnresolvedProcess, namespace: NamespaceId, level: number, { index }: Known) {
  let at = namespaces.pid;
  for (let depth = nsPids.length - 1; depth > level && at !== undefined; depth -= 1)
    at = index.namespace.get(at)?.parent;
  return at === namespace;
}
