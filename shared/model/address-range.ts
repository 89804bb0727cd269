// Addresses, prefixes (`10.0.0.0/8`) and ranges (`10.0.0.1-10.0.0.4`) as numbers, to say whether one is in another.
import type { Selection } from './firewall.ts';

export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Whether one address is selected; undefined: one of the two is no address (a host name, say). */
export function selects(selection: Selection, address: string): boolean | undefined {
  const one = rangeOf(address);
  const ranges = selection.any.map(rangeOf);
  if (!one) return undefined;
  const inside = ranges.some((range) => range && contains(range, one));
  if (!inside && ranges.includes(undefined)) return undefined;
  return inside !== selection.not;
}

/** Whether no address is in both. False where it is not known. */
export function areDisjoint(a: Selection, b: Selection): boolean {
  if (a.not && b.not) return false;
  if (a.not) return areDisjoint(b, a);
  const of = a.any.map(rangeOf);
  const other = b.any.map(rangeOf);
  if (of.includes(undefined) || other.includes(undefined)) return false;
  return b.not
    ? of.every((range) => range && other.some((out) => out && contains(out, range)))
    : !of.some((range) => range && other.some((out) => out && overlap(out, range)));
}

/** All of `inner` is in `outer`. */
export const contains = (outer: AddressRange, inner: AddressRange): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
const overlap = (a: AddressRange, b: AddressRange): boolean =>
  a.family === b.family && a.first <= b.last && b.first <= a.last;

/** undefined: neither an address nor a prefix nor a range. */
export function rangeOf(text: string): AddressRange | undefined {
  const dash = text.indexOf('-');
  if (dash !== -1) {
    const first = rangeOf(text.slice(0, dash));
    const last = rangeOf(text.slice(dash + 1));
    return first && last && first.family === last.family ? { ...first, last: last.last } : undefined;
  }
  const [address = '', length] = text.split('/');
  const value = address.includes(':') ? ipv6(address) : ipv4(address);
  if (value === undefined) return undefined;
  const family = address.includes(':') ? 6 : 4;
  const bits = family === 6 ? 128 : 32;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const first = (value / size) * size;
  return { family, first, last: first + size - 1n };
}

function ipv4(text: string): bigint | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ipv6(text: string): bigint | undefined {
  if (!/^[0-9a-fA-F:]{2,39}$/.test(text)) return undefined;
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
