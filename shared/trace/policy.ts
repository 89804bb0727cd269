// Which route a packet takes: the policy rules in order, each leading to a table (ip-rule(8); fib_rules_lookup in
// net/core/fib_rules.c). A rule that asks what is not known leads to both: where it matches, and where it does not.
import type { Evidence } from '../model/evidence.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Route, Rule } from '../model/route.ts';
import { isIn, type Look } from './look.ts';
import type { Doubt, Packet } from './path.ts';
import { lookUpTable, type Found } from './tables.ts';

export interface Asking {
  readonly netns: NamespaceId;
  readonly packet: Packet;
  /** The link it came in by; `undefined`: it is sent here. */
  readonly incoming: Link | undefined;
  /** The link whose VRF is asked for, where that is not `incoming`. */
  readonly enslaved?: Link;
}

export interface Choice {
  /** One next hop, or several of which one is taken; none: there is no route. */
  readonly hops: readonly Route[];
  readonly rule: Rule | undefined;
  /** The rule itself says no (prohibit …). */
  readonly refused: string | undefined;
  readonly doubts: readonly Doubt[];
  /** Others are as possible: this is one of the candidates. */
  readonly isOne: boolean;
  /** Of the rule that led there. */
  readonly ruleEvidence: readonly Evidence[];
}

/** Candidates, the likely one first; one where it is decided. */
export function routesFor(look: Look, asking: Asking): readonly Choice[] {
  const { netns, packet } = asking;
  const rules = look.rulesOf(netns, packet.family);
  const assumed = rules.length === 0;
  const walk = new Walk(look, asking, assumed ? assumedRules(netns, packet.family) : rules);
  walk.from(0, [], true);
  const candidates = distinct(walk.candidates.toSorted((a, b) => Number(b.likely) - Number(a.likely)));
  return candidates.map((one): Choice => ({
    hops: one.hops,
    rule: assumed ? undefined : one.rule,
    refused: one.refused,
    doubts: [
      ...(assumed ? [{ code: 'rules-not-seen', text: '' } as const] : []),
      ...(candidates.length > 1 ? one.doubts : []),
    ],
    isOne: candidates.length > 1,
    ruleEvidence: assumed ? [] : (one.rule?.evidence ?? []),
  }));
}

const assumedRules = (netns: NamespaceId, family: Rule['family']): readonly Rule[] =>
  [
    [0, 'local'],
    [32766, 'main'],
    [32767, 'default'],
  ].map(([priority, table]) => ({
    netns,
    family,
    priority: Number(priority),
    source: 'all',
    table: String(table),
    selectors: {},
    evidence: [],
  }));

interface Candidate {
  readonly hops: readonly Route[];
  readonly rule: Rule | undefined;
  readonly refused: string | undefined;
  readonly doubts: readonly Doubt[];
  readonly likely: boolean;
}

/** Rules that cannot be decided double the candidates. */
const mostCandidates = 8;
const mostSteps = 2000;

class Walk {
  readonly candidates: Candidate[] = [];
  readonly #look: Look;
  readonly #asking: Asking;
  readonly #rules: readonly Rule[];
  #steps = 0;

  constructor(look: Look, asking: Asking, rules: readonly Rule[]) {
    this.#look = look;
    this.#asking = asking;
    this.#rules = rules;
  }

