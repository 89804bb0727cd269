// Which network namespace a link means by the id, or the name, that stands beside its other end.
import type { NamespaceId } from '../../model/id.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Known, NetnsIdMeaning } from '../known.ts';
import { idKey } from './reference.ts';

export interface Meaning {
  readonly netns: NamespaceId;
  readonly by: 'id' | 'name';
  readonly certainty: NetnsIdMeaning['certainty'];
  readonly evidence: readonly Evidence[];
}

interface ReferenceElsewhere {
  readonly netnsid?: number | undefined;
  readonly netnsName?: string;
}

/** Made once for a pass: every meaning is looked up, none is searched for. */
export function meanings(known: Known): (observer: NamespaceId, reference: ReferenceElsewhere) => Meaning | undefined {
  const byId = new Map(known.netnsIds.map((one) => [idKey(one.observer, one.netnsid), one]));
  const byName = namedNetns(known);
  return (observer, { netnsid, netnsName }) => {
    const named = netnsName === undefined ? undefined : byName.get(netnsName);
    if (named) return { ...named, by: 'name', certainty: 'certain' };
    const meant = netnsid === undefined ? undefined : byId.get(idKey(observer, netnsid));
    return meant && { netns: meant.netns, by: 'id', certainty: meant.certainty, evidence: meant.evidence };
  };
}

/**
 * Names that ip takes from /run/netns: files there that network namespaces are mounted over, in the mount namespace the
 * collector's ip ran in. A name that two claim is nobody's.
 */
export function namedNetns({
  entities,
}: Pick<Known, 'entities'>): ReadonlyMap<
  string,
  { readonly netns: NamespaceId; readonly evidence: readonly Evidence[] }
> {
  const named = new Map<string, { readonly netns: NamespaceId; readonly evidence: readonly Evidence[] }>();
  const twice = new Set<string>();
  for (const { id, kind, keptBy } of entities.namespaces) {
    if (kind !== 'net') continue;
    for (const keeper of keptBy) {
      if (keeper.by !== 'mount' || keeper.reachableAs !== keeper.path) continue;
      const name = /^(?:\/var)?\/run\/netns\/([^/]+)$/.exec(keeper.path)?.[1];
      if (name === undefined) continue;
      if (named.has(name) && named.get(name)?.netns !== id) twice.add(name);
      named.set(name, { netns: id, evidence: keeper.evidence });
    }
  }
  for (const name of twice) named.delete(name);
  return named;
}
