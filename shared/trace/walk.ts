// The walk itself: from place to place, a path for each possibility that is not decided.
import type { ProcessId } from '../model/id.ts';
import type { Forward } from '../model/forward.ts';
import type { Link } from '../model/link.ts';
import type { Route } from '../model/route.ts';
import { arrivalsFor, refusedAt } from './arrivals.ts';
import { comingIn, goingOut } from './at-device.ts';
import { deliveriesAt } from './deliver.ts';
import { handedOn } from './hand-on.ts';
import { pass } from './hooks.ts';
import { atPolicies } from './ipsec.ts';
import { isDown, stateDoubts } from './link-state.ts';
import type { Look } from './look.ts';
import type { LostReason, TracedPath } from './path.ts';
import type { Begin } from './places.ts';
import { departuresFor, type Departure } from './departures.ts';
import { receivers } from './receivers.ts';
import type { Reached } from './segment.ts';
import { downAt, withStep } from './steps.ts';
import { serversOf } from './user-mode.ts';
import { asLoopback, isHere, martianAt, routed } from './routed.ts';
import { anew, ended, lost, sighted, withHop, type At, type HopSaid } from './state.ts';

const mostPaths = 12;
const mostHops = 160;
/** Routers that a packet may cross: its TTL. */
const mostRouters = 64;
/** Places looked at, whatever comes of them. */
const mostSteps = 3000;

export class Walk {
  readonly paths: TracedPath[] = [];
  more = false;
  readonly #look: Look;
  #steps = 0;

  constructor(look: Look) {
    this.#look = look;
  }

  begin({ netns, process, by, packet }: Begin): void {
    const at: At = {
      netns,
      packet,
      hops: [],
      certainty: 'certain',
      routers: 0,
      translated: false,
      tracking: 'yes',
      visited: new Set(),
      known: new Set(),
      again: false,
      pending: [],
    };
    if (by) {
      const event = { kind: 'arrived', link: by.id, packet } as const;
      const doubts = comingIn(this.#look, by);
      this.#receive(withHop(at, { event, entity: by.id, through: [netns], evidence: by.evidence, doubts }), by);
    } else this.#send(at, process);
  }

  #isEnough(at: At): boolean {
    this.#steps += 1;
    if (this.paths.length < mostPaths && this.#steps <= mostSteps) {
      if (at.hops.length <= mostHops) return false;
      this.paths.push(ended(withHop(at, lost(at, 'too-long', ''))));
      return true;
    }
    this.more = true;
    if (this.paths.length === 0) this.paths.push(ended(withHop(at, lost(at, 'too-long', ''))));
    return true;
  }

