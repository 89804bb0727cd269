// Which namespaces of two snapshots of one host are the same, though processes came and went, and though the kernel gives
// inodes out again.
//
// `same` is the same one in the kernel. That takes the same boot, kind and inode (but where it was closed to whoever asked
// once, and told by /proc/PID/net), and something that lasted:
//   initial    the host's own, which ends with the boot
//   process    a process that is in it both times. It cannot have left a PID or a user namespace in between and found
//              another one under that inode: there is no way back. Of the other kinds it can, but who does: inferred.
//   namespace  one that it is the parent or owner of, and that is the same: the kernel keeps it as long
//   holder     a thread, a descriptor, a socket of the same process keeps it, or the same process is in it now: inferred
//   mount      it is mounted at the same path: inferred, for the path may have been mounted anew
// `successor` plays the same part, and is most likely another one in the kernel: the host's own after a reboot, a container's after the
// container (by its runtime's id) was started again. Nothing else lasts over a reboot: PIDs, inodes and start times all
// begin again, and a name like /run/netns/blue is only what somebody called it.
import type { Certainty } from '../model/evidence.ts';
import type { NamespaceId, NamespaceKind } from '../model/id.ts';
import type { Model } from '../model/model.ts';
import type { Namespace } from '../model/namespace.ts';

export interface NamespaceMatch {
  readonly before: NamespaceId;
  readonly after: NamespaceId;
  readonly how: 'same' | 'successor';
  readonly by: 'initial' | 'process' | 'namespace' | 'holder' | 'mount' | 'container';
  readonly certainty: Exclude<Certainty, 'ambiguous'>;
}

/** Pure. Each namespace is in one match at most; what is in none is new, or gone. */
export function sameNamespaces(before: Model, after: Model): readonly NamespaceMatch[] {
  const matches = new Map<NamespaceId, NamespaceMatch>();
  if (before.host.bootId !== undefined && before.host.bootId === after.host.bootId) {
    const pairs = pairsOf(before, after);
    for (const { one, other } of pairs) {
      const match = lasting(one, other, before, after);
      if (match) matches.set(other.id, { before: one.id, after: other.id, how: 'same', ...match });
    }
    addKept(pairs, matches, [certainlyRelated(before), certainlyRelated(after)]);
  }
  const taken = new Set([...matches.values()].map((match) => match.before));
  const parts = new Map(before.namespaces.filter(({ id }) => !taken.has(id)).map((one) => [one.identity, one.id]));
  for (const { id, identity } of after.namespaces) {
    const part = /^(initial|container)\//.exec(identity)?.[1];
    const predecessor = part === undefined ? undefined : parts.get(identity);
    if (predecessor === undefined || matches.has(id)) continue;
    const by = part === 'initial' ? 'initial' : 'container';
    matches.set(id, { before: predecessor, after: id, how: 'successor', by, certainty: 'certain' });
  }
  return [...matches.values()];
}

interface Pair {
  readonly one: Namespace;
  readonly other: Namespace;
}

function pairsOf(before: Model, after: Model): readonly Pair[] {
  const known = new Map(before.namespaces.map((one) => [one.id, one]));
  const byId = after.namespaces.flatMap((other) => {
    const one = known.get(other.id);
    return one ? [{ one, other }] : [];
  });
  return [...byId, ...renumbered(before, after, new Set(byId.map(({ other }) => other.id)))];
}

/**
 * One whose number was closed the first time and not the second, or the other way round: the host's own, or where the same
 * processes are, all of them that are in either and were there both times.
 */
function renumbered(before: Model, after: Model, paired: ReadonlySet<NamespaceId>): readonly Pair[] {
  const left = ({ namespaces }: Model): readonly Namespace[] =>
    namespaces.filter(({ id, kind }) => kind === 'net' && !paired.has(id));
  const of = (all: readonly Namespace[], model: Model): ReadonlyMap<string, Namespace> =>
    new Map(
      all.flatMap((one) => [
        ...(isInitial(one, model) ? [['initial', one] as const] : []),
        ...startsOf(one, model).inside.map((start) => [start, one] as const),
      ]),
    );
  const then = left(before);
  const now = left(after);
  if (![...then, ...now].some(({ procNet }) => procNet !== undefined)) return [];
  const [ofThen, ofNow] = [of(then, before), of(now, after)];
  return now.flatMap((other) => {
    const ones = new Set([...ofNow].flatMap(([key, its]) => (its === other ? (ofThen.get(key) ?? []) : [])));
    const [one] = ones;
    if (!one || ones.size > 1 || (one.procNet === undefined) === (other.procNet === undefined)) return [];
    const back = new Set([...ofThen].flatMap(([key, its]) => (its === one ? (ofNow.get(key) ?? []) : [])));
    return back.size === 1 ? [{ one, other }] : [];
  });
}

