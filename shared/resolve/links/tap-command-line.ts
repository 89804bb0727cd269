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

/**
 * passt(1): `pasta [OPTION]... [COMMAND [ARG]... | PID | PATH]`, or --netns PATH. -I, --ns-ifname names the device; without
 * it the device has the name of the host's interface it copies. A command of its own is in a namespace pasta made, which
 * its arguments do not name.
 */
export function tapOfPasta({ argv }: Argv): TapTarget | undefined {
  const last = argv.length > 1 ? argv.at(-1) : undefined;
  const before = argv.at(-2) ?? '';
  const operand = last !== undefined && /^(\d+|\/.*)$/.test(last) && !/^-[A-Za-z]$/.test(before) ? last : undefined;
  const netns = option(argv, '--netns') ?? operand;
  return netns === undefined ? undefined : { netns, device: option(argv, '-I', '--ns-ifname') };
}
