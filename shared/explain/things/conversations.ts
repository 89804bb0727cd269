// Who talks to whom on this host: connections of which both ends were seen, those that are alike as one.
import type { Certainty } from '../../model/evidence.ts';
import type { Socket } from '../../model/socket.ts';
import type { Telling } from '../facts.ts';
import { endpointName } from '../names.ts';
import { isServed, peerOf } from './sockets.ts';

export interface Conversation {
  /** Who began, as far as somebody listening at the other end tells. */
  readonly from: string;
  readonly to: string;
  /** `10.4.0.10:6379 tcp`, the end that was listening. */
  readonly service: string;
  readonly count: number;
  readonly certainty: Certainty;
}

export function conversations(telling: Telling): readonly Conversation[] {
  const { look } = telling;
  const found = new Map<string, Conversation>();
  for (const { kind, from, to, certainty } of look.model.relations) {
    if (kind !== 'connected-to') continue;
    const [a, b] = [look.sockets.get(from), look.sockets.get(to)];
    if (!a || !b) continue;
    const [caller, callee]: readonly [Socket, Socket] = isServed(look, a) && !isServed(look, b) ? [b, a] : [a, b];
    const [one, other] = [peerOf(telling, caller).name, peerOf(telling, callee).name];
    const service = `${endpointName(callee.local)} ${callee.protocol}`;
    const key = `${one}\n${other}\n${service}\n${certainty}`;
    const count = (found.get(key)?.count ?? 0) + 1;
    found.set(key, { from: one, to: other, service, count, certainty });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, one]) => one);
}
