// The steps of a frame, from one device to another, as hops of the packet that it carries.
import type { Link } from '../model/link.ts';
import type { Look } from './look.ts';
import type { DropReason } from './path.ts';
import { atQueue } from './qdisc.ts';
import type { Step } from './segment.ts';
import { withHop, type At, type HopSaid } from './state.ts';

/** Nothing goes out at a link that is down, or comes in. */
export const downAt = (link: Link, reason: DropReason): HopSaid => ({
  event: { kind: 'dropped', reason, chain: '', text: link.name },
  entity: link.id,
  netns: link.netns,
  evidence: link.evidence,
});

export function withStep(
  at: At,
  { event, link, through, certainty, rules, evidence, doubts = [] }: Step,
  look: Look,
): At {
  const entity = event.kind === 'bridged' ? event.bridge : link.id;
  const said = {
    event,
    entity,
    through,
    certainty,
    rules,
    evidence,
    doubts: [...doubts, ...atQueue(leavesBy(event, look))],
  };
  return withHop({ ...at, netns: link.netns }, said);
}

/** The device that it leaves by in this step, on its way to another. */
function leavesBy(event: Step['event'], { links }: Look): Link | undefined {
  if (event.kind === 'bridged') return event.port === undefined ? undefined : links.get(event.port);
  if (event.kind === 'stacked' && (event.as === 'down' || event.as === 'member')) return links.get(event.to);
  return undefined;
}
