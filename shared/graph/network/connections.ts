// Lines that come from one relation each.
import type { EdgeKind, GraphEdge } from '../graph.ts';
import type { RelationKind } from '../../model/relation.ts';
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
  lower: { kind: 'lower' },
  'served-by': { kind: 'serves', reversed: true },
  'works-for': { kind: 'works-for' },
  'rootlesskit-child-of': { kind: 'works-for', reversed: true },
  'leaves-through': { kind: 'way-out', directed: true },
};

/** Ends that are not shown take their line with them; ends that are folded give it to what they are folded into. */
export function connections(sight: Sight, picture: Picture): readonly GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (const relation of sight.model.relations) {
    const line = lines[relation.kind];
    if (line === undefined) continue;
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
      ...(relation.certainty === 'ambiguous' ? { label: '?' } : {}),
      certainty: relation.certainty,
      relation: relation.id,
      directed: line.directed ?? false,
    });
  }
  return edges;
}
