// Lines that come from one relation each.
import type { EdgeKind, GraphEdge } from '../graph.ts';
import type { LinkId } from '../../model/id.ts';
import { kindDetail } from '../../model/kind-detail.ts';
import type { Relation, RelationKind } from '../../model/relation.ts';
import type { Picture, Sight } from './sight.ts';
import { outsideId } from './way-out.ts';

interface Line {
  readonly kind: EdgeKind;
  /** Drawn from the relation's `to` to its `from`. */
  readonly reversed?: boolean;
  readonly directed?: boolean;
}

const lines: Readonly<Partial<Record<RelationKind, Line>>> = {
  'veth-peer': { kind: 'veth' },
  master: { kind: 'port' },
  'switch-port': { kind: 'port' },
  patch: { kind: 'port' },
  lower: { kind: 'lower' },
  'vf-of': { kind: 'lower' },
  'served-by': { kind: 'serves', reversed: true },
  'works-for': { kind: 'works-for' },
  'rootlesskit-child-of': { kind: 'works-for', reversed: true },
  'leaves-through': { kind: 'way-out', directed: true },
};

/**
 * A doubt; else, between two network namespaces, what a device is to the one below it: `macvlan bridge`. In one and the same
 * the lines are short and many, and the device's own plate says it.
 */
function labelOf({ kind, from, to, certainty }: Relation, { links }: Sight): { readonly label?: string } {
  if (certainty === 'ambiguous') return { label: '?' };
  if (kind === 'patch') return { label: 'patch' };
  const above = links.get(from as LinkId);
  if (!above || above.netns === links.get(to as LinkId)?.netns) return {};
  if (kind === 'lower') return { label: kindDetail(above) };
  return kind === 'vf-of' ? { label: 'virtual function' } : {};
}

/** Devices that are bridges and ports of Open vSwitch: with its userspace datapath ovs-vswitchd serves each of them. */
const devicesOfSwitches = ({ model }: Sight): ReadonlySet<string> =>
  new Set([
    ...model.relations.flatMap(({ kind, from }) => (kind === 'switch-port' ? [from] : [])),
    ...model.ovsBridges.flatMap(({ link }) => link ?? []),
  ]);

/** Ends that are not shown take their line with them; ends that are folded give it to what they are folded into. */
export function connections(sight: Sight, picture: Picture): readonly GraphEdge[] {
  const edges: GraphEdge[] = [];
  const switched = devicesOfSwitches(sight);
  for (const relation of sight.model.relations) {
    const line = lines[relation.kind];
    if (line === undefined) continue;
    // The kernel calls its datapath the master of them all: the bridge says more.
    if ((relation.kind === 'master' || relation.kind === 'served-by') && switched.has(relation.from)) continue;
    const from = picture.nodeOf.get(relation.from);
    const to = picture.nodeOf.get(relation.to);
    if (from === undefined || to === undefined || from === to) continue;
    // Its arrow says that it leads out.
    if (from === outsideId || to === outsideId) continue;
    edges.push({
      id: relation.id,
      kind: line.kind,
      source: line.reversed ? to : from,
      target: line.reversed ? from : to,
      ...labelOf(relation, sight),
      certainty: relation.certainty,
      relation: relation.id,
      directed: line.directed ?? false,
    });
  }
  return edges;
}
