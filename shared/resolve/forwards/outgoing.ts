// What leaves a network namespace with another source address: masquerade and snat of its nat chains.
import type { Firewall, OutgoingTranslation, UnresolvedFirewall } from '../../model/firewall.ts';
import type { Entities } from '../../model/entities.ts';
import { uniqueEvidence } from '../relation.ts';
import { rewritesAt, type Rewrite } from './rewrites.ts';

/** More of them in one network namespace are not told one by one. */
const most = 200;

export function withOutgoing(firewall: UnresolvedFirewall, entities: Entities): Firewall {
  const outgoing = rewritesAt('postrouting', firewall.netns, entities)
    .filter(({ by, rules }) => by === firewall.by && rules.at(-1)?.evidence.frame === firewall.evidence[0]?.frame)
    .slice(0, most)
    .flatMap(translationOf);
  return { ...firewall, outgoing };
}

function translationOf({ conditions, to, rules, doubtful }: Rewrite): readonly OutgoingTranslation[] {
  if (to.kind !== 'masquerade' && to.kind !== 'snat') return [];
  const [out] = conditions.outgoing;
  return [
    {
      family: conditions.family,
      sources: conditions.sources.filter(({ not }) => !not).flatMap(({ any }) => any),
      address: to.kind === 'snat' ? to.address : undefined,
      interface: out && `${out.not ? '!' : ''}${out.any.join(',')}`,
      other: conditions.other,
      certainty: doubtful || conditions.other.length > 0 ? 'inferred' : 'certain',
      evidence: uniqueEvidence(rules.toReversed().map((rule) => rule.evidence)),
    },
  ];
}
