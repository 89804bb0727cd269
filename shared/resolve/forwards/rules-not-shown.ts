// Rules of the firewall that rewrite and are not drawn as published ports, and why.
import { selects } from '../../model/address-range.ts';
import type { Finding } from '../../model/finding.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import { isLoopbackAddress } from '../../model/listening.ts';
import type { Known } from '../known.ts';
import { finding } from '../relation.ts';
import { isAddressed, isOpen, ownAddresses } from './listens.ts';
import type { Rewrite } from './rewrites.ts';
import { evidenceOf } from './way.ts';

/** Addresses that are nobody's: what a cluster calls its services by. */
export function services(
  netns: NamespaceId,
  elsewhere: readonly Rewrite[],
  links: readonly Link[],
): readonly Finding[] {
  const own = new Set(ownAddresses(links));
  const having = elsewhere.filter((one) => addressesOf(one).some((address) => !own.has(address)));
  const addresses = new Set(having.flatMap(addressesOf).filter((address) => !own.has(address)));
  if (addresses.size === 0) return [];
  const [example] = addresses;
  const count = addresses.size === 1 ? '1 address' : `${addresses.size} addresses`;
  return [
    finding('note', 'firewall.service-addresses', [netns], {
      message: `The firewall rewrites connections to ${count} that no link has here (${example}${addresses.size === 1 ? '' : '…'}): service addresses, which are not drawn as published ports.`,
      values: { count: addresses.size, example: example ?? '' },
      evidence: having.slice(0, 1).flatMap((one) => evidenceOf(one).slice(0, 1)),
    }),
  ];
}

/** Single addresses that all of its conditions let be. */
const addressesOf = ({ conditions: { destinations } }: Rewrite): readonly string[] =>
  destinations
    .filter(({ not }) => !not)
    .flatMap(({ any }) => any)
    .filter((one) => !/[/-]/.test(one) && !isLoopbackAddress(one))
    .filter((address) => destinations.every((one) => selects(one, address) === true));

/** What they ask is not read, and may be about ports. */
export function notShown(netns: NamespaceId, elsewhere: readonly Rewrite[]): readonly Finding[] {
  const rules = new Map(
    elsewhere
      .filter((one) => isOpen(one) && !isAddressed(one))
      .flatMap(({ rules: way }) => way.slice(-1))
      .map((rule) => [`${rule.evidence.frame} ${rule.evidence.line}`, rule]),
  );
  const [first] = rules.values();
  if (!first) return [];
  const example = first.text.slice(0, 160);
  const which = rules.size === 1 ? 'A firewall rule rewrites' : `${rules.size} firewall rules rewrite`;
  return [
    finding('unparsable', 'firewall.ports-not-read', [netns], {
      message: `${which} for ports or addresses that are not read here, and may publish ports that are not drawn: ${example}`,
      values: { count: rules.size, example },
      evidence: [...rules.values()].slice(0, 20).map((rule) => rule.evidence),
    }),
  ];
}

/** Rules of nat chains that are written in words not known here. */
export function notFollowed(netns: NamespaceId, { entities }: Known): readonly Finding[] {
  const unread = entities.firewalls
    .filter((one) => one.netns === netns)
    .flatMap(({ natRules }) =>
      natRules.filter(
        ({ action }) =>
          action.kind === 'unread' ||
          (action.kind === 'choice' && action.branches.some((one) => one.action.kind === 'unread')),
      ),
    );
  const [first] = unread;
  if (!first) return [];
  return [
    finding('unparsable', 'firewall.rules-not-followed', [netns], {
      message: `${unread.length} firewall rules rewrite in a way that is not followed here: ${first.text.slice(0, 160)}`,
      values: { count: unread.length, example: first.text.slice(0, 160) },
      evidence: unread.slice(0, 20).map((rule) => rule.evidence),
    }),
  ];
}
