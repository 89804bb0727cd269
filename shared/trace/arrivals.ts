// Where what comes in by a link goes: the route, and whether it is let in at all.
import type { Link } from '../model/link.ts';
import type { Route } from '../model/route.ts';
import { admissionOf, type Admission } from './admission.ts';
import type { Look } from './look.ts';
import type { Doubt, Packet } from './path.ts';
import { routesFor, type Choice } from './policy.ts';
import type { HopSaid } from './state.ts';

export interface Arrival {
  readonly choice: Choice;
  /** `undefined`: there is none. */
  readonly route: Route | undefined;
  /** It is one of so many next hops. */
  readonly of: number;
  readonly admission: Admission;
  readonly doubts: readonly Doubt[];
}

const letIn: Admission = { doubts: [], evidence: [] };

/** One where all that are possible are refused for the same reason: then it is decided after all. */
export function arrivalsFor(look: Look, packet: Packet, link: Link): readonly Arrival[] {
  const arrivals = routesFor(look, { netns: link.netns, packet, incoming: link }).flatMap((choice) =>
    hopsOf(look, packet, link, choice),
  );
  const [first] = arrivals;
  const reason = first?.admission.reason;
  if (!first || reason === undefined || arrivals.some(({ admission }) => admission.reason !== reason)) return arrivals;
  const doubts = first.choice.doubts.filter(({ code }) => code === 'rules-not-seen');
  return [{ ...first, choice: { ...first.choice, isOne: false, doubts }, of: 1, doubts: [] }];
}

function hopsOf(look: Look, packet: Packet, link: Link, choice: Choice): readonly Arrival[] {
  const of = choice.hops.length;
  if (of === 0) return [{ choice, route: undefined, of: 1, admission: letIn, doubts: [] }];
  return choice.hops.map((route) => {
    const some: readonly Doubt[] = of > 1 ? [{ code: 'one-of', text: route.destination }] : [];
    return { choice, route, of, admission: admissionOf(look, packet, link, route), doubts: some };
  });
}

/** How it ends where it is not let in. */
export function refusedAt(link: Link, { choice, route, of, admission, doubts }: Arrival): HopSaid | undefined {
  const { reason } = admission;
  if (reason === undefined) return undefined;
  return {
    event: { kind: 'dropped', reason, chain: '', text: link.name },
    entity: link.id,
    through: [link.netns],
    certainty: choice.isOne || of > 1 ? 'ambiguous' : 'certain',
    evidence: [...admission.evidence, ...choice.ruleEvidence, ...(route?.evidence ?? [])],
    doubts: [...choice.doubts, ...doubts, ...admission.doubts],
  };
}