  from(first: number, doubts: readonly Doubt[], likely: boolean): void {
    let [told, probable] = [doubts, likely];
    for (let at = first; at < this.#rules.length; at += 1) {
      const rule = this.#rules[at];
      this.#steps += 1;
      if (!rule || this.#steps > mostSteps || this.candidates.length >= mostCandidates) return;
      const { matches, likely: asUsual, text } = matchOf(rule, this.#asking, this.#look);
      if (matches === false) continue;
      if (matches === undefined) {
        const doubt: Doubt = { code: 'policy-rule', text: `${rule.priority}: ${text}` };
        told = [...told, doubt];
        if (!this.#apply(rule, told, probable && asUsual)) continue;
        probable &&= !asUsual;
        continue;
      }
      const goesTo = targetOf(rule);
      if (goesTo !== undefined) {
        const next = this.#rules.findIndex(({ priority }) => priority === goesTo);
        // The kernel takes a goto without a target for one that does not match.
        if (next > at) return this.from(next, told, probable);
        continue;
      }
      if (this.#apply(rule, told, probable)) return;
    }
    this.candidates.push({ hops: [], rule: undefined, refused: undefined, doubts: told, likely: probable });
  }

  /** True: what the rule leads to is found. */
  #apply(rule: Rule, doubts: readonly Doubt[], likely: boolean): boolean {
    const { selectors } = rule;
    const goesTo = targetOf(rule);
    if (goesTo !== undefined) {
      const next = this.#rules.findIndex(({ priority }) => priority === goesTo);
      if (next === -1) return false;
      this.from(next, doubts, likely);
      return true;
    }
    if ('nop' in selectors) return false;
    const action = selectors['action'];
    if (action !== undefined && action !== 'to_tbl') {
      this.candidates.push({ hops: [], rule, refused: action, doubts, likely });
      return true;
    }
    const table = rule.table ?? vrfTable(this.#asking, this.#look, rule);
    if (table === undefined) return false;
    const { netns, packet, incoming } = this.#asking;
    const found = lookUpTable(this.#look, netns, packet.family, table, packet.destination, incoming?.name);
    const [route] = found?.hops ?? [];
    if (!found || !route || route.type === 'throw') return false;
    const suppress = selectors['suppress_prefixlen'];
    if (suppress !== undefined && found.length <= Number(suppress)) return false;
    const merged = this.#mergedWith(table, found);
    for (const longer of merged) {
      this.candidates.push({
        hops: longer.hops,
        rule,
        refused: undefined,
        doubts: [...doubts, { code: 'merged-tables', text: route.destination }],
        likely,
      });
    }
    const mixed: readonly Doubt[] = merged.length > 0 ? [{ code: 'merged-tables', text: route.destination }] : [];
    const several: readonly Doubt[] =
      found.equals.length > 0 ? [{ code: 'several-routes', text: route.destination }] : [];
    for (const hops of [found.hops, ...found.equals]) {
      this.candidates.push({ hops, rule, refused: undefined, doubts: [...doubts, ...mixed, ...several], likely });
    }
    return true;
  }

  /**
   * As long as no rule was ever added to a network namespace, IPv4's tables local and main are one: a longer prefix of main
   * goes before a shorter one of local (fib_trie_unmerge in net/ipv4/fib_trie.c). Whether there ever was one is not told.
   */
  #mergedWith(table: string, found: Found): readonly Found[] {
    const { netns, packet } = this.#asking;
    if (table !== 'local' || packet.family !== 'inet' || found.length === 32 || this.#rules.length > 3) return [];
    const main = lookUpTable(this.#look, netns, packet.family, 'main', packet.destination);
    return main && main.length > found.length ? [main] : [];
  }
}

/** `goto N`. */
const targetOf = ({ selectors }: Rule): number | undefined =>
  selectors['goto'] === undefined ? undefined : Number(selectors['goto']);

interface Matching {
  readonly matches: boolean | undefined;
  /** What it comes to with a socket as most are: no mark, no device, the owner as seen. */
  readonly likely: boolean;
  /** The selectors that are not known. */
  readonly text: string;
}

const known = (matches: boolean): Matching => ({ matches, likely: matches, text: '' });
const unknown = (text: string, likely: boolean): Matching => ({ matches: undefined, likely, text });

function matchOf(rule: Rule, asking: Asking, look: Look): Matching {
  const parts = [
    sourceMatch(rule, asking),
    rule.destination === undefined ? known(true) : prefixMatch(asking.packet.destination, rule.destination),
    ...Object.entries(rule.selectors).map(([key, value]) => selectorMatch(key, value, rule, asking, look)),
  ];
  const no = parts.some(({ matches }) => matches === false);
  const open = parts.filter(({ matches }) => matches === undefined);
  const inverted = 'not' in rule.selectors;
  const text = [inverted ? 'not' : '', ...open.map((part) => part.text)].filter((part) => part !== '').join(' ');
  const likely = parts.every((part) => part.likely) !== inverted;
  if (no) return known(inverted);
  return open.length > 0 ? { matches: undefined, likely, text } : known(!inverted);
}

function sourceMatch({ source }: Rule, { packet, incoming }: Asking): Matching {
  if (source === 'all') return known(true);
  if (packet.source !== undefined) return prefixMatch(packet.source, source);
  // Before a source is chosen the kernel asks with none, which is in no prefix but the one of length 0.
  if (incoming === undefined) return known(source.endsWith('/0'));
  return unknown(`from ${source}`, false);
}

function prefixMatch(address: string, prefix: string): Matching {
  const inside = prefix === 'all' ? true : isIn(address, prefix);
  return inside === undefined ? unknown(prefix, false) : known(inside);
}

/** Says nothing about packets. */
const aside: ReadonlySet<string> = new Set([
  'not',
  'protocol',
  'goto',
  'nop',
  'action',
  'suppress_prefixlen',
  'unresolved',
]);
const protocolNumbers: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'ipv6-icmp' };

function selectorMatch(key: string, value: string, rule: Rule, asking: Asking, look: Look): Matching {
  const { packet, incoming } = asking;
  const { selectors } = rule;
  if (aside.has(key)) return known(true);
  switch (key) {
    case 'iif':
      if ('iif_detached' in selectors) return known(false);
      if (incoming === undefined) return known(value === 'lo');
      if (incoming.name === value) return known(true);
      return vrfOf(look, incoming)?.name === value ? unknown(`iif ${value}`, true) : known(false);
    case 'iif_detached':
    case 'oif_detached':
      return known(false);
    case 'oif':
      // Of what is forwarded it is not asked; a process may have bound its socket to a device.
      return incoming === undefined ? unknown(`oif ${value}`, false) : known(false);
    case 'l3mdev':
      if (incoming === undefined) return unknown('l3mdev', false);
      return known(vrfOf(look, asking.enslaved ?? incoming) !== undefined);
    case 'fwmark': {
      const mask = selectors['fwmask'];
      return unknown(`fwmark ${value}${mask === undefined ? '' : `/${mask}`}`, Number(value) === 0);
    }
    case 'fwmask':
    case 'uid_end':
    case 'sport_end':
    case 'dport_end':
      return known(true);
    case 'ipproto': {
      const name = protocolNumbers[value] ?? value;
      if (packet.protocol === undefined) return unknown(`ipproto ${value}`, false);
      return known(name === packet.protocol || (name === 'ipv6-icmp' && packet.protocol === 'icmp'));
    }
    case 'dport':
    case 'dport_start': {
      const last = Number(selectors['dport_end'] ?? value);
      if (packet.port === undefined) return unknown(`dport ${value}`, false);
      return known(Number(value) <= packet.port && packet.port <= last);
    }
    case 'tos':
    case 'dsfield':
      return unknown(`${key} ${value}`, Number(value) === 0);
    default:
      return unknown(value === '' ? key : `${key} ${value}`, false);
  }
}

/** The VRF that a link is a port of. */
function vrfOf(look: Look, link: Link): Link | undefined {
  const [master] = look.from(link.id, 'master');
  const device = master && look.links.get(master.to);
  return device?.kind === 'vrf' ? device : undefined;
}

/** Where a rule `l3mdev` leads: the table of the VRF that it came in by. */
function vrfTable({ incoming, enslaved }: Asking, look: Look, { selectors }: Rule): string | undefined {
  if (!('l3mdev' in selectors) || !incoming) return undefined;
  const table = vrfOf(look, enslaved ?? incoming)?.data['table'];
  return typeof table === 'number' || typeof table === 'string' ? String(table) : undefined;
}

/** The same outcome by several rules is decided after all. */
function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Map<string, Candidate>();
  for (const one of candidates) {
    const key = `${one.refused ?? ''} ${one.hops.map(({ id }) => id).join(' ')}`;
    const before = seen.get(key);
    if (!before) seen.set(key, one);
  }
  return [...seen.values()];
}
