// Where what is sent in a network namespace goes: the route, and the source address it gives.
import type { Evidence } from '../model/evidence.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Route } from '../model/route.ts';
import type { Look } from './look.ts';
import type { Doubt, Packet } from './path.ts';
import { routesFor, type Choice } from './policy.ts';
import { sourceFor } from './source.ts';

export interface Departure {
  readonly choice: Choice;
  /** `undefined`: there is none. */
  readonly route: Route | undefined;
  readonly source: string | undefined;
  /** It is one of so many next hops. */
  readonly of: number;
  readonly doubts: readonly Doubt[];
  /** That it may be forwarded. */
  readonly evidence?: readonly Evidence[];
}

export function departuresFor(look: Look, netns: NamespaceId, packet: Packet): readonly Departure[] {
  const first = routesFor(look, { netns, packet, incoming: undefined }).flatMap((choice) =>
    hopsOf(look, choice, packet),
  );
  if (packet.source !== undefined || !look.rulesOf(netns, packet.family).some(({ source }) => source !== 'all'))
    return first;
  return first.flatMap((departure) => askedAgain(look, netns, packet, departure));
}

function hopsOf(look: Look, choice: Choice, packet: Packet): readonly Departure[] {
  if (choice.hops.length === 0) return [{ choice, route: undefined, source: packet.source, of: 1, doubts: [] }];
  const of = choice.hops.length;
  return choice.hops.map((route) => {
    const needsSource = packet.source === undefined && (route.type === 'unicast' || route.type === 'local');
    const source = needsSource ? sourceFor(look, route, packet) : undefined;
    const open: readonly Doubt[] =
      source && !source.sure ? [{ code: 'source-not-known', text: route.device ?? '' }] : [];
    const some: readonly Doubt[] = of > 1 ? [{ code: 'one-of', text: route.destination }] : [];
    return {
      choice,
      route,
      source: packet.source ?? (source?.sure ? source.address : undefined),
      of,
      doubts: [...some, ...open],
    };
  });
}

/**
 * Rules may ask for the source, which is not chosen before there is a route. TCP over IPv4 looks up again with the one the
 * first route gave (ip_route_connect, ip_route_newports); what else does depends on the program.
 */
function askedAgain(look: Look, netns: NamespaceId, packet: Packet, departure: Departure): readonly Departure[] {
  const { route, source } = departure;
  if (!route || source === undefined) return [departure];
  const again = routesFor(look, { netns, packet: { ...packet, source }, incoming: undefined }).flatMap((choice) =>
    hopsOf(look, choice, { ...packet, source }),
  );
  if (again.some((one) => one.route?.id === route.id)) return [departure];
  if (packet.protocol === 'tcp' && packet.family === 'inet') return again.map((one) => ({ ...one, source }));
  const doubt: Doubt = { code: 'policy-rule', text: `from ${source}` };
  const asOne = (one: Departure): Departure => ({
    ...one,
    source,
    choice: { ...one.choice, isOne: true, doubts: [...one.choice.doubts, doubt] },
  });
  return [asOne(departure), ...again.map(asOne)];
}
