// Statements that a rule goes on behind (nft(8), STATEMENTS): those that never stop it, and those that may, which are
// conditions: where a limit is used up, a set is full or what is to be written is not there, the rule ends as if it did not
// match (NFT_BREAK).
import { bare, beginsExpression, expressionEnd, isAlwaysThere, selectorEnd } from './nft-expressions.ts';
import { textOf } from './nft-words.ts';
import type { Word } from './nft-words.ts';

export interface Statement {
  /** The word behind it. */
  readonly end: number;
  /** It is a condition, that is not read further. */
  readonly asks?: true;
  /** The packet has other addresses, ports or bytes behind it. */
  readonly rewrites?: true;
  /** The packet may not arrive any more. */
  readonly loses?: true;
  readonly notrack?: true;
}

const keywords: ReadonlySet<string> = new Set([
  ...[
    'counter',
    'log',
    'notrack',
    'last',
    'dup',
    'flow',
    'add',
    'update',
    'delete',
    'meter',
    'limit',
    'quota',
    'reset',
  ],
  ...['xt', 'accept', 'drop', 'return', 'continue', 'reject', 'queue', 'jump', 'goto', 'dnat', 'snat', 'masquerade'],
  ...['redirect', 'tproxy', 'synproxy', 'fwd'],
]);

/** Whether a statement may begin with this word: where none does, what stands before was not understood. */
export const begins = (text: string): boolean => keywords.has(text) || beginsExpression(text);

/** The statement that begins at a word; undefined: another one, or one that has not the form. */
export function statementAt(words: readonly Word[], at: number): Statement | undefined {
  const next = at + 1;
  const second = bare(words, next);
  switch (bare(words, at)) {
    case 'notrack':
      return { end: next, notrack: true };
    case 'counter':
      if (second === 'packets') return { end: at + 5 };
      return second === 'name' ? byName(words, at) : { end: next };
    case 'last':
      return { end: second === 'used' ? at + 3 : next };
    case 'log':
      return { end: logEnd(words, next) };
    case 'dup':
      return second === 'to' ? copied(words, at + 2) : undefined;
    case 'flow':
      return second === 'add' || second === 'offload' ? { end: at + 3, asks: true } : undefined;
    case 'add':
    case 'update':
    case 'delete':
      return words[at + 2]?.braced ? { end: at + 3, asks: true } : undefined;
    case 'limit':
      return second === 'name' ? byName(words, at) : limitEnd(words, next);
    case 'quota':
      return second === 'name' ? byName(words, at) : quotaEnd(words, next);
    case 'meter':
      return meterEnd(words, at + 2);
    case 'reset':
      return second === 'tcp' && bare(words, at + 2) === 'option' ? { end: at + 4, asks: true } : undefined;
    case 'xt':
      return second === 'match' ? { end: at + 3, asks: true } : undefined;
    case 'ct':
      if (second === 'count') return { end: bare(words, at + 2) === 'over' ? at + 4 : at + 3, asks: true };
      return writes(words, at);
    default:
      return writes(words, at);
  }
}

const logOptions: ReadonlySet<string> = new Set(['prefix', 'group', 'snaplen', 'queue-threshold', 'level', 'flags']);

function logEnd(words: readonly Word[], from: number): number {
  let at = from;
  while (logOptions.has(bare(words, at))) {
    // `flags tcp sequence,options`, `flags ip options`; the others have one word.
    const two = bare(words, at) === 'flags' && ['tcp', 'ip'].includes(bare(words, at + 1));
    at += two ? 3 : 2;
  }
  return at;
}

/** `counter name "web"`; `limit name tcp dport map { 80 : "web" }`, that may have none. */
function byName(words: readonly Word[], at: number): Statement | undefined {
  const end = expressionEnd(words, at + 2);
  if (end === undefined) return undefined;
  const passes = bare(words, at) === 'counter' && end === at + 3;
  return passes ? { end } : { end, asks: true };
}

/** `to 10.0.0.5 device "eth0"`: a copy; the packet itself goes on. */
function copied(words: readonly Word[], from: number): Statement | undefined {
  const to = expressionEnd(words, from);
  const end = to !== undefined && bare(words, to) === 'device' ? expressionEnd(words, to + 1) : to;
  if (end === undefined) return undefined;
  return end - from === (end === to ? 1 : 3) ? { end } : { end, asks: true };
}

/** `rate over 10/second burst 5 packets`, `rate 10 mbytes/second burst 5 kbytes`. */
function limitEnd(words: readonly Word[], from: number): Statement | undefined {
  if (bare(words, from) !== 'rate') return undefined;
  let at = from + 1;
  if (['over', 'until'].includes(bare(words, at))) at += 1;
  at += bare(words, at).includes('/') ? 1 : 2;
  if (bare(words, at) === 'burst') at += 3;
  return { end: at, asks: true };
}

/** `over 25 mbytes used 0 bytes`. */
function quotaEnd(words: readonly Word[], from: number): Statement {
  let at = from;
  if (['over', 'until'].includes(bare(words, at))) at += 1;
  at += 2;
  if (bare(words, at) === 'used') at += 3;
  return { end: at, asks: true };
}

/** `meter flood size 65535 { ip saddr limit rate 10/second }`, as nft printed it before 0.9. */
function meterEnd(words: readonly Word[], from: number): Statement | undefined {
  const at = bare(words, from) === 'size' ? from + 2 : from;
  return words[at]?.braced ? { end: at + 1, asks: true } : undefined;
}

/** Of the packet's own bytes those that neither say whose it is nor where it goes. */
const harmless: ReadonlySet<string> = new Set(['ip dscp', 'ip ecn', 'ip6 dscp', 'ip6 ecn', 'ip6 flowlabel']);
const hopCounts: ReadonlySet<string> = new Set(['ip ttl', 'ip6 hoplimit']);
/** What the kernel alone keeps with it. Another `pkttype` makes IP drop it, and `broute` has IP take it from a bridge. */
const ofKernel = /^(?:meta (?:mark|priority|nftrace|secmark)|mark set|priority set|ct .*)$/;

/** A hop count that no way uses up: Linux itself sends with 64. */
export const isEnough = (hops: string): boolean => /^\d{2,3}$/.test(hops) && Number(hops) >= 64;

/** `meta mark set 0x1`, `ct helper set "ftp"`, `ip dscp set cs1`, `ip daddr set 10.0.0.5`. */
function writes(words: readonly Word[], at: number): Statement | undefined {
  const what = `${bare(words, at)} ${bare(words, at + 1)}`;
  const isObject = ['ct helper', 'ct timeout', 'ct expectation'].includes(what);
  const left = isObject ? at + 2 : selectorEnd(words, at);
  if (left === undefined || bare(words, left) !== 'set') return undefined;
  const end = expressionEnd(words, left + 1);
  if (end === undefined) return undefined;
  const value = words.slice(left + 1, end);
  if (hopCounts.has(what)) return value.length === 1 && isEnough(bare(value, 0)) ? { end } : { end, loses: true };
  if (what.startsWith('meta ') && !ofKernel.test(what))
    return textOf(words.slice(at, end)) === 'meta pkttype set host' ? { end } : { end, loses: true };
  const stays = ofKernel.test(what) || harmless.has(what);
  if (!stays && !['tcp option', 'ip option'].includes(what)) return { end, rewrites: true };
  const passes = stays && what !== 'ct expectation' && isAlwaysThere(value);
  return passes ? { end } : { end, asks: true };
}
