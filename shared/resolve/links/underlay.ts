// Tunnels and overlays that live in one network namespace and send in another: the one they were made in, however far they
// were moved (a WireGuard interface made on the host and given to a container). The kernel tells its netns id.
import type { Relation } from '../../model/relation.ts';
import type { Pass } from '../known.ts';
import { relation } from '../relation.ts';
import { pairedKinds } from './ends.ts';
import { meanings } from './netns-meaning.ts';
import { readingOf } from './reading.ts';
import { undiscoveredNetns } from './unpaired.ts';

export const underlays: Pass = {
  name: 'underlays',
  run: (known) => {
    const meaningOf = meanings(known);
    const relations = known.entities.links.flatMap((link): readonly Relation[] => {
      const { lower } = link;
      if (!lower || (lower.netnsid === undefined && lower.netnsName === undefined)) return [];
      // With a device below in another network namespace that device says it all.
      const deviceIsTold = readingOf(link).by.startsWith('link') && !lower.none;
      if (pairedKinds.has(link.kind) || deviceIsTold) return [];
      const meaning = meaningOf(link.netns, lower);
      const netnsid = lower.netnsid !== undefined && lower.netnsid >= 0 ? lower.netnsid : undefined;
      const to = meaning?.netns ?? undiscoveredNetns(link, netnsid);
      const rule =
        meaning === undefined
          ? 'underlay.undiscovered'
          : meaning.by === 'name'
            ? 'underlay.netns-name'
            : meaning.certainty === 'certain'
              ? 'underlay.netns-id'
              : 'underlay.inferred-netns-id';
      return [
        relation('underlay', link.id, to, {
          certainty: meaning?.certainty ?? 'certain',
          rule,
          evidence: [...link.evidence, ...(meaning?.evidence ?? [])],
        }),
      ];
    });
    return { relations };
  },
};
