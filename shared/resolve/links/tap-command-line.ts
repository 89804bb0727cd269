// What slirp4netns and pasta are told on their command lines: which network namespace, which device in it.
import { operands, option } from '../processes/command-line.ts';

export interface TapTarget {
  /** A PID or a path. */
  readonly netns: string;
  readonly device: string | undefined;
}

type Argv = { readonly argv: readonly string[] };

const slirp4netnsValued = [
  ...['-e', '--exit-fd', '-r', '--ready-fd', '-m', '--mtu', '-a', '--api-socket', '--cidr', '--userns-path'],
  ...['--netns-type', '--target-type', '--macaddress', '--outbound-addr', '--outbound-addr6'],
];

/** slirp4netns(1): `slirp4netns [OPTION]... PID|PATH [TAPNAME]`; without a name it is tap0. */
export function tapOfSlirp4netns({ argv }: Argv): TapTarget | undefined {
  const [netns, device = 'tap0'] = operands(argv, slirp4netnsValued);
  // --target-type=bess serves a QEMU socket: no namespace, no tap.
  if (netns === undefined || option(argv, '--target-type') === 'bess') return undefined;
  return { netns, device };
}

const pastaValued = [
  ...['-l', '--log-file', '--log-size', '--runas', '-p', '--pcap', '-P', '--pid', '-m', '--mtu', '-a', '--address'],
  ...['-n', '--netmask', '-M', '--mac-addr', '-g', '--gateway', '-i', '--interface', '-o', '--outbound'],
  ...['--outbound-if4', '--outbound-if6', '-D', '--dns', '-S', '--search', '-H', '--hostname', '--fqdn'],
  ...['--dns-forward', '--dns-host', '--map-host-loopback', '--map-guest-addr', '-I', '--ns-ifname', '--ns-mac-addr'],
  ...['-t', '--tcp-ports', '-u', '--udp-ports', '-T', '--tcp-ns', '-U', '--udp-ns', '--userns', '--netns', '-c'],
];

/**
 * passt(1): `pasta [OPTION]... PID`, `pasta [OPTION]... --netns PATH|NAME`, before 2022-10 also a PATH alone; a NAME is one of
 * /run/netns. -I, --ns-ifname names the device; without it the device has the name of the host's interface it copies.
 * `pasta [OPTION]... [COMMAND [ARG]...]` runs in a namespace that pasta makes, which its arguments do not name.
 */
export function tapOfPasta({ argv }: Argv): TapTarget | undefined {
  const [operand, ...more] = operands(argv, pastaValued);
  const place = operand !== undefined && more.length === 0 && /^(\d+|\/.*)$/.test(operand) ? operand : undefined;
  const netns = option(argv, '--netns') ?? place;
  if (netns === undefined) return undefined;
  return {
    netns: /^\d+$|\//.test(netns) ? netns : `/run/netns/${netns}`,
    device: option(argv, '-I', '--ns-ifname'),
  };
}
