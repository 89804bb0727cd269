// A packet on its way: where it is, what it is by now, and the hops that led there.
import type { Certainty, Evidence } from '../model/evidence.ts';
import type { EntityId, NamespaceId } from '../model/id.ts';
import {
  leastSure,
  type Doubt,
  type EndKind,
  type Hop,
  type HopEvent,
  type LostReason,
  type Packet,
  type TracedPath,
} from './path.ts';

export interface At {
  readonly netns: NamespaceId;
  readonly packet: Packet;
  readonly hops: readonly Hop[];
  readonly certainty: Certainty;
  /** Routers it has crossed. */
  readonly routers: number;
  /** Its destination was rewritten in this network namespace. */
  readonly translated: boolean;
  /** Whether it has a connection in this network namespace, or a rule said notrack. */
  readonly tracking: 'yes' | 'no' | 'maybe';
  /** Where it was looked up before: to see that it goes in circles. */
  readonly visited: ReadonlySet<string>;
  /** Network namespaces that know this connection, by what it was when it came there: they rewrite it at its first sight only. */
  readonly known: ReadonlySet<string>;
  /** It is known where it is now, and was let through as it is. */
  readonly again: boolean;
  /** What could not be decided on the way to the next hop, and is told there. */
  readonly pending: readonly Doubt[];
}

export interface HopSaid {
  readonly event: HopEvent;
  readonly entity: EntityId;
  readonly netns?: NamespaceId | undefined;
  readonly through?: readonly (string | undefined)[];
  readonly certainty?: Certainty;
  readonly rules?: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly doubts?: readonly Doubt[];
}

/** Any doubt takes the certainty away, from here on. */
export function withHop(at: At, said: HopSaid): At {
  const doubts = distinctDoubts([...at.pending, ...(said.doubts ?? [])]);
  const certainty = leastSure([at.certainty, said.certainty ?? 'certain', doubts.length > 0 ? 'inferred' : 'certain']);
  const hop: Hop = {
    event: said.event,
    netns: 'netns' in said ? said.netns : at.netns,
    entity: said.entity,
    through: [...new Set([said.entity, ...(said.through ?? [])])].filter((one) => one !== undefined),
    certainty,
    rules: [...new Set(said.rules ?? [])],
    evidence: distinctEvidence(said.evidence),
    doubts,
  };
  return { ...at, hops: [...at.hops, hop], certainty, pending: [] };
}

/** That the firewall of a network namespace was not read, or not in all, is told there once: what need not be told again. */
export function notReadToldIn({ hops, pending }: At, netns: NamespaceId): ReadonlySet<Doubt['code']> {
  const isTold =
    pending.some(({ code }) => notRead.has(code)) ||
    hops.some((hop) => hop.netns === netns && hop.doubts.some(({ code }) => notRead.has(code)));
  return isTold ? notRead : new Set();
}
const notRead: ReadonlySet<Doubt['code']> = new Set(['firewall-not-read', 'firewall-in-part']);

/** It cannot be followed further, from where it is. */
export const lost = (at: At, reason: LostReason, detail: string): HopSaid => ({
  event: { kind: 'lost', reason, detail },
  entity: at.hops.at(-1)?.entity ?? at.netns,
  evidence: [],
});

/** The last hop given is how it ends. */
export function ended(at: At): TracedPath {
  const end = at.hops.at(-1)?.event.kind ?? 'lost';
  return { hops: at.hops, end: end as EndKind, certainty: at.certainty };
}

/** It comes into a network namespace, or begins there: conntrack looks whether it has seen it before. */
export function sighted(at: At): At {
  const { source, destination, port } = at.packet;
  const key = `${at.netns} ${source ?? ''} ${destination} ${port ?? ''}`;
  return { ...at, tracking: 'yes', again: at.known.has(key), known: new Set([...at.known, key]) };
}

/** A new connection, made by a process that has taken another one. */
export const anew = (at: At, netns: NamespaceId, packet: Packet): At => ({
  ...at,
  netns,
  packet,
  translated: false,
  known: new Set(),
  again: false,
});

const distinctDoubts = (doubts: readonly Doubt[]): readonly Doubt[] => [
  ...new Map(doubts.map((one) => [`${one.code} ${one.text}`, one])).values(),
];

const distinctEvidence = (evidence: readonly Evidence[]): readonly Evidence[] => [
  ...new Map(
    evidence.map((one) => [`${one.frame} ${one.line ?? ''} ${one.columns?.join('-') ?? ''}`, one] as const),
  ).values(),
];
