// What stands behind a label where it is no word of the host’s, and as whom something was asked. English.
import type { BridgedNetwork, ContainerNetwork } from '../../model/engine.ts';
import type { FreezerState } from '../../model/freezer.ts';

export const values = {
  ovsType: (type: string) => `${type} (Open vSwitch)`,
  ovsTo: (type: string, to: string) => `${type} to ${to}`,
  ovsKey: (key: string) => `key ${key}`,
  ovsVlan: (vlans: string) => `VLAN ${vlans}`,
  capabilities: (has: readonly string[], lacks: readonly string[]): string => {
    const of = has.length + lacks.length;
    if (has.length === 0) return 'none';
    if (lacks.length === 0) return `all ${of}`;
    return lacks.length < has.length && lacks.length <= 8
      ? `all ${of} but ${lacks.join(', ')}`
      : `${has.length} of ${of}: ${has.join(', ')}`;
  },
  cpus: (list: string, count: number, most: number) => `${list} (${count} of ${most})`,
  schedulingPolicy: (policy: string, priority: number) => (priority > 0 ? `${policy}, priority ${priority}` : policy),
  seccomp: (mode: string, filters: number | undefined): string =>
    mode === 'filter' && filters !== undefined ? `${filters} ${filters === 1 ? 'filter' : 'filters'}` : mode,
  userIds: ([real, effective, saved, fileSystem]: readonly number[]): string =>
    `real ${real}, effective ${effective}, saved ${saved}, file system ${fileSystem}`,
  forwards: (family: string, on: boolean) => `${family} ${on ? 'on' : 'off'}`,
  forwardsBy: (family: string, on: boolean, by: readonly string[]) =>
    `${family} ${on ? 'on' : 'off'}${by.length === 0 ? '' : ` at ${by.join(', ')}`}`,
  familyBy: (family: string, by: readonly string[]) =>
    by.length === 0 ? family : `${family} that comes in at ${by.join(', ')}`,
  sharedWithHost: 'shared with the host',
  own: 'its own',
  noProcessSeen: 'without a process that was seen',
  unknown: 'not known',
  assumed: (what: string) => `${what} (assumed)`,
  closed: 'closed to us',
  allProcesses: (count: number) => (count === 1 ? '1 process' : `${count} processes`),
  more: (count: number) => `and ${count} more`,
  engineNetwork: ({ engine, name, subnets, gateways, plugins = [] }: BridgedNetwork) =>
    [
      `${engine}’s ${name}`,
      ...(subnets.length === 0 ? [] : [subnets.join(', ')]),
      ...(gateways.length === 0 ? [] : [`gateway ${gateways.join(', ')}`]),
      ...(plugins.length === 0 ? [] : [`plugins ${plugins.join(', ')}`]),
    ].join(', '),
  network: (place: ContainerNetwork) =>
    [
      place.network,
      ...(place.driver === undefined ? [] : [`(${place.driver})`]),
      ...(place.subnets.length === 0 ? [] : [place.subnets.join(', ')]),
      ...(place.addresses.length === 0 ? [] : [`address ${place.addresses.join(', ')}`]),
      ...(place.gateways.length === 0 ? [] : [`gateway ${place.gateways.join(', ')}`]),
      ...(place.bridge === undefined ? [] : [`bridge ${place.bridge}`]),
    ].join(' '),
  dynamic: 'dynamic',
  leadsTo: (path: string) => `is a link to ${path}`,
  mounts: (count: number, asOnHost: number) => {
    const all = count === 1 ? '1 mount' : `${count} mounts`;
    return asOnHost === 0 ? all : `${all}, ${asOnHost} of them as on the host`;
  },
  freezer: { frozen: 'frozen', freezing: 'freezing', thawed: 'thawed' } satisfies Record<FreezerState, string>,
  readOnly: 'read-only',
  readOnlyFileSystem: 'file system read-only',
  covered: 'covered by another mount',
  pathOfHost: (path: string) => `${path} of the host`,
  sharedGroup: (group: number, others: readonly string[]) =>
    others.length === 0 ? `shared:${group}` : `shared:${group} with ${others.join(', ')}`,
  masterGroup: (group: number, masters: readonly string[]) =>
    masters.length === 0 ? `master:${group}` : `master:${group} in ${masters.join(', ')}`,
  mountedFrom: (path: string) => `mounted from ${path}`,
  connections: (count: number) => `${count} connections`,
  clients: (count: number) => (count === 1 ? '1 client' : `${count} clients`),
  at: (address: string, port: number, protocol: string) => `${address}, at :${port} ${protocol}`,
  of: (name: string, container: string) => `${name} of ${container}`,
  holderUnseen: 'its process was not seen',
  noHolder: 'none: only the kernel keeps it for a while',
  rawSocket: (address: string, protocol: string, number: number) => `${address} ${protocol}, IP protocol ${number}`,
  pingSocket: (address: string, protocol: string, number: number) => `${address} ${protocol}, ping ${number}`,
  everyLink: 'every link',
  linkGone: 'a link that is gone: nothing',
  etherType: (hex: string) =>
    ({
      '0000': 'no protocol yet',
      '0003': 'every protocol',
      '0800': 'IPv4',
      '0806': 'ARP',
      '86dd': 'IPv6',
      '888e': 'EAPOL',
      '88cc': 'LLDP',
    })[hex] ?? `EtherType ${hex}`,
  paused: 'frozen (paused)',
  yes: 'yes',
  no: 'no',
  switchedOn: 'on',
  switchedOff: 'off',
  seconds: (seconds: number) => `${seconds} s`,
  milliseconds: (milliseconds: number) => `${milliseconds} ms`,
  pvid: 'frames without a tag',
  untagged: 'sent without a tag',
  noSpoofCheck: 'no spoof check',
  trusted: 'trusted',
  linkState: (state: string) => `link ${state}`,
  atMost: (megabits: number) => `at most ${megabits} Mbit/s`,
  neverShook: 'no handshake yet',
  shookAgo: (seconds: number) => `handshake ${seconds} s ago`,
  askedBy: (count: number) => (count === 1 ? 'once' : `${count} times`),
  range: (least: number, most: number) => `${least}–${most}`,
  leaseLeft: (seconds: number) => `${seconds} s left`,
  trouble: (overruns: number, carrier: number, collisions: number) =>
    [
      ...(overruns > 0 ? [`, ${overruns} overruns`] : []),
      ...(carrier > 0 ? [`, ${carrier} carrier errors`] : []),
      ...(collisions > 0 ? [`, ${collisions} collisions`] : []),
    ].join(''),
  bytes: (bytes: number, packets: number) => `${bytes} bytes in ${packets} packets`,
  failures: (errors: number, dropped: number) => `, ${errors} errors, ${dropped} dropped`,
  via: (gateway: string, device: string) => `via ${gateway}, ${device}`,
  on: (device: string) => device,
  in: (name: string, where: string) => `${name} in ${where}`,
  path: (path: string, where: string) => `${path} (in ${where})`,
  mapRange: (inside: number, outside: number, length: number) =>
    length === 1
      ? `${inside} inside is ${outside} outside`
      : `${inside}–${inside + length - 1} inside are ${outside}–${outside + length - 1} outside`,
  mainThreadEnded: 'Z: the main thread has ended, others live',
  thread: (tid: number, process: string) => `thread ${tid} of ${process}`,
  numberIn: (pid: number, namespace: string, name: string) =>
    name === namespace ? `${pid} in ${namespace}` : `${pid} in ${namespace} (${name})`,
  fd: (fd: number, process: string) => `file descriptor ${fd} of ${process}`,
  onlyHere: (where: string) => `from ${where} itself only`,
  everywhere: (where: string) => `on every address of ${where}`,
  oneAddress: (address: string, where: string) => `on ${address} of ${where}`,
  onlyBy: (reach: string, links: string) => `${reach}, if it comes in by ${links}`,
  unlessBy: (reach: string, links: string) => `${reach}, unless it comes in by ${links}`,
  step: (from: string, to: string, by: string) => `${from} → ${to}, by ${by}`,
  byTurns: (step: string) => `${step}, taking turns with others`,
  stepRule: (chain: string, handle: number | undefined, text: string) =>
    `${chain}${handle === undefined ? '' : ` #${handle}`}: ${text}`,
  firewall: (tables: number, chains: number, rules: number) =>
    [
      tables === 1 ? '1 table' : `${tables} tables`,
      chains === 1 ? '1 chain' : `${chains} chains`,
      rules === 1 ? '1 rule' : `${rules} rules`,
    ].join(', '),
  noRules: 'no rules',
  hookPolicy: (type: string, policy: string, rules: number) =>
    `${type}: policy ${policy}, ${rules === 1 ? '1 rule' : `${rules} rules`}`,
  leavesAs: (sources: string, address: string | undefined, by: string | undefined) =>
    `${sources} as ${address ?? 'the address of the interface it leaves by'}${by === undefined ? '' : `, ${by}`}`,
  anybody: 'everything',
  matching: (whose: string, conditions: string) => `${whose} with ${conditions}`,
  leavingBy: (link: string) =>
    link.startsWith('!') ? `unless it leaves by ${link.slice(1)}` : `if it leaves by ${link}`,
};

export const asWhom = {
  root: 'root (sudo)',
  inside: (user: string, pid: string) => `${user} inside the user namespace of PID ${pid}`,
  login: 'the login user',
};
