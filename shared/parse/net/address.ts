// One element of `ip -d -j -s address show` (iproute2 ip/ipaddress.c, print_linkinfo and print_addrinfo):
//
//   {"ifindex":10,"link_index":2,"ifname":"vetha72457ab","flags":["BROADCAST",…],"mtu":1500,"master":"nerdctl0",
//    "operstate":"UP","link_type":"ether","address":"5a:34:…","link_netnsid":0,
//    "linkinfo":{"info_kind":"veth","info_slave_kind":"bridge",…},"altnames":["enp0s5"],
//    "addr_info":[{"family":"inet","local":"10.4.0.1","prefixlen":24,"broadcast":"10.4.0.255","scope":"global",
//                  "label":"nerdctl0","valid_life_time":4294967295,…}],
//    "stats64":{"rx":{"bytes":…,"packets":…,"errors":…,"dropped":…},"tx":{…}}}
//
// What the link says of its other end (IFLA_LINK, IFLA_LINK_NETNSID):
//   - other network namespace: `link_index` and `link_netnsid`; before 4.18 `link` with a name made up from the index
//     (`if2`) beside `link_netnsid`; a name under /run/netns as `link_netns`, where a version prints it;
//   - same network namespace: `link`, the other's name; `if7` when the kernel's answer had no device of that index;
//   - `link: null`: the kernel says index 0, there is none.
import { linkId } from '../../model/id.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Address, Link, LinkCounters, LowerReference } from '../../model/link.ts';
import { numberOf, objectOf, objectsOf, textOf, textsOf } from '../json-values.ts';
import type { JsonObject, PlacedObject } from '../json-values.ts';

export function readLink(netns: NamespaceId, { object, evidence }: PlacedObject): Link | undefined {
  const ifindex = numberOf(object, 'ifindex');
  const name = textOf(object, 'ifname');
  if (ifindex === undefined || name === undefined) return undefined;
  const info = objectOf(object, 'linkinfo') ?? {};
  const link: LinkDraft = {
    id: linkId(netns, ifindex),
    netns,
    ifindex,
    name,
    kind: textOf(info, 'info_kind') ?? (textOf(object, 'link_type') === 'loopback' ? 'loopback' : 'physical'),
    operState: textOf(object, 'operstate') ?? 'UNKNOWN',
    flags: textsOf(object, 'flags'),
    mtu: numberOf(object, 'mtu') ?? 0,
    altNames: textsOf(object, 'altnames'),
    addresses: readAddresses(object),
    data: objectOf(info, 'info_data') ?? {},
    evidence: [evidence],
  };
  const portKind = textOf(info, 'info_slave_kind');
  const mac = textOf(object, 'address');
  const masterName = textOf(object, 'master');
  const lower = readLower(object);
  const counters = readCounters(objectOf(object, 'stats64') ?? objectOf(object, 'stats'));
  if (portKind !== undefined) link.portKind = portKind;
  if (mac !== undefined && macPattern.test(mac)) link.mac = mac;
  if (masterName !== undefined) link.masterName = masterName;
  if (lower) link.lower = lower;
  if (counters) link.counters = counters;
  return link;
}

// Drafts are filled step by step: a spread for each optional field costs more than all the rest.
type LinkDraft = { -readonly [K in keyof Link]: Link[K] };
type LowerDraft = { -readonly [K in keyof LowerReference]: LowerReference[K] };
type AddressDraft = { -readonly [K in keyof Address]: Address[K] };

/** Tunnels have an IP address here. */
const macPattern = /^[0-9a-f]{2}(:[0-9a-f]{2})+$/;
const madeUpName = /^if(\d+)$/;

function readLower(object: JsonObject): LowerReference | undefined {
  const index = numberOf(object, 'link_index');
  const netnsid = numberOf(object, 'link_netnsid');
  const netnsName = textOf(object, 'link_netns');
  const link = textOf(object, 'link');
  const elsewhere = netnsid !== undefined || netnsName !== undefined;
  const madeUp = link === undefined ? undefined : madeUpName.exec(link)?.[1];
  const ifindex = index ?? (elsewhere && madeUp !== undefined ? Number(madeUp) : undefined);
  const name = elsewhere ? undefined : link;
  if (index === 0 || (!elsewhere && ifindex === undefined && name === undefined)) return undefined;
  const lower: LowerDraft = {};
  if (ifindex !== undefined) lower.ifindex = ifindex;
  if (name !== undefined) lower.name = name;
  if (netnsid !== undefined) lower.netnsid = netnsid;
  if (netnsName !== undefined) lower.netnsName = netnsName;
  return lower;
}

/** INFINITY_LIFE_TIME of linux/if_addr.h. */
const forever = 4294967295;

function readAddresses(object: JsonObject): readonly Address[] {
  const addresses: Address[] = [];
  for (const info of objectsOf(object, 'addr_info')) {
    const address = readAddress(info);
    if (address) addresses.push(address);
  }
  return addresses;
}

function readAddress(object: JsonObject): Address | undefined {
  const family = textOf(object, 'family');
  const local = textOf(object, 'local');
  if ((family !== 'inet' && family !== 'inet6') || local === undefined) return undefined;
  const address: AddressDraft = {
    family,
    local,
    prefixLength: numberOf(object, 'prefixlen') ?? (family === 'inet' ? 32 : 128),
    scope: textOf(object, 'scope') ?? 'global',
    dynamic: object['dynamic'] === true,
  };
  const peer = textOf(object, 'address');
  const broadcast = textOf(object, 'broadcast');
  const label = textOf(object, 'label');
  const validLifetime = lifetime(object, 'valid_life_time');
  const preferredLifetime = lifetime(object, 'preferred_life_time');
  if (peer !== undefined) address.peer = peer;
  if (broadcast !== undefined) address.broadcast = broadcast;
  if (label !== undefined) address.label = label;
  if (validLifetime !== undefined) address.validLifetime = validLifetime;
  if (preferredLifetime !== undefined) address.preferredLifetime = preferredLifetime;
  return address;
}

function lifetime(object: JsonObject, key: string): number | undefined {
  const seconds = numberOf(object, key);
  return seconds === forever ? undefined : seconds;
}

function readCounters(stats: JsonObject | undefined): LinkCounters | undefined {
  const rx = stats && objectOf(stats, 'rx');
  const tx = stats && objectOf(stats, 'tx');
  if (!rx || !tx) return undefined;
  return {
    rxBytes: numberOf(rx, 'bytes') ?? 0,
    rxPackets: numberOf(rx, 'packets') ?? 0,
    rxErrors: numberOf(rx, 'errors') ?? 0,
    rxDropped: numberOf(rx, 'dropped') ?? 0,
    txBytes: numberOf(tx, 'bytes') ?? 0,
    txPackets: numberOf(tx, 'packets') ?? 0,
    txErrors: numberOf(tx, 'errors') ?? 0,
    txDropped: numberOf(tx, 'dropped') ?? 0,
  };
}
