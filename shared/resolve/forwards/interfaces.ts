// Names of interfaces as rules ask for them: whole ones, and beginnings of names (`eth*` of nft, `eth+` of iptables).
import type { Selection } from '../../model/firewall.ts';

const isBeginning = (name: string): boolean => /[+*]$/.test(name);
const stem = (name: string): string => name.slice(0, -1);

/** Every name that `one` means is meant by `other` too. */
const covers = (other: string, one: string): boolean =>
  isBeginning(other) ? (isBeginning(one) ? stem(one) : one).startsWith(stem(other)) : other === one;

const isNamed = ({ not, any }: Selection, name: string): boolean => any.some((one) => covers(one, name)) !== not;

/** Whether no interface has a name that is in both. */
export function areDisjointNames(a: Selection, b: Selection): boolean {
  if (a.not && b.not) return false;
  if (a.not) return areDisjointNames(b, a);
  return b.not
    ? a.any.every((one) => b.any.some((other) => covers(other, one)))
    : !a.any.some((one) => b.any.some((other) => covers(other, one) || covers(one, other)));
}

/** Interfaces of these that all of them let come in; undefined: any, but for what is named as not. */
export function namedBy(selections: readonly Selection[], names: readonly string[]): readonly string[] | undefined {
  if (selections.every(({ not }) => not)) return undefined;
  return names.filter((name) => selections.every((one) => isNamed(one, name)));
}
