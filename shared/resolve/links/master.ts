// Ports and what they are ports of: bridge, bond, team, vrf. The master is named, and names are unique in a network
// namespace; nothing is required of its kind (Open vSwitch's is `openvswitch`).
import type { Finding } from '../../model/finding.ts';
import type { Link } from '../../model/link.ts';
import type { Relation } from '../../model/relation.ts';
import { linkByName, type Known, type Pass } from '../known.ts';
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
        findings.push(notSeen(link, link.masterName, known));
      }
    }
    return { relations, findings };
  },
};

function notSeen(link: Link, master: string, { index }: Known): Finding {
  const twice = index.linksOf
    .get(link.netns)
    ?.some(({ name, altNames }) => name === master || altNames.includes(master));
  return finding('gone', 'master.not-seen', [link.id], {
    message:
      twice === true
        ? `The master of ${link.name} is ${master}; several links of that name were listed in ${link.netns}: they changed while they were asked.`
        : `The master of ${link.name} is ${master}, which was not listed in ${link.netns}.`,
    advice: 'Collect again.',
    values: { name: link.name, master, netns: link.netns },
    evidence: link.evidence,
  });
}
