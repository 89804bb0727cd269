// The way of a connection through the firewalls of network namespaces, to where it ends.
import type { Certainty, Evidence } from '../../model/evidence.ts';
import type { ForwardStep } from '../../model/forward.ts';
import type { NamespaceId } from '../../model/id.ts';
import { isLoopbackAddress } from '../../model/listening.ts';
import type { Endpoint } from '../../model/socket.ts';
import type { Known } from '../known.ts';
import type { LinkingRule } from '../rules.ts';
import { goesTo, isSure, rewritesOf, type Arrival } from './arrival.ts';
import { placeOf, type Place, type Reached } from './reach.ts';
import type { Rewrite } from './rewrites.ts';

export interface Way {
  readonly steps: readonly ForwardStep[];
  readonly end: Endpoint & { readonly netns: NamespaceId | undefined };
  /** The container that has the address at the end, or those that may. */
  readonly reached?: Reached;
  readonly candidates: readonly Reached[];
}

/** Rewritten again and again: nobody does that on purpose. */
const mostSteps = 4;
/** Ways that connections take by turns. */
const mostWays = 64;

/** One way; several where connections take turns; none where no rule rewrites what arrives. */
export function waysFrom(arrival: Arrival, known: Known): readonly Way[] {
  return rewritesOf(arrival, known)
    .slice(0, mostWays)
    .map((rewrite) => wayBy(rewrite, arrival, known, 1));
}

/** The way of what arrives, by this rewrite and those that follow it. */
export function wayBy(rewrite: Rewrite, arrival: Arrival, known: Known, depth = 1): Way {
  const { address, port } = goesTo(rewrite.to, arrival);
  const place: Place =
    rewrite.to.kind === 'redirect' || isLoopbackAddress(address)
      ? { netns: arrival.netns, candidates: [] }
      : placeOf(address, port, arrival.protocol, arrival.netns, known);
  const end = { address, port, netns: place.netns };
  const steps = [stepBy(rewrite, arrival, end)];
  const { netns } = place;
  if (netns !== undefined && netns !== arrival.netns && depth < mostSteps) {
    const [next, ...others] = rewritesOf({ ...arrival, netns, hook: 'prerouting', address, port }, known);
    if (next && others.length === 0) {
      const rest = wayBy(next, { ...arrival, netns, hook: 'prerouting', address, port }, known, depth + 1);
      return { ...rest, steps: [...steps, ...rest.steps] };
    }
  }
  return { steps, end, candidates: place.candidates, ...(place.reached ? { reached: place.reached } : {}) };
}

function stepBy(rewrite: Rewrite, arrival: Arrival, to: ForwardStep['to']): ForwardStep {
  return {
    by: nameOf(rewrite),
    netns: arrival.netns,
    from: { address: arrival.address, port: arrival.port },
    to,
    rules: rewrite.rules.map(({ chain, handle, text }) => ({
      chain,
      ...(handle === undefined ? {} : { handle }),
      text,
    })),
    ...(rewrite.conditions.shared ? { shared: true } : {}),
    ...surenessOf(rewrite, arrival, to),
    evidence: evidenceOf(rewrite),
  };
}

export const nameOf = ({ by }: Rewrite): string => (by === 'nft' ? 'nftables' : 'iptables');

function surenessOf(
  rewrite: Rewrite,
  { hook, port }: Arrival,
  to: Endpoint,
): { readonly certainty: Certainty; readonly rule: LinkingRule } {
  if (rewrite.tied) return { certainty: 'ambiguous', rule: 'forward.firewall-rules-tied' };
  if (!isSure(rewrite)) return { certainty: 'inferred', rule: 'forward.firewall-rule-conditional' };
  // Nothing that comes in may be for a loopback address, unless route_localnet is set.
  if (hook === 'prerouting' && isLoopbackAddress(to.address)) {
    return { certainty: 'inferred', rule: 'forward.firewall-rule-loopback' };
  }
  if (rewrite.rest) return { certainty: 'inferred', rule: 'forward.firewall-rule-rest' };
  if (isOneOf(rewrite.to, port)) return { certainty: 'inferred', rule: 'forward.firewall-rule-one-of' };
  return {
    certainty: 'certain',
    rule: rewrite.conditions.shared ? 'forward.firewall-rule-by-turns' : 'forward.firewall-rule',
  };
}

/** Of several addresses or ports the kernel chooses one; a port that is one of them stays as it is. */
const isOneOf = (to: Rewrite['to'], port: number): boolean =>
  ('address' in to && to.address?.includes('-') === true) ||
  ('ports' in to &&
    to.ports !== undefined &&
    to.ports[0] !== to.ports[1] &&
    !(to.ports[0] <= port && port <= to.ports[1]));

/** The rule that rewrites first: it is what one looks for. */
export const evidenceOf = ({ rules }: Rewrite): readonly Evidence[] => rules.toReversed().map((rule) => rule.evidence);

/** As sure as the least sure step. */
export const leastSure = (certainties: readonly Certainty[]): Certainty =>
  certainties.includes('ambiguous') ? 'ambiguous' : certainties.includes('inferred') ? 'inferred' : 'certain';
