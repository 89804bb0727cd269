// What a packet must be to come to a rule: the conditions of all rules on the way to it, taken together.
import type { RuleMatch, Selection } from '../../model/firewall.ts';
import { areDisjoint } from '../../model/address-range.ts';
import { areDisjointNames } from './interfaces.ts';

type Ports = readonly (readonly [number, number])[];

export interface Conditions {
  readonly family: 'ip' | 'ip6' | undefined;
  readonly protocols: readonly string[] | undefined;
  readonly ports: Ports | undefined;
  /** All of them hold. */
  readonly destinations: readonly Selection[];
  readonly local: boolean | undefined;
  readonly sources: readonly Selection[];
  readonly incoming: readonly Selection[];
  readonly outgoing: readonly Selection[];
  readonly shared: boolean;
  /** Not read further, as they stand. */
  readonly other: readonly string[];
}

export const always: Conditions = {
  family: undefined,
  protocols: undefined,
  ports: undefined,
  destinations: [],
  local: undefined,
  sources: [],
  incoming: [],
  outgoing: [],
  shared: false,
  other: [],
};

/** Both together; undefined where no packet can be so. */
export function narrowed(given: Conditions, match: RuleMatch): Conditions | undefined {
  const family = match.family ?? given.family;
  if (given.family !== undefined && family !== given.family) return undefined;
  const protocols = intersection(given.protocols, match.protocols);
  const ports = commonPorts(given.ports, match.ports);
  const local = match.local ?? given.local;
  if (protocols?.length === 0 || ports?.length === 0) return undefined;
  if (given.local !== undefined && local !== given.local) return undefined;
  const destinations = added(given.destinations, match.destination, areDisjoint);
  const sources = added(given.sources, match.source, areDisjoint);
  const incoming = added(given.incoming, match.incoming, areDisjointNames);
  const outgoing = added(given.outgoing, match.outgoing, areDisjointNames);
  if (!destinations || !sources || !incoming || !outgoing) return undefined;
  return {
    family,
    protocols,
    ports,
    destinations,
    local,
    sources,
    incoming,
    outgoing,
    shared: given.shared || match.shared === true,
    other: match.other.length === 0 ? given.other : [...given.other, ...match.other],
  };
}

/** Some packet may be both. */
export function haveCommon(a: Conditions, b: Conditions): boolean {
  if (a.family !== undefined && b.family !== undefined && a.family !== b.family) return false;
  if (a.local !== undefined && b.local !== undefined && a.local !== b.local) return false;
  if (intersection(a.protocols, b.protocols)?.length === 0 || commonPorts(a.ports, b.ports)?.length === 0) return false;
  return (
    !exclude(a.destinations, b.destinations, areDisjoint) &&
    !exclude(a.sources, b.sources, areDisjoint) &&
    !exclude(a.incoming, b.incoming, areDisjointNames) &&
    !exclude(a.outgoing, b.outgoing, areDisjointNames)
  );
}

type Disjoint = (a: Selection, b: Selection) => boolean;

const exclude = (a: readonly Selection[], b: readonly Selection[], disjoint: Disjoint): boolean =>
  a.some((one) => b.some((other) => disjoint(one, other)));

/** Every packet that comes here matches: the rule asks nothing new. */
export function isImplied(given: Conditions, match: RuleMatch): boolean {
  const { family, protocols, destination, source, ports, local, incoming, outgoing, shared, other } = match;
  if (destination || source || incoming || outgoing || shared || other.length > 0) return false;
  if (family !== undefined && family !== given.family) return false;
  if (local !== undefined && local !== given.local) return false;
  if (protocols && !given.protocols?.every((protocol) => protocols.includes(protocol))) return false;
  return (
    !ports || given.ports?.every(([first, last]) => ports.some(([from, to]) => from <= first && last <= to)) === true
  );
}

function intersection(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!a || !b) return a ?? b;
  return a.filter((one) => b.includes(one));
}

function commonPorts(a: Ports | undefined, b: Ports | undefined): Ports | undefined {
  if (!a || !b) return a ?? b;
  return a.flatMap(([from, to]) =>
    b
      .map(([first, last]) => [Math.max(from, first), Math.min(to, last)] as const)
      .filter(([first, last]) => first <= last),
  );
}

/** undefined: none is in all of them. */
function added(
  before: readonly Selection[],
  more: Selection | undefined,
  disjoint: Disjoint,
): readonly Selection[] | undefined {
  if (!more) return before;
  return exclude(before, [more], disjoint) ? undefined : [...before, more];
}
