// Whether a packet is what a rule of the firewall is for: yes, no, or not known.
import { rangeOf, selects } from '../model/address-range.ts';
import type { RuleMatch, Selection } from '../model/firewall.ts';
import type { Packet } from './path.ts';

/** A packet at one hook. */
export interface Passing {
  readonly packet: Packet;
  /** Names of the links it came in and goes out by; '' where there is none, `undefined`: not known. */
  readonly incoming: string | undefined;
  readonly outgoing: string | undefined;
  /** Its destination is an address of this network namespace; `undefined`: not known. */
  readonly local: boolean | undefined;
  /** Its destination was rewritten here before. */
  readonly translated: boolean;
  /** False before the kernel has looked for its connection (priority -200 of prerouting and output): it has no state yet. */
  readonly tracked?: boolean | 'not-told';
  /** A rule said that it has none (notrack). */
  readonly untracked?: boolean;
  /** Whoever may send it: asked is what becomes of it if its sender is one that rules let pass. */
  readonly anybody?: true;
}

type Answer = boolean | undefined;

export function matches(match: RuleMatch, passing: Passing): Answer {
  const { packet, incoming, outgoing, local } = passing;
  const family = packet.family === 'inet6' ? 'ip6' : 'ip';
  return all([
    match.family === undefined || match.family === family,
    protocolMatches(match.protocols, packet),
    match.destination === undefined ? true : addressMatches(match.destination, packet.destination),
    match.source === undefined
      ? true
      : packet.source === undefined
        ? sourceOpen(match.source)
        : addressMatches(match.source, packet.source),
    portsMatch(match.ports, packet),
    match.local === undefined || (local === undefined ? undefined : match.local === local),
    nameMatches(match.incoming, incoming),
    nameMatches(match.outgoing, outgoing),
    match.shared === true ? undefined : true,
    ...match.other.map((text) => conditionMatches(text, passing)),
  ]);
}

/** It is for such a packet, but for who sends it and where that comes in. */
export function asksWho(match: RuleMatch, passing: Passing): boolean {
  const { source: _source, incoming: _incoming, ...others } = match;
  return matches({ ...others, other: match.other.filter((text) => !asksSender.test(text)) }, passing) === true;
}
/** Whether its way back is the one it came by, and what else is asked of its source. */
const asksSender =
  /^(?:fib saddr |ether saddr |iifgroup |meta iif(?:group|type) |-m rpfilter$|--(?:loose|validmark|accept-local|invert)$)/;

/** No goes before not known. */
function all(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** `0.0.0.0/0` is everybody's. */
const sourceOpen = ({ not, any }: Selection): Answer =>
  !not && any.some((one) => one.endsWith('/0')) ? true : undefined;

/** Sets may hold single addresses of the other family. */
function addressMatches(selection: Selection, address: string): Answer {
  const wanted = rangeOf(address)?.family;
  if (wanted !== undefined && selection.any.every((one) => (rangeOf(one)?.family ?? wanted) !== wanted)) {
    return selection.not;
  }
  return selects(selection, address);
}

function protocolMatches(protocols: readonly string[] | undefined, { protocol, family }: Packet): Answer {
  if (!protocols) return true;
  if (protocol === undefined) return protocols.includes('all') ? true : undefined;
  const name = protocol === 'icmp' && family === 'inet6' ? ['ipv6-icmp', 'icmpv6', 'icmp6'] : [protocol];
  return protocols.some((one) => one === 'all' || name.includes(one));
}

function portsMatch(ports: RuleMatch['ports'], { protocol, port }: Packet): Answer {
  if (!ports) return true;
  // `th dport` reads the same bytes of whatever it is, of a ping its checksum.
  return protocol === 'icmp' || port === undefined
    ? undefined
    : ports.some(([first, last]) => first <= port && port <= last);
}

/** `eth+` of iptables and `eth*` of nft begin with it. */
function nameMatches(selection: Selection | undefined, name: string | undefined): Answer {
  if (!selection) return true;
  if (name === undefined) return undefined;
  const inside = selection.any.some((one) =>
    /[+*]$/.test(one) ? name.startsWith(one.slice(0, -1)) && name !== '' : one === name,
  );
  return inside !== selection.not;
}

/** What a first packet's connection is: new, and from here. */
function conditionMatches(text: string, passing: Passing): Answer {
  const { translated, tracked = true, untracked = false } = passing;
  if (tracked === 'not-told') {
    const [before, behind] = [false, true].map((one) => conditionMatches(text, { ...passing, tracked: one }));
    return before === behind ? before : undefined;
  }
  const state = untracked ? 'untracked' : tracked ? undefined : 'invalid';
  const nft = /^ct (state|status|direction) (!= )?\{? ?([a-z, ]+?) ?\}?$/.exec(text);
  if (nft && state) return untrackedMatches(state, nft[1] ?? '', wordsOf(nft[3] ?? ''), nft[2] !== undefined);
  if (nft) return stateMatches(nft[1] ?? '', wordsOf(nft[3] ?? ''), nft[2] !== undefined, translated);
  const iptables = /^(! )?--(ctstate|state|ctstatus|ctdir) ([A-Za-z,]+)$/.exec(text);
  if (!iptables) return undefined;
  const kind = { ctstate: 'state', state: 'state', ctstatus: 'status', ctdir: 'direction' }[iptables[2] ?? ''] ?? '';
  const words = wordsOf((iptables[3] ?? '').toLowerCase());
  if (state) return untrackedMatches(state, kind, words, iptables[1] !== undefined);
  return stateMatches(kind, words, iptables[1] !== undefined, translated);
}

const wordsOf = (text: string): readonly string[] => text.split(/[,\s]+/).filter((word) => word !== '');

/** Without a connection the state is invalid, or untracked (nft_ct_get_eval); what else is asked of one does not match at all. */
const untrackedMatches = (
  state: 'invalid' | 'untracked',
  kind: string,
  words: readonly string[],
  not: boolean,
): Answer => kind === 'state' && words.includes(state) !== not;

function stateMatches(kind: string, words: readonly string[], not: boolean, translated: boolean): Answer {
  if (kind === 'direction') return words.includes('original') !== not;
  // Whether it was rewritten elsewhere in the kernel (by another program) is not seen.
  if (words.includes('dnat') && (kind === 'status' || words.length === 1)) return translated ? !not : undefined;
  if (kind === 'status') return undefined;
  if (words.includes('new')) return !not;
  if (words.length === 1 && words[0] === 'untracked') return not;
  if (words.includes('snat') || words.includes('dnat')) return undefined;
  // The first of a connection is none of an established one; that it is `related` or broken is not what is asked.
  return not;
}
