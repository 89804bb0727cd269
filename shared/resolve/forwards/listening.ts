// The socket a forwarder listens on.
import type { NamespaceId, ProcessId } from '../../model/id.ts';
import { isListening, isWildcard } from '../../model/listening.ts';
import type { Endpoint, Socket } from '../../model/socket.ts';
import type { Known } from '../known.ts';

export interface Listening {
  readonly socket: Socket;
  /** The forwarder was seen to hold it; else only address and port agree. */
  readonly held: boolean;
}

export function listeningSocket(
  known: Known,
  at: Endpoint & { readonly netns: NamespaceId | undefined },
  protocol: 'tcp' | 'udp',
  forwarder: ProcessId | undefined,
): Listening | undefined {
  if (at.netns === undefined) return undefined;
  const fitting = known.entities.sockets.filter(
    (socket) =>
      socket.netns === at.netns &&
      socket.local.port === at.port &&
      isListening(socket, protocol) &&
      sameAddress(socket.local.address, at.address),
  );
  const held = fitting.find((socket) => forwarder !== undefined && socket.processIds.includes(forwarder));
  if (held) return { socket: held, held: true };
  // Whose holder is known to be another is not it.
  const open = fitting.filter((socket) => socket.processIds.length === 0);
  return open.length === 1 && open[0] ? { socket: open[0], held: false } : undefined;
}

/** Every way to write "any address" is the same: Go listens on `::` for an empty host. */
export function sameAddress(a: string, b: string): boolean {
  return a === b || (isWildcard(a) && isWildcard(b));
}
