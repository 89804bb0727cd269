// The firewall of a network namespace: how much there is, what happens at each hook, and what leaves as whom.
import type { Firewall, OutgoingTranslation } from '../../model/firewall.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Fact } from '../explanation.ts';
import { fact, limited, type Telling } from '../facts.ts';

export function firewallFacts(telling: Telling, netns: NamespaceId): readonly Fact[] {
  const firewalls = telling.look.model.firewalls.filter((one) => one.netns === netns);
  // Where nothing is in the one, the other has it.
  const having = firewalls.filter(({ rules, chains }) => rules + chains.length > 0);
  return (having.length > 0 ? having : firewalls.slice(0, 1)).flatMap((one) => [
    fact(telling.texts.labels.firewall, firewallText(telling, one), one.evidence),
    ...hooks(telling, one),
    ...leaving(telling, one),
  ]);
}

/** `2 tables, 14 chains, 26 rules` */
export function firewallText({ texts }: Telling, { tables, chains, rules }: Firewall): string {
  if (chains.length === 0 && rules === 0) return texts.values.noRules;
  return texts.values.firewall(tables.length, chains.length, rules);
}

function hooks({ texts }: Telling, { chains }: Firewall): readonly Fact[] {
  return limited(
    texts,
    chains.flatMap((chain) =>
      chain.hook === undefined
        ? []
        : [
            fact(
              `${chain.family} ${chain.hook}`,
              texts.values.hookPolicy(`${chain.type} ${chain.table}/${chain.name}`, chain.policy ?? '', chain.rules),
              [chain.evidence],
            ),
          ],
    ),
  );
}

function leaving({ texts }: Telling, { outgoing }: Firewall): readonly Fact[] {
  const { labels, values } = texts;
  const whose = ({ sources, conditions, other }: OutgoingTranslation): string => {
    const those = sources.length > 0 ? sources.join(', ') : values.anybody;
    const asked = [...conditions, ...other].join(', ');
    return asked === '' ? those : values.matching(those, asked);
  };
  return limited(
    texts,
    outgoing.map((one) =>
      fact(
        labels.leavesAs,
        values.leavesAs(
          whose(one),
          one.address,
          one.interface === undefined ? undefined : values.leavingBy(one.interface),
        ),
        one.evidence,
        {
          certainty: one.certainty,
          rule: one.certainty === 'certain' ? 'firewall.source-rewritten' : 'firewall.source-rewritten-in-part',
        },
      ),
    ),
    12,
  );
}
