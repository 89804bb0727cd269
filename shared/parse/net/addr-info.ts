// The addresses of one link: `addr_info` of `ip -d -j address show` (iproute2 ip/ipaddress.c, print_addrinfo):
//
//   {"family":"inet6","local":"fd00::1","prefixlen":64,"scope":"global","deprecated":true,"dynamic":true,
//    "mngtmpaddr":true,"noprefixroute":true,"protocol":"kernel_ra","valid_life_time":86395,"preferred_life_time":0}
//
// A flag is there, with the value true, or it is not. Flags that a version has no word for are `ifa_flags`, in hex.
import type { Address } from '../../model/link.ts';
import { numberOf, objectsOf, textOf } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';

type AddressDraft = { -readonly [K in keyof Address]: Address[K] };

/** INFINITY_LIFE_TIME of linux/if_addr.h. */
const forever = 4294967295;

export function readAddresses(object: JsonObject): readonly Address[] {
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
  const protocol = textOf(object, 'protocol');
  const metric = numberOf(object, 'metric');
  if (protocol !== undefined) address.protocol = protocol;
  if (metric !== undefined) address.metric = metric;
  const flags = flagsOf(object);
  if (flags.length > 0) address.flags = flags;
  return address;
}

function lifetime(object: JsonObject, key: string): number | undefined {
  const seconds = numberOf(object, key);
  return seconds === forever ? undefined : seconds;
}

function flagsOf(object: JsonObject): readonly string[] {
  const flags: string[] = [];
  for (const key in object) if (object[key] === true && key !== 'dynamic') flags.push(key);
  const unknown = textOf(object, 'ifa_flags');
  return unknown === undefined ? flags : [...flags, unknown];
}
