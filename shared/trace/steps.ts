// The steps of a frame, from one device to another, as hops of the packet that it carries.
import type { LinkId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import { comingIn, goingOut } from './at-device.ts';
import { notRead } from './chains.ts';
import type { Look } from './look.ts';
import type { Doubt, DropReason } from './path.ts';
import type { Step } from './segment.ts';
import { notReadToldIn, withHop, type At, type HopSaid } from './state.ts';

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
  const wasTold = notReadToldIn(at, link.netns);
  const said = {
    event,
    entity,
    through,
    certainty,
    rules,
    evidence,
    doubts: [...doubts, ...atDevices(at, event, look), ...notRead(look.firewallsOf(link.netns))].filter(
      ({ code }) => !wasTold.has(code),
    ),
  };
  return withHop({ ...at, netns: link.netns }, said);
}

/** What may drop it at the device that it leaves by in this step, or comes in at. */
function atDevices({ hops }: At, event: Step['event'], look: Look): readonly Doubt[] {
  const at = (id: LinkId, what: typeof comingIn): readonly Doubt[] => {
    const link = look.links.get(id);
    return link ? what(look, link) : [];
  };
  if (event.kind === 'bridged') return event.port === undefined ? at(event.bridge, comingIn) : at(event.port, goingOut);
  if (event.kind === 'pair') return at(event.to, comingIn);
  if (event.as === 'down' || event.as === 'member') return at(event.to, goingOut);
  // What one macvlan sends another comes in at the device below as well (macvlan_queue_xmit: dev_forward_skb).
  const before = hops.at(-1)?.event;
  const isBesides = before?.kind === 'stacked' && before.as === 'down' && before.to === event.from;
  return [...(isBesides ? at(event.from, comingIn) : []), ...at(event.to, comingIn)];
}