  #end(at: At, said: HopSaid): void {
    this.paths.push(ended(withHop(at, said)));
  }

  #lost(at: At, reason: LostReason, detail: string, said: Partial<HopSaid> = {}): void {
    this.#end(at, { ...lost(at, reason, detail), ...said });
  }

  /** A process in there sends it. */
  #send(before: At, process: ProcessId | undefined): void {
    if (this.#isEnough(before)) return;
    const sender = process && this.#look.processes.get(process);
    const namespace = this.#look.model.namespaces.find(({ id }) => id === before.netns);
    const there = sender?.namespaceEvidence?.net;
    const at = withHop(before, {
      event: { kind: 'sent', process, packet: before.packet },
      entity: process ?? before.netns,
      through: [before.netns],
      evidence: there ? [there] : (namespace?.evidence ?? []),
    });
    if (this.#look.linksOf(at.netns).length === 0) return this.#lost(at, 'netns-not-seen', at.netns);
    for (const departure of departuresFor(this.#look, at.netns, at.packet)) {
      const on = this.#routed(at, departure, false);
      if (on) this.#output(sighted(on), departure.route as Route);
    }
  }

  /** `undefined`: the routes refuse it, or there is none, and the path has ended. */
  #routed(at: At, departure: Departure, forwarded: boolean, incoming?: Link): At | undefined {
    const { on, over } = routed(this.#look, at, departure, forwarded, incoming);
    if (over) this.#end(on, over);
    return over ? undefined : on;
  }

  /** Through the hooks of what is sent here; looked up again where the firewall gave it another destination. */
  #output(at: At, route: Route): void {
    const outgoing = this.#outgoing(at, route);
    const { on, over } = pass(this.#look, at, 'output', { incoming: undefined, outgoing, asksNat: true });
    this.paths.push(...over);
    for (const one of on) {
      if (one.packet.destination === at.packet.destination) this.#after(one, route, undefined);
      else {
        for (const departure of departuresFor(this.#look, one.netns, one.packet)) {
          const again = this.#routed(one, departure, false);
          if (again && departure.route) this.#after(again, departure.route, undefined);
        }
      }
    }
  }

  #outgoing({ netns }: At, route: Route): Link | undefined {
    const { linkNamed, links } = this.#look;
    if (isHere(this.#look, route)) return linkNamed(netns, 'lo');
    return route.link === undefined ? undefined : links.get(route.link);
  }

  /** Behind the routing decision: to itself over loopback, or out. */
  #after(at: At, route: Route, incoming: Link | undefined): void {
    if (this.#isEnough(at)) return;
    const outgoing = this.#outgoing(at, route);
    const here = incoming === undefined && isHere(this.#look, route);
    if (!here && !outgoing) return this.#lost(at, 'device-not-known', route.device ?? '');
    if (route.encapsulation !== undefined) return this.#lost(at, 'encapsulated', route.encapsulation);
    const doubts = incoming === undefined && outgoing ? asLoopback(at, outgoing) : [];
    const from: At = { ...at, pending: [...at.pending, ...doubts] };
    const { on, over } = pass(this.#look, from, 'postrouting', { incoming, outgoing, asksNat: true });
    this.paths.push(...over);
    for (const one of on) {
      if (!here && outgoing) this.#transmit(one, route, outgoing);
      else this.#overLoopback(one, outgoing);
    }
  }

  /** What is sent by a link that is down is thrown away, lo too. */
  #overLoopback(from: At, lo: Link | undefined): void {
    if (lo && isDown(lo)) return this.#end(from, downAt(lo, 'link-down'));
    const at: At = { ...from, pending: [...from.pending, ...(lo ? stateDoubts(lo) : [])] };
    const around = { incoming: lo, outgoing: undefined, asksNat: false };
    const before = pass(this.#look, at, 'prerouting', around);
    this.paths.push(...before.over);
    for (const one of before.on) this.#input(one, lo);
  }

  #input(at: At, incoming: Link | undefined): void {
    // What came over lo was asked where it was sent: postrouting and input both ask for its source.
    const asksNat = incoming !== undefined && incoming.kind !== 'loopback';
    const { on, over } = pass(this.#look, at, 'input', { incoming, outgoing: undefined, asksNat });
    this.paths.push(...over);
    const policies = atPolicies(this.#look, at.netns);
    for (const one of on) this.#deliver({ ...one, pending: [...one.pending, ...policies] }, incoming);
  }

  #transmit(at: At, route: Route, link: Link): void {
    const { ways, missed, hop } = receivers(this.#look, at, route, link);
    const late = [...atPolicies(this.#look, at.netns), ...goingOut(this.#look, link)];
    const on = withHop({ ...at, pending: [...at.pending, ...late] }, hop);
    if (ways.length === 0) {
      return this.#lost(on, missed.reason, missed.detail, { certainty: 'inferred' });
    }
    for (const { reached, doubts } of ways) {
      const certainty = ways.length > 1 ? ('ambiguous' as const) : on.certainty;
      this.#arrive({ ...on, certainty, pending: [...on.pending, ...doubts] }, reached);
    }
  }

  #arrive(from: At, reached: Reached): void {
    if (this.#isEnough(from)) return;
    const at = reached.steps.reduce<At>((before, step) => withStep(before, step, this.#look), from);
    const { link } = reached;
    switch (reached.kind) {
      case 'link':
        this.#receive({ ...at, netns: link.netns, translated: at.netns === link.netns && at.translated }, link);
        return;
      case 'exit':
        this.#end(at, {
          event: { kind: 'leaves', link: link.id, seen: reached.seen },
          entity: link.id,
          netns: link.netns,
          evidence: link.evidence,
        });
        return;
      case 'down':
        this.#end(at, downAt(link, reached.reason));
        return;
      case 'tap':
        this.#served(at, link);
        return;
      case 'lost':
        this.#lost(at, reached.reason, reached.detail, { entity: link.id, netns: link.netns, evidence: link.evidence });
    }
  }

  /** It has come in at a link. */
  #receive(before: At, link: Link): void {
    if (this.#isEnough(before)) return;
    const at = sighted(before);
    const { on, over } = pass(this.#look, at, 'prerouting', { incoming: link, outgoing: undefined, asksNat: true });
    this.paths.push(...over);
    for (const one of on) this.#routeIn(one, link);
  }

  #routeIn(before: At, link: Link): void {
    const { packet, netns } = before;
    const martian = martianAt(this.#look, before, link);
    if (martian) {
      // Unless route_localnet or accept_local is set, which is not asked.
      const event = { kind: 'dropped', reason: martian, chain: '', text: link.name } as const;
      return this.#end(before, { event, entity: link.id, certainty: 'inferred', evidence: link.evidence });
    }
    const key = `${netns} ${link.id} ${packet.source ?? ''} ${packet.destination} ${packet.port ?? ''}`;
    if (before.visited.has(key)) {
      const event = { kind: 'dropped', reason: 'hop-limit', chain: '', text: '' } as const;
      return this.#end(before, { event, entity: link.id, evidence: link.evidence });
    }
    const at: At = { ...before, visited: new Set([...before.visited, key]) };
    for (const arrival of arrivalsFor(this.#look, packet, link)) {
      const { choice, route, of, admission } = arrival;
      const refused = refusedAt(link, arrival);
      if (refused) {
        this.#end(at, refused);
        continue;
      }
      const isForward = route?.type === 'unicast';
      const doubts = [...admission.doubts, ...arrival.doubts];
      const departure = { choice, route, source: undefined, of, doubts, evidence: admission.evidence };
      const on = this.#routed(at, departure, isForward, link);
      if (!on || !route) continue;
      if (isForward) this.#forward({ ...on, routers: on.routers + 1 }, route, link);
      else this.#input(on, link);
    }
  }

  #forward(at: At, route: Route, incoming: Link): void {
    if (at.routers > mostRouters) {
      const event = { kind: 'dropped', reason: 'hop-limit', chain: '', text: '' } as const;
      return this.#end(at, { event, entity: at.netns, evidence: route.evidence });
    }
    const outgoing = this.#outgoing(at, route);
    const { on, over } = pass(this.#look, at, 'forward', { incoming, outgoing, asksNat: false });
    this.paths.push(...over);
    for (const one of on) this.#after(one, route, incoming);
  }

  #deliver(at: At, incoming: Link | undefined): void {
    for (const { said, forward } of deliveriesAt(this.#look, at, incoming)) {
      if (this.#isEnough(at)) return;
      if (forward && at.hops.length < mostHops) this.#handOn(withHop(at, said), forward);
      else this.#end(at, said);
    }
  }

  /** A process took it and makes a connection of its own. */
  #handOn(at: At, forward: Forward): void {
    const key = `forward ${forward.id}`;
    if (at.visited.has(key)) return this.#lost(at, 'loop', '');
    const on = handedOn(this.#look, { ...at, visited: new Set([...at.visited, key]) }, forward);
    if (on.as === 'nowhere') this.#lost(on.at, 'netns-not-seen', on.detail);
    else if (on.as === 'ends') this.#deliver(on.at, undefined);
    else if (on.as === 'sent') this.#send(on.at, on.process);
    else this.#receive({ ...on.at, pending: [...on.at.pending, ...comingIn(this.#look, on.tap)] }, on.tap);
  }

  /** A process reads it from the device. */
  #served(at: At, link: Link): void {
    const servers = serversOf(this.#look, at.packet, link);
    if (servers.length === 0) {
      return this.#lost(at, 'tap-not-served', link.name, { entity: link.id, evidence: link.evidence });
    }
    for (const { said, on, process } of servers) {
      if (!on) this.#end(at, said);
      else if (on.netns === undefined) this.#lost(withHop(at, said), 'netns-not-seen', '');
      else this.#send(anew(withHop(at, said), on.netns, on.packet), process);
    }
  }
}
