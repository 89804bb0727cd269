// Who answers where a forward ends: the socket that listens there.
import type { Certainty } from '../../model/evidence.ts';
import type { Entities } from '../../model/entities.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Endpoint, Socket } from '../../model/socket.ts';
import { grouped } from '../known.ts';
import type { LinkingRule } from '../rules.ts';
import { isListening, isWildcard } from './listening.ts';

export interface Listener {
  readonly socket: Socket;
  readonly certainty: Certainty;
  readonly rule: LinkingRule;
}

const byPlace = new WeakMap<Entities, ReadonlyMap<string, readonly Socket[]>>();

function socketsAt(entities: Entities, netns: NamespaceId, port: number): readonly Socket[] {
  const known = byPlace.get(entities) ?? grouped(entities.sockets, ({ netns: of, local }) => `${of} ${local.port}`);
  byPlace.set(entities, known);
  return known.get(`${netns} ${port}`) ?? [];
}

/** The socket for exactly this address goes before one for any; `::` may be for IPv6 only, which it does not say. */
export function listenerAt(
  entities: Entities,
  at: Endpoint & { readonly netns: NamespaceId },
  protocol: 'tcp' | 'udp',
): Listener | undefined {
  const listening = socketsAt(entities, at.netns, at.port).filter((socket) => isListening(socket, protocol));
  const exact = listening.find(({ local }) => local.address === at.address);
  const any = listening.filter(({ local }) => isWildcard(local.address));
  const wants6 = at.address.includes(':');
  const same = any.find((socket) => socket.protocol.endsWith('6') === wants6);
  const sure = exact ?? same;
  if (sure) return { socket: sure, certainty: 'certain', rule: 'forward.listener' };
  const other = wants6 ? undefined : any.find((socket) => socket.protocol.endsWith('6'));
  return other && { socket: other, certainty: 'inferred', rule: 'forward.listener-any-family' };
}
