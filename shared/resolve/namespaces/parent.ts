// Parents of user and PID namespaces. lsns asks the kernel (NS_GET_PARENT). Without its answer:
//   - a PID namespace one level below the reader's (NSpid has two numbers) can only be the reader's child: certain;
//   - a process's ancestors are in its own PID namespace or those above (a process may only enter one below its own, and
//     orphans are adopted from above), so the nearest ancestor with one number less is in the parent: certain;
//   - else it is inferred that its first process was started by a process in the parent, unless that process may have
//     adopted it: an orphan's parent says nothing of where it came from.
import type { UnresolvedNamespace, UnresolvedProcess } from '../../model/entities.ts';
import type { Finding } from '../../model/finding.ts';
import { processId } from '../../model/id.ts';
import type { EntityId } from '../../model/id.ts';
import type { IdMapRange } from '../../model/namespace.ts';
import type { Relation } from '../../model/relation.ts';
import type { Known, Pass } from '../known.ts';
import { isIn, saidIn } from '../process-evidence.ts';
import { finding, relation } from '../relation.ts';

export const parents: Pass = {
  name: 'parents',
  run: (known) => {
    const told = known.entities.namespaces
      .filter((namespace) => namespace.kind === 'user' || namespace.kind === 'pid')
      .flatMap((namespace) => parentOf(namespace, known) ?? []);
    const circular = inCircles(told);
    return {
      relations: told.filter((one) => !circular.has(one)),
      findings: circular.size === 0 ? [] : [contradiction([...circular])],
    };
  },
};

/** Those by which something would be above itself: answers that cannot all be true. */
function inCircles(relations: readonly Relation[]): ReadonlySet<Relation> {
  const upFrom = new Map<EntityId, Relation>(relations.map((one) => [one.from, one]));
  const circular = new Set<Relation>();
  const settled = new Set<Relation>();
  for (const start of relations) {
    const way = new Set<Relation>();
    let at: Relation | undefined = start;
    while (at && !settled.has(at) && !way.has(at)) {
      way.add(at);
      at = upFrom.get(at.to);
    }
    // From where the way met itself, it went round.
    if (at && way.has(at)) for (const one of [...way].slice([...way].indexOf(at))) circular.add(one);
    for (const one of way) settled.add(one);
  }
  return circular;
}

const contradiction = (relations: readonly Relation[]): Finding =>
  finding(
    'ambiguous',
    'parent.contradiction',
    relations.map(({ from }) => from),
    {
      message: `By what the host said, ${relations.length} namespaces would be above themselves: none of it is used.`,
      advice: 'Collect again.',
      values: { count: relations.length },
      evidence: relations.flatMap(({ evidence }) => evidence).slice(0, 20),
    },
  );

function parentOf(namespace: UnresolvedNamespace, known: Known): Relation | undefined {
  const { id, evidence, relatedBy } = namespace;
  const kind = namespace.kind as 'user' | 'pid';
  if (namespace.parent !== undefined) {
    const told = relatedBy ? [relatedBy] : evidence;
    return relation('parent', id, namespace.parent, { certainty: 'certain', rule: 'parent.lsns', evidence: told });
  }
  const initial = known.entities.host.initialNamespaces[kind];
  if (id === initial?.id) return undefined;
  const leader = known.index.process.get(namespace.leaderIds[0] ?? 'process:0');
  if (!leader) return undefined;
  // /proc was read in the initial PID namespace, or in what stands for it.
  if (kind === 'pid' && leader.nsPids.length === 2 && initial) {
    const certainty = initial.certainty === 'certain' ? 'certain' : 'inferred';
    return relation('parent', id, initial.id, {
      certainty,
      rule: 'parent.nspid-depth',
      evidence: [...evidence, ...saidIn(leader, 'status')],
    });
  }
  if (kind === 'pid' && leader.nsPids.length > 0) return byAncestor(namespace, leader, known);
  const above = parentProcess(leader, known);
  const parent = above?.namespaces[kind];
  if (!above || parent === undefined || parent === id) return undefined;
  if (kind === 'user' && adoptsOrphans(above) && mayBeDeeper(namespace, parent, known)) return undefined;
  return relation('parent', id, parent, {
    certainty: 'inferred',
    rule: 'parent.leader-parent',
    evidence: [...evidence, ...saidIn(leader, 'status'), ...isIn(above, kind)],
  });
}

function byAncestor(
  { id, evidence }: UnresolvedNamespace,
  leader: UnresolvedProcess,
  known: Known,
): Relation | undefined {
  const seen = new Set<number>();
  for (let at: UnresolvedProcess | undefined = leader; at && !seen.has(at.pid); at = parentProcess(at, known)) {
    seen.add(at.pid);
    if (at.nsPids.length !== leader.nsPids.length - 1 || at.namespaces.pid === undefined) continue;
    return relation('parent', id, at.namespaces.pid, {
      certainty: 'certain',
      rule: 'parent.nspid-ancestor',
      evidence: [...evidence, ...saidIn(leader, 'status'), ...saidIn(at, 'status'), ...isIn(at, 'pid')],
    });
  }
  return undefined;
}

const parentProcess = ({ ppid }: UnresolvedProcess, { index }: Known): UnresolvedProcess | undefined =>
  ppid === undefined ? undefined : index.process.get(processId(ppid));

/** PID 1, and systemd where it serves a user (prctl PR_SET_CHILD_SUBREAPER). */
const adoptsOrphans = ({ pid, comm }: UnresolvedProcess): boolean => pid === 1 || comm === 'systemd';

/** Whether some other user namespace could be between the two: a parent maps every id that its child maps. */
function mayBeDeeper({ id, uidMap = [] }: UnresolvedNamespace, parent: EntityId, { entities }: Known): boolean {
  return entities.namespaces.some(
    (other) =>
      other.kind === 'user' &&
      other.id !== id &&
      other.id !== parent &&
      uidMap.every((range) => (other.uidMap ?? []).some((wider) => holds(wider, range))),
  );
}

/** Both are told in the reader's ids. */
const holds = (wider: IdMapRange, range: IdMapRange): boolean =>
  wider.outside <= range.outside && range.outside + range.length <= wider.outside + wider.length;
