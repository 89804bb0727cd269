// The firewall of one network namespace: tables, chains, and the rules that packets meet.
import type { Certainty, Evidence } from './evidence.ts';
import type { NamespaceId } from './id.ts';

/** Which packets a rule is for, as far as it is read. What is absent does not matter to it. */
export interface RuleMatch {
  /** `ip` or `ip6`, where the rule is for one of them only. */
  readonly family?: 'ip' | 'ip6';
  /** `tcp`, `udp` …: one of these. */
  readonly protocols?: readonly string[];
  readonly destination?: Selection;
  readonly source?: Selection;
  /** Destination ports, first and last of each range. */
  readonly ports?: readonly (readonly [number, number])[];
  /** The destination is an address of the host itself (`fib daddr type local`, `--dst-type LOCAL`). */
  readonly local?: boolean;
  readonly incoming?: Selection;
  readonly outgoing?: Selection;
  /** Only some of the connections, by turns or by chance (`numgen`, `-m statistic`). */
  readonly shared?: boolean;
  /** Conditions that are not read further, as they stand. */
  readonly other: readonly string[];
}

/** One of these, or none of these: addresses, prefixes, ranges, or interface names. */
export interface Selection {
  readonly not: boolean;
  readonly any: readonly string[];
}

/** What a rule does with a packet that matches. */
export type RuleAction =
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  | { readonly kind: 'dnat'; readonly address?: string; readonly ports?: readonly [number, number] }
  | { readonly kind: 'redirect'; readonly ports?: readonly [number, number] }
  | { readonly kind: 'snat'; readonly address: string }
  | { readonly kind: 'masquerade' }
  /** `accept`, `drop`, `reject`, `return` …: it goes no further in this chain. */
  | { readonly kind: 'verdict'; readonly verdict: string }
  /** A map: what is done depends on a value of the packet. */
  | { readonly kind: 'choice'; readonly branches: readonly Branch[] }
  /** Counts, marks or logs; the next rule follows. */
  | { readonly kind: 'none' }
  /** Not known; `rewrites`: another address, port or packet, it is not known which. */
  | { readonly kind: 'unread'; readonly text: string; readonly rewrites?: true };

export interface Branch {
  readonly match: RuleMatch;
  readonly action: RuleAction;
}

export interface FirewallRule {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** As `nft -a` prints it; iptables has none. */
  readonly handle?: number;
  /** As it was printed, without its handle. */
  readonly text: string;
  readonly match: RuleMatch;
  readonly action: RuleAction;
  /** Besides: from here on the packet has no connection, and is not rewritten (`notrack`, `-j CT --notrack`). */
  readonly notrack?: true;
  readonly evidence: Evidence;
}

export interface FirewallChain {
  /** `ip`, `ip6`, `inet`, `arp`, `bridge`, `netdev`. */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** Of a base chain: `nat`, `filter`, `route`; where it hooks in; when; what happens to a packet at its end. */
  readonly type?: string;
  readonly hook?: string;
  readonly priority?: string;
  readonly policy?: string;
  /** How many rules are in it. */
  readonly rules: number;
  readonly evidence: Evidence;
}

/** What leaves is given another source address. */
export interface OutgoingTranslation {
  readonly family: 'ip' | 'ip6' | undefined;
  /** Whose packets: addresses and prefixes; empty: anybody's. */
  readonly sources: readonly string[];
  /** `undefined`: the address of the interface it leaves by (masquerade). */
  readonly address: string | undefined;
  /** Interface it leaves by, or (`!`) does not leave by, where the rule says so. */
  readonly interface: string | undefined;
  /** What else is asked of a packet, in nft's words; all of it. */
  readonly conditions: readonly string[];
  /** Conditions that are not read further. */
  readonly other: readonly string[];
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
}

export interface Firewall {
  readonly netns: NamespaceId;
  /** Who told: `nft`, or `iptables` and `ip6tables` for the old tables. */
  readonly by: 'nft' | 'iptables' | 'ip6tables';
  /** `family name` of each. */
  readonly tables: readonly string[];
  readonly chains: readonly FirewallChain[];
  /** How many rules there are. */
  readonly rules: number;
  /** What leaves with another source address. */
  readonly outgoing: readonly OutgoingTranslation[];
  /** The rules of its nat chains, and of those they lead to, in order. */
  readonly natRules: readonly FirewallRule[];
  /** The same of its other chains that IP packets come to; fewer than there are where there are very many. */
  readonly filterRules: readonly FirewallRule[];
  /** Told by iptables over nftables: nft lists the same tables, as far as it can say them. */
  readonly throughNft?: true;
  /** There may be more in this network namespace than was read: an answer was cut, refused or not understood, or nothing lists it. */
  readonly incomplete?: true;
  readonly evidence: readonly Evidence[];
}

export type UnresolvedFirewall = Omit<Firewall, 'outgoing'>;
