// How conditions of a rule are put together, for every way of writing them.
import type { RuleMatch, Selection } from '../../model/firewall.ts';

export const anything: RuleMatch = { other: [] };

export const one = (any: readonly string[], not = false): Selection => ({ not, any });

/** `a` and `b`. What one of them says twice, and cannot be joined, is kept as it stands. */
export function both(a: RuleMatch, b: RuleMatch, text: string): RuleMatch {
  const other = [...a.other, ...b.other];
  const twice = joinedKeys.some((key) => a[key] !== undefined && b[key] !== undefined && !same(a[key], b[key]));
  if (twice) return { ...b, ...a, other: [...other, text] };
  return { ...a, ...b, other };
}

const joinedKeys = [
  'family',
  'protocols',
  'destination',
  'source',
  'ports',
  'local',
  'incoming',
  'outgoing',
] as const satisfies readonly (keyof RuleMatch)[];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `80`, `2000-2010`, `2000:2010`; undefined: none of these. */
export function portRange(text: string): readonly [number, number] | undefined {
  const match = /^(\d{1,5})(?:[-:](\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  return first <= last && last <= 65535 ? [first, last] : undefined;
}

type Ports = NonNullable<RuleMatch['ports']>;

/** These ports, or all others: nothing is sent to port 0. undefined: one of them is none. */
export function portsIn(values: readonly string[], not: boolean): Ports | undefined {
  const ranges = values.map(portRange).filter((range) => range !== undefined);
  if (ranges.length < values.length) return undefined;
  return not ? othersThan(ranges) : ranges;
}

function othersThan(ranges: Ports): Ports {
  const others: (readonly [number, number])[] = [];
  let from = 1;
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (first > from) others.push([from, first - 1]);
    from = Math.max(from, last + 1);
  }
  return from > 65535 ? others : [...others, [from, 65535]];
}

export interface Target {
  readonly address?: string;
  readonly ports?: readonly [number, number];
}

/** `10.0.0.2:80`, `10.0.0.2`, `[fd00::2]:80`, `fd00::2`, `:5353`, `10.0.0.2:80-90`: where it is sent to. */
export function targetOf(text: string): Target | undefined {
  const bracketed = /^\[([0-9a-fA-F:.]+)\](?::(.+))?$/.exec(text);
  if (bracketed) return withPort(bracketed[1], bracketed[2]);
  const colon = text.indexOf(':');
  if (colon !== -1 && text.includes(':', colon + 1)) return ipv6.test(text) ? { address: text } : undefined;
  const address = colon === -1 ? text : text.slice(0, colon);
  if (address !== '' && !ipv4.test(address)) return undefined;
  return withPort(address === '' ? undefined : address, colon === -1 ? undefined : text.slice(colon + 1));
}

const ipv4 = /^[0-9.]+(?:-[0-9.]+)?$/;
const ipv6 = /^[0-9a-fA-F:.]+(?:-[0-9a-fA-F:.]+)?$/;

function withPort(address: string | undefined, port: string | undefined): Target | undefined {
  const ports = port === undefined ? undefined : portRange(port);
  if ((port !== undefined && ports === undefined) || (address === undefined && ports === undefined)) return undefined;
  return { ...(address === undefined ? {} : { address }), ...(ports === undefined ? {} : { ports }) };
}
