// The way out: from the NIC that a default route goes through, to what lies beyond the host.
import type { Certainty } from '../../model/evidence.ts';
import type { LinkId, UndiscoveredId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import { isDefaultRoute } from '../../model/route.ts';
import type { GraphEdge } from '../graph.ts';
import { linksWithDefaultRoute } from './default-routes.ts';
import type { Picture, Sight } from './sight.ts';

export const outsideId = 'internet';

/** Only what a default route says: a NIC without one gets no arrow. */
export function addWayOut(sight: Sight, picture: Picture): readonly GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (const [link, certainty] of exitsOf(sight)) {
    const source = picture.nodeOf.get(link);
    if (source === undefined || edges.some((edge) => edge.source === source)) continue;
    edges.push({ id: `way-out ${link}`, kind: 'way-out', source, target: outsideId, certainty, directed: true });
    // What is behind it was not discovered because it is outside.
    const behind = undiscoveredPeer(sight, link);
    if (behind !== undefined) picture.nodeOf.set(behind, outsideId);
  }
  if (edges.length > 0) {
    const gateways = gatewaysOf(sight);
    picture.nodes.push({
      id: outsideId,
      kind: 'internet',
      label: 'outside',
      lines: gateways.length === 1 ? [`via ${gateways[0]}`] : [],
      tags: [],
    });
  }
  return edges;
}

/** Links through which traffic leaves the host; `inferred` where the default route names a bridge or bond above them. */
export function exitsOf(sight: Sight): ReadonlyMap<LinkId, Certainty> {
  const exits = new Map<LinkId, Certainty>();
  for (const through of linksWithDefaultRoute(sight))
    for (const { link, direct } of exitsBelow(sight, through))
      if (direct || !exits.has(link)) exits.set(link, direct ? 'certain' : 'inferred');
  return exits;
}

/** The link itself when it leads out; else those that are its ports or that it sits on. */
function exitsBelow(sight: Sight, id: LinkId): readonly { readonly link: LinkId; readonly direct: boolean }[] {
  const found: { link: LinkId; direct: boolean }[] = [];
  const seen = new Set<LinkId>();
  const netns = sight.links.get(id)?.netns;
  const visit = (link: Link | undefined, direct: boolean): void => {
    // A container's bridge and its NIC are not its own: only what stays in one namespace.
    if (link === undefined || seen.has(link.id) || link.netns !== netns) return;
    seen.add(link.id);
    if (link.kind === 'physical' || isLastSeen(sight, link)) {
      found.push({ link: link.id, direct });
      return;
    }
    for (const { from, to, certainty } of sight.relations.get('master') ?? [])
      if (to === link.id && certainty !== 'ambiguous') visit(sight.links.get(from as LinkId), false);
    for (const { from, to, certainty } of sight.relations.get('lower') ?? [])
      if (from === link.id && certainty !== 'ambiguous') visit(sight.links.get(to as LinkId), false);
  };
  const link = sight.links.get(id);
  if (link?.kind !== 'veth' || isLastSeen(sight, link)) visit(link, true);
  return found;
}

/** A host that is itself in a network namespace (a container, a test) has a veth for a NIC, and its other end is outside. */
const isLastSeen = (sight: Sight, link: Link): boolean =>
  link.kind === 'veth' && link.netns === sight.hostNetns && undiscoveredPeer(sight, link.id) !== undefined;

function undiscoveredPeer(sight: Sight, link: LinkId): UndiscoveredId | undefined {
  for (const { from, to } of sight.relations.get('veth-peer') ?? []) {
    const other = from === link ? to : to === link ? from : undefined;
    if (other?.startsWith('undiscovered:')) return other as UndiscoveredId;
  }
  return undefined;
}

function gatewaysOf(sight: Sight): readonly string[] {
  const gateways = sight.model.routes
    .filter((route) => route.netns === sight.hostNetns && isDefaultRoute(route))
    .map((route) => route.gateway)
    .filter((gateway) => gateway !== undefined);
  return [...new Set(gateways)];
}