function lasting(
  one: Namespace,
  other: Namespace,
  before: Model,
  after: Model,
): Pick<NamespaceMatch, 'by' | 'certainty'> | undefined {
  const { kind } = other;
  if (isInitial(one, before) && isInitial(other, after)) return { by: 'initial', certainty: 'certain' };
  const then = startsOf(one, before);
  const now = startsOf(other, after);
  const stayed = new Set(then.inside);
  if (now.inside.some((start) => stayed.has(start))) {
    return { by: 'process', certainty: noWayBack.has(kind) ? 'certain' : 'inferred' };
  }
  const known = new Set([...then.inside, ...then.holding]);
  if ([...now.inside, ...now.holding].some((start) => known.has(start))) return { by: 'holder', certainty: 'inferred' };
  const paths = new Set(pathsOf(one));
  if (pathsOf(other).some((path) => paths.has(path))) return { by: 'mount', certainty: 'inferred' };
  return undefined;
}

/** setns(2) enters these only downwards, and a parent lasts as long as what is below it. */
const noWayBack: ReadonlySet<NamespaceKind> = new Set(['pid', 'user']);

const isInitial = ({ id, kind }: Namespace, { host }: Model): boolean => host.initialNamespaces[kind]?.id === id;

/** `4211@88123` for those in it and those that keep it otherwise, as far as it is known when they started. */
function startsOf(
  { processIds, keptBy }: Namespace,
  model: Model,
): { readonly inside: readonly string[]; readonly holding: readonly string[] } {
  const started = startedIn(model);
  const start = (id: string) => started.get(id) ?? [];
  return {
    inside: processIds.flatMap(start),
    holding: keptBy.flatMap((keeper) => ('process' in keeper ? start(keeper.process) : [])),
  };
}

const starts = new WeakMap<Model, ReadonlyMap<string, readonly string[]>>();
function startedIn(model: Model): ReadonlyMap<string, readonly string[]> {
  const made =
    starts.get(model) ??
    new Map(
      model.processes.map(({ id, pid, startTicks }) => [id, startTicks === undefined ? [] : [`${pid}@${startTicks}`]]),
    );
  starts.set(model, made);
  return made;
}

const pathsOf = ({ keptBy }: Namespace): readonly string[] =>
  keptBy.flatMap((keeper) => (keeper.by === 'mount' ? [keeper.path] : []));

/** `owner net:[4]` where it is certain whose it is. */
const certainlyRelated = ({ relations }: Model): ReadonlySet<string> =>
  new Set(relations.flatMap(({ kind, from, certainty }) => (certainty === 'certain' ? [`${kind} ${from}`] : [])));

/** Owners and parents of what is the same, up to the first: they are for life. */
function addKept(
  pairs: readonly Pair[],
  matches: Map<NamespaceId, NamespaceMatch>,
  related: readonly ReadonlySet<string>[],
): void {
  const byId = new Map(pairs.map((pair) => [pair.other.id, pair]));
  const waiting = [...matches.values()];
  for (let match = waiting.pop(); match; match = waiting.pop()) {
    const pair = byId.get(match.after);
    for (const relation of ['owner', 'parent'] as const) {
      const above = pair?.other[relation];
      if (above === undefined || above !== pair?.one[relation]) continue;
      const known = matches.get(above);
      const sure = match.certainty === 'certain' && related.every((told) => told.has(`${relation} ${match?.after}`));
      if (!byId.has(above) || known?.certainty === 'certain' || (known && !sure)) continue;
      const certainty = sure ? 'certain' : 'inferred';
      const found = { before: above, after: above, how: 'same', by: 'namespace', certainty } as const;
      matches.set(above, found);
      waiting.push(found);
    }
  }
}
