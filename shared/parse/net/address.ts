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
//   - `link: null`: the kernel says index 0, there is none. With an id beside it the link is a tunnel whose packets leave in
//     that network namespace.
import { linkId } from '../../model/id.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Link, LowerReference } from '../../model/link.ts';
import { numberOf, objectOf, textOf, textsOf } from '../json-values.ts';
import type { JsonObject, PlacedObject } from '../json-values.ts';
import { readAddresses } from './addr-info.ts';
import { readCounters, readVirtualFunctions, readXdp } from './link-details.ts';

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
  const counters = readCounters(object);
  if (portKind !== undefined) link.portKind = portKind;
  if (mac !== undefined && macPattern.test(mac)) link.mac = mac;
  if (masterName !== undefined) link.masterName = masterName;
  if (lower) link.lower = lower;
  if (counters) link.counters = counters;
  const portData = objectOf(info, 'info_slave_data');
  const virtualFunctions = readVirtualFunctions(object);
  const xdp = readXdp(object);
  if (portData) link.portData = portData;
  if (virtualFunctions) link.virtualFunctions = virtualFunctions;
  if (xdp !== undefined) link.xdp = xdp;
  for (const [field, key] of texts) {
    const text = textOf(object, key);
    if (text !== undefined) link[field] = text;
  }
  for (const [field, key] of numbers) {
    const number = numberOf(object, key);
    if (number !== undefined && number > 0) link[field] = number;
  }
  if (link.group === 'default') delete link.group;
  return link;
}

const texts = [
  ['alias', 'ifalias'],
  ['group', 'group'],
  ['qdisc', 'qdisc'],
  ['permanentMac', 'permaddr'],
  ['parentBus', 'parentbus'],
  ['parentDevice', 'parentdev'],
  ['physPortName', 'phys_port_name'],
  ['physPortId', 'phys_port_id'],
  ['physSwitchId', 'phys_switch_id'],
] as const;
const numbers = [
  ['txQueueLength', 'txqlen'],
  ['minMtu', 'min_mtu'],
  ['maxMtu', 'max_mtu'],
  ['promiscuity', 'promiscuity'],
] as const;

// Drafts are filled step by step: a spread for each optional field costs more than all the rest.
type LinkDraft = { -readonly [K in keyof Link]: Link[K] };
type LowerDraft = { -readonly [K in keyof LowerReference]: LowerReference[K] };

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
  const none = index === 0 || object['link'] === null;
  if (none && !elsewhere) return undefined;
  if (!elsewhere && ifindex === undefined && name === undefined) return undefined;
  const lower: LowerDraft = {};
  if (none) lower.none = true;
  else if (ifindex !== undefined) lower.ifindex = ifindex;
  if (name !== undefined) lower.name = name;
  if (netnsid !== undefined) lower.netnsid = netnsid;
  if (netnsName !== undefined) lower.netnsName = netnsName;
  return lower;
}
