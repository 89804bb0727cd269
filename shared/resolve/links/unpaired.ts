// Ends of a pair whose other end could not be decided: several fit, or none that was seen.
import type { UnresolvedNamespace } from '../../model/entities.ts';
import type { Finding } from '../../model/finding.ts';
import type { UndiscoveredId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import type { Relation } from '../../model/relation.ts';
import { isListed, type Known, type NetnsIdMeaning } from '../known.ts';
import { askedAsRoot } from '../fully-seen.ts';
import { firstVersion, isOlder } from '../../model/tool-versions.ts';
import { finding, relation } from '../relation.ts';
import type { End } from './ends.ts';

export function ambiguousPeer(
  end: End,
  candidates: readonly End[],
): { readonly relations: readonly Relation[]; readonly finding: Finding } | undefined {
  if (candidates.length === 0) return undefined;
  const { link } = end;
  return {
    relations: candidates.map((other) => {
      const [from, to] = link.id < other.link.id ? [link, other.link] : [other.link, link];
      return relation('veth-peer', from.id, to.id, {
        certainty: 'ambiguous',
        rule: 'veth.several-candidates',
        evidence: [...from.evidence, ...to.evidence],
      });
    }),
    finding: finding('ambiguous', 'veth.ambiguous-peer', [link.id], {
      message: `${link.name} may be paired with ${candidates.map((c) => `${c.link.name} in ${c.netns}`).join(' or ')}: the indexes alone say so.`,
      advice: 'The netns ids decide: lsns -t net -n -r -o NS,NETNSID, run in the network namespace of either end.',
      values: { name: link.name, netns: link.netns, count: candidates.length },
      evidence: [...link.evidence, ...candidates.flatMap((candidate) => candidate.link.evidence)],
    }),
  };
}

/** The other end is nowhere among what was seen; a stub stands for it, one for each netns id that is not known. */
export function undiscoveredPeer(
  end: End,
  meaning: NetnsIdMeaning | undefined,
  known: Known,
): { readonly relation: Relation; readonly finding: Finding } {
  const { link, otherIfindex, netnsid } = end;
  const evidence = [...link.evidence, ...(meaning?.evidence ?? [])];
  const entered = meaning !== undefined && isListed(known.index, meaning.netns);
  const to = meaning ? undiscoveredLink(meaning, otherIfindex) : undiscoveredNetns(link, netnsid);
  const values = {
    name: link.name,
    netns: link.netns,
    ifindex: otherIfindex,
    netnsid: netnsid ?? -1,
    other: meaning?.netns ?? '',
  };
  return {
    relation: relation('veth-peer', link.id, to, {
      // That a listed namespace does not have it means that something changed in between.
      certainty: entered ? 'inferred' : 'certain',
      rule: 'veth.peer-undiscovered',
      evidence,
    }),
    finding: entered
      ? finding('gone', 'veth.peer-not-in-its-netns', [link.id], {
          message: `The peer of ${link.name} has index ${otherIfindex} in ${meaning.netns}, where ${whatIsThere(end, meaning, known)}: it changed while it was asked.`,
          advice: 'Collect again.',
          values,
          evidence,
        })
      : finding('undiscovered', 'veth.peer-not-seen', [link.id], {
          message: meaning
            ? `The peer of ${link.name} has index ${otherIfindex} in ${meaning.netns}, which could not be entered.`
            : `The peer of ${link.name} has index ${otherIfindex} in a network namespace that was not seen.`,
          advice: whereElse(known),
          values,
          evidence,
        }),
  };
}

function whatIsThere({ link, otherIfindex }: End, { netns }: NetnsIdMeaning, { index }: Known): string {
  const there = index.linksOf.get(netns)?.find(({ ifindex }) => ifindex === otherIfindex);
  if (!there) return 'no such link was listed';
  return there.kind === link.kind
    ? `${there.name} has that index and does not name it back`
    : `${there.name} has that index and is no ${link.kind}`;
}

/** As root there is nothing left to try from here; the places are told where nobody looks. */
function whereElse({ entities }: Known): string {
  const outside = 'It may be outside this host, as for a host that is itself a container';
  if (!askedAsRoot(entities)) return `With sudo more network namespaces can be seen. ${outside}.`;
  const read = new Set(entities.mountTables.map(({ mountNamespace }) => mountNamespace));
  const mounts = entities.namespaces
    .filter(({ kind, id, processIds }) => kind === 'mnt' && processIds.length === 0 && !read.has(id))
    .map((one) => placeOf(one) ?? one.id);
  const places = [
    ...(mounts.length === 0 ? [] : [`mounted in a mount namespace that no process is in (${mounts.join(', ')})`]),
    ...(entities.processes.some(({ threads, kernelThread }) => !kernelThread && (threads ?? 1) > 1)
      ? ['open in a thread that has a table of files of its own']
      : []),
    'in a descriptor on its way through a socket',
  ];
  return `${outside}, or where nobody looked: ${places.join(', or ')}.`;
}

const placeOf = ({ keptBy }: UnresolvedNamespace): string | undefined =>
  keptBy.flatMap((keeper) => (keeper.by === 'mount' ? [keeper.path] : []))[0];

/** `few_networks` of electron/collect/remote/frames.sh: where there are more, they are not asked for netns ids. */
const fewNetworks = 64;

/**
 * Pairs that are only likely because netns ids, which would decide, were not asked for where the ends are. For who is not root
 * that is one of many things that are closed, and told so.
 */
export function idsNotAsked(ends: readonly End[], { entities, index }: Known): readonly Finding[] {
  const netns = [...new Set(ends.map((end) => end.netns))].sort();
  if (netns.length === 0 || !askedAsRoot(entities)) return [];
  const { toolsMissing, tools } = entities.host;
  const noTool = toolsMissing?.includes('lsns') === true || isOlder(tools['lsns'], firstVersion.lsnsNetnsid);
  const many = index.linksOf.size > fewNetworks;
  const why = noTool
    ? 'no lsns here tells them'
    : many
      ? `there are more than ${fewNetworks}`
      : 'lsns did not tell them';
  return [
    finding(noTool ? 'not-supported' : many ? 'too-large' : 'undiscovered', 'veth.netns-ids-not-asked', netns, {
      message: `${ends.length} ends of veth pairs are matched by their indexes alone, in ${netns.length} network namespaces that were not asked for netns ids: ${why}.`,
      advice: noTool
        ? `util-linux ${firstVersion.lsnsNetnsid} or newer tells them.`
        : 'The netns ids decide: lsns -t net -n -r -o NS,NETNSID, run in the network namespace of either end.',
      values: { count: ends.length, netns: netns.length, of: index.linksOf.size },
      evidence: [],
    }),
  ];
}

/** A veth that names no peer at all, or one that does not name it back. */
export function peerNotTold(link: Link): Finding {
  return finding('undiscovered', 'veth.no-peer-told', [link.id], {
    message: `${link.name} does not say what its peer is, or names a link that does not name it: its peer was just being removed or moved.`,
    advice: 'Collect again.',
    values: { name: link.name, netns: link.netns },
    evidence: link.evidence,
  });
}

export const undiscoveredNetns = (
  observer: Pick<Link, 'netns' | 'ifindex'>,
  netnsid: number | undefined,
): UndiscoveredId =>
  netnsid === undefined
    ? `undiscovered:${observer.netns}/link/${observer.ifindex}`
    : `undiscovered:${observer.netns}/netnsid/${netnsid}`;

const undiscoveredLink = (meaning: NetnsIdMeaning, ifindex: number): UndiscoveredId =>
  `undiscovered:link/${meaning.netns}/${ifindex}`;
