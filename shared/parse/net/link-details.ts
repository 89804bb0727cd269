// What `ip -d -j -s address show` says of every kind of link alike: counters, limits, the hardware behind it, SR-IOV's
// virtual functions (iproute2 ip/ipaddress.c, print_linkinfo, print_link_stats64, print_vfinfo):
//
//   "stats64":{"rx":{"bytes":…,"packets":…,"errors":…,"dropped":…,"over_errors":…},
//              "tx":{…,"carrier_errors":…,"collisions":…}}          iproute2 4.16 wrote "stats644"
//   "vfinfo_list":[{"vf":0,"mac":"…","vlan_list":[{"vlan":7,"qos":1,"protocol":"802.1ad"}],
//                   "rate":{"max_tx":100,"min_tx":0},"spoofchk":true,"link_state":"auto","trust":false}]
//   (`vlan`, `qos` outside a list where the kernel gives none; `address` instead of `mac` since 5.1)
//   "parentbus":"pci","parentdev":"0000:00:05.0"                    since 5.14
import type { LinkCounters, VirtualFunction } from '../../model/link.ts';
import { numberOf, objectOf, objectsOf, textOf } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export function readCounters(object: JsonObject): LinkCounters | undefined {
  const stats = objectOf(object, 'stats64') ?? objectOf(object, 'stats644') ?? objectOf(object, 'stats');
  const rx = stats && objectOf(stats, 'rx');
  const tx = stats && objectOf(stats, 'tx');
  if (!rx || !tx) return undefined;
  const counters: Draft<LinkCounters> = {
    rxBytes: numberOf(rx, 'bytes') ?? 0,
    rxPackets: numberOf(rx, 'packets') ?? 0,
    rxErrors: numberOf(rx, 'errors') ?? 0,
    rxDropped: numberOf(rx, 'dropped') ?? 0,
    txBytes: numberOf(tx, 'bytes') ?? 0,
    txPackets: numberOf(tx, 'packets') ?? 0,
    txErrors: numberOf(tx, 'errors') ?? 0,
    txDropped: numberOf(tx, 'dropped') ?? 0,
  };
  const rxOverruns = numberOf(rx, 'over_errors') ?? 0;
  const txCarrierErrors = numberOf(tx, 'carrier_errors') ?? 0;
  const collisions = numberOf(tx, 'collisions') ?? 0;
  const carrierChanges = numberOf(tx, 'carrier_changes');
  if (rxOverruns > 0) counters.rxOverruns = rxOverruns;
  if (txCarrierErrors > 0) counters.txCarrierErrors = txCarrierErrors;
  if (collisions > 0) counters.collisions = collisions;
  if (carrierChanges !== undefined) counters.carrierChanges = carrierChanges;
  return counters;
}

/** Undefined where there is no list, or an empty one: the driver could have some and has none. */
export function readVirtualFunctions(object: JsonObject): readonly VirtualFunction[] | undefined {
  const functions = objectsOf(object, 'vfinfo_list').flatMap((vf) => readVirtualFunction(vf) ?? []);
  return functions.length > 0 ? functions : undefined;
}

function readVirtualFunction(object: JsonObject): VirtualFunction | undefined {
  const index = numberOf(object, 'vf');
  if (index === undefined) return undefined;
  const [vlanInfo = object] = objectsOf(object, 'vlan_list');
  const rate = objectOf(object, 'rate') ?? object;
  const vf: Draft<VirtualFunction> = { index };
  const mac = textOf(object, 'mac') ?? textOf(object, 'address');
  const vlan = numberOf(vlanInfo, 'vlan') ?? 0;
  const qos = numberOf(vlanInfo, 'qos') ?? 0;
  const vlanProtocol = textOf(vlanInfo, 'protocol');
  const linkState = textOf(object, 'link_state');
  const maxTxRate = numberOf(rate, 'max_tx') ?? numberOf(object, 'max_tx_rate') ?? 0;
  const minTxRate = numberOf(rate, 'min_tx') ?? numberOf(object, 'min_tx_rate') ?? 0;
  const { spoofchk, trust } = object;
  if (mac !== undefined) vf.mac = mac;
  if (vlan > 0) vf.vlan = vlan;
  if (qos > 0) vf.qos = qos;
  if (vlanProtocol !== undefined) vf.vlanProtocol = vlanProtocol;
  if (typeof spoofchk === 'boolean') vf.spoofCheck = spoofchk;
  if (typeof trust === 'boolean') vf.trust = trust;
  if (linkState !== undefined) vf.linkState = linkState;
  if (maxTxRate > 0) vf.maxTxRate = maxTxRate;
  if (minTxRate > 0) vf.minTxRate = minTxRate;
  return vf;
}

/** `xdp`, `xdpgeneric`, `xdpoffload`; several programs at once: `xdpmulti` (ip/iplink_xdp.c, xdp_dump_json). */
export function readXdp(object: JsonObject): string | undefined {
  const xdp = objectOf(object, 'xdp');
  if (!xdp) return undefined;
  const mode = numberOf(xdp, 'mode');
  return mode === undefined ? 'xdp' : (xdpModes[mode] ?? 'xdp');
}

/** XDP_ATTACHED_* of linux/if_link.h. */
const xdpModes: readonly string[] = ['none', 'xdp', 'xdpgeneric', 'xdpoffload', 'xdpmulti'];
