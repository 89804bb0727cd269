// What leaves a network namespace with another source address: masquerade and snat of its nat chains.
import type { Firewall, OutgoingTranslation, Selection, UnresolvedFirewall } from '../../model/firewall.ts';
import type { Entities } from '../../model/entities.ts';
import { uniqueEvidence } from '../relation.ts';
import type { Conditions } from './conditions.ts';
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
  const [out, ...outs] = conditions.outgoing;
  const [source, ...sources] = conditions.sources.toSorted((a, b) => Number(a.not) - Number(b.not));
  const whose = source && !source.not ? source : undefined;
  return [
    {
      family: conditions.family,
      sources: whose?.any ?? [],
      address: to.kind === 'snat' ? to.address : undefined,
      interface: out && `${out.not ? '!' : ''}${out.any.join(',')}`,
      conditions: [
        ...asking(conditions.family ?? 'ip', 'saddr', source && !whose ? [source, ...sources] : sources),
        ...asking(conditions.family ?? 'ip', 'daddr', conditions.destinations),
        ...(conditions.local === undefined ? [] : [`fib daddr type ${conditions.local ? '' : '!= '}local`]),
        ...portsOf(conditions),
        ...conditions.incoming.map((one) => `iifname ${valueOf(one)}`),
        ...outs.map((one) => `oifname ${valueOf(one)}`),
        ...(conditions.shared ? ['by turns'] : []),
      ],
      other: conditions.other,
      certainty: doubtful || conditions.other.length > 0 ? 'inferred' : 'certain',
      evidence: uniqueEvidence(rules.toReversed().map((rule) => rule.evidence)),
    },
  ];
}

const asking = (family: string, field: string, selections: readonly Selection[]): readonly string[] =>
  selections.map((one) => `${one.any[0]?.includes(':') ? 'ip6' : family} ${field} ${valueOf(one)}`);

/** `10.0.0.0/8`, `!= { eth0, eth1 }` */
const valueOf = ({ not, any }: Selection): string => `${not ? '!= ' : ''}${setOf(any)}`;

const setOf = (any: readonly string[]): string => (any.length === 1 ? (any[0] ?? '') : `{ ${any.join(', ')} }`);

function portsOf({ protocols, ports }: Conditions): readonly string[] {
  if (!ports) return protocols ? [`meta l4proto ${setOf(protocols)}`] : [];
  const one = protocols?.length === 1 ? protocols[0] : undefined;
  const dport = `dport ${setOf(ports.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)))}`;
  if (one) return [`${one} ${dport}`];
  return [...(protocols ? [`meta l4proto ${setOf(protocols)}`] : []), `th ${dport}`];
}
