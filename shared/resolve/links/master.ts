// Ports and what they are ports of: bridge, bond, team, vrf. The master is named, and names are unique in a network
// namespace; nothing is required of its kind (Open vSwitch's is `openvswitch`).
import type { Finding } from '../../model/finding.ts';
import type { Relation } from '../../model/relation.ts';
import { linkByName, type Pass } from '../known.ts';
import { finding, relation } from '../relation.ts';

export const masters: Pass = {
  name: 'masters',
  run: (known) => {
    const relations: Relation[] = [];
    const findings: Finding[] = [];
    for (const link of known.entities.links) {
      if (link.masterName === undefined) continue;
      const master = linkByName(known, link.netns, link.masterName);
      if (master) {
        const evidence = [...link.evidence, ...master.evidence];
        relations.push(relation('master', link.id, master.id, { certainty: 'certain', rule: 'master.name', evidence }));
      } else {
        findings.push(
          finding('gone', 'master.not-seen', [link.id], {
            message: `The master of ${link.name} is ${link.masterName}, which was not listed in ${link.netns}.`,
            advice: 'Collect again.',
            values: { name: link.name, master: link.masterName, netns: link.netns },
            evidence: link.evidence,
          }),
        );
      }
    }
    return { relations, findings };
  },
};
