// `ip address show` in words, where ip has no JSON: iproute2 before 4.14 (asked with -d -s), and BusyBox's (iproute2
// ip/ipaddress.c, print_linkinfo and print_addrinfo; BusyBox networking/libiproute/ipaddress.c).
//
//   19: veth2@if18: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue master br0 state UP mode DEFAULT
//       link/ether 1a:34:cf:83:2c:11 brd ff:ff:ff:ff:ff:ff link-netnsid 1 promiscuity 1
//       veth                                         kind, with -d
//       bridge_slave addrgenmode eui64               what it is a port of, with -d
//       inet 172.17.0.2/16 brd 172.17.255.255 scope global eth0
//          valid_lft forever preferred_lft forever
//       RX: bytes  packets  errors  dropped overrun mcast       with -s
//       1296       16       0       0       0       0
//
// iproute2 writes `@if18` where the other end is in another network namespace (link-netnsid), `@eth0` where it is in the
// same, `@NONE` where there is none. BusyBox knows no link-netnsid: it looks the other's index up among the names of this
// network namespace, whichever it belongs to, so what it writes there means nothing. It tells no kind either.
// `@` may be a part of a name, and only the names in /proc/net/dev tell.
import type { NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import { evidenceAt, unparsableAt } from '../parsed.ts';
import type { Source, Unparsable } from '../parsed.ts';
import type { JsonObject } from '../json-values.ts';
import { readLink } from './address.ts';

export interface AddressText {
  readonly links: readonly Link[];
  readonly unparsable: readonly Unparsable[];
}

type Draft = Record<string, unknown>;

/**
 * `detailed`: iproute2 was asked with -d -s. `names`: the devices of this network namespace, where they are known otherwise.
 * A link gets the same form as one told in JSON; of what kind it is BusyBox's does not say: `unknown`.
 */
export function parseAddressText(
  source: Source,
  netns: NamespaceId,
  { detailed, names }: { readonly detailed: boolean; readonly names: ReadonlySet<string> },
): AddressText {
  const links: Link[] = [];
  const unparsable: Unparsable[] = [];
  let draft: Draft | undefined;
  let begun = 0;
  let counting: 'rx' | 'tx' | undefined;
  const finish = (): void => {
    const link = draft && readLink(netns, { object: draft as JsonObject, evidence: evidenceAt(source, begun) });
    if (link) links.push(link);
    draft = undefined;
  };
  source.output.split('\n').forEach((line, at) => {
    if (line.trim() === '') return;
    if (!line.startsWith(' ')) {
      finish();
      draft = readHead(line, detailed, names);
      begun = at + 1;
      if (!draft) unparsable.push(unparsableAt(source, at + 1, line));
      return;
    }
    if (!draft) return;
    if (counting) {
      draft['stats64'] = { ...(draft['stats64'] as object | undefined), [counting]: readCounters(line) };
      counting = undefined;
      return;
    }
    counting = /^ {4}RX:/.test(line) ? 'rx' : /^ {4}TX:/.test(line) ? 'tx' : undefined;
    if (!counting) readDetail(draft, line, detailed);
  });
  finish();
  return { links, unparsable };
}

function readHead(line: string, detailed: boolean, names: ReadonlySet<string>): Draft | undefined {
  const match = /^(\d+): (\S+): <([^>]*)> (.*)$/.exec(line);
  if (!match) return undefined;
  const [, index, said = '', flags = '', rest = ''] = match;
  const words = pairs(rest);
  const [name, other] = splitName(said, names);
  return {
    ifindex: Number(index),
    ifname: name,
    ...(detailed && other !== undefined && { link: other === 'NONE' ? null : other }),
    // Of the other end.
    flags: flags.split(',').filter((flag) => flag !== '' && flag !== 'M-DOWN'),
    mtu: Number(words.get('mtu') ?? 0),
    ...(words.has('master') && { master: words.get('master') }),
    ...(words.has('state') && { operstate: words.get('state') }),
    // What is not up is down for the kernel, whatever else (net/core/rtnetlink.c, rtnl_fill_ifinfo).
    ...(!detailed && !flags.split(',').includes('UP') && { operstate: 'DOWN' }),
    ...(!detailed && { linkinfo: { info_kind: flags.split(',').includes('LOOPBACK') ? 'loopback' : 'unknown' } }),
    addr_info: [],
  };
}

/** `veth0@if2`: a name and the other end's. */
function splitName(said: string, names: ReadonlySet<string>): readonly [name: string, other?: string] {
  const splits = [...said.matchAll(/@/g)].map(({ index }) => [said.slice(0, index), said.slice(index + 1)] as const);
  const named = splits.filter(([name]) => names.has(name));
  const clear = named.find(([, other]) => names.has(other) || /^(if\d+|NONE)$/.test(other));
  if (clear) return clear;
  if (names.has(said)) return [said];
  const last = (named.length > 0 ? named : splits).at(-1);
  return last ?? [said];
}

/** Lines below that are no kind: what a newer version says in a line of its own. */
const noKind = new Set([
  'alias',
  'altname',
  'vf',
  'numtxqueues',
  'promiscuity',
  'addrgenmode',
  'minmtu',
  'parentbus',
  'parentdev',
]);

function readDetail(draft: Draft, line: string, detailed: boolean): void {
  const [first = '', second = ''] = line.trim().split(/\s+/, 2);
  if (first.startsWith('link/')) {
    const words = pairs(line.trim());
    draft['link_type'] = first.slice('link/'.length);
    if (second.includes(':')) draft['address'] = second;
    const netnsid = words.get('link-netnsid');
    if (netnsid !== undefined && /^\d+$/.test(netnsid)) draft['link_netnsid'] = Number(netnsid);
    // In JSON it is -1: the other end is elsewhere all the same.
    else if (netnsid === 'unknown') draft['link_netnsid'] = -1;
    if (words.has('link-netns')) draft['link_netns'] = words.get('link-netns');
  } else if (first === 'inet' || first === 'inet6') {
    const address = readAddress(first, line.trim());
    if (address) (draft['addr_info'] as unknown[]).push(address);
  } else if (first === 'altname') {
    draft['altnames'] = [...((draft['altnames'] as string[] | undefined) ?? []), second];
  } else if (detailed && /^ {4}[a-z0-9_]+( |$)/.test(line) && !noKind.has(first)) {
    const kind = first.endsWith('_slave')
      ? { info_slave_kind: first.slice(0, -'_slave'.length) }
      : {
          info_kind: first,
          info_data: first === 'tun' && second === 'type' ? { type: pairs(line.trim()).get('type') } : {},
        };
    draft['linkinfo'] = { ...kind, ...(draft['linkinfo'] as object | undefined) };
  }
}

/** `inet 10.0.0.1 peer 10.0.0.2/32 brd … scope global dynamic eth0`; BusyBox writes `flags 02` besides. */
function readAddress(family: string, line: string): Draft | undefined {
  const match = /^inet6? ([0-9a-fA-F.:]+)(?:\/(\d+))?(?: peer ([0-9a-fA-F.:]+)\/(\d+))?(?= |$)/.exec(line);
  if (!match) return undefined;
  const [, local, length, peer, peerLength] = match;
  const words = pairs(line.slice(match[0].length).trim());
  const prefixLength = peerLength ?? length;
  return {
    family,
    local,
    ...(prefixLength !== undefined && { prefixlen: Number(prefixLength) }),
    ...(peer !== undefined && { address: peer }),
    ...(words.has('brd') && { broadcast: words.get('brd') }),
    ...(words.has('scope') && { scope: words.get('scope') }),
    ...(/ dynamic( |$)/.test(line) && { dynamic: true }),
  };
}

function readCounters(line: string): Draft {
  const [bytes, packets, errors, dropped] = line.trim().split(/\s+/).map(Number);
  return { bytes, packets, errors, dropped };
}

/** Each word with the one after it; the first mention counts. */
function pairs(text: string): ReadonlyMap<string, string> {
  const words = text.split(/\s+/);
  const map = new Map<string, string>();
  words.forEach((word, at) => {
    const next = words[at + 1];
    if (next !== undefined && !map.has(word)) map.set(word, next);
  });
  return map;
}
