// Whose word it is. Anybody may call a process conmon, or write a record where a runtime of his would: what it says counts for
// processes that are his. Root speaks of anybody's; a user of his own, of those with his subordinate ids, and of those in user
// namespaces that he made; and nobody of a process outside the PID namespace that he is in.
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Known } from '../known.ts';
import { creatorOf, subordinatesOf } from '../namespaces/creator.ts';

export interface Speaker {
  /** As the collector counts; unknown where nothing told it. */
  readonly uid: number | undefined;
  /** The user namespace it is in. */
  readonly user?: NamespaceId | undefined;
  /** Who says it, or in whose mount namespace it was written; none for what is written on the host. */
  readonly process?: UnresolvedProcess | undefined;
}

export const theRoot: Speaker = { uid: 0 };

/** A set-user-ID program has its name and its arguments from who started it. */
export const speakerOf = (process: UnresolvedProcess): Speaker => ({
  uid: process.rights?.uids?.[0] ?? process.uid,
  user: process.namespaces.user,
  process,
});

/** Where it counts processes: inside a container by that one's PID namespace, on the host nothing. */
export function domainOf({ process }: Speaker): string {
  if (!process || process.nsPids.length <= 1) return '';
  return process.namespaces.pid ?? `${process.nsPids.length} deep`;
}

/** `undefined`: what was seen does not tell. */
export function speaksFor(speaker: Speaker, process: UnresolvedProcess, known: Known): boolean | undefined {
  if (isOutside(speaker, process)) return false;
  const { uid } = speaker;
  if (uid === undefined) return undefined;
  if (uid === 0 || isHis(process, uid)) return true;
  const { user } = process.namespaces;
  if (isOfUser(process.uid, uid, known) || isBelow(user, speaker, known)) return true;
  if (process.uid === undefined) return undefined;
  if (process.uid === 0 || (user !== undefined && user === initialUser(known))) return false;
  const namespace = user && known.index.namespace.get(user);
  return namespace && creatorOf(namespace, known).ownerUid !== undefined ? false : undefined;
}

/** A server of root's that acts for him for a while is not. */
const isHis = ({ uid: effective, rights }: UnresolvedProcess, uid: number): boolean =>
  effective === uid && (rights?.uids ?? []).every((one) => one === uid);

/** The kernel lets nobody start a process in a PID namespace above the own one, or beside it. */
function isOutside({ process: by }: Speaker, { nsPids, namespaces }: UnresolvedProcess): boolean {
  if (!by || by.nsPids.length === 0 || nsPids.length === 0) return false;
  if (nsPids.length < by.nsPids.length) return true;
  const [a, b] = [namespaces.pid, by.namespaces.pid];
  return nsPids.length === by.nsPids.length && a !== undefined && b !== undefined && a !== b;
}

const initialUser = ({ entities }: Known): NamespaceId | undefined => entities.host.initialNamespaces.user?.id;

function isOfUser(of: number | undefined, uid: number, known: Known): boolean {
  if (of === undefined) return false;
  return subordinatesOf(uid, known).some(({ start, count }) => start <= of && of < start + count);
}

/** In a user namespace that the speaker made or is root in, or in one below such a one. */
function isBelow(id: NamespaceId | undefined, { uid, user }: Speaker, known: Known): boolean {
  const seen = new Set<NamespaceId>();
  for (let at = id; at !== undefined && at !== initialUser(known) && !seen.has(at);) {
    seen.add(at);
    const namespace = known.index.namespace.get(at);
    if (at === user && rootOf(at, known) === uid) return true;
    const maker = namespace && creatorOf(namespace, known).ownerUid;
    if (maker !== undefined && uid !== undefined && (maker === uid || isOfUser(maker, uid, known))) return true;
    // Who may not map others' ids maps the own one, alone.
    if (namespace?.uidMap?.some(({ length, outside }) => length === 1 && outside === uid)) return true;
    at = namespace?.parent;
  }
  return false;
}

/** Who is root in a user namespace. */
export const rootOf = (user: NamespaceId, { index }: Known): number | undefined =>
  index.namespace.get(user)?.uidMap?.find(({ inside }) => inside === 0)?.outside;

/** What people call a user. */
export function nameOf(uid: number | undefined, { entities }: Known): string {
  if (uid === undefined) return 'somebody';
  return entities.processes.find((process) => process.uid === uid)?.user ?? `uid ${uid}`;
}
