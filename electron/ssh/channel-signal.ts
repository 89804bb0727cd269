// A signal for the command behind a channel (RFC 4254, 6.9). ssh2's own channel.signal() does nothing, and says nothing,
// once our side of the stream has ended; the script's has by the time anybody cancels. The request is allowed until the
// channel is closed, so it is sent past that check, with what ssh2 itself sends it with (1.17, lib/Channel.js).
import type { ClientChannel } from 'ssh2';

interface Inside {
  readonly outgoing?: { readonly id: number; readonly state: string };
  readonly _client?: { readonly _protocol?: { signal(channel: number, name: string): void } };
}

/** `name` without SIG. Nothing happens when the channel is closed already. */
export function signalCommand(channel: ClientChannel, name: string): void {
  const { outgoing, _client } = channel as unknown as Inside;
  if (outgoing?.state === 'open' || outgoing?.state === 'eof') _client?._protocol?.signal(outgoing.id, name);
}
