// The user who made a user namespace, which is who owns it: has every right in it (user_namespaces(7)). lsns asks the
// kernel (NS_GET_OWNER_UID) for those that nobody is in. Of the others the id map tells: who may not map others' ids maps
// the own one, alone or beside the ranges of /etc/subuid that newuidmap allows.
import type { SubordinateRange, UnresolvedNamespace } from '../../model/entities.ts';
import type { Namespace } from '../../model/namespace.ts';
import type { Known } from '../known.ts';
import type { LinkingRule } from '../rules.ts';

type Creator = Pick<Namespace, 'ownerUid' | 'ownerUidBy'>;

export function creatorOf(namespace: UnresolvedNamespace, known: Known): Creator {
  const { id, kind, ownerUid, relatedBy, evidence } = namespace;
  if (kind !== 'user') return {};
  const by = (uid: number, certain: boolean, rule: LinkingRule, lines = evidence): Creator => ({
    ownerUid: uid,
    ownerUidBy: { certainty: certain ? 'certain' : 'inferred', rule, evidence: lines },
  });
  if (ownerUid !== undefined) return by(ownerUid, true, 'creator.lsns', relatedBy ? [relatedBy] : evidence);
  const initial = known.entities.host.initialNamespaces.user;
  if (initial?.id === id) return initial.id === initialUserNamespace ? by(0, true, 'creator.initial') : {};
  const mapped = ownIdOf(namespace, known);
  return mapped === undefined ? {} : by(mapped, false, 'creator.uid-map');
}

/** PROC_USER_INIT_INO: the kernel's own first, which is root's. A host in a container begins with another one. */
const initialUserNamespace = 'user:[4026531837]';
/** What the kernel prints for an id that the reader's user namespace does not have. */
const unmapped = 4294967295;

function ownIdOf({ uidMap = [] }: UnresolvedNamespace, known: Known): number | undefined {
  const alone = uidMap.filter(({ length }) => length === 1);
  const [one] = alone;
  if (!one || alone.length > 1 || one.outside === unmapped) return undefined;
  if (uidMap.length === 1) return one.outside;
  const allowed = subordinatesOf(one.outside, known);
  const isAllowed = (start: number, length: number) => allowed.some((range) => holds(range, start, length));
  return uidMap.every((range) => range === one || isAllowed(range.outside, range.length)) ? one.outside : undefined;
}

/** The ranges that /etc/subuid gives a user, by number or by name. */
export function subordinatesOf(uid: number, { entities, index }: Known): readonly SubordinateRange[] {
  if (entities.subuids.length === 0) return [];
  const names = new Set([
    String(uid),
    ...[...index.process.values()].flatMap(({ uid: of, user }) => (of === uid && user ? [user] : [])),
  ]);
  return entities.subuids.filter(({ user }) => names.has(user));
}

const holds = (range: SubordinateRange, start: number, length: number): boolean =>
  range.start <= start && start + length <= range.start + range.count;
