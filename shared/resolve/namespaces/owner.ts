// Which user namespace owns each namespace. lsns asks the kernel (NS_GET_USERNS). Without its answer: the initial
// namespaces belong to the initial user namespace; of the others it is inferred that their first process is still in the
// user namespace it had when it made them. That is how runtimes do it, but a process may move afterwards.
import type { UnresolvedNamespace } from '../../model/entities.ts';
import type { Relation } from '../../model/relation.ts';
import type { Known, Pass } from '../known.ts';
import { isIn } from '../process-evidence.ts';
import { relation } from '../relation.ts';

export const owners: Pass = {
  name: 'owners',
  run: (known) => ({ relations: known.entities.namespaces.flatMap((namespace) => ownerOf(namespace, known) ?? []) }),
};

function ownerOf(namespace: UnresolvedNamespace, known: Known): Relation | undefined {
  const { id, kind, evidence, relatedBy } = namespace;
  if (namespace.owner !== undefined) {
    return relation('owner', id, namespace.owner, {
      certainty: 'certain',
      rule: 'owner.lsns',
      evidence: relatedBy ? [relatedBy] : evidence,
    });
  }
  // The owner of a user namespace is its parent: see parent.ts.
  if (kind === 'user') return undefined;
  const { initialNamespaces } = known.entities.host;
  const initial = initialNamespaces[kind];
  const initialUser = initialNamespaces.user;
  if (initial && initialUser && initial.id === id) {
    const certain = initial.certainty === 'certain' && initialUser.certainty === 'certain';
    return relation('owner', id, initialUser.id, {
      certainty: certain ? 'certain' : 'inferred',
      rule: 'owner.initial',
      evidence: [...evidence, ...known.entities.host.evidence],
    });
  }
  for (const leaderId of namespace.leaderIds) {
    const leader = known.index.process.get(leaderId);
    const user = leader?.namespaces.user;
    if (leader && user) {
      return relation('owner', id, user, {
        certainty: 'inferred',
        rule: 'owner.leader-user-namespace',
        evidence: [...evidence, ...isIn(leader, 'user')],
      });
    }
  }
  return detachedNetnsOwner(namespace, known);
}

/** RootlessKit makes its detached network namespace in the user namespace of its child. */
function detachedNetnsOwner({ id, evidence }: UnresolvedNamespace, known: Known): Relation | undefined {
  const kit = known.rootlessKits.find((one) => one.netns?.id === id);
  const child = kit?.child && known.index.process.get(kit.child);
  const user = child && child.namespaces.user;
  if (!user) return undefined;
  return relation('owner', id, user, {
    certainty: 'inferred',
    rule: 'owner.leader-user-namespace',
    evidence: [...evidence, ...isIn(child, 'user')],
  });
}
