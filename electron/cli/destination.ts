// `[user@]host`: a name, an IPv4 address, or an IPv6 address with or without brackets.
import { UsageError } from './failure.ts';

export interface Destination {
  /** Without one, whoever runs nsatlas. */
  readonly user: string | undefined;
  readonly host: string;
}

/** `command`: whose help shows how it is written. Throws UsageError. */
export function readDestination(text: string, command = 'collect'): Destination {
  const at = text.lastIndexOf('@');
  const user = at === -1 ? undefined : text.slice(0, at);
  const name = text.slice(at + 1);
  const host = /^\[(.*)\]$/.exec(name)?.[1] ?? name;
  const port = /^(?:\[[^\]]*\]|[^:]*):(\d+)$/.exec(name)?.[1];
  if (port !== undefined) throw new UsageError(`The port is an option of its own: -p ${port}.`, command);
  if (text.includes('://')) throw new UsageError(`Give [user@]host, not an address with ://.`, command);
  if (user === '' || host === '' || /[\s/\\,[\]]/.test(host) || host.startsWith('-'))
    throw new UsageError(`${text === '' ? 'An empty word' : text} is no [user@]host.`, command);
  return { user, host };
}
