// Which link is the bridge of which network of an engine. Names like nerdctl0 are everywhere, so the one in the network
// namespace that the engine works in is meant; and its address has to be the network's.
import type { BridgedNetwork, EngineAnswer, EngineNetwork } from '../../model/engine.ts';
import type { Certainty, Evidence } from '../../model/evidence.ts';
import type { LinkId, NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import { selects } from '../../model/address-range.ts';
import type { Known } from '../known.ts';
import { isIn } from '../process-evidence.ts';
import { uniqueEvidence } from '../relation.ts';
import { childNetnsOf } from '../rootlesskit/child-netns.ts';
import type { LinkingRule } from '../rules.ts';

/** The links, each bridge with its network. */
export function withNetworks(known: Known): readonly Link[] {
  const networksOf = networksOfBridges(known);
  return known.entities.links.map((link) => {
    const engineNetworks = networksOf.get(link.id);
    return engineNetworks ? { ...link, engineNetworks } : link;
  });
}

export function networksOfBridges(known: Known): ReadonlyMap<LinkId, readonly BridgedNetwork[]> {
  const networksOf = new Map<LinkId, BridgedNetwork[]>();
  for (const answer of known.entities.engineAnswers) {
    const place = answer.networks.length > 0 ? bridgesOf(answer, known) : undefined;
    if (!place) continue;
    for (const network of answer.networks) {
      const link = known.index.linksOf.get(place.netns)?.find(({ name }) => name === network.bridge);
      const rule = link && ruleFor(network, link);
      if (!rule) continue;
      const found: BridgedNetwork = {
        ...network,
        engine: answer.engine,
        certainty: rule === 'network.bridge-name' ? 'inferred' : place.certainty,
        rule,
        evidence: uniqueEvidence([...network.evidence, ...link.evidence, ...place.evidence]),
      };
      networksOf.set(link.id, [...(networksOf.get(link.id) ?? []), found]);
    }
  }
  return new Map([...networksOf].map(([link, networks]) => [link, undisputed(networks)]));
}

/** A bridge is one network's: of several it is not known whose. Two that say the same (two ways to one engine) are one. */
function undisputed(networks: readonly BridgedNetwork[]): readonly BridgedNetwork[] {
  const each = [...new Map(networks.map((one) => [`${one.engine} ${one.name} ${one.id}`, one])).values()];
  return each.length === 1 ? each : each.map((one) => ({ ...one, certainty: 'ambiguous' as const }));
}

/** Undefined where the addresses contradict: then it is another bridge of that name, or an old file. */
function ruleFor({ gateways, subnets }: EngineNetwork, { addresses }: Link): LinkingRule | undefined {
  const own = addresses.filter(({ scope }) => scope !== 'link').map(({ local }) => local);
  if (own.length === 0) return 'network.bridge-name';
  const agrees = own.some(
    (address) =>
      gateways.includes(address) || (gateways.length === 0 && selects({ any: subnets, not: false }, address)),
  );
  return agrees ? 'network.bridge-name-and-address' : undefined;
}

interface Place {
  readonly netns: NamespaceId;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
}

/**
 * In RootlessKit's user namespace it is the child's network namespace, whichever one the engine itself is in. An engine that
 * is neither there nor root's makes no bridges, whatever it says.
 */
function bridgesOf({ bridgesIn }: EngineAnswer, known: Known): Place | undefined {
  const { entities, index, rootlessKits } = known;
  const host = entities.host.initialNamespaces.net;
  if (bridgesIn === 'host') return host && { netns: host.id, certainty: host.certainty, evidence: [] };
  const process = bridgesIn && index.process.get(bridgesIn);
  if (!process) return undefined;
  const kit = rootlessKits.find(({ child, parent }) => {
    const user = child && index.process.get(child)?.namespaces.user;
    return (
      user !== undefined && user === process.namespaces.user && user !== index.process.get(parent)?.namespaces.user
    );
  });
  if (kit) {
    const child = childNetnsOf(kit, index);
    return child && { netns: child.netns, certainty: 'certain', evidence: child.evidence };
  }
  const netns = process.uid === 0 ? process.namespaces.net : undefined;
  return netns === undefined ? undefined : { netns, certainty: 'certain', evidence: isIn(process, 'net') };
}
