// Whether a policy rule is for a packet: yes, no, or not known (ip-rule(8); fib_rule_match in net/core/fib_rules.c).
import type { Link } from '../model/link.ts';
import type { Rule } from '../model/route.ts';
import { isIn, type Look } from './look.ts';
import type { Asking } from './tables.ts';

interface Matching {
  readonly matches: boolean | undefined;
  /** What it comes to with a socket as most are: no mark, no device, the owner as seen. */
  readonly likely: boolean;
  /** The selectors that are not known. */
  readonly text: string;
}

const known = (matches: boolean): Matching => ({ matches, likely: matches, text: '' });
const unknown = (text: string, likely: boolean): Matching => ({ matches: undefined, likely, text });

export function matchOf(rule: Rule, asking: Asking, look: Look): Matching {
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
    case 'sport_mask':
    case 'dport_end':
    case 'dport_mask':
      // Said with what they belong to.
      return known(true);
    case 'ipproto': {
      const name = protocolNumbers[value] ?? value;
      if (packet.protocol === undefined) return unknown(`ipproto ${value}`, false);
      return known(name === packet.protocol || (name === 'ipv6-icmp' && packet.protocol === 'icmp'));
    }
    case 'sport':
    case 'sport_start':
      return unknown(`sport ${portsOf('sport', value, selectors)}`, false);
    case 'dport':
    case 'dport_start': {
      if (packet.port === undefined) return unknown(`dport ${portsOf('dport', value, selectors)}`, false);
      const last = Number(selectors['dport_end'] ?? value);
      const mask = Number(selectors['dport_mask'] ?? 0xffff);
      return known(Number(value) <= (packet.port & mask) && (packet.port & mask) <= last);
    }
    case 'tos':
    case 'dsfield':
      return unknown(`${key} ${value}`, Number(value) === 0);
    default:
      return unknown(value === '' ? key : `${key} ${value}`, false);
  }
}

/** As ip-rule(8) takes them: `80`, `1-2`, `0x50/0xfff0`. */
function portsOf(key: 'sport' | 'dport', value: string, selectors: Rule['selectors']): string {
  const [end, mask] = [selectors[`${key}_end`], selectors[`${key}_mask`]];
  return `${value}${end === undefined ? '' : `-${end}`}${mask === undefined || mask === '0xffff' ? '' : `/${mask}`}`;
}

/** The VRF that a link is a port of. */
export function vrfOf(look: Look, link: Link): Link | undefined {
  const [master] = look.from(link.id, 'master');
  const device = master && look.links.get(master.to);
  return device?.kind === 'vrf' ? device : undefined;
}
